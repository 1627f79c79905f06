/** The people of what is open, as a grid of covers or as a list; only the rows in view are elements. Renderer. */
import { useElementSize, useMergedRef } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useEffectEvent, useRef } from 'react'
import { missingPeople } from '../../state/browse-slice'
import { useActions, useVisor } from '../../state/use-visor'
import { counted } from '../../wording'
import { peopleLayout } from './people-layout'
import styles from './people-list.module.css'
import { Person } from './person-cell'
import { usePeoplePointer } from './use-people-pointer'

export function PeopleList({ total }: { readonly total: number }) {
  const scroller = useRef<HTMLDivElement>(null)
  const { ref: sized, width } = useElementSize<HTMLDivElement>()
  const ref = useMergedRef(scroller, sized)
  const kind = useVisor((state) => state.settings.people.layout)
  const layout = peopleLayout(kind, width, total)
  const { columns, cell, paddingPx } = layout
  const virtualizer = useVirtualizer({
    count: Math.ceil(total / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => cell.height,
    paddingStart: paddingPx,
    scrollPaddingStart: paddingPx,
    scrollPaddingEnd: paddingPx,
    overscan: 3,
  })
  useEffect(() => {
    if (cell.height > 0) virtualizer.measure()
  }, [virtualizer, cell.height])
  const rows = virtualizer.getVirtualItems()
  useWanted((rows[0]?.index ?? 0) * columns, (rows.at(-1)?.index ?? 0) * columns + columns - 1)
  useFollowed(columns, (row) => virtualizer.scrollToIndex(row))
  const pointer = usePeoplePointer(scroller, layout)
  const activeId = useVisor((state) => state.activePerson)
  const { frame, dragged } = pointer

  return (
    <>
      {kind === 'list' && <ListHead />}
      <div
        ref={ref}
        className={styles.people}
        role="listbox"
        tabIndex={0}
        data-pane-focus
        data-focus-name="people-list"
        aria-label="People"
        aria-multiselectable="true"
        onMouseDown={pointer.onPressBeside}
        {...(activeId === null ? {} : { 'aria-activedescendant': `person-${activeId}` })}
      >
        <div
          role="presentation"
          className={styles.contents}
          style={{ height: virtualizer.getTotalSize() + paddingPx }}
        >
          {rows.map((row) => (
            <div
              key={row.key}
              role="presentation"
              className={styles.row}
              style={{
                inset: `0 ${paddingPx}px auto`,
                height: cell.height,
                transform: `translateY(${row.start}px)`,
                gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
              }}
            >
              {Array.from({ length: Math.min(columns, total - row.index * columns) }, (_, column) => {
                const place = row.index * columns + column
                return (
                  <Person key={place} kind={kind} place={place} total={total} onPress={pointer.onPress} />
                )
              })}
            </div>
          ))}
          {frame !== null && (
            <div
              className={styles.frame}
              style={{
                left: frame.left,
                top: frame.top,
                width: frame.right - frame.left,
                height: frame.bottom - frame.top,
              }}
            />
          )}
        </div>
      </div>
      {dragged !== null && <Dragged x={dragged.x} y={dragged.y} />}
    </>
  )
}

/** Asks for the people in view; again where the query or the gallery has changed since. */
function useWanted(first: number, last: number): void {
  const { loadPeople } = useActions()
  const missing = useVisor((state) => missingPeople(state, first, last).join())
  useEffect(() => {
    if (missing !== '') loadPeople(first, last)
  }, [missing, first, last, loadPeople])
}

/** Tells how many people are in a row, keeps the active one in view, and starts at the top where the query is new. */
function useFollowed(columns: number, scrollTo: (row: number) => void): void {
  const { setPeopleColumns } = useActions()
  const place = useVisor((state) => state.activePlace)
  const query = useVisor((state) => state.people.query)
  const follow = useEffectEvent(scrollTo)
  useEffect(() => setPeopleColumns(columns), [columns, setPeopleColumns])
  useEffect(() => {
    if (query !== null) follow(0)
  }, [query])
  useEffect(() => {
    if (place !== null) follow(Math.floor(place / columns))
  }, [place, columns])
}

function ListHead() {
  return (
    <div className={styles.listHead} aria-hidden>
      <span>Name</span>
      <span className={styles.number}>Photos</span>
      <span className={`${styles.number} ${styles.faces}`}>Faces</span>
      <span className={styles.changed}>Changed</span>
    </div>
  )
}

/** What is dragged, beside the pointer. */
function Dragged({ x, y }: { readonly x: number; readonly y: number }) {
  const amount = useVisor((state) => state.draggedPeople?.length ?? 0)
  if (amount === 0) return null
  return (
    <div className={styles.dragged} style={{ transform: `translate(${x + 14}px, ${y + 10}px)` }}>
      <strong>{counted(amount, 'person', 'people')}</strong>
      <span>Drop on a domain to move</span>
    </div>
  )
}
