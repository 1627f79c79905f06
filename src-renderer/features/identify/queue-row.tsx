/** One photo of the queue. Renders again only when it changes. Renderer. */
import { Loader } from '@mantine/core'
import { IconAlertTriangle, IconBan, IconClock, IconCopy, IconPhoto } from '@tabler/icons-react'
import { type MouseEvent, memo } from 'react'
import type { ItemId } from '../../../src-shared/ids'
import { pictureUrl } from '../../../src-shared/picture-url'
import type { QueueItem } from '../../../src-shared/queue'
import { DecisionMark } from '../../components/decision-mark'
import { FileName } from '../../components/file-name'
import { ListOption } from '../../components/list-option'
import { useVisor } from '../../state/use-visor'
import { itemOutcome, milliseconds, stateWord } from '../../wording'
import styles from './queue-row.module.css'

interface QueueRowProps {
  readonly itemId: ItemId
  /** From 1, among the photos shown. */
  readonly place: number
  readonly total: number
  readonly offsetPx: number
  readonly heightPx: number
  readonly onChoose: (event: MouseEvent, itemId: ItemId) => void
}

export const QueueRow = memo(function QueueRow(props: QueueRowProps) {
  const { itemId, place, total, offsetPx, heightPx, onChoose } = props
  const item = useVisor((state) => state.queue.items.get(itemId))
  const active = useVisor((state) => state.activeId === itemId)
  const marked = useVisor((state) => state.marked.has(itemId))
  if (item === undefined) return null
  return (
    <ListOption
      id={`photo-${itemId}`}
      className={styles.row}
      selected={active || marked}
      aria-posinset={place}
      aria-setsize={total}
      aria-label={`${item.name}: ${itemOutcome(item)}`}
      data-active={active || undefined}
      data-state={item.state}
      title={item.path}
      style={{ height: heightPx, transform: `translateY(${offsetPx}px)` }}
      onChoose={(event) => onChoose(event, itemId)}
    >
      <Thumbnail item={item} />
      <span className={styles.text}>
        <FileName name={item.name} />
        <span className={styles.outcome}>
          <Outcome item={item} />
          {item.elapsedMs !== undefined && (
            <span className={styles.elapsed}>{milliseconds(item.elapsedMs)}</span>
          )}
        </span>
      </span>
    </ListOption>
  )
})

function Thumbnail({ item }: { readonly item: QueueItem }) {
  return (
    <span className={styles.thumbnail}>
      {item.state === 'done' ? (
        <img
          src={pictureUrl.thumbnail(item.itemId)}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
        />
      ) : item.state === 'failed' || item.state === 'set-aside' ? (
        <IconAlertTriangle size={20} stroke={1.5} className={styles.danger} aria-hidden />
      ) : (
        <IconPhoto size={20} stroke={1.5} aria-hidden />
      )}
    </span>
  )
}

function Outcome({ item }: { readonly item: QueueItem }) {
  switch (item.state) {
    case 'waiting':
      return <Note icon={<IconClock size={13} aria-hidden />} text={stateWord.waiting} />
    case 'working':
      return <Note icon={<Loader size={11} color="gray" aria-hidden />} text={stateWord.working} />
    case 'cancelled':
      return <Note icon={<IconBan size={13} aria-hidden />} text={stateWord.cancelled} />
    case 'failed':
    case 'set-aside':
      return (
        <span className={`${styles.note} ${styles.danger}`} title={itemOutcome(item)}>
          {itemOutcome(item)}
        </span>
      )
    case 'done':
      return (
        <span className={styles.marks}>
          {item.faces === 0 && 'No face found'}
          <Marks decision="match" amount={item.matches} />
          <Marks decision="possible" amount={item.possibles} />
          <Marks decision="unknown" amount={item.unknowns} />
          {item.duplicateOf !== undefined && (
            <IconCopy size={13} aria-label="The same photo is in the queue already" />
          )}
        </span>
      )
  }
}

function Note({ icon, text }: { readonly icon: React.ReactNode; readonly text: string }) {
  return (
    <span className={styles.note}>
      {icon} {text}
    </span>
  )
}

function Marks({ decision, amount }: { decision: 'match' | 'possible' | 'unknown'; amount: number }) {
  if (amount === 0) return null
  return (
    <span className={styles.marksOf}>
      <DecisionMark decision={decision} named={false} />
      {amount}
    </span>
  )
}
