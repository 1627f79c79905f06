/** The people of a domain as a grid of covers; only the rows in view are elements. Renderer. */
import { useElementSize, useMergedRef } from '@mantine/hooks'
import { IconUser } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from 'react'
import type { PersonSummary } from '../../../src-shared/gallery'
import { pictureUrl } from '../../../src-shared/ipc'
import { ListOption } from '../../components/list-option'
import { deletePersons } from '../../state/acts'
import { peoplePerPage, personAt } from '../../state/browse-slice'
import { useActions, useVisor, useVisorStore } from '../../state/use-visor'
import { counted } from '../../wording'
import styles from './person-grid.module.css'

const cellPx = { width: 128, height: 168 }
const paddingPx = 12

export function PersonGrid({ total }: { readonly total: number }) {
  const scroller = useRef<HTMLDivElement>(null)
  const { ref: sized, width } = useElementSize<HTMLDivElement>()
  const ref = useMergedRef(scroller, sized)
  const columns = Math.max(Math.floor((width - 2 * paddingPx) / cellPx.width), 1)
  const virtualizer = useVirtualizer({
    count: Math.ceil(total / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => cellPx.height,
    paddingStart: paddingPx,
    overscan: 3,
  })
  const rows = virtualizer.getVirtualItems()
  const firstPage = Math.floor(((rows[0]?.index ?? 0) * columns) / peoplePerPage)
  const lastPage = Math.floor(((rows.at(-1)?.index ?? 0) * columns + columns - 1) / peoplePerPage)
  const { loadPeople } = useActions()
  const pages = useVisor((state) => state.browsePages)
  useEffect(() => {
    // Depends on the pages: a search or a change to the gallery empties them.
    for (let page = firstPage; page <= lastPage; page += 1) if (!pages.has(page)) void loadPeople(page)
  }, [firstPage, lastPage, loadPeople, pages])

  const activeId = useVisor((state) => state.activePerson)
  const onKeyDown = useGridKeys(total, columns, (index) =>
    virtualizer.scrollToIndex(Math.floor(index / columns)),
  )

  return (
    <div
      ref={ref}
      className={styles.grid}
      role="listbox"
      tabIndex={0}
      data-pane-focus
      aria-label="People of this domain"
      aria-multiselectable="true"
      onKeyDown={onKeyDown}
      {...(activeId === null ? {} : { 'aria-activedescendant': `person-${activeId}` })}
    >
      <div role="presentation" style={{ position: 'relative', height: virtualizer.getTotalSize() }}>
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
            {Array.from({ length: Math.min(columns, total - row.index * columns) }, (_, column) => {
              const index = row.index * columns + column
              return <Cell key={index} index={index} total={total} />
            })}
          </div>
        ))}
      </div>
    </div>
  )
}

function Cell({ index, total }: { readonly index: number; readonly total: number }) {
  const person = useVisor((state) => personAt(state, index))
  if (person === undefined) return <div className={styles.cell} role="presentation" data-blank />
  return <PersonCell person={person} index={index} total={total} />
}

interface PersonCellProps {
  readonly person: PersonSummary
  readonly index: number
  readonly total: number
}

function PersonCell({ person, index, total }: PersonCellProps) {
  const active = useVisor((state) => state.activePerson === person.personId)
  const marked = useVisor((state) => state.markedPersons.has(person.personId))
  const { activatePerson, toggleMarkedPerson } = useActions()

  function onChoose(event: MouseEvent) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) toggleMarkedPerson(person.personId)
    activatePerson(person.personId)
  }

  return (
    <ListOption
      id={`person-${person.personId}`}
      className={styles.cell}
      selected={marked || active}
      aria-posinset={index + 1}
      aria-setsize={total}
      aria-label={`${person.name}, ${counted(person.photos, 'photo')}${marked ? ', marked' : ''}`}
      data-marked={marked || undefined}
      data-active={active || undefined}
      onChoose={onChoose}
    >
      {person.coverFaceId === undefined ? (
        <span className={styles.cover}>
          <IconUser size={36} stroke={1.2} aria-hidden />
        </span>
      ) : (
        <img
          className={styles.cover}
          src={pictureUrl.reference(person.coverFaceId)}
          alt=""
          loading="lazy"
          draggable={false}
        />
      )}
      <span className={styles.name} title={person.name}>
        {person.name}
      </span>
      <span className={styles.photos}>{counted(person.photos, 'photo')}</span>
    </ListOption>
  )
}

/** Arrows move, Space marks, Delete deletes those marked or the one looked at. */
function useGridKeys(total: number, columns: number, scrollTo: (index: number) => void) {
  const store = useVisorStore()
  return (event: KeyboardEvent) => {
    const state = store.getState()
    const step = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      Home: -total,
      End: total,
    }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      const here = indexOf(state.browsePages, state.activePerson)
      const next = here === undefined ? 0 : Math.min(Math.max(here + step, 0), total - 1)
      scrollTo(next)
      const person = personAt(state, next)
      if (person !== undefined) state.activatePerson(person.personId)
    } else if (event.key === ' ' && state.activePerson !== null) {
      event.preventDefault()
      state.toggleMarkedPerson(state.activePerson)
    } else if (event.key === 'Delete') {
      const doomed =
        state.markedPersons.size > 0
          ? [...state.markedPersons]
          : state.activePerson === null
            ? []
            : [state.activePerson]
      if (doomed.length > 0) void deletePersons(store, doomed).then(state.clearMarkedPersons)
    }
  }
}

function indexOf(
  pages: ReadonlyMap<number, readonly PersonSummary[]>,
  personId: string | null,
): number | undefined {
  for (const [page, persons] of pages) {
    const place = persons.findIndex((person) => person.personId === personId)
    if (place >= 0) return page * peoplePerPage + place
  }
  return undefined
}
