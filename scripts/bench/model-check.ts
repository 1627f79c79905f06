/**
 * What cosine tells an import's embeddings of the model in use from those of another: faces of photos, cut and fed to the same
 * embedder as DeepFace does it, and embeddings of other models that DeepFace wrote. Options: `--pickles FOLDER`, with boxes of other
 * detectors; `--photos FOLDER`. Prints cosines only. Electron's Node.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { SourceThread } from '../../src-main/import/thread/source-thread'
import { PhotoFinder } from '../../src-main/services/import/photo-finder'
import { standInFaceOf } from '../../src-main/services/import/stand-in-faces'
import { sharp } from '../../src-main/vision/native/sharp'
import { cosineDistance } from '../../src-shared/cosine-distance'
import {
  type EmbeddedFace,
  embeddingLength,
  parseUnitEmbedding,
  type UnitEmbedding,
} from '../../src-shared/face'
import type { Box } from '../../src-shared/geometry'
import { defaultPersonRule } from '../../src-shared/import'
import { randomNumbers } from '../../test/contract/made-faces'
import { printFigure } from './figure'
import { defaultPack, facesOnly, startVision } from './vision'

const benchmark = 'model-check'
const side = 112

/** How DeepFace cuts and feeds a face; `base`: numbers of 0 … 1, where the model was trained with −1 … 1. */
interface Feeding {
  readonly upright: boolean
  readonly expandPercent: number
  readonly base: boolean
  readonly bgr: boolean
}
const plain: Feeding = { upright: true, expandPercent: 0, base: false, bgr: false }
const feedings: readonly (readonly [string, Feeding])[] = [
  ['aligned by the eyes', plain],
  ['not aligned', { ...plain, upright: false }],
  ['expanded by 10 %', { ...plain, expandPercent: 10 }],
  ['expanded by 25 %', { ...plain, expandPercent: 25 }],
  ['normalisation “base”', { ...plain, base: true }],
  ['colours the other way round', { ...plain, bgr: true }],
  ['normalisation “base”, colours the other way round', { ...plain, base: true, bgr: true }],
]

interface Known {
  readonly path: string
  /** Pixels of the upright photo. */
  readonly width: number
  readonly height: number
  /** Another detector's. */
  readonly box: Box
  /** Another model's, of any length. */
  readonly embedding: Float32Array
  readonly face: EmbeddedFace
}

export async function run(argv: readonly string[]): Promise<void> {
  const options = { pickles: { type: 'string' }, photos: { type: 'string' } } as const
  const { pickles, photos } = parseArgs({ args: [...argv], options }).values
  if (pickles === undefined || photos === undefined) return
  const { pack, packFolder } = defaultPack()
  const session = await InferenceSession.create(join(packFolder, pack.embedder.file.name))
  const finder = await PhotoFinder.open(photos)
  for (const name of readdirSync(pickles).filter((one) => one.endsWith('.pkl'))) {
    const known = await faces(join(pickles, name), finder)
    if (known.length === 0) continue
    for (const [feeding, how] of feedings) {
      const cosines: number[] = []
      for (const one of known) cosines.push(cosine(one.face.embedding, await fed(session, one, how)))
      tell(`the same model, ${feeding}`, name, cosines)
    }
    tell(
      'another face, the same model',
      name,
      known.map(({ face }, index) =>
        cosine(face.embedding, known[(index + 7) % known.length]!.face.embedding),
      ),
    )
    tell(
      'another model, brought to 512 numbers by chance',
      name,
      known.map(({ face, embedding }) => cosine(face.embedding, projected(embedding))),
    )
  }
}

/** Rows with a box whose photo is at hand, with the face that Visor finds in it. */
async function faces(path: string, finder: PhotoFinder): Promise<Known[]> {
  const spec = {
    place: { at: 'path', path },
    kind: null,
    personRule: defaultPersonRule,
    mapping: null,
  } as const
  const source = new SourceThread(spec, { builtFolder: import.meta.dirname })
  const host = await startVision()
  const known: Known[] = []
  try {
    for await (const { rows } of source.rows()) {
      for (const { photoPath, box, embedding } of rows) {
        const place = await finder.find(photoPath ?? '')
        if (box === null || embedding === null || 'why' in place) continue
        const analysis = await host.request('analyse', facesOnly(place.path))
        const face = standInFaceOf({ box, embedding: null }, place.path, analysis)
        if (!('reason' in face)) {
          const { width, height } = analysis
          known.push({ path: place.path, width, height, box, embedding, face })
        }
      }
    }
  } finally {
    await host.stop()
    await source.close()
  }
  return known
}

/** The embedder's answer to a face that is cut along the box, in a square with black beside it, as DeepFace does. */
async function fed(
  session: InferenceSession,
  { path, width, height, box, face }: Known,
  how: Feeding,
): Promise<UnitEmbedding> {
  const grown = 1 + how.expandPercent / 100
  const [w, h] = [box.w * grown, box.h * grown]
  const scale = side / Math.max(w, h)
  const { data, info } = await sharp(readFileSync(path))
    .rotate()
    .resize(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)), { fit: 'fill' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const [left, right] = face.landmarks
  const angle = how.upright ? Math.atan2(right.y - left.y, right.x - left.x) : 0
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const centre = { x: (box.x + box.w / 2) * scale, y: (box.y + box.h / 2) * scale }
  const input = new Float32Array(3 * side * side)
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [dx, dy] = [x + 0.5 - side / 2, y + 0.5 - side / 2]
      const isInside = Math.abs(dx) <= (w * scale) / 2 && Math.abs(dy) <= (h * scale) / 2
      const column = Math.round(centre.x + cos * dx - sin * dy - 0.5)
      const row = Math.round(centre.y + sin * dx + cos * dy - 0.5)
      const isThere = column >= 0 && row >= 0 && column < info.width && row < info.height
      for (let channel = 0; channel < 3; channel++) {
        const from = how.bgr ? 2 - channel : channel
        const value = isInside && isThere ? data[(row * info.width + column) * 3 + from]! : 0
        input[channel * side * side + y * side + x] = how.base ? value / 255 : (value - 127.5) / 128
      }
    }
  }
  const [name] = session.inputNames
  const answer = await session.run({ [name!]: new Tensor('float32', input, [1, 3, side, side]) })
  return unit(answer[session.outputNames[0]!]!.data as Float32Array)
}

/** Onto directions that are the same for all vectors of one length: cosines of one model stay about what they are. */
function projected(vector: Float32Array): UnitEmbedding {
  const random = randomNumbers(vector.length)
  const sums = new Float32Array(embeddingLength)
  for (let to = 0; to < embeddingLength; to++) {
    let sum = 0
    for (const value of vector) sum += value * (random() + random() + random() - 1.5)
    sums[to] = sum
  }
  return unit(sums)
}

function unit(vector: Float32Array): UnitEmbedding {
  const length = Math.hypot(...vector)
  const parsed = parseUnitEmbedding(vector.map((value) => value / length))
  if (parsed === undefined) throw new Error('Not a vector of length 1.')
  return parsed
}

const cosine = (a: UnitEmbedding, b: UnitEmbedding) => 1 - cosineDistance(a, b)

function tell(what: string, pickle: string, cosines: readonly number[]): void {
  const sorted = cosines.toSorted((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  printFigure({
    benchmark,
    figure: `median cosine: ${what}`,
    value: at(0.5),
    details: {
      pickle,
      faces: cosines.length,
      least: at(0),
      tenth: at(0.1),
      ninetieth: at(0.9),
      greatest: at(1),
    },
  })
}
