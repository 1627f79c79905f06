/** Whether a source's embeddings are of the model in use: by photos that are at hand, embedded anew. Main, command line. */
import { cosineDistance } from '../../../src-shared/cosine-distance'
import { hasCode, VisorError } from '../../../src-shared/errors'
import type { UnitEmbedding } from '../../../src-shared/face'
import type { ModelCheck } from '../../../src-shared/import-run'
import type { GivenRow, Source } from '../../import/source'
import type { WriteControl } from '../../storage/written'
import type { PhotoFinder } from './photo-finder'
import { lookInto, type PhotoLooker } from './photo-looker'
import { wrongDimension } from './source-vector'
import { standInFaceOf } from './stand-in-faces'

/** Rows that are compared at most; their median says enough. */
const mostCompared = 20
/** Rows whose photos are sought at most: where so many are not there, the others are not either. */
const mostSought = 2000
/**
 * Measured (`docs/import.md`, Which model): under one model the median of one photo, cut and fed in the ways of DeepFace, is 0.58 to
 * 0.82, and nine of ten faces reach 0.35; under two models no face passes 0.11, and another person's reaches 0.06 in the median.
 */
const leastCosine = 0.3

/** Raises what the source and the vision process raise, and what `signal` is aborted with. */
export async function checkModel(
  source: Source,
  looker: PhotoLooker,
  finder: PhotoFinder,
  { signal, onProgress }: WriteControl = {},
): Promise<ModelCheck> {
  const cosines: number[] = []
  let sought = 0
  reading: for await (const { rows } of source.rows(0, { withImages: await source.holdsImages() })) {
    for (const row of rows) {
      if (cosines.length >= mostCompared || sought >= mostSought) break reading
      signal?.throwIfAborted()
      if (row.embedding === null || row.problem !== null) continue
      if (row.photoPath === null && row.image === null) continue
      sought += 1
      const cosine = await cosineOf(row, looker, finder, signal)
      if (cosine === undefined) continue
      cosines.push(cosine)
      onProgress?.({ done: cosines.length, total: mostCompared })
    }
  }
  const { modelId } = looker
  const median = cosines.toSorted((a, b) => a - b)[Math.floor(cosines.length / 2)]
  if (median === undefined) return { modelId, compared: 0, medianCosine: null, verdict: 'unknown' }
  const verdict = median >= leastCosine ? 'same' : 'another'
  return { modelId, compared: cosines.length, medianCosine: median, verdict }
}

/** With the face in the source's box, or the only one; nothing where nobody can say which, or the photo cannot be read. */
async function cosineOf(
  { embedding, photoPath, image, box }: GivenRow,
  looker: PhotoLooker,
  finder: PhotoFinder,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  if (embedding === null || wrongDimension(embedding) !== undefined) return undefined
  const place = await finder.find(photoPath ?? '')
  const found = 'path' in place ? place : image === null ? undefined : { bytes: image }
  if (found === undefined) return undefined
  try {
    const analysis = await lookInto(looker, found, signal)
    const face = standInFaceOf({ box, embedding: null }, photoPath ?? '', analysis)
    return 'reason' in face ? undefined : 1 - cosineDistance(face.embedding, embedding as UnitEmbedding)
  } catch (error) {
    const isOfPhoto = error instanceof VisorError && error.fault === 'input' && !hasCode(error, 'cancelled')
    if (!isOfPhoto) throw error
    return undefined
  }
}

/** `another model than …: median cosine 0.03 of 20 photos` */
export function modelText({ modelId, compared, medianCosine, verdict }: ModelCheck): string {
  if (medianCosine === null) return `No photo is at hand to compare the embeddings with ${modelId}`
  const which =
    verdict === 'same'
      ? `The same model as the one in use, ${modelId}`
      : `Another model than the one in use, ${modelId}`
  return `${which}: median cosine ${medianCosine.toFixed(2)} of ${compared} ${compared === 1 ? 'photo' : 'photos'}`
}

/** Raises `conflict` for embeddings that are said to be of the model in use, and are clearly not. */
export function refuseOtherModel(check: ModelCheck): void {
  if (check.verdict !== 'another') return
  throw new VisorError('conflict', 'The embeddings are of another model than they are said to be.', {
    consequence: 'Searches would compare what cannot be compared, so nothing was imported.',
    remedy:
      'Leave the model out: they are kept under one of their own. Or say why they are of it all the same.',
    detail: modelText(check),
  })
}
