/** Boxes and names over the photo, drawn in the loupe's own pixels so that they stay crisp at any zoom. Renderer. */
import type { RecognisedFace } from '../../../src-shared/recognition'
import { decisionIcon } from '../../components/decision-mark'
import { useVisor } from '../../state/use-visor'
import { layoutChips } from './chip-layout'
import styles from './face-overlay.module.css'
import { boxInLoupe, type Size, type Viewport } from './viewport'

interface FaceOverlayProps {
  readonly faces: readonly RecognisedFace[]
  readonly view: Viewport
  readonly loupe: Size
}

const chipHeightPx = 20
const chipMaxPx = 220
/** Mark, gap and padding beside the name. */
const chipPaddingPx = 28
const bareChipPx = 20

export function FaceOverlay({ faces, view, loupe }: FaceOverlayProps) {
  const chosen = useVisor((state) => state.faceIndex)
  const drawn = faces.map((face) => ({ face, box: boxInLoupe(view, loupe, face.box) }))
  const places = layoutChips(
    drawn.map(({ face, box }) => ({ box, size: chipSize(face) })),
    loupe,
  )
  // Small faces last: a large box never keeps one inside of it from being chosen.
  const stacked = drawn.toSorted((a, b) => b.box.w * b.box.h - a.box.w * a.box.h)

  return (
    <>
      <svg className={styles.boxes} width={loupe.width} height={loupe.height} aria-hidden="true">
        {stacked.map(({ face, box }) => (
          <g
            key={face.index}
            data-decision={face.decision}
            data-chosen={face.index === chosen || undefined}
            data-face={face.index}
            data-testid={`face-box-${face.index}`}
          >
            <rect className={styles.hit} x={box.x} y={box.y} width={box.w} height={box.h} />
            <rect className={styles.halo} x={box.x} y={box.y} width={box.w} height={box.h} rx={3} />
            <rect className={styles.line} x={box.x} y={box.y} width={box.w} height={box.h} rx={3} />
          </g>
        ))}
      </svg>
      {drawn.map(({ face }, place) => {
        const at = places[place]
        if (at === undefined) return null
        return <Chip key={face.index} face={face} x={at.x} y={at.y} chosen={face.index === chosen} />
      })}
    </>
  )
}

interface ChipProps {
  readonly face: RecognisedFace
  readonly x: number
  readonly y: number
  readonly chosen: boolean
}

function Chip({ face, x, y, chosen }: ChipProps) {
  const Icon = decisionIcon[face.decision]
  return (
    <div
      className={styles.chip}
      aria-hidden="true"
      data-face={face.index}
      data-decision={face.decision}
      data-chosen={chosen || undefined}
      style={{ width: chipSize(face).width, transform: `translate(${Math.round(x)}px, ${Math.round(y)}px)` }}
    >
      <Icon size={12} stroke={3} aria-hidden />
      {face.person !== undefined && <span className={styles.name}>{face.person.name}</span>}
    </div>
  )
}

function chipSize(face: RecognisedFace): Size {
  const width = face.person === undefined ? bareChipPx : textWidthPx(face.person.name) + chipPaddingPx
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
