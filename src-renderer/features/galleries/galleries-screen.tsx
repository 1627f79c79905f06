/** The galleries: domains, their people, and the person looked at. Renderer. */
import { Button } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { useEffect } from 'react'
import { EmptyState } from '../../components/empty-state'
import { domainsOfClient } from '../../state/galleries-slice'
import { useActions, useMayDo, useVisor } from '../../state/use-visor'
import { BinPane } from './bin-pane'
import { DomainList } from './domain-list'
import styles from './galleries-screen.module.css'
import { HistoryPane } from './history-pane'
import { PeoplePane } from './people-pane'
import { PersonInspector } from './person-inspector'
import { PhotoPane } from './photo-pane'

export function GalleriesScreen() {
  const browsed = useVisor((state) => state.browsed)
  const view = useVisor((state) => state.galleriesView)
  const { clientId, domain } = useVisor((state) => state.settings.search)
  const isThere = useVisor((state) => domainsOfClient(state).some((summary) => summary.domain === domain))
  const { browse } = useActions()

  // Opens at the domain that is searched; what was opened here since stays open.
  useEffect(() => {
    if (browsed === null && domain !== null && isThere) browse({ clientId, domain })
  }, [browsed, clientId, domain, isThere, browse])

  return (
    <main className={styles.screen} aria-label="Galleries">
      <section className={styles.domains} aria-label="Domains" data-pane="domains">
        <DomainList />
      </section>
      <section className={styles.people} aria-label={paneNames[view]} data-pane="people" tabIndex={-1}>
        <Middle />
      </section>
      <section className={styles.person} aria-label="Person" data-pane="person">
        <PersonInspector />
      </section>
    </main>
  )
}

const paneNames = { people: 'People', history: 'History', bin: 'Bin', photo: 'Photo' } as const

function Middle() {
  const view = useVisor((state) => state.galleriesView)
  const browsed = useVisor((state) => state.browsed)
  if (view === 'history') return <HistoryPane />
  if (view === 'bin') return <BinPane />
  if (view === 'photo') return <PhotoPane />
  return browsed === null ? <NothingOpen /> : <PeoplePane />
}

function NothingOpen() {
  const { openOverlay } = useActions()
  const curates = useMayDo('curate')
  return (
    <EmptyState
      picture={<IconUsersGroup size={44} stroke={1.3} />}
      title="No domain is open"
      text={`A domain is the part of a gallery that a search looks in. Choose one at the left${curates ? ', or make the first' : ''}.`}
    >
      {curates && <Button onClick={() => openOverlay('new-domain')}>New domain…</Button>}
    </EmptyState>
  )
}
