/** Many probes through both sides, one photo after the other: of a folder, or of the Identify queue. Runs in main and on the command line. */
import { comparedPersons, type ProbeOrigin } from '../../../src-shared/dual'
import type { UnitEmbedding } from '../../../src-shared/face'
import type { ClientId, Domain, ItemId, ModelId, Sha256 } from '../../../src-shared/ids'
import type { GalleryStore } from '../../storage/gallery-store'
import type { DualRun } from './dual-run'

/** Distance within which faces are counted; it does not change who is nearest. */
const countedWithin = 0.5
const dayMs = 24 * 60 * 60 * 1000

/** What a photo was analysed to. */
export interface AnalysedPhoto {
  readonly sha256: Sha256
  readonly modelId: string
  readonly faces: readonly { readonly embedding: UnitEmbedding }[]
}

export interface ReplayScope {
  readonly clientId: ClientId
  readonly domains: readonly Domain[] | 'all'
  readonly modelId: ModelId
}

export interface Replayed {
  readonly photos: number
  readonly probes: number
  /** Probes that the server did not answer. */
  readonly failed: number
}

/** Searches each photo's faces on both sides; those of another model are passed over. `onPhoto`: after each. */
export async function replayProbes(
  photos: AsyncIterable<AnalysedPhoto> | Iterable<AnalysedPhoto>,
  scope: ReplayScope,
  origin: Exclude<ProbeOrigin, 'live'>,
  {
    local,
    run,
    onPhoto,
  }: {
    readonly local: Pick<GalleryStore, 'search'>
    readonly run: DualRun
    readonly onPhoto?: (replayed: Replayed) => void
  },
): Promise<Replayed> {
  let replayed: Replayed = { photos: 0, probes: 0, failed: 0 }
  for await (const { sha256, modelId, faces } of photos) {
    if (modelId !== scope.modelId || faces.length === 0) continue
    const query = {
      ...scope,
      probes: faces.map(({ embedding }) => embedding),
      topPersons: comparedPersons,
      topFaces: 0,
      withinDistance: countedWithin,
    }
    const startedAt = performance.now()
    const answer = await local.search(query)
    const elapsedMs = performance.now() - startedAt
    const origins = faces.map((_, face) => ({ sha256, face }))
    const answered = await run.compareNow({ query: { ...query, origins }, answer, elapsedMs }, origin)
    replayed = {
      photos: replayed.photos + 1,
      probes: replayed.probes + faces.length,
      failed: replayed.failed + (answered ? 0 : faces.length),
    }
    onPhoto?.(replayed)
  }
  await run.flush()
  return replayed
}

/** Those of these photos of the queue that were put there in the last days: their ids begin with the time (UUIDv7, RFC 9562). */
export function addedWithin(items: readonly ItemId[], days: number, now = Date.now()): ItemId[] {
  const since = now - days * dayMs
  return items.filter((itemId) => Number.parseInt(itemId.replaceAll('-', '').slice(0, 12), 16) >= since)
}
