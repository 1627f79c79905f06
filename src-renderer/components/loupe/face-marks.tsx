/** Boxes and names over the photo, drawn in the loupe's own pixels so that they stay crisp at any zoom. Renderer. */
import { IconPencil } from '@tabler/icons-react'
import type { Box } from '../../../src-shared/geometry'
import type { Decision } from '../../../src-shared/recognition'
import { decisionIcon } from '../decision-mark'
import { layoutChips } from './chip-layout'
import styles from './face-marks.module.css'
import { boxInLoupe, type Size, type Viewport } from './viewport'

/** A face as it is marked on the photo. */
export interface FaceMark {
  readonly key: string
  /** Pixels of the photo. */
  readonly box: Box
  /** How its box is drawn. */
  readonly decision: Decision
  readonly name?: string | undefined
  /** The box was drawn by hand. */
  readonly manual: boolean
}

interface FaceMarksProps {
  readonly marks: readonly FaceMark[]
  readonly chosen: string | undefined
  readonly view: Viewport
  readonly loupe: Size
}

const chipHeightPx = 20
const chipMaxPx = 220
/** Mark, gap and padding beside the name. */
const chipPaddingPx = 28
const bareChipPx = 20
/** What the mark of a box drawn by hand adds. */
const manualMarkPx = 16

export function FaceMarks({ marks, chosen, view, loupe }: FaceMarksProps) {
  const drawn = marks.map((mark) => ({ mark, box: boxInLoupe(view, loupe, mark.box) }))
  const places = layoutChips(
    drawn.map(({ mark, box }) => ({ box, size: chipSize(mark) })),
    loupe,
  )
  // Small faces last: a large box never keeps one inside of it from being chosen.
  const stacked = drawn.toSorted((a, b) => b.box.w * b.box.h - a.box.w * a.box.h)

  return (
    <>
      <svg className={styles.boxes} width={loupe.width} height={loupe.height} aria-hidden="true">
        {stacked.map(({ mark, box }) => (
          <g
            key={mark.key}
            data-decision={mark.decision}
            data-chosen={mark.key === chosen || undefined}
            data-face={mark.key}
            data-testid={`face-box-${mark.key}`}
          >
            <rect className={styles.hit} x={box.x} y={box.y} width={box.w} height={box.h} />
            <rect className={styles.halo} x={box.x} y={box.y} width={box.w} height={box.h} rx={3} />
            <rect className={styles.line} x={box.x} y={box.y} width={box.w} height={box.h} rx={3} />
          </g>
        ))}
      </svg>
      {drawn.map(({ mark }, place) => {
        const at = places[place]
        if (at === undefined) return null
        return <Chip key={mark.key} mark={mark} x={at.x} y={at.y} chosen={mark.key === chosen} />
      })}
    </>
  )
}

interface ChipProps {
  readonly mark: FaceMark
  readonly x: number
  readonly y: number
  readonly chosen: boolean
}

function Chip({ mark, x, y, chosen }: ChipProps) {
  const Icon = decisionIcon[mark.decision]
  return (
    <div
      className={styles.chip}
      aria-hidden="true"
      data-face={mark.key}
      data-decision={mark.decision}
      data-chosen={chosen || undefined}
      style={{ width: chipSize(mark).width, transform: `translate(${Math.round(x)}px, ${Math.round(y)}px)` }}
    >
      <Icon size={12} stroke={3} aria-hidden />
      {mark.manual && <IconPencil size={12} stroke={2} aria-hidden />}
      {mark.name !== undefined && <span className={styles.name}>{mark.name}</span>}
    </div>
  )
}

function chipSize(mark: FaceMark): Size {
  const bare = mark.manual ? bareChipPx + manualMarkPx : bareChipPx
  const named = (name: string) => textWidthPx(name) + chipPaddingPx + (mark.manual ? manualMarkPx : 0)
  const width = mark.name === undefined ? bare : named(mark.name)
  return { width: Math.min(width, chipMaxPx), height: chipHeightPx }
}

const widths = new Map<string, number>()
let pen: CanvasRenderingContext2D | null | undefined

/** Width of a name in a chip's type. */
function textWidthPx(text: string): number {
  const known = widths.get(text)
  if (known !== undefined) return known
  pen ??= document.createElement('canvas').getContext('2d')
  if (pen === null || pen === undefined) return text.length * 7
  pen.font = `600 12px ${getComputedStyle(document.body).fontFamily}`
  const width = Math.ceil(pen.measureText(text).width)
  widths.set(text, width)
  return width
}
