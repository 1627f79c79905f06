/** Imports an exported folder: people, faces and embeddings as they were. Main and the command line. */
import { join } from 'node:path'
import { hasCode, VisorError } from '../../../src-shared/errors'
import type { Batch } from '../../../src-shared/gallery'
import type { ClientId, Domain, FaceId, LedgerId, ModelId, PersonId, Sha256 } from '../../../src-shared/ids'
import type { FaceAssignment, PersonAddition, PhotoRecord } from '../../storage/gallery-records'
import type { GalleryStore } from '../../storage/gallery-store'
import type { LedgerContext, Written } from '../../storage/written'
import { decidedOtherwise, standingOf } from './face-standing'
import type { Manifest, ManifestFace, PersonFile } from './manifest'
import { photoRecords, readCrop, readManifest, readPerson } from './read-export'

export interface ImportOptions {
  readonly clientId: ClientId
  readonly domain: Domain
  readonly actor: string
  /** The model in use: faces without its embedding are to be analysed again. */
  readonly modelId: ModelId
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: { done: number; total: number; detail: string }) => void) | undefined
  /** What every entry is a step of. */
  readonly partOf?: Batch | undefined
  /** Told of every entry in the ledger, so that they can be taken back together. */
  readonly onWritten?: ((ledgerId: LedgerId) => void) | undefined
}

interface ImportSkipped {
  readonly path: string
  readonly code: string
  readonly reason: string
}

/** What an import did. `faces` and `rejects` count what is new. */
export interface ImportReport {
  persons: number
  faces: number
  rejects: number
  alreadyThere: number
  /** Of the new faces, those in which the detector saw none: embedded by the box that names them. */
  byBox: number
  readonly skipped: ImportSkipped[]
}

/** A face that has no embedding of the model in use, and the photo to get it from. */
export interface FaceToEmbed {
  readonly personId: PersonId
  readonly photo: PhotoRecord
  readonly face: ManifestFace
}

interface Imported {
  readonly personId: PersonId
  readonly folder: string
  readonly records: ReadonlyMap<Sha256, PhotoRecord>
  readonly rejects: readonly ManifestFace[]
}

/**
 * Imports all people of `root` into a domain. A person of the same name gets what is new. Decisions of the gallery stay:
 * a face that it gave to somebody else, or ruled out for the person, is skipped. Each step is a write of its own with its
 * ledger entry; run again after an interruption, it adds the rest, and nothing the second time.
 *
 * Raises what {@link readManifest} raises, what the store raises, `cancelled`. A person or photo that cannot be read is skipped.
 */
export async function importGallery(
  root: string,
  gallery: GalleryStore,
  options: ImportOptions,
): Promise<{ readonly report: ImportReport; readonly toEmbed: readonly FaceToEmbed[] }> {
  const { clientId, domain, signal, onProgress } = options
  const manifest = await readManifest(root)
  const report: ImportReport = { persons: 0, faces: 0, rejects: 0, alreadyThere: 0, byBox: 0, skipped: [] }
  const toEmbed: FaceToEmbed[] = []
  await gallery.ensureDomain(clientId, domain)
  // A reject may be of a face that comes with a later person.
  const withRejects: Imported[] = []
  const personOf = new Map<string, PersonId>()
  for (const [index, entry] of manifest.persons.entries()) {
    signal?.throwIfAborted()
    const imported = await importPerson(root, entry, gallery, options, report, toEmbed)
    if (imported !== undefined) personOf.set(entry.folder, imported.personId)
    if (imported !== undefined && imported.rejects.length > 0) withRejects.push(imported)
    onProgress?.({ done: index + 1, total: manifest.persons.length, detail: entry.name })
  }
  for (const imported of withRejects) await importRejects(imported, gallery, options, report)
  for (const [folder, otherFolder] of manifest.toldApart) {
    signal?.throwIfAborted()
    const [personId, otherId] = [personOf.get(folder), personOf.get(otherFolder)]
    if (personId === undefined || otherId === undefined || personId === otherId) continue
    const summary = 'Imported that two people are not the same person'
    await written(options, gallery.tellApart(personId, otherId, true, contextOf(options, summary)))
  }
  return { report, toEmbed }
}

async function importPerson(
  root: string,
  entry: Manifest['persons'][number],
  gallery: GalleryStore,
  options: ImportOptions,
  report: ImportReport,
  toEmbed: FaceToEmbed[],
): Promise<Imported | undefined> {
  const { clientId, domain, modelId, signal } = options
  const read = await readPerson(root, entry).catch((error: unknown) => {
    skip(report, join(root, entry.folder), error)
    return undefined
  })
  if (read === undefined) return undefined
  const { person, folder } = read
  const context = contextOf(options, `Imported ${person.name}`)
  const addition = additionOf(person)
  const personId = await written(options, gallery.addPerson(clientId, domain, person.name, addition, context))
  report.persons += 1
  const { records, files, problems } = await photoRecords(folder, person.photos, signal)
  for (const { path, error } of problems) skip(report, path, error)

  const known = await gallery.knownFaces(clientId, [...records.keys()])
  const wanted: ManifestFace[] = []
  const photosTaken = new Set<Sha256>()
  for (const face of person.faces) {
    const photo = records.get(face.photo)
    if (photo === undefined) {
      skip(report, folder, unlistedPhoto())
      continue
    }
    const standing =
      photosTaken.has(face.photo) && photo.repeatsPeople !== true
        ? ({ kind: 'twice' } as const)
        : standingOf(known.get(face.photo) ?? [], face.box, personId, domain, photo.repeatsPeople)
    const conflict = decidedOtherwise(standing, person.name)
    if (conflict !== undefined) {
      skip(report, photo.path, conflict)
      continue
    }
    wanted.push(face)
    photosTaken.add(face.photo)
    const hasModel = face.embeddings.some((embedding) => embedding.modelId === modelId)
    if (!hasModel && files.has(face.photo)) toEmbed.push({ personId, photo, face })
  }
  const faceIds = await assign({ personId, folder, records }, wanted, gallery, options, context, report)
  report.faces += faceIds.added
  report.alreadyThere += wanted.length - faceIds.added
  const cover = person.cover === undefined ? undefined : person.faces[person.cover]
  const coverId = cover === undefined ? undefined : faceIds.of.get(cover)
  const { chosenCover } = await gallery.person(personId)
  if (coverId !== undefined && !chosenCover) {
    await written(options, gallery.setCover(personId, coverId, context))
  }
  return { personId, folder, records, rejects: person.rejects }
}

function additionOf({ aliases, tags, wikidataId, occupation, description }: PersonFile): PersonAddition {
  return {
    aliases,
    tags,
    ...(wikidataId === undefined ? {} : { wikidataId }),
    ...(occupation === undefined ? {} : { occupation }),
    ...(description === undefined ? {} : { description }),
  }
}

/** Gives faces to a person, with the embeddings of every model. */
async function assign(
  { personId, folder, records }: Omit<Imported, 'rejects'>,
  faces: readonly ManifestFace[],
  gallery: GalleryStore,
  options: ImportOptions,
  context: LedgerContext,
  report: ImportReport,
): Promise<{ added: number; of: Map<ManifestFace, FaceId> }> {
  const byModel = new Map<ModelId, { face: ManifestFace; assignment: FaceAssignment }[]>()
  for (const face of faces) {
    const crop = await cropOf(folder, face, report)
    const { photo: sha256, source, crop: _crop, embeddings: _embeddings, ...seen } = face
    const photo = records.get(sha256)
    if (photo === undefined) throw new Error('A face of a photo without a record.')
    for (const { modelId, embedding } of face.embeddings) {
      const whole = { ...seen, embedding, ...(crop === undefined ? {} : { crop }) }
      const ofModel = byModel.get(modelId) ?? []
      ofModel.push({ face, assignment: { person: { personId }, photo, face: whole, source } })
      byModel.set(modelId, ofModel)
    }
  }
  const of = new Map<ManifestFace, FaceId>()
  const added = new Set<ManifestFace>()
  for (const [modelId, ofModel] of byModel) {
    const assignments = ofModel.map(({ assignment }) => assignment)
    const { clientId, domain } = options
    const value = await written(options, gallery.assignFaces(clientId, domain, modelId, assignments, context))
    for (const [index, { faceId, outcome }] of value.entries()) {
      const face = ofModel[index]?.face
      if (face === undefined) throw new Error('The store answered for a face that it was not asked of.')
      of.set(face, faceId)
      if (outcome !== 'already-there') added.add(face)
    }
  }
  return { added: added.size, of }
}

/** A face without its crop is better than none. */
async function cropOf(
  folder: string,
  { crop }: ManifestFace,
  report: ImportReport,
): Promise<Uint8Array | undefined> {
  if (crop === undefined) return undefined
  return readCrop(folder, crop).catch((error: unknown) => {
    skip(report, join(folder, crop), error)
    return undefined
  })
}

/** Stores what was ruled out, after everybody's faces are there: whose a face is comes first. */
async function importRejects(
  imported: Imported,
  gallery: GalleryStore,
  options: ImportOptions,
  report: ImportReport,
): Promise<void> {
  const { clientId, domain, signal } = options
  const { personId, folder, records, rejects } = imported
  const { name } = await gallery.person(personId)
  const context = contextOf(options, `Imported who is not ${name}`)
  for (const face of rejects) {
    signal?.throwIfAborted()
    const photo = records.get(face.photo)
    const [first] = face.embeddings
    if (photo === undefined || first === undefined) {
      skip(report, folder, unlistedPhoto())
      continue
    }
    const known = (await gallery.knownFaces(clientId, [face.photo])).get(face.photo) ?? []
    const standing = standingOf(known, face.box, personId, domain)
    if (standing.kind === 'ruled-out') {
      report.alreadyThere += 1
      continue
    }
    if (standing.kind === 'theirs') {
      skip(report, photo.path, new VisorError('conflict', `The gallery knows that this face is ${name}.`))
      continue
    }
    const { photo: _photo, source, crop: _crop, embeddings: ofModels, ...seen } = face
    const crop = await cropOf(folder, face, report)
    const whole = {
      ...seen,
      embedding: first.embedding,
      ...(crop === undefined ? {} : { crop }),
    }
    const embeddings = new Map(ofModels.map(({ modelId, embedding }) => [modelId, embedding]))
    const rejected = { photo, face: whole, personId, source, embeddings }
    await written(options, gallery.rejectFace(clientId, first.modelId, rejected, context))
    report.rejects += 1
  }
}

/** What the store is told of a step. */
export function contextOf({ actor, partOf }: ImportOptions, summary: string): LedgerContext {
  return { actor, summary, ...(partOf === undefined ? {} : { partOf }) }
}

/** What a write gave, once its entry was told. */
export async function written<T>({ onWritten }: ImportOptions, write: Promise<Written<T>>): Promise<T> {
  const { value, ledgerId } = await write
  if (ledgerId !== undefined) onWritten?.(ledgerId)
  return value
}

function unlistedPhoto(): VisorError {
  return new VisorError('invalid-argument', 'A face is of a photo that the export does not list.')
}

/** Notes what is left out. What is about more than one person or photo is thrown on. */
export function skip(report: Pick<ImportReport, 'skipped'>, path: string, error: unknown): void {
  const isAboutOne =
    error instanceof VisorError &&
    (hasCode(error, 'deadline-exceeded') || (error.fault === 'input' && !hasCode(error, 'cancelled')))
  if (!isAboutOne) throw error
  report.skipped.push({ path, code: error.code, reason: error.message })
}
