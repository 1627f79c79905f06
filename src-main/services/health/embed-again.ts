/** Gives faces that an older model enrolled an embedding of the one in use, from their photos. Runs in main and on the command line. */
import { hasCode, VisorError } from '../../../src-shared/errors'
import type { PersonDetail, PersonFace } from '../../../src-shared/gallery'
import type { ClientId, Domain, ModelId, PersonId } from '../../../src-shared/ids'
import type { PhotoRunner } from '../../host/photo-runner'
import type { FaceAssignment } from '../../storage/gallery-records'
import type { GalleryStore } from '../../storage/gallery-store'
import type { HealthStore } from '../../storage/health-store'
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
  photos: Pick<PhotoRunner, 'embedBoxes'>,
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
    const assignments = await embedded(photos, person, options, (path, reason) =>
      skipped.push({ path, reason }),
    )
    if (assignments.length === 0) continue
    const summary = `Embedded ${assignments.length} ${assignments.length === 1 ? 'face' : 'faces'} of ${person.name} again`
    const context = { actor: options.actor, summary }
    await gallery.assignFaces(person.clientId, person.domain, modelId, assignments, context)
    persons += 1
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

/** The person's faces that lack an embedding of the model, with one; photo by photo. */
async function embedded(
  photos: Pick<PhotoRunner, 'embedBoxes'>,
  person: PersonDetail,
  { modelId, flip, signal }: EmbedAgainOptions,
  skip: (path: string, reason: string) => void,
): Promise<FaceAssignment[]> {
  const byPhoto = new Map<string, PersonFace[]>()
  for (const face of person.facesList) {
    if (face.models.includes(modelId)) continue
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
