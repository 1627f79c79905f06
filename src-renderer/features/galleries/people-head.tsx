/** What is shown of the people: where, how many, by which name, in which order, as what. Renderer. */
import { Button, Checkbox, Popover, SegmentedControl, Select, Text, TextInput } from '@mantine/core'
import {
  IconFilter,
  IconFolderDown,
  IconLayoutGrid,
  IconList,
  IconSearch,
  IconUsersPlus,
} from '@tabler/icons-react'
import type { KeyboardEvent } from 'react'
import { personSortSchema } from '../../../src-shared/gallery'
import { findingKindSchema } from '../../../src-shared/health'
import { focusNamed } from '../../commands/focus'
import { type BrowsedScope, isFiltered } from '../../state/browse-slice'
import { importPeople } from '../../state/curation'
import type { State } from '../../state/store'
import { useActions, useMayDo, useVisor, useVisorStore } from '../../state/use-visor'
import { count, counted, findingWord, sortWord } from '../../wording'
import styles from './people-head.module.css'
import { useClientTags } from './use-client-tags'

export function PeopleHead({ scope }: { readonly scope: BrowsedScope }) {
  const { clientId, domain } = scope
  const store = useVisorStore()
  const { enrolFolder } = useActions()
  const curates = useMayDo('curate')
  return (
    <>
      <header className={styles.head}>
        <h1 className={styles.title} title={domain ?? 'All domains'}>
          {domain ?? 'All domains'}
        </h1>
        <Amount scope={scope} />
        <span className={styles.space} />
        {domain !== null && curates && (
          <Button
            variant="default"
            leftSection={<IconFolderDown size={16} aria-hidden />}
            title="A folder that Visor exported, or photos that say who is in them"
            onClick={() => void importPeople(store, clientId, domain)}
          >
            Import…
          </Button>
        )}
        {domain !== null && curates && (
          <Button
            variant="default"
            leftSection={<IconUsersPlus size={16} aria-hidden />}
            onClick={() => void enrolFolder(clientId, domain)}
          >
            Enrol a folder…
          </Button>
        )}
      </header>
      <div className={styles.bar} role="toolbar" aria-label="Which people are shown">
        <Search />
        <Filter />
        <span className={styles.space} />
        <Order />
        <Layout />
      </div>
    </>
  )
}

/** People of what is open, before any filter. */
function wholeNumber({ clients }: Pick<State, 'clients'>, { clientId, domain }: BrowsedScope): number {
  const domains = clients?.find((client) => client.clientId === clientId)?.domains ?? []
  return domains
    .filter((summary) => domain === null || summary.domain === domain)
    .reduce((sum, summary) => sum + summary.persons, 0)
}

function Amount({ scope }: { readonly scope: BrowsedScope }) {
  const total = useVisor((state) => state.people.total)
  const filtered = useVisor((state) => isFiltered(state.peopleFilter))
  const whole = useVisor((state) => wholeNumber(state, scope))
  const words =
    total === undefined
      ? ''
      : filtered
        ? `${count(total)} of ${count(Math.max(whole, total))}`
        : counted(total, 'person', 'people')
  return (
    <span className={styles.amount} data-testid="people-amount">
      {words}
    </span>
  )
}

function Search() {
  const text = useVisor((state) => state.peopleFilter.text)
  const { filterPeople } = useActions()
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape' && text !== '') {
      event.preventDefault()
      filterPeople({ text: '' })
    } else if (event.key === 'ArrowDown' || event.key === 'Enter' || event.key === 'Escape') {
      event.preventDefault()
      focusNamed('people-list')
    }
  }
  return (
    <TextInput
      className={styles.search}
      data-focus-name="people-search"
      aria-label="Search people"
      placeholder="Search a name"
      maxLength={200}
      leftSection={<IconSearch size={14} aria-hidden />}
      value={text}
      onChange={(event) => filterPeople({ text: event.currentTarget.value })}
      onKeyDown={onKeyDown}
    />
  )
}

function Filter() {
  const { flags, tag } = useVisor((state) => state.peopleFilter)
  const opened = useVisor((state) => state.overlay === 'people-filter')
  const { openOverlay, filterPeople } = useActions()
  const active = flags.length + (tag === null ? 0 : 1)
  return (
    <Popover
      trapFocus
      returnFocus
      opened={opened}
      onChange={(open) => openOverlay(open ? 'people-filter' : null)}
      width={260}
      position="bottom-start"
    >
      <Popover.Target>
        <Button
          flex="none"
          variant={active === 0 ? 'default' : 'light'}
          leftSection={<IconFilter size={14} aria-hidden />}
          onClick={() => openOverlay(opened ? null : 'people-filter')}
        >
          {active === 0 ? 'Filter' : `Filter: ${active}`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.form}>
        <Text size="xs" c="dimmed">
          People with any of these:
        </Text>
        {findingKindSchema.options.map((flag) => (
          <Checkbox
            key={flag}
            label={findingWord[flag]}
            checked={flags.includes(flag)}
            onChange={(event) =>
              filterPeople({
                flags: event.currentTarget.checked
                  ? [...flags, flag]
                  : flags.filter((other) => other !== flag),
              })
            }
          />
        ))}
        <TagFilter />
        <Button
          variant="default"
          disabled={active === 0}
          onClick={() => filterPeople({ flags: [], tag: null })}
        >
          Show everybody
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}

function TagFilter() {
  const tag = useVisor((state) => state.peopleFilter.tag)
  const tags = useClientTags()
  const { filterPeople } = useActions()
  return (
    <Select
      label="With the tag"
      placeholder={tags.length === 0 ? 'No tag is in use yet' : 'Any'}
      disabled={tags.length === 0 && tag === null}
      clearable
      clearButtonProps={{ 'aria-label': 'Any tag' }}
      searchable
      comboboxProps={{ withinPortal: false }}
      data={tags.map(({ tag: value, persons }) => ({ value, label: `${value} (${count(persons)})` }))}
      value={tag}
      onChange={(value) => filterPeople({ tag: value })}
    />
  )
}

function Order() {
  const sort = useVisor((state) => state.settings.people.sort)
  const { changePeopleView } = useActions()
  return (
    <Select
      className={styles.order}
      aria-label="Order of people"
      allowDeselect={false}
      data={personSortSchema.options.map((value) => ({ value, label: sortWord[value] }))}
      value={sort}
      onChange={(value) => changePeopleView({ sort: personSortSchema.parse(value) })}
    />
  )
}

function Layout() {
  const layout = useVisor((state) => state.settings.people.layout)
  const { changePeopleView } = useActions()
  return (
    <SegmentedControl
      aria-label="People as"
      value={layout}
      onChange={(value) => changePeopleView({ layout: value === 'list' ? 'list' : 'grid' })}
      data={[
        { value: 'grid', label: <IconLayoutGrid size={16} role="img" aria-label="Grid" /> },
        { value: 'list', label: <IconList size={16} role="img" aria-label="List" /> },
      ]}
    />
  )
}
