/** The people of a domain: search, what can be done to those marked, and the grid. Renderer. */
import { Button, Popover, Text, TextInput } from '@mantine/core'
import { IconSearch, IconTrash, IconUsersPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { DomainSummary } from '../../../src-shared/gallery'
import type { ClientId, Domain } from '../../../src-shared/ids'
import { EmptyState } from '../../components/empty-state'
import { deleteDomain, deletePersons } from '../../state/acts'
import type { State } from '../../state/store'
import { useActions, useVisor, useVisorStore } from '../../state/use-visor'
import { count, counted } from '../../wording'
import styles from './people-pane.module.css'
import { PersonGrid } from './person-grid'

/** The summary of the domain that is open. */
function openDomain({ clients, browsed }: Pick<State, 'clients' | 'browsed'>): DomainSummary | undefined {
  return clients
    ?.find((client) => client.clientId === browsed?.clientId)
    ?.domains.find((domain) => domain.domain === browsed?.domain)
}

export function PeoplePane() {
  const browsed = useVisor((state) => state.browsed)
  const summary = useVisor(openDomain)
  const text = useVisor((state) => state.browseText)
  const total = useVisor((state) => state.browseTotal)
  const { searchPeople, enrolFolder, removeSamples } = useActions()
  if (browsed === null) return null
  const { clientId, domain } = browsed
  return (
    <>
      <header className={styles.head}>
        <h1 className={styles.title} title={domain ?? ''}>
          {domain ?? 'All domains'}
        </h1>
        <TextInput
          className={styles.search}
          aria-label="Search people"
          placeholder="Search a name"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={text}
          onChange={(event) => searchPeople(event.currentTarget.value)}
        />
        <span className={styles.amount} data-testid="people-amount">
          {total === undefined
            ? ''
            : text === ''
              ? counted(total, 'person', 'people')
              : `${count(total)} of ${count(summary?.persons ?? total)}`}
        </span>
        <span className={styles.space} />
        {domain !== null && (
          <Button
            leftSection={<IconUsersPlus size={16} aria-hidden />}
            onClick={() => void enrolFolder(clientId, domain)}
          >
            Enrol a folder…
          </Button>
        )}
        {summary !== undefined && <DeleteDomain clientId={clientId} summary={summary} />}
      </header>
      {summary?.sample === true && (
        <div className={styles.sample}>
          <span>This is the sample gallery, there to be tried.</span>
          <Button variant="default" size="compact-sm" onClick={() => void removeSamples()}>
            Remove the sample gallery
          </Button>
        </div>
      )}
      <MarkedBar />
      {total === 0 ? (
        <Nobody text={text} clientId={clientId} domain={domain} />
      ) : (
        <PersonGrid total={total ?? 0} />
      )}
    </>
  )
}

function MarkedBar() {
  const store = useVisorStore()
  const marked = useVisor((state) => state.markedPersons)
  const { clearMarkedPersons } = useActions()
  if (marked.size === 0) return null
  return (
    <div className={styles.marked} role="toolbar" aria-label="People marked">
      <span>{counted(marked.size, 'person', 'people')} marked</span>
      <Button
        color="red"
        size="compact-sm"
        onClick={() => void deletePersons(store, [...marked]).then(clearMarkedPersons)}
      >
        Delete {counted(marked.size, 'person', 'people')}
      </Button>
      <Button variant="subtle" color="gray" size="compact-sm" onClick={clearMarkedPersons}>
        Mark nobody
      </Button>
    </div>
  )
}

function DeleteDomain({
  clientId,
  summary,
}: {
  readonly clientId: ClientId
  readonly summary: DomainSummary
}) {
  const store = useVisorStore()
  const [opened, setOpened] = useState(false)
  const what = summary.persons === 0 ? 'the empty domain' : counted(summary.persons, 'person', 'people')
  return (
    <Popover trapFocus returnFocus opened={opened} onChange={setOpened} width={300} position="bottom-end">
      <Popover.Target>
        <Button
          variant="default"
          aria-label="Delete this domain"
          title="Delete this domain"
          onClick={() => setOpened(!opened)}
        >
          <IconTrash size={16} aria-hidden />
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.confirm} aria-label="Delete this domain">
        <Text size="sm">
          {summary.domain} goes, with {counted(summary.faces, 'face')} of {counted(summary.photos, 'photo')}.
          The photo files stay where they are. This can be undone.
        </Text>
        <Button
          color="red"
          onClick={() => {
            setOpened(false)
            void deleteDomain(store, clientId, summary.domain)
          }}
        >
          Delete {what}
        </Button>
      </Popover.Dropdown>
    </Popover>
  )
}

interface NobodyProps {
  readonly text: string
  readonly clientId: ClientId
  readonly domain: Domain | null
}

function Nobody({ text, clientId, domain }: NobodyProps) {
  const { searchPeople, enrolFolder } = useActions()
  if (text !== '') {
    return (
      <EmptyState picture={<IconSearch size={36} stroke={1.3} />} title={`Nobody is called “${text}” here`}>
        <Button variant="default" onClick={() => searchPeople('')}>
          Show everybody
        </Button>
      </EmptyState>
    )
  }
  return (
    <EmptyState
      picture={<IconUsersPlus size={44} stroke={1.3} />}
      title="Nobody is enrolled here yet"
      text="Choose a folder that holds one folder a person, each named as the person and holding photos of them. Or enrol people one by one from the photos in Identify."
    >
      {domain !== null && (
        <Button onClick={() => void enrolFolder(clientId, domain)}>Enrol a folder of people…</Button>
      )}
    </EmptyState>
  )
}
