/** A box in the making: drawn, moved and pulled by the pointer; keys do the same through the store. Renderer. */
import { type PointerEvent, useRef } from 'react'
import type { Box, Point } from '../../../src-shared/geometry'
import { useActions } from '../../state/use-visor'
import { boxBetween, type Handle, handleAt, handles, movedBox, pulledBox } from './box-edit'
import styles from './box-editor.module.css'
import { boxInLoupe, type Size, toPhoto, type Viewport } from './viewport'

interface BoxEditorProps {
  /** Whose box it is, by the key of its mark; `null` = a new face. */
  readonly face: string | null
  /** `null` until it is drawn. */
  readonly box: Box | null
  readonly photo: Size
  readonly view: Viewport
  readonly loupe: Size
  /** Only the handles take the pointer: nothing is changed yet. */
  readonly resting?: boolean
}

interface Grip {
  readonly from: Point
  /** The box when it was gripped; `null` where it is being drawn. */
  readonly box: Box | null
  readonly handle: Handle | null
}

/** Screen pixels that a press has to wander to draw anything. */
const drawSlackPx = 4

export function BoxEditor({ face, box, photo, view, loupe, resting = false }: BoxEditorProps) {
  const { startDraft, changeDraft } = useActions()
  const grip = useRef<Grip | null>(null)

  function at(event: PointerEvent): Point {
    const frame = event.currentTarget.getBoundingClientRect()
    const point = toPhoto(view, loupe, { x: event.clientX - frame.left, y: event.clientY - frame.top })
    return {
      x: Math.min(Math.max(point.x, 0), photo.width),
      y: Math.min(Math.max(point.y, 0), photo.height),
    }
  }

  function onPointerDown(event: PointerEvent) {
    if (event.button !== 0 || !(event.target instanceof Element)) return
    const part = event.target.getAttribute('data-part')
    const handle = handles.find((one) => one === part) ?? null
    event.currentTarget.setPointerCapture(event.pointerId)
    grip.current = { from: at(event), box: part === null ? null : box, handle }
    if (resting) startDraft(face, box)
  }

  function onPointerMove(event: PointerEvent) {
    const held = grip.current
    if (held === null) return
    const to = at(event)
    const [x, y] = [to.x - held.from.x, to.y - held.from.y]
    if (held.box === null) {
      if (Math.hypot(x, y) * view.scale > drawSlackPx) changeDraft(boxBetween(held.from, to))
    } else if (held.handle === null) changeDraft(movedBox(held.box, x, y))
    else changeDraft(pulledBox(held.box, held.handle, x, y))
  }

  const shown = box === null ? undefined : boxInLoupe(view, loupe, box)
  return (
    <svg
      className={styles.editor}
      width={loupe.width}
      height={loupe.height}
      aria-hidden="true"
      data-box-editor
      data-resting={resting || undefined}
      data-testid="box-editor"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        grip.current = null
      }}
      onPointerCancel={() => {
        grip.current = null
      }}
    >
      {shown !== undefined && (
        <>
          {!resting && (
            <>
              <rect className={styles.halo} x={shown.x} y={shown.y} width={shown.w} height={shown.h} />
              <rect
                className={styles.box}
                data-part="inside"
                data-testid="box-draft"
                x={shown.x}
                y={shown.y}
                width={shown.w}
                height={shown.h}
              />
            </>
          )}
          {handles.map((handle) => {
            const point = handleAt(shown, handle)
            return (
              <circle
                key={handle}
                className={styles.handle}
                data-part={handle}
                cx={point.x}
                cy={point.y}
                r={6}
              />
            )
          })}
        </>
      )}
    </svg>
  )
}
