/** Faces in a grid, some of which can be chosen; only the rows in view are elements. Renderer. */
import { useElementSize, useMergedRef } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ComponentPropsWithoutRef, type MouseEvent, type ReactNode, useEffect, useRef } from 'react'
import styles from './face-grid.module.css'
import { ListOption } from './list-option'

const paddingPx = 8

/** The grid's measures and its rows. Cells are squares of `leastCellPx` or more above a caption. */
export function useFaceGrid(count: number, leastCellPx: number, captionPx: number) {
  const scroller = useRef<HTMLDivElement>(null)
  const { ref: sized, width } = useElementSize<HTMLDivElement>()
  const ref = useMergedRef(scroller, sized)
  const columns = Math.max(Math.floor((width - 2 * paddingPx) / leastCellPx), 1)
  const cellPx = Math.max((width - 2 * paddingPx) / columns, 1)
  const virtualizer = useVirtualizer({
    count: Math.ceil(count / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => cellPx + captionPx,
    paddingStart: paddingPx,
    overscan: 3,
  })
  useEffect(() => {
    if (cellPx > 1) virtualizer.measure()
  }, [virtualizer, cellPx])
  return {
    ref,
    scroller,
    columns,
    virtualizer,
  }
}

interface FaceGridProps<Face> extends Omit<ComponentPropsWithoutRef<'div'>, 'children'> {
  readonly grid: ReturnType<typeof useFaceGrid>
  readonly faces: readonly Face[]
  /** The element of the face that the keys are at. */
  readonly activeId: string | undefined
  /** The {@link FaceOption} of a face at a place. */
  readonly children: (face: Face, place: number) => ReactNode
}

export function FaceGrid<Face>({ grid, faces, activeId, children, ...rest }: FaceGridProps<Face>) {
  const { ref, columns, virtualizer } = grid
  return (
    <div
      {...rest}
      ref={ref}
      className={styles.faces}
      role="listbox"
      tabIndex={0}
      aria-multiselectable="true"
      {...(activeId === undefined ? {} : { 'aria-activedescendant': activeId })}
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
            {faces
              .slice(row.index * columns, (row.index + 1) * columns)
              .map((face, column) => children(face, row.index * columns + column))}
          </div>
        ))}
      </div>
    </div>
  )
}

interface FaceOptionProps {
  readonly id: string
  readonly picture: string
  /** The photo's file. */
  readonly file: string
  /** The line below it. */
  readonly facts: ReactNode
  /** Shown on hover, and told to who cannot see. */
  readonly title: string
  readonly label: string
  readonly chosen: boolean
  readonly active: boolean
  readonly onChoose: (how: 'only' | 'toggle' | 'range') => void
  readonly onDoubleClick?: () => void
  /** A mark in the picture's corner. */
  readonly mark?: ReactNode
}

export function FaceOption({
  id,
  picture,
  file,
  facts,
  title,
  label,
  chosen,
  active,
  onChoose,
  onDoubleClick,
  mark,
}: FaceOptionProps) {
  const choose = (event: MouseEvent) =>
    onChoose(event.shiftKey ? 'range' : event.ctrlKey || event.metaKey ? 'toggle' : 'only')
  return (
    <ListOption
      id={id}
      className={styles.face}
      selected={chosen}
      data-active={active || undefined}
      title={title}
      aria-label={label}
      onChoose={choose}
      onDoubleClick={onDoubleClick}
    >
      <img src={picture} alt="" loading="lazy" decoding="async" draggable={false} />
      {mark !== undefined && <span className={styles.mark}>{mark}</span>}
      <span className={styles.file}>{file}</span>
      <span className={styles.facts}>{facts}</span>
    </ListOption>
  )
}
