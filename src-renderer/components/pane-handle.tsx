/** The line between two panes: drag it, or move it with the arrow keys. Renderer. */
import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import styles from './pane-handle.module.css'

interface PaneHandleProps {
  readonly label: string
  /** Width of the pane it sizes, CSS pixels. */
  readonly widthPx: number
  readonly minPx: number
  readonly maxPx: number
  /** Which side of the line the pane is on. */
  readonly side: 'left' | 'right'
  readonly onResize: (widthPx: number) => void
}

const keyStepPx = 16

export function PaneHandle({ label, widthPx, minPx, maxPx, side, onResize }: PaneHandleProps) {
  const drag = useRef<{ x: number; widthPx: number } | null>(null)
  const direction = side === 'left' ? 1 : -1
  const resize = (width: number) => onResize(Math.round(Math.min(Math.max(width, minPx), maxPx)))

  function onPointerDown(event: PointerEvent<HTMLHRElement>) {
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { x: event.clientX, widthPx }
  }
  function onPointerMove(event: PointerEvent<HTMLHRElement>) {
    if (drag.current !== null) resize(drag.current.widthPx + direction * (event.clientX - drag.current.x))
  }
  function onKeyDown(event: KeyboardEvent<HTMLHRElement>) {
    const step = { ArrowLeft: -keyStepPx, ArrowRight: keyStepPx }[event.key]
    if (step === undefined) return
    event.preventDefault()
    resize(widthPx + direction * step)
  }

  return (
    <hr
      className={styles.handle}
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={widthPx}
      aria-valuemin={minPx}
      aria-valuemax={maxPx}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        drag.current = null
      }}
      onKeyDown={onKeyDown}
    />
  )
}
