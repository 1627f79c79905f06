/** Draws boxes and names on a photo. Vision process. */
import type { PhotoSource, Picture, VisionParams } from '../../src-shared/vision-protocol'
import { sharp } from './native/sharp'
import { openPhoto } from './photo/photo'
import { readSource } from './photo/source'
import { pictureQuality } from './pictures'
import type { Stages } from './stages'

type Mark = VisionParams<'annotate'>['marks'][number]

/** How each decision looks: never told by colour alone. */
const styles = {
  match: { colour: '#2f9e44', dashes: '', sign: '✓' },
  possible: { colour: '#e8890c', dashes: '12 6', sign: '?' },
  unknown: { colour: '#868e96', dashes: '3 5', sign: '–' },
} as const

/** The upright photo as a full-size JPEG with the marks drawn on it. Raises what reading and decoding raise. */
export async function annotatePhoto(
  source: PhotoSource,
  marks: readonly Mark[],
  stages: Stages,
): Promise<Picture> {
  const bytes = await stages.time('read', () => readSource(source))
  const photo = await stages.time('decode', () => openPhoto(bytes, stages.beforeBlocking))
  const overlay = new TextEncoder().encode(overlaySvg(photo.info.width, photo.info.height, marks))
  return photo.encode(
    photo
      .open()
      .composite([{ input: Buffer.from(overlay), top: 0, left: 0 }])
      .jpeg({ quality: pictureQuality }),
  )
}

/** An SVG of the photo's size. */
export function overlaySvg(width: number, height: number, marks: readonly Mark[]): string {
  const font = Math.max(12, Math.min(width, height) / 40)
  const line = Math.max(2, font / 6)
  const drawn = marks.map((mark) => drawMark(mark, font, line)).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawn}</svg>`
}

function drawMark({ box, label, decision }: Mark, font: number, line: number): string {
  const { colour, dashes, sign } = styles[decision]
  return `<rect x="${box.x}" y="${box.y}" width="${box.w}" height="${box.h}" fill="none" stroke="${colour}" stroke-width="${line}" stroke-dasharray="${dashes}"/><text x="${box.x}" y="${box.y - line}" font-family="sans-serif" font-size="${font}" fill="${colour}">${escapeXml(`${sign} ${label}`)}</text>`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
void sharp
