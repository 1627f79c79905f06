/** Draws boxes and names on a photo. Vision process. */
import type { Box } from '../../src-shared/geometry'
import type { PhotoSource, Picture, VisionParams } from '../../src-shared/vision-protocol'
import { placeBox } from './maths/pixels'
import { sharp } from './native/sharp'
import { openPhoto } from './photo/photo'
import { readSource } from './photo/source'
import { pictureQuality } from './pictures'
import type { Stages } from './stages'

type Mark = VisionParams<'annotate'>['marks'][number]

/** The longer edge of an annotated picture has at most this many pixels: the drawing lies over it in memory. */
const maxEdgePx = 4096
/** The height of the letters in shares of the picture's longer edge, and its limits in pixels. */
const letterShare = 1 / 60
const letterPx = { least: 13, most: 72 }
/** Longer labels end in an ellipsis. */
const labelCharacters = 48

/** How each decision looks. It is told by line and sign as well as by colour. `dash` in line widths. */
const styles = {
  match: { colour: '#1f7a3d', dash: [], sign: '✓' },
  possible: { colour: '#a85b00', dash: [4, 2], sign: '?' },
  unknown: { colour: '#55606b', dash: [1, 1.5], sign: '–' },
} as const

/**
 * The upright photo as a JPEG with the marks drawn on it, its longer edge at most 4,096 pixels. Raises what reading and
 * decoding raise, and `cancelled`. Where the system has no font, names cannot be drawn; that is said on stderr.
 */
export async function annotatePhoto(
  source: PhotoSource,
  marks: readonly Mark[],
  stages: Stages,
): Promise<Picture> {
  const bytes = await stages.time('read', () => readSource(source))
  const photo = await stages.time('decode', () => openPhoto(bytes, stages.beforeBlocking))
  if (marks.length > 0) await warnWithoutFont()

  const scale = Math.min(1, maxEdgePx / Math.max(photo.info.width, photo.info.height))
  const width = Math.max(1, Math.round(photo.info.width * scale))
  const height = Math.max(1, Math.round(photo.info.height * scale))
  const letters = Math.min(Math.max(Math.max(width, height) * letterShare, letterPx.least), letterPx.most)
  const placed = await Promise.all(
    marks.map(async (mark) => {
      const box = placeBox(mark.box, { scaleX: scale, scaleY: scale, x: 0, y: 0 })
      const label = await renderLabel(mark, letters)
      return { mark, box, label, plate: placePlate(box, label, letters / 3, width, height) }
    }),
  )
  const overlay = drawOverlay(width, height, Math.max(2, letters / 7), placed)
  // Resized to a buffer first: in one pipeline sharp would lay the overlay on before it resizes.
  const picture = photo.open()
  if (scale < 1) picture.resize(width, height, { fit: 'fill' })
  const base = await photo.encode(picture.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }))
  stages.check()
  const jpeg = await sharp(base.jpeg)
    .composite([
      { input: Buffer.from(overlay), top: 0, left: 0 },
      ...placed.map(({ label, plate }) => ({
        input: label.png,
        left: Math.round(plate.x + (plate.w - label.width) / 2),
        top: Math.round(plate.y + (plate.h - label.height) / 2),
      })),
    ])
    .jpeg({ quality: pictureQuality })
    .toBuffer()
  return { ...base, jpeg, width, height }
}

interface Label {
  readonly png: Buffer
  readonly width: number
  readonly height: number
}

/** The sign and the name, white on nothing. */
async function renderLabel({ label, decision }: Mark, letters: number): Promise<Label> {
  const characters = [...label.replaceAll(/\p{Cc}/gu, ' ')]
  const short =
    characters.length > labelCharacters ? [...characters.slice(0, labelCharacters - 1), '…'] : characters
  const text = `<span foreground="white">${escapeMarkup(`${styles[decision].sign} ${short.join('')}`)}</span>`
  const { data, info } = await sharp({
    text: { text, font: `sans-serif bold ${Math.round(letters)}`, dpi: 72, rgba: true },
  })
    .png({ compressionLevel: 1 })
    .toBuffer({ resolveWithObject: true })
  return { png: data, width: info.width, height: info.height }
}

/** The coloured plate under a label: above the box, or in it where there is no room above, and never off the picture. */
function placePlate(box: Box, label: Label, padding: number, width: number, height: number): Box {
  const [w, h] = [label.width + 2 * padding, label.height + 2 * padding]
  const y = box.y >= h ? box.y - h : box.y
  return {
    x: Math.max(0, Math.min(box.x, width - w)),
    y: Math.max(0, Math.min(y, height - h)),
    w,
    h,
  }
}

function drawOverlay(
  width: number,
  height: number,
  line: number,
  placed: readonly { readonly mark: Mark; readonly box: Box; readonly plate: Box }[],
): string {
  const rectangle = ({ x, y, w, h }: Box, rest: string) =>
    `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${w.toFixed(1)}" height="${h.toFixed(1)}" ${rest}/>`
  const shapes = placed.flatMap(({ mark, box, plate }) => {
    const { colour, dash } = styles[mark.decision]
    const dashes = dash.length === 0 ? '' : ` stroke-dasharray="${dash.map((part) => part * line).join(' ')}"`
    return [
      // A dark line beneath keeps the coloured one visible on any photo.
      rectangle(box, `fill="none" stroke="#000" stroke-opacity="0.45" stroke-width="${line * 1.8}"`),
      rectangle(box, `fill="none" stroke="#fff" stroke-opacity="0.85" stroke-width="${line}"`),
      rectangle(box, `fill="none" stroke="${colour}" stroke-width="${line}"${dashes}`),
      rectangle(plate, `rx="${line}" fill="${colour}"`),
    ]
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`
}

/** For Pango markup. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

let fontChecked = false

/** Without any font, every letter becomes the same empty frame: then a narrow and a wide one look alike. */
async function warnWithoutFont(): Promise<void> {
  if (fontChecked) return
  fontChecked = true
  const unknownStyle = { box: { x: 0, y: 0, w: 0, h: 0 }, decision: 'unknown' } as const
  const [narrow, wide] = await Promise.all(
    ['i', 'W'].map((label) => renderLabel({ ...unknownStyle, label }, letterPx.least)),
  )
  if (narrow!.width !== wide!.width) return
  process.stderr.write(
    'No font is installed: names cannot be drawn on pictures. Install one, DejaVu Sans for instance.\n',
  )
}
