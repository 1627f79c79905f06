/** The line above the loupe: which photo it is, how large it is shown. Renderer. */
import { Button, Tooltip } from '@mantine/core'
import type { QueueItem } from '../../../src-shared/queue'
import { FileName } from '../../components/file-name'
import { activeView } from '../../state/selection-slice'
import { useActions, useVisor } from '../../state/use-visor'
import { counted } from '../../wording'
import styles from './loupe-head.module.css'

export function LoupeHead({ item }: { readonly item: QueueItem }) {
  const recognition = useVisor((state) => state.details.get(item.itemId)?.detail?.recognition)
  const zoom = useVisor((state) => state.zoom)
  const percent = useVisor((state) =>
    recognition === undefined ? undefined : Math.round(100 * activeView(state, recognition).scale),
  )
  const { setZoom } = useActions()
  return (
    <div className={styles.head}>
      <span className={styles.name} title={item.path}>
        <FileName name={item.name} />
      </span>
      {recognition !== undefined && (
        <span className={styles.facts}>
          {recognition.width} × {recognition.height} · {counted(recognition.faces.length, 'face')}
        </span>
      )}
      {recognition?.mode === 'cache' && <span className={styles.facts}>answered from the cache</span>}
      <span className={styles.space} />
      {percent !== undefined && (
        <>
          <span className={styles.percent} data-testid="zoom">
            {percent} %
          </span>
          <Tooltip label="The whole photo  0">
            <Button
              size="compact-xs"
              variant={zoom === 'fit' ? 'light' : 'subtle'}
              color={zoom === 'fit' ? 'blue' : 'gray'}
              aria-pressed={zoom === 'fit'}
              onClick={() => setZoom('fit')}
            >
              Fit
            </Button>
          </Tooltip>
          <Tooltip label="One pixel of the photo on one of the screen  Space">
            <Button
              size="compact-xs"
              variant={zoom === 'actual' ? 'light' : 'subtle'}
              color={zoom === 'actual' ? 'blue' : 'gray'}
              aria-pressed={zoom === 'actual'}
              onClick={() => setZoom('actual')}
            >
              100 %
            </Button>
          </Tooltip>
        </>
      )}
    </div>
  )
}
