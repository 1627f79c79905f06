/** All faces of a group, large enough to judge; some can be chosen. Only the rows in view are elements. Renderer. */
import { useElementSize, useMergedRef } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useEffectEvent, useRef } from 'react'
import { pictureUrl } from '../../../../src-shared/picture-url'
import type { UnknownFace } from '../../../../src-shared/unknown'
import { ListOption } from '../../../components/list-option'
import { useActions, useVisor } from '../../../state/use-visor'
import { counted, dayOf } from '../../../wording'
import styles from './group-pane.module.css'

const leastCellPx = 156
const captionPx = 38
const paddingPx = 8

export function GroupFaces({ faces }: { readonly faces: readonly UnknownFace[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const { ref: sized, width } = useElementSize<HTMLDivElement>()
  const ref = useMergedRef(scroller, sized)
  const place = useVisor((state) => state.facePlace)
  const { setFaceColumns } = useActions()
  const columns = Math.max(Math.floor((width - 2 * paddingPx) / leastCellPx), 1)
  const cellPx = Math.max((width - 2 * paddingPx) / columns, 1)
  const virtualizer = useVirtualizer({
    count: Math.ceil(faces.length / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => cellPx + captionPx,
    paddingStart: paddingPx,
    overscan: 3,
  })
  const follow = useEffectEvent((row: number) => virtualizer.scrollToIndex(row))
  useEffect(() => {
    if (cellPx > 1) virtualizer.measure()
  }, [virtualizer, cellPx])
  useEffect(() => setFaceColumns(columns), [columns, setFaceColumns])
  useEffect(() => follow(Math.floor(place / columns)), [place, columns])
  // Whoever opens a group goes on with the keys.
  useEffect(() => scroller.current?.focus({ preventScroll: true }), [])
  const active = faces[place]
  return (
    <div
      ref={ref}
      className={styles.faces}
      role="listbox"
      tabIndex={0}
      data-pane-focus
      aria-label="Faces of the group"
      aria-multiselectable="true"
      {...(active === undefined ? {} : { 'aria-activedescendant': `unknown-${active.faceId}` })}
    >
      <div
        role="presentation"
        style={{ position: 'relative', height: virtualizer.getTotalSize() + paddingPx }}
      >
        {virtualizer.getVirtualItems().map((row) => (
          <div
            key={row.key}
            role="presentation"
            className={styles.row}
            style={{
              transform: `translateY(${row.start}px)`,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            }}
          >
            {faces.slice(row.index * columns, (row.index + 1) * columns).map((face, column) => (
              <Face key={face.faceId} face={face} place={row.index * columns + column} />
            ))}
          </div>
        ))}
      </div>
    </div>
  )
}

function Face({ face, place }: { readonly face: UnknownFace; readonly place: number }) {
  const chosen = useVisor((state) => state.chosenFaces.chosen.has(face.faceId))
  const active = useVisor((state) => state.facePlace === place)
  const { chooseFace } = useActions()
  const file = face.photoPath === '' ? 'Pasted picture' : (face.photoPath.split(/[\\/]/).at(-1) ?? '')
  return (
    <ListOption
      id={`unknown-${face.faceId}`}
      className={styles.face}
      selected={chosen}
      data-active={active || undefined}
      title={`${face.photoPath}\nkept ${dayOf(face.keptAt)}, quality ${face.quality}`}
      aria-label={`${file}, quality ${face.quality.toFixed(2)}`}
      onChoose={(event) =>
        chooseFace(place, event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only')
      }
    >
      <img src={pictureUrl.reference(face.faceId)} alt="" loading="lazy" decoding="async" draggable={false} />
      <span className={styles.photo}>{file}</span>
      <span className={styles.quality}>
        {dayOf(face.keptAt)} · {face.quality.toFixed(2)}
      </span>
    </ListOption>
  )
}

/** What is chosen, in words. */
export function chosenWords(chosen: number, faces: number): string {
  if (chosen === 0) return `About all ${counted(faces, 'face')}. Choose some to speak of them alone.`
  return `About the ${counted(chosen, 'face')} chosen.`
}
