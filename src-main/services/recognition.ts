/** Searches the faces of analysed photos and decides who they are. Runs in main and on the command line. */
import type { DomainThresholds } from '../../src-shared/calibration'
import { type ClientId, type Domain, modelIdSchema } from '../../src-shared/ids'
import { type ModelPack, modelIdOf } from '../../src-shared/model-pack'
import type { Recognition } from '../../src-shared/recognition'
import type { KnownFace } from '../storage/gallery-records'
import type { GalleryStore } from '../storage/gallery-store'
import type { StoredAnalysis } from '../storage/queue-store'
import type { AnswerSide } from '../storage/search-records'
import { decideFaces } from './decide'
import { chosenFor } from './domain-thresholds'
import { type ThresholdOverrides, thresholdsInForce } from './thresholds'

/** Probes in one call to the store: large enough for its batches, small enough not to hold it up. */
const probesPerSearch = 64
/** People asked for beyond top-k: rejected and taken ones crowd nobody out, and the JSON lists everybody within *possible*. */
const sparePersons = 32

interface SearchRequest extends ThresholdOverrides {
  readonly clientId: ClientId
  readonly domains: readonly Domain[] | 'all'
  readonly topK: number
  /** What was chosen for single domains; that of the domain searched holds where the search overrides nothing. */
  readonly domainThresholds: readonly DomainThresholds[]
}

/**
 * Recognises photos that were analysed by `pack`'s model. Photos of another model are answered with faces and without
 * candidates: neither their embeddings nor their distances are comparable. What people said of their faces stands.
 *
 * @returns one a photo, in their order
 */
export async function recognise(
  gallery: GalleryStore,
  pack: ModelPack,
  photos: readonly StoredAnalysis[],
  request: SearchRequest,
): Promise<Recognition[]> {
  if (photos.length === 0) return []
  const modelId = modelIdSchema.parse(modelIdOf(pack))
  const { clientId, domains, topK } = request
  const { embeddings: comparisons, side } = await gallery.gallerySize(clientId, domains, modelId)
  const chosen = chosenFor(request.domainThresholds, clientId, domains, modelId)
  const thresholds = thresholdsInForce(pack.thresholds, comparisons, request, chosen)
  const known = await gallery.knownFaces(
    clientId,
    photos.map((photo) => photo.sha256),
  )

  const faces = photos.flatMap((photo) => (photo.modelId === modelId ? photo.faces : []))
  const origins = photos.flatMap((photo) =>
    photo.modelId === modelId ? photo.faces.map((_, face) => ({ sha256: photo.sha256, face })) : [],
  )
  const hits: Awaited<ReturnType<GalleryStore['search']>>['probes'][number][] = []
  const sides = [side]
  const startedAt = performance.now()
  for (let start = 0; start < faces.length; start += probesPerSearch) {
    const answer = await gallery.search({
      clientId,
      domains,
      modelId,
      probes: faces.slice(start, start + probesPerSearch).map((face) => face.embedding),
      origins: origins.slice(start, start + probesPerSearch),
      topPersons: topK + sparePersons,
      topFaces: 0,
      withinDistance: thresholds.possible,
    })
    hits.push(...answer.probes)
    sides.push(answer.side)
  }
  const searchMsPerFace = faces.length === 0 ? 0 : (performance.now() - startedAt) / faces.length

  let nextHit = 0
  return photos.map((photo) => {
    const comparable = photo.modelId === modelId
    const answers = photo.faces.map((face) => ({
      face,
      persons: comparable ? (hits[nextHit++]?.persons ?? []) : [],
    }))
    return {
      sha256: photo.sha256,
      format: photo.format,
      width: photo.width,
      height: photo.height,
      faces: decideFaces(photo.sha256, answers, knownIn(domains, known.get(photo.sha256)), thresholds, topK),
      repeatsPeople: (known.get(photo.sha256) ?? []).some(({ photoRepeats }) => photoRepeats),
      model: photo.modelId,
      domains: domains === 'all' ? [] : [...domains],
      thresholds,
      topK,
      ...sideOf(sides),
      timings: { ...photo.timings, search: searchMsPerFace * photo.faces.length },
    }
  })
}

/** Of several answers, which database the recognition rests on: what is oldest where some are behind, else the last. */
function sideOf(sides: readonly (AnswerSide | undefined)[]): Pick<Recognition, 'mode' | 'asOf'> {
  const times = sides.flatMap((side) => side?.asOf ?? [])
  if (times.length > 0) return { mode: 'cache', asOf: new Date(Math.min(...times)).toISOString() }
  return { mode: sides.at(-1)?.mode ?? 'local' }
}

/** What is known of a photo's faces, without whom they are in domains that are not searched. */
function knownIn(domains: SearchRequest['domains'], known: readonly KnownFace[] = []): readonly KnownFace[] {
  if (domains === 'all') return known
  return known.map((face) => {
    const { person, ...rest } = face
    return person === undefined || domains.includes(person.domain) ? face : rest
  })
}
