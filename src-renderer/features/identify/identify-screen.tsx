/** The Identify screen: queue, loupe with the strip of faces, inspector. Renderer. */
import { VisuallyHidden } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { PaneHandle } from '../../components/pane-handle'
import { useActions, useVisor } from '../../state/use-visor'
import { FaceStrip } from './face-strip'
import styles from './identify-screen.module.css'
import { Inspector } from './inspector'
import { Loupe } from './loupe'
import { fitPanes, leastPx, loupeMinPx, mostPx } from './pane-widths'
import { QueuePane } from './queue-pane'
import { Toolbar } from './toolbar'

export function IdentifyScreen() {
  const wanted = useVisor((state) => state.settings.panes)
  const { remember } = useActions()
  const { ref, width } = useElementSize()
  const panes = width === 0 ? wanted : fitPanes(wanted, width)
  const room = Math.max(width - loupeMinPx, leastPx.queue + leastPx.inspector)

  return (
    <main className={styles.screen}>
      <VisuallyHidden>
        <h1>Identify</h1>
      </VisuallyHidden>
      <Toolbar />
      <div ref={ref} className={styles.panes}>
        <section
          className={styles.pane}
          style={{ width: panes.queue }}
          data-pane="queue"
          tabIndex={-1}
          aria-label="Queue"
        >
          <QueuePane />
        </section>
        <PaneHandle
          label="Width of the queue"
          side="left"
          widthPx={panes.queue}
          minPx={leastPx.queue}
          maxPx={Math.min(room - panes.inspector, mostPx)}
          onResize={(queue) => remember({ panes: { ...panes, queue } })}
        />
        <section className={styles.middle} aria-label="Photo">
          <Loupe />
          <FaceStrip />
        </section>
        <PaneHandle
          label="Width of the inspector"
          side="right"
          widthPx={panes.inspector}
          minPx={leastPx.inspector}
          maxPx={Math.min(room - panes.queue, mostPx)}
          onResize={(inspector) => remember({ panes: { ...panes, inspector } })}
        />
        <section
          className={styles.pane}
          style={{ width: panes.inspector }}
          data-pane="inspector"
          tabIndex={-1}
          aria-label="Inspector"
        >
          <Inspector />
        </section>
      </div>
    </main>
  )
}
