/** Gives faces that an older model enrolled an embedding of the one in use, from their photos. Runs in main and on the command line. */
import { counted } from '../../../src-shared/amounts'
import { hasCode, VisorError } from '../../../src-shared/errors'
import type { PersonDetail, PersonFace } from '../../../src-shared/gallery'
import type { ClientId, Domain, ModelId, PersonId } from '../../../src-shared/ids'
import type { PhotoRunner } from '../../host/photo-runner'
import type { FaceAssignment, SeenFace, SeenPhoto } from '../../storage/gallery-records'
import type { GalleryStore } from '../../storage/gallery-store'
import type { HealthStore } from '../../storage/health-store'
import { seeInFile } from '../import/see-in-file'
import { photoTimeoutMs } from '../photo-timeout'
import { allFindings } from './all-findings'

interface EmbedAgainOptions {
  readonly clientId: ClientId
  /** `null` = every domain of the client. */
  readonly domain: Domain | null
  /** One person only. */
  readonly personId?: PersonId
  /** The model in use. */
  readonly modelId: ModelId
  readonly flip: boolean
  readonly actor: string
  readonly signal: AbortSignal
  readonly onProgress: (progress: { done: number; total: number; detail: string }) => void
}

interface EmbeddedAgain {
  readonly persons: number
  readonly faces: number
  /** Photos that are not where they were, or are others now. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[]
}

/** Raises `cancelled`, and what concerns the whole work: `vision-unavailable`, `model-missing`, the store's errors. */
export async function embedAgain(
  gallery: GalleryStore,
  health: HealthStore,
  photos: Pick<PhotoRunner, 'embedBoxes' | 'run'>,
  options: EmbedAgainOptions,
): Promise<EmbeddedAgain> {
  const { modelId, signal, onProgress } = options
  const personIds =
    options.personId === undefined ? await personsToEmbed(health, options) : [options.personId]
  const skipped: { path: string; reason: string }[] = []
  let persons = 0
  let faces = 0
  for (const [at, personId] of personIds.entries()) {
    signal.throwIfAborted()
    const person = await gallery.person(personId).catch((error: unknown) => {
      // Deleted meanwhile.
      if (hasCode(error, 'not-found')) return undefined
      throw error
    })
    if (person === undefined) continue
    onProgress({ done: at, total: personIds.length, detail: person.name })
    const skip = (path: string, reason: string) => skipped.push({ path, reason })
    const unseen = await seen(gallery, photos, person, options, skip)
    faces += unseen
    const assignments = await embedded(photos, person, options, skip)
    if (assignments.length + unseen > 0) persons += 1
    if (assignments.length === 0) continue
    const summary = `Embedded ${counted(assignments.length, 'face')} of ${person.name} again`
    const context = { actor: options.actor, summary }
    await gallery.assignFaces(person.clientId, person.domain, modelId, assignments, context)
    faces += assignments.length
  }
  onProgress({ done: personIds.length, total: personIds.length, detail: '' })
  return { persons, faces, skipped }
}

/** Everybody whom a look has found with faces of an older model. */
async function personsToEmbed(
  health: HealthStore,
  { clientId, domain }: EmbedAgainOptions,
): Promise<PersonId[]> {
  const found = await allFindings(health, { clientId, domain, kind: 'older-model' })
  return found.map(({ person }) => person.personId)
}

/** Sees the person's photos that an import brought unseen, where they are still where the source has them; gives how many faces. */
async function seen(
  gallery: GalleryStore,
  photos: Pick<PhotoRunner, 'run'>,
  { clientId, domain, facesList, name }: PersonDetail,
  { modelId, flip, signal, actor }: EmbedAgainOptions,
  skip: (path: string, reason: string) => void,
): Promise<number> {
  const waiting = facesList.filter((face) => !face.measured && !face.models.includes(modelId))
  const sightings: SeenPhoto[] = []
  for (const photoId of new Set(waiting.map((face) => face.photoId))) {
    const photo = await gallery.photo(photoId)
    try {
      const found = await seeInFile(photos, photo, photo.path, { flip, signal })
      if (found.modelId !== modelId) throw new VisorError('conflict', 'The model pack was changed meanwhile.')
      for (const { detail } of found.unfound) skip(photo.path, detail)
      if (found.sighting.faces.length > 0) sightings.push(found.sighting)
    } catch (error) {
      if (!(error instanceof VisorError) || stopsEverything(error)) throw error
      skip(photo.path, error.message)
    }
  }
  if (sightings.length === 0) return 0
  const summary = `Looked at ${counted(sightings.length, 'imported photo')} of ${name}`
  const { value } = await gallery.seePhotos(clientId, domain, modelId, sightings, { actor, summary })
  const isDone = ({ outcome }: SeenFace) => outcome === 'seen' || outcome === 'joined'
  for (const { faceId } of value.filter((face) => !isDone(face))) {
    const path = facesList.find((face) => face.faceId === faceId)?.photoPath ?? ''
    skip(path, 'In the photo this face is somebody else, or the person has another one.')
  }
  return value.filter(isDone).length
}

/** The person's faces that lack an embedding of the model, with one; photo by photo. */
async function embedded(
  photos: Pick<PhotoRunner, 'embedBoxes'>,
  person: PersonDetail,
  { modelId, flip, signal }: EmbedAgainOptions,
  skip: (path: string, reason: string) => void,
): Promise<FaceAssignment[]> {
  const byPhoto = new Map<string, PersonFace[]>()
  for (const face of person.facesList) {
    if (face.models.includes(modelId) || !face.measured) continue
    byPhoto.set(face.photoId, [...(byPhoto.get(face.photoId) ?? []), face])
  }
  const assignments: FaceAssignment[] = []
  for (const faces of byPhoto.values()) {
    const { photoPath: path, photoSha256 } = faces[0]!
    try {
      const boxes = faces.map(({ box }) => box)
      const result = await photos.embedBoxes(
        { params: { source: { path }, flip, boxes } },
        { signal, timeoutMs: photoTimeoutMs },
      )
      if (result.modelId !== modelId)
        throw new VisorError('conflict', 'The model pack was changed meanwhile.')
      if (result.sha256 !== photoSha256) {
        skip(path, 'The file is another photo now.')
        continue
      }
      const { sha256, format, width, height } = result
      for (const [at, face] of faces.entries()) {
        assignments.push({
          person: { personId: person.personId },
          photo: { sha256, path, format, width, height },
          face: result.faces[at]!,
          source: face.source,
        })
      }
    } catch (error) {
      if (!(error instanceof VisorError) || stopsEverything(error)) throw error
      skip(path, error.message)
    }
  }
  return assignments
}

/** Whether an error is about the whole work, not about one photo. */
function stopsEverything(error: VisorError): boolean {
  if (hasCode(error, 'cancelled') || hasCode(error, 'conflict')) return true
  return error.fault !== 'input' && !hasCode(error, 'deadline-exceeded')
}
