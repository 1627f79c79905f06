/** The history of the client that is open, in the middle of Galleries. Renderer. */
import { Button } from '@mantine/core'
import { useActions, useVisor } from '../../state/use-visor'
import { HistoryList } from './history-list'
import styles from './people-head.module.css'

export function HistoryPane() {
  const clientId = useVisor((state) => state.browsed?.clientId ?? state.settings.search.clientId)
  const { showGalleriesView } = useActions()
  return (
    <>
      <header className={styles.head}>
        <h1 className={styles.title}>History</h1>
        <span className={styles.amount}>newest first</span>
        <span className={styles.space} />
        <Button variant="default" onClick={() => showGalleriesView('people')}>
          Back to the people
        </Button>
      </header>
      <HistoryList clientId={clientId} label="What was done" />
    </>
  )
}
