/** The person looked at: who they are, their faces, details, who looks like them, what was done. Renderer. */
import { ActionIcon, Menu, Tabs } from '@mantine/core'
import { IconPhotoPlus, IconUser } from '@tabler/icons-react'
import { useState } from 'react'
import type { PersonDetail } from '../../../src-shared/gallery'
import { personNameSchema } from '../../../src-shared/ids'
import { focusNamed } from '../../commands/focus'
import { EditField } from '../../components/edit-field'
import { EmptyState } from '../../components/empty-state'
import { WithRight } from '../../components/without-right'
import { updatePerson } from '../../state/curation'
import { useActions, useMayDo, useVisor, useVisorStore } from '../../state/use-visor'
import { counted } from '../../wording'
import { Cover } from './cover'
import { HealthMarks } from './health-marks'
import { HistoryList } from './history-list'
import { Lookalikes } from './lookalikes'
import { PersonDetails } from './person-details'
import { PersonFaces } from './person-faces'
import styles from './person-inspector.module.css'
import { RuledOut } from './ruled-out'

export function PersonInspector() {
  const activeId = useVisor((state) => state.activePerson)
  const person = useVisor((state) => state.personDetail)
  const chosen = useVisor((state) => state.chosenPeople.chosen.size)
  // From person to person the same part stays open.
  const [tab, setTab] = useState<string | null>('faces')
  if (activeId === null || person === undefined) {
    return (
      <EmptyState
        picture={<IconUser size={36} stroke={1.3} />}
        title={chosen === 0 ? 'Choose a person' : `${counted(chosen, 'person', 'people')} chosen`}
        text={
          chosen === 0
            ? 'Their faces and details are shown here. Ctrl and a click, Shift and a click, or a frame drawn beside them chooses several.'
            : 'What can be done to them stands below the list. A click shows one of them here.'
        }
      />
    )
  }
  return <Person key={person.personId} person={person} tab={tab} onTab={setTab} />
}

interface PersonProps {
  readonly person: PersonDetail
  readonly tab: string | null
  readonly onTab: (tab: string | null) => void
}

function Person({ person, tab, onTab }: PersonProps) {
  return (
    <div className={styles.person} data-drop-person={person.personId} data-drop-name={person.name}>
      <Head person={person} />
      <Tabs
        value={tab}
        onChange={onTab}
        keepMounted={false}
        classNames={{ root: styles.tabs, list: styles.tabList, tab: styles.tab, panel: styles.panel }}
      >
        <Tabs.List grow>
          <Tabs.Tab value="faces">Faces</Tabs.Tab>
          <Tabs.Tab value="details">Details</Tabs.Tab>
          <Tabs.Tab value="alike">Alike</Tabs.Tab>
          <Tabs.Tab value="ruled-out">Ruled out</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="faces">
          <PersonFaces person={person} />
        </Tabs.Panel>
        <Tabs.Panel value="details">
          <PersonDetails person={person} />
        </Tabs.Panel>
        <Tabs.Panel value="alike">
          <Lookalikes person={person} />
        </Tabs.Panel>
        <Tabs.Panel value="ruled-out">
          <RuledOut person={person} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryList
            clientId={person.clientId}
            personId={person.personId}
            label={`What was done to ${person.name}`}
          />
        </Tabs.Panel>
      </Tabs>
    </div>
  )
}

function Head({ person }: { readonly person: PersonDetail }) {
  const store = useVisorStore()
  const curates = useMayDo('curate')
  return (
    <header className={styles.head}>
      <Cover faceId={person.coverFaceId} sizePx={64} />
      <div className={styles.who}>
        <EditField
          label="Name"
          bare
          value={person.name}
          readOnly={!curates}
          focusName="person-name"
          {...(styles.name === undefined ? {} : { inputClassName: styles.name })}
          check={nameProblem}
          onSave={(name, over) => updatePerson(store, person.personId, { name, seen: { name: over } })}
          onEnd={() => focusNamed('people-list')}
        />
        <p className={styles.facts}>
          {person.domain} · {counted(person.photos, 'photo')} · {counted(person.faces, 'face')}
          <HealthMarks flags={person.flags} />
        </p>
        {person.aliases.length > 0 && (
          <p className={styles.aliases} title={person.aliases.join(', ')}>
            also known as {person.aliases.join(', ')}
          </p>
        )}
        {person.tags.length > 0 && (
          <ul className={styles.tagList} aria-label="Tags">
            {person.tags.map((tag) => (
              <li key={tag} className={styles.tag}>
                {tag}
              </li>
            ))}
          </ul>
        )}
      </div>
      <WithRight right="curate">
        <AddPhotos person={person} />
      </WithRight>
    </header>
  )
}

function AddPhotos({ person: { personId, name } }: { readonly person: PersonDetail }) {
  const opened = useVisor((state) => state.overlay === 'add-photos')
  const { openOverlay, choosePhotosOf } = useActions()
  return (
    <Menu
      opened={opened}
      onChange={(open) => openOverlay(open ? 'add-photos' : null)}
      position="bottom-end"
      returnFocus
    >
      <Menu.Target>
        <ActionIcon aria-label={`Add photos of ${name}`} title="Add photos (P); or drop them here" size={28}>
          <IconPhotoPlus size={18} stroke={1.6} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void choosePhotosOf(personId, 'files')}>Photos…</Menu.Item>
        <Menu.Item onClick={() => void choosePhotosOf(personId, 'folder')}>A folder of photos…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function nameProblem(text: string): string | null {
  const parsed = personNameSchema.safeParse(text)
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? 'This cannot be a name.')
}
