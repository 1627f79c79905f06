/** The people of what is open: what is shown of them, who they are, what can be done to those chosen. Renderer. */
import { Button, Skeleton } from '@mantine/core'
import { IconFilterOff, IconSearch, IconUsersPlus } from '@tabler/icons-react'
import type { DomainSummary } from '../../../src-shared/gallery'
import { EmptyState } from '../../components/empty-state'
import { WithoutRight, WithRight } from '../../components/without-right'
import { type BrowsedScope, isFiltered } from '../../state/browse-slice'
import type { State } from '../../state/store'
import { useActions, useMayDo, useVisor } from '../../state/use-visor'
import { PeopleHead } from './people-head'
import { PeopleList } from './people-list'
import styles from './people-pane.module.css'
import { SelectionBar } from './selection-bar'

/** The summary of the domain that is open. */
function openDomain({ clients, browsed }: Pick<State, 'clients' | 'browsed'>): DomainSummary | undefined {
  return clients
    ?.find((client) => client.clientId === browsed?.clientId)
    ?.domains.find((domain) => domain.domain === browsed?.domain)
}

export function PeoplePane() {
  const browsed = useVisor((state) => state.browsed)
  const sample = useVisor((state) => openDomain(state)?.sample === true)
  const total = useVisor((state) => state.people.total)
  const filtered = useVisor((state) => isFiltered(state.peopleFilter))
  const { removeSamples } = useActions()
  if (browsed === null) return null
  return (
    <>
      <PeopleHead scope={browsed} />
      {sample && (
        <div className={styles.sample}>
          <span>This is the sample gallery.</span>
          <WithRight right="curate">
            <Button variant="default" size="compact-sm" onClick={() => void removeSamples()}>
              Remove the sample gallery
            </Button>
          </WithRight>
        </div>
      )}
      {total === undefined ? (
        <Coming />
      ) : total > 0 ? (
        <PeopleList total={total} />
      ) : filtered ? (
        <NobodyFound />
      ) : (
        <NobodyHere scope={browsed} />
      )}
      <WithoutRight may="look at people" />
      {total !== undefined && total > 0 && <SelectionBar />}
    </>
  )
}

const blanks = Array.from({ length: 12 }, (_, place) => place)

/** Until the first answer: the shape of what comes. */
function Coming() {
  return (
    <div className={styles.coming} aria-hidden data-testid="people-coming">
      {blanks.map((blank) => (
        <Skeleton key={blank} width={116} height={116} />
      ))}
    </div>
  )
}

function NobodyFound() {
  const { text, flags, tag } = useVisor((state) => state.peopleFilter)
  const { filterPeople } = useActions()
  const byName = text.trim() !== '' && flags.length === 0 && tag === null
  return (
    <EmptyState
      picture={byName ? <IconSearch size={36} stroke={1.3} /> : <IconFilterOff size={36} stroke={1.3} />}
      title={byName ? `Nobody is called “${text.trim()}” here` : 'Nobody here is like that'}
    >
      <Button variant="default" onClick={() => filterPeople({ text: '', flags: [], tag: null })}>
        Show everybody
      </Button>
    </EmptyState>
  )
}

function NobodyHere({ scope: { clientId, domain } }: { readonly scope: BrowsedScope }) {
  const curates = useMayDo('curate')
  const { enrolFolder } = useActions()
  if (!curates) {
    return (
      <EmptyState
        picture={<IconUsersPlus size={44} stroke={1.3} />}
        title="Nobody is enrolled here yet"
        text="Whoever is enrolled here, from another console, is shown at once."
      />
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
