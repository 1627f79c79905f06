/** The groups as stacks of faces, largest first; only the rows in view are elements. Renderer. */
import { useElementSize, useMergedRef } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useEffectEvent, useRef } from 'react'
import { pictureUrl } from '../../../../src-shared/picture-url'
import type { UnknownGroup } from '../../../../src-shared/unknown'
import { ListOption } from '../../../components/list-option'
import { itemAt } from '../../../state/paged'
import { activeStack, missingStacks } from '../../../state/unknown-slice'
import { useActions, useVisor } from '../../../state/use-visor'
import { count, counted, daysBetween } from '../../../wording'
import styles from './group-stacks.module.css'

const leastCellPx = 176
const captionPx = 52
const paddingPx = 12

export function GroupStacks() {
  const scroller = useRef<HTMLDivElement>(null)
  const { ref: sized, width } = useElementSize<HTMLDivElement>()
  const ref = useMergedRef(scroller, sized)
  const total = useVisor((state) => state.stacks.total ?? 0)
  const active = useVisor(activeStack)
  const columns = Math.max(Math.floor((width - 2 * paddingPx) / leastCellPx), 1)
  const cellPx = Math.max((width - 2 * paddingPx) / columns, 1)
  const virtualizer = useVirtualizer({
    count: Math.ceil(total / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => cellPx + captionPx,
    paddingStart: paddingPx,
    overscan: 2,
  })
  useEffect(() => {
    if (cellPx > 1) virtualizer.measure()
  }, [virtualizer, cellPx])
  const rows = virtualizer.getVirtualItems()
  useWanted((rows[0]?.index ?? 0) * columns, ((rows.at(-1)?.index ?? 0) + 1) * columns - 1)
  useFollowed(columns, (row) => virtualizer.scrollToIndex(row))
  return (
    <div
      ref={ref}
      className={styles.stacks}
      role="listbox"
      tabIndex={0}
      data-pane-focus
      data-focus-name="stacks"
      aria-label="Groups of unknown faces"
      {...(active === undefined ? {} : { 'aria-activedescendant': `stack-${active.groupId}` })}
    >
      <div
        role="presentation"
        style={{ position: 'relative', height: virtualizer.getTotalSize() + paddingPx }}
      >
        {rows.map((row) => (
          <div
            key={row.key}
            role="presentation"
            className={styles.row}
            style={{
              transform: `translateY(${row.start}px)`,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            }}
          >
            {Array.from(
              { length: Math.max(Math.min(columns, total - row.index * columns), 0) },
              (_, column) => {
                const place = row.index * columns + column
                return <Stack key={place} place={place} />
              },
            )}
          </div>
        ))}
      </div>
    </div>
  )
}

/** Asks for the groups in view; again where they have changed since. */
function useWanted(first: number, last: number): void {
  const { loadStacks } = useActions()
  const missing = useVisor((state) => missingStacks(state, first, last).join())
  useEffect(() => {
    if (missing !== '') loadStacks(first, last)
  }, [missing, first, last, loadStacks])
}

/** Tells how many are in a row, and keeps the one that the keys are on in view. */
function useFollowed(columns: number, scrollTo: (row: number) => void): void {
  const { setStackColumns } = useActions()
  const place = useVisor((state) => state.stackPlace)
  const follow = useEffectEvent(scrollTo)
  useEffect(() => setStackColumns(columns), [columns, setStackColumns])
  useEffect(() => follow(Math.floor(place / columns)), [place, columns])
}

function Stack({ place }: { readonly place: number }) {
  const group = useVisor((state) => itemAt(state.stacks, place))
  const isActive = useVisor((state) => state.stackPlace === place)
  const { goToStack, openStack } = useActions()
  if (group === undefined) return <div className={styles.stack} aria-hidden />
  return (
    <ListOption
      id={`stack-${group.groupId}`}
      className={styles.stack}
      selected={isActive}
      aria-label={`${counted(group.faces, 'face')}, ${group.domain}, ${daysBetween(group.oldestAt, group.newestAt)}`}
      onChoose={() => goToStack(place)}
      onClick={(event) => {
        if (!event.ctrlKey && !event.metaKey) openStack(place)
      }}
    >
      <Pictures group={group} />
      <span className={styles.amount}>
        {counted(group.faces, 'face')} <span>in {counted(group.photos, 'photo')}</span>
      </span>
      <span className={styles.seen}>{group.domain}</span>
      <span className={styles.seen}>{daysBetween(group.oldestAt, group.newestAt)}</span>
    </ListOption>
  )
}

/** The best face, with the next three below: enough to see that it is one person. */
function Pictures({ group: { someFaces, faces } }: { readonly group: UnknownGroup }) {
  return (
    <span className={styles.pictures}>
      {someFaces.slice(0, 4).map((faceId) => (
        <img
          key={faceId}
          src={pictureUrl.reference(faceId)}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
        />
      ))}
      {faces > 4 && <span className={styles.more}>+{count(faces - 4)}</span>}
    </span>
  )
}
