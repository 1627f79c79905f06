/** `visor faces` and `visor verify`: what is in photos, without a gallery. */
import { pMapIterable } from 'p-map'
import { cosineDistance } from '../../src-shared/cosine-distance'
import { VisorError } from '../../src-shared/errors'
import type { EmbeddedFace } from '../../src-shared/face'
import type { AnalyseResult } from '../../src-shared/vision-protocol'
import { photoTimeoutMs } from '../services/photo-timeout'
import type { Engine } from './engine'
import type { Output } from './output'

export interface AnalysisOptions {
  readonly thorough: boolean
  readonly flip: boolean
}

/** One photo's analysis, or why there is none. */
type Analysed =
  | { readonly path: string; readonly analysis: AnalyseResult }
  | { readonly path: string; readonly error: unknown }

/**
 * Analyses photos, several at once, and gives them in their order.
 *
 * @param crops whether to cut the faces' reference pictures
 */
export function analysePhotos(
  { photos, signal }: Engine,
  paths: Iterable<string> | AsyncIterable<string>,
  options: AnalysisOptions,
): AsyncIterable<Analysed> {
  return pMapIterable(
    paths,
    async (path): Promise<Analysed> => {
      try {
        const params = { source: { path }, ...options, thumbnailPx: 0, crops: false }
        return { path, analysis: await photos.run({ params }, { signal, timeoutMs: photoTimeoutMs }) }
      } catch (error) {
        signal.throwIfAborted()
        if (error instanceof VisorError && error.code === 'vision-unavailable') throw error
        return { path, error }
      }
    },
    { concurrency: photos.concurrency, backpressure: photos.concurrency * 2 },
  )
}

export async function faces(
  engine: Engine,
  paths: readonly string[],
  options: AnalysisOptions & { readonly embeddings: boolean },
  output: Output,
): Promise<void> {
  for await (const photo of analysePhotos(engine, paths, options)) {
    if ('error' in photo) output.failure(photo.path, photo.error)
    else
      output.answer(
        facesJson(photo.path, photo.analysis, options.embeddings),
        facesText(photo.path, photo.analysis),
      )
  }
}

/** Compares the largest face of each of two photos. */
export async function verify(
  engine: Engine,
  paths: readonly [string, string],
  options: AnalysisOptions,
  output: Output,
): Promise<void> {
  const largest: EmbeddedFace[] = []
  for await (const photo of analysePhotos(engine, paths, options)) {
    if ('error' in photo) output.failure(photo.path, photo.error)
    else if (photo.analysis.faces[0] !== undefined) largest.push(photo.analysis.faces[0])
    else output.failure(photo.path, new VisorError('no-face', 'No face was found.'))
  }
  const [a, b] = largest
  if (a === undefined || b === undefined) return
  const threshold = engine.pack.thresholds.verify
  const distance = Number(cosineDistance(a.embedding, b.embedding).toFixed(6))
  const same = distance <= threshold
  const comparison = `distance ${distance.toFixed(3)}, threshold ${threshold.toFixed(3)}`
  output.answer(
    { distance, same, threshold },
    `${same ? 'The same person' : 'Different people'} (${comparison}).`,
  )
}

function facesJson(
  path: string,
  { width, height, faces: found, timings }: AnalyseResult,
  embeddings: boolean,
): object {
  return {
    path,
    width,
    height,
    faces: found.map(({ box, landmarks, score, quality, embedding }) => {
      const { value, ...parts } = quality
      const bytes = Buffer.from(embedding.buffer, embedding.byteOffset, embedding.byteLength)
      return {
        box,
        landmarks,
        score,
        quality: value,
        quality_parts: parts,
        ...(embeddings ? { embedding: bytes.toString('base64') } : {}),
      }
    }),
    timings_ms: timings,
  }
}

function facesText(path: string, { width, height, faces: found }: AnalyseResult): string {
  const lines = found.map(({ box, score, quality }, index) => {
    const [x, y, w, h] = [box.x, box.y, box.w, box.h].map((value) => Math.round(value))
    return `  ${index + 1}  ${w} × ${h} px at ${x}, ${y}   score ${score.toFixed(2)}   quality ${quality.value.toFixed(2)}`
  })
  const count = found.length === 1 ? '1 face' : `${found.length} faces`
  return [`${path}  ${width} × ${height}  ${count}`, ...lines].join('\n')
}
