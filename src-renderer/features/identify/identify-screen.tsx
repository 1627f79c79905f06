/** The Identify screen: queue, loupe with the strip of faces, inspector. Renderer. */
import { useElementSize } from '@mantine/hooks'
import { PaneHandle } from '../../components/pane-handle'
import { useActions, useVisor } from '../../state/use-visor'
import { FaceStrip } from './face-strip'
import styles from './identify-screen.module.css'
import { Inspector } from './inspector'
import { Loupe } from './loupe'
import { QueuePane } from './queue-pane'
import { Toolbar } from './toolbar'

const loupeMinPx = 320
const queueMinPx = 200
const inspectorMinPx = 300

export function IdentifyScreen() {
  const panes = useVisor((state) => state.settings.panes)
  const { remember } = useActions()
  const { ref, width } = useElementSize()
  // A narrow window takes from the panes before it takes the loupe.
  const spare = Math.max(width - loupeMinPx - queueMinPx - inspectorMinPx, 0)
  const queuePx = Math.min(panes.queue, queueMinPx + spare)
  const inspectorPx = Math.min(panes.inspector, inspectorMinPx + Math.max(spare - (queuePx - queueMinPx), 0))

  return (
    <main className={styles.screen} aria-label="Identify">
      <Toolbar />
      <div ref={ref} className={styles.panes}>
        <section className={styles.pane} style={{ width: queuePx }} data-pane="queue" aria-label="Queue">
          <QueuePane />
        </section>
        <PaneHandle
          label="Width of the queue"
          side="left"
          widthPx={queuePx}
          minPx={queueMinPx}
          maxPx={Math.min(queueMinPx + spare, 900)}
          onResize={(queue) => remember({ panes: { ...panes, queue } })}
        />
        <section className={styles.middle} aria-label="Photo">
          <Loupe />
          <FaceStrip />
        </section>
        <PaneHandle
          label="Width of the inspector"
          side="right"
          widthPx={inspectorPx}
          minPx={inspectorMinPx}
          maxPx={Math.min(inspectorMinPx + spare, 900)}
          onResize={(inspector) => remember({ panes: { ...panes, inspector } })}
        />
        <section
          className={styles.pane}
          style={{ width: inspectorPx }}
          data-pane="inspector"
          aria-label="Inspector"
        >
          <Inspector />
        </section>
      </div>
    </main>
  )
}
