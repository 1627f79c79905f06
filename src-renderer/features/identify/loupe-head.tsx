/** The line above the loupe: which photo it is, how large it is shown. Renderer. */
import { Button, Tooltip } from '@mantine/core'
import { IconSquarePlus } from '@tabler/icons-react'
import type { QueueItem } from '../../../src-shared/queue'
import { FileName } from '../../components/file-name'
import { ZoomButtons } from '../../components/loupe/zoom-buttons'
import { canDraw } from '../../state/box-acts'
import { useActions, useVisor } from '../../state/use-visor'
import { asOf, counted } from '../../wording'
import styles from './loupe-head.module.css'

export function LoupeHead({ item }: { readonly item: QueueItem }) {
  const recognition = useVisor((state) => state.details.get(item.itemId)?.detail?.recognition)
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
      {recognition?.asOf !== undefined && (
        <Tooltip label="The server did not answer. This is from what this console keeps of its galleries.">
          <span className={styles.behind}>cached, as of {asOf(recognition.asOf)}</span>
        </Tooltip>
      )}
      <span className={styles.space} />
      {recognition !== undefined && <DrawButton />}
      {recognition !== undefined && <ZoomButtons photo={recognition} />}
    </div>
  )
}

function DrawButton() {
  const drawable = useVisor(canDraw)
  const drawing = useVisor((state) => state.draft !== null)
  const { startDraft } = useActions()
  return (
    <Tooltip label="Draw a box around a face that was missed  B">
      <Button
        size="compact-xs"
        variant={drawing ? 'light' : 'subtle'}
        color={drawing ? 'blue' : 'gray'}
        leftSection={<IconSquarePlus size={14} stroke={1.8} aria-hidden />}
        disabled={!drawable}
        aria-pressed={drawing}
        aria-label="Draw a face"
        className={styles.draw}
        onClick={() => startDraft(null, null)}
      >
        <span className={styles.words}>Draw a face</span>
      </Button>
    </Tooltip>
  )
}
