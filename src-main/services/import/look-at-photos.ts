/** Looks for the photos of an import that Visor has not seen, and sees them; see [Note: Stand-ins]. Main, command line. */
import { hasCode, VisorError } from '../../../src-shared/errors'
import type { ClientId, Domain, FaceId, ImportRunId, PhotoId } from '../../../src-shared/ids'
import type { PhotoSource } from '../../../src-shared/vision-protocol'
import type { SeenPhoto } from '../../storage/gallery-records'
import type { GalleryStore } from '../../storage/gallery-store'
import type { ImportStore, StandIn } from '../../storage/import-store'
import type { WriteControl } from '../../storage/written'
import type { PhotoFinder } from './photo-finder'
import { lookInto, type PhotoLooker } from './photo-looker'
import type { SourcePictures } from './source-pictures'
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
  readonly imports: Pick<ImportStore, 'countStandIns' | 'standIns' | 'standInsOf' | 'noteLook'>
  readonly gallery: Pick<GalleryStore, 'seePhotos'>
}

/** Where photos may be. */
interface Places {
  readonly finder: PhotoFinder
  readonly pictures: SourcePictures
}

/** Photos that are written together: seconds of work. */
const photosAtOnce = 16

const refused = {
  'other-person': 'In the gallery this face of the photo is somebody else.',
  'person-twice': 'The person has another face of this photo, and is in a photo once.',
} as const

/**
 * First all photos whose files are found, then, of the others, those that the source itself holds. What is seen is none to be looked
 * for any more, so it goes on wherever it was ended. Raises as `Imports.look` does.
 */
export async function lookAtPhotos(
  target: Target,
  looker: PhotoLooker,
  { finder, pictures }: Places,
  looked: Looked,
  { signal, onProgress }: WriteControl,
): Promise<LookOutcome> {
  const { imports } = target
  const { clientId, domains } = looked
  const look = new Look(target, looker, looked, signal)
  const numbers = await Promise.all(domains.map((domain) => imports.countStandIns(clientId, domain)))
  const total = numbers.reduce((sum, { photos }) => sum + photos, 0)
  let done = 0
  for (const domain of domains) {
    for await (const photos of standIns(imports, clientId, domain, looker)) {
      await look.at(domain, photos, async ({ path }) => {
        const found = await finder.find(path)
        if ('path' in found) return { path: found.path, source: found }
        return { why: pictures.why === undefined ? found.why : `${found.why} ${pictures.why}` }
      })
      done += photos.length
      onProgress?.({ done, total: Math.max(total, done) })
    }
  }
  if (look.unread.size === 0) return look.outcome
  const unread = look.unread.size
  for await (const { domain, pictures: some } of pictures.of(look.unread, signal)) {
    const photos = await imports.standInsOf(clientId, domain, looker.modelId, [...some.keys()])
    for (const part of inParts(photos)) {
      await look.at(domain, part, async ({ photoId, path }) => ({
        path,
        source: { bytes: some.get(photoId)! },
      }))
      done += part.length
      onProgress?.({ done, total: Math.max(total + unread, done) })
    }
  }
  return look.outcome
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
    yield* inParts(page.filter(({ faces }) => faces.length > 0))
    after = last.photoId
  }
}

function* inParts(photos: readonly StandIn[]): Generator<readonly StandIn[]> {
  for (let first = 0; first < photos.length; first += photosAtOnce) {
    yield photos.slice(first, first + photosAtOnce)
  }
}

/** `path`: what the photo's record says then, wherever its bytes come from. */
type Place = { readonly path: string; readonly source: PhotoSource } | { readonly why: string }

/** `seen`: absent where the file was not found, or cannot be read. */
interface Sighting {
  readonly seen?: SeenPhoto
  readonly unfound: readonly NoFace[]
}

class Look {
  /** Photos whose files were not there, or could not be read. */
  readonly unread = new Set<PhotoId>()
  readonly #target: Target
  readonly #looker: PhotoLooker
  readonly #looked: Looked
  readonly #signal: AbortSignal | undefined
  readonly #unfound = new Set<FaceId>()
  #seen = 0
  #joined = 0

  constructor(target: Target, looker: PhotoLooker, looked: Looked, signal: AbortSignal | undefined) {
    this.#target = target
    this.#looker = looker
    this.#looked = looked
    this.#signal = signal
  }

  get outcome(): LookOutcome {
    return { seen: this.#seen, joined: this.#joined, unfound: this.#unfound.size }
  }

  /** Looks at some photos, and writes what they are. */
  async at(
    domain: Domain,
    photos: readonly StandIn[],
    find: (photo: StandIn) => Promise<Place>,
  ): Promise<void> {
    this.#signal?.throwIfAborted()
    const { imports, gallery } = this.#target
    const { runId, clientId, actor } = this.#looked
    const looked = await this.#sightings(photos, find)
    const sightings = looked.flatMap(({ seen }) =>
      seen === undefined || seen.faces.length === 0 ? [] : [{ ...seen, ofRun: runId }],
    )
    const unfound = looked.flatMap((one) => one.unfound)
    const summary = `Looked at ${sightings.length} imported ${sightings.length === 1 ? 'photo' : 'photos'}`
    const written =
      sightings.length === 0
        ? undefined
        : await gallery.seePhotos(clientId, domain, this.#looker.modelId, sightings, { actor, summary })
    const found: FaceId[] = []
    for (const { faceId, outcome } of written?.value ?? []) {
      if (outcome === 'other-person' || outcome === 'person-twice') {
        unfound.push({ faceId, reason: outcome, detail: refused[outcome] })
      } else if (outcome !== 'gone') {
        found.push(faceId)
        if (outcome === 'seen') this.#seen += 1
        else this.#joined += 1
      }
    }
    await imports.noteLook(runId, { found, unfound })
    for (const faceId of found) this.#unfound.delete(faceId)
    for (const { faceId } of unfound) this.#unfound.add(faceId)
  }

  /** In the order of the photos. */
  async #sightings(
    photos: readonly StandIn[],
    find: (photo: StandIn) => Promise<Place>,
  ): Promise<readonly Sighting[]> {
    const sightings: Sighting[] = []
    const waiting = photos.entries()
    const work = async () => {
      for (const [place, photo] of waiting) {
        this.#signal?.throwIfAborted()
        sightings[place] = await this.#sighting(photo, await find(photo))
      }
    }
    await Promise.all(Array.from({ length: this.#looker.photos.concurrency }, work))
    return sightings
  }

  async #sighting(standIn: StandIn, place: Place): Promise<Sighting> {
    const none = (reason: NoFace['reason'], detail: string) => {
      this.unread.add(standIn.photoId)
      return { unfound: standIn.faces.map(({ faceId }) => ({ faceId, reason, detail })) }
    }
    if ('why' in place) return none('photo-missing', place.why)
    try {
      return standInFaces(standIn, place.path, await lookInto(this.#looker, place.source, this.#signal))
    } catch (error) {
      if (!(error instanceof VisorError) || !isOfPhoto(error)) throw error
      return none(hasCode(error, 'file-missing') ? 'photo-missing' : 'unreadable', error.message)
    }
  }
}

/** Whether an error is of one photo, not of the whole work. */
function isOfPhoto(error: VisorError): boolean {
  if (hasCode(error, 'cancelled')) return false
  return error.fault === 'input' || hasCode(error, 'deadline-exceeded') || hasCode(error, 'set-aside')
}
