/** Looks for the photos of an import that Visor has not seen, and sees them; see [Note: Stand-ins]. Main, command line. */
import { hasCode, VisorError } from '../../../src-shared/errors'
import type { ClientId, Domain, ImportRunId, PhotoId } from '../../../src-shared/ids'
import type { SeenPhoto } from '../../storage/gallery-records'
import type { GalleryStore } from '../../storage/gallery-store'
import type { ImportStore, StandIn } from '../../storage/import-store'
import type { WriteControl } from '../../storage/written'
import { photoTimeoutMs } from '../photo-timeout'
import type { PhotoFinder } from './photo-finder'
import type { PhotoLooker } from './photo-rows'
import { type NoFace, standInFaces } from './stand-in-faces'

/** Faces, by what became of them. */
export interface LookOutcome {
  /** Measured and embedded. */
  readonly seen: number
  /** They were in the gallery already, and are one with those now. */
  readonly joined: number
  /** Listed with the run. */
  readonly unfound: number
}

/** `Faces found and measured: 412; in the gallery already: 3; not found, or their photos: 21` */
export function lookText({ seen, joined, unfound }: LookOutcome): string {
  const [s, j, u] = [seen, joined, unfound].map((count) => count.toLocaleString('en'))
  return `Faces found and measured: ${s}; in the gallery already: ${j}; not found, or their photos: ${u}`
}

interface Looked {
  readonly runId: ImportRunId
  readonly clientId: ClientId
  readonly domains: readonly Domain[]
  readonly actor: string
}

interface Target {
  readonly imports: Pick<ImportStore, 'countStandIns' | 'standIns' | 'noteLook'>
  readonly gallery: Pick<GalleryStore, 'seePhotos'>
}

/** Photos that are written together: seconds of work. */
const photosAtOnce = 16

const refused = {
  'other-person': 'In the gallery this face of the photo is somebody else.',
  'person-twice': 'The person has another face of this photo, and is in a photo once.',
} as const

/** What is seen is none to be looked for any more, so it goes on wherever it was ended. Raises as `Imports.look` does. */
export async function lookAtPhotos(
  { imports, gallery }: Target,
  looker: PhotoLooker,
  finder: PhotoFinder,
  { runId, clientId, domains, actor }: Looked,
  { signal, onProgress }: WriteControl,
): Promise<LookOutcome> {
  const counts = { seen: 0, joined: 0, unfound: 0 }
  const numbers = await Promise.all(domains.map((domain) => imports.countStandIns(clientId, domain)))
  const total = numbers.reduce((sum, count) => sum + count, 0)
  let done = 0
  for (const domain of domains) {
    for await (const photos of standIns(imports, clientId, domain, looker)) {
      signal?.throwIfAborted()
      const looked = await lookedAt(photos, looker, finder, signal)
      const sightings = looked.flatMap(({ seen }) =>
        seen === undefined || seen.faces.length === 0 ? [] : [seen],
      )
      const unfound = looked.flatMap((one) => one.unfound)
      const summary = `Looked at ${sightings.length} imported ${sightings.length === 1 ? 'photo' : 'photos'}`
      const written =
        sightings.length === 0
          ? undefined
          : await gallery.seePhotos(clientId, domain, looker.modelId, sightings, { actor, summary })
      const found: NoFace['faceId'][] = []
      for (const { faceId, outcome } of written?.value ?? []) {
        if (outcome === 'other-person' || outcome === 'person-twice') {
          unfound.push({ faceId, reason: outcome, detail: refused[outcome] })
        } else if (outcome !== 'gone') {
          found.push(faceId)
          counts[outcome] += 1
        }
      }
      await imports.noteLook(runId, { entry: written?.ledgerId ?? null, found, unfound })
      counts.unfound += unfound.length
      done += photos.length
      onProgress?.({ done, total: Math.max(total, done) })
    }
  }
  return counts
}

/** Photos with faces, some at once. */
async function* standIns(
  imports: Target['imports'],
  clientId: ClientId,
  domain: Domain,
  { modelId }: PhotoLooker,
): AsyncGenerator<readonly StandIn[]> {
  for (let after: PhotoId | null = null; ; ) {
    const page: readonly StandIn[] = await imports.standIns(clientId, domain, modelId, after)
    const last = page.at(-1)
    if (last === undefined) return
    const photos = page.filter(({ faces }) => faces.length > 0)
    for (let first = 0; first < photos.length; first += photosAtOnce) {
      yield photos.slice(first, first + photosAtOnce)
    }
    after = last.photoId
  }
}

/** `seen`: absent where the file was not found, or cannot be read. */
interface Sighting {
  readonly seen?: SeenPhoto
  readonly unfound: readonly NoFace[]
}

/** In the order of the photos. */
async function lookedAt(
  photos: readonly StandIn[],
  looker: PhotoLooker,
  finder: PhotoFinder,
  signal: AbortSignal | undefined,
): Promise<readonly Sighting[]> {
  const sightings: Sighting[] = []
  const waiting = photos.entries()
  const work = async () => {
    for (const [place, photo] of waiting) {
      signal?.throwIfAborted()
      sightings[place] = await sighting(photo, looker, finder, signal)
    }
  }
  await Promise.all(Array.from({ length: looker.photos.concurrency }, work))
  return sightings
}

async function sighting(
  standIn: StandIn,
  looker: PhotoLooker,
  finder: PhotoFinder,
  signal: AbortSignal | undefined,
): Promise<Sighting> {
  const none = (reason: NoFace['reason'], detail: string) => ({
    unfound: standIn.faces.map(({ faceId }) => ({ faceId, reason, detail })),
  })
  const place = await finder.find(standIn.path)
  if ('why' in place) return none('photo-missing', place.why)
  try {
    return await seeStandIn(standIn, place.path, looker, signal)
  } catch (error) {
    if (!(error instanceof VisorError) || !isOfPhoto(error)) throw error
    return none(hasCode(error, 'file-missing') ? 'photo-missing' : 'unreadable', error.message)
  }
}

/** Whether an error is of one photo, not of the whole work. */
function isOfPhoto(error: VisorError): boolean {
  if (hasCode(error, 'cancelled')) return false
  return error.fault === 'input' || hasCode(error, 'deadline-exceeded') || hasCode(error, 'set-aside')
}

/** Looks into the file. Raises what `PhotoRunner.run` raises; `vision-unavailable` where the model is another by now. */
async function seeStandIn(
  standIn: StandIn,
  path: string,
  {
    photos,
    modelId,
    flip,
  }: Pick<PhotoLooker, 'modelId' | 'flip'> & { readonly photos: Pick<PhotoLooker['photos'], 'run'> },
  signal?: AbortSignal,
): Promise<{ readonly seen: SeenPhoto; readonly unfound: readonly NoFace[] }> {
  const analysis = await photos.run(
    { params: { source: { path }, thorough: false, flip, thumbnailPx: 0, crops: true } },
    { timeoutMs: photoTimeoutMs, ...(signal === undefined ? {} : { signal }) },
  )
  if (analysis.modelId !== modelId) {
    throw new VisorError('vision-unavailable', 'The model pack was changed meanwhile.', {
      consequence: 'What was seen before stays.',
      remedy: 'Look for the photos again.',
    })
  }
  return standInFaces(standIn, path, analysis)
}
