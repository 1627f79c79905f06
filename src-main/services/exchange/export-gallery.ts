/** Exports people as a folder of folders; see [Note: Exchange folder]. Main and the command line. */
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { VisorError } from '../../../src-shared/errors'
import type { ClientId, Domain, PersonId } from '../../../src-shared/ids'
import type { PhotoRecord } from '../../storage/gallery-records'
import type { GalleryStore } from '../../storage/gallery-store'
import { type Manifest, manifestName } from './manifest'
import { allPeople } from './people'
import { type MissingPhoto, writePersonFolder } from './person-folder'
import { SafeNames } from './safe-names'
import { markerName, writeWholeFolder } from './whole-folder'
import { withNames } from './xmp/photo-names'

export interface ExportOptions {
  readonly clientId: ClientId
  /** `null` = every domain of the client. */
  readonly domain: Domain | null
  /** These people only; `null` = all. */
  readonly personIds: readonly PersonId[] | null
  readonly photos: 'copy' | 'none'
  /** Whether names are written into the copies as face regions, and also where a photo's own XMP is broken. */
  readonly names: 'none' | 'write' | 'force'
  /** Replace an export that is there. */
  readonly replace: boolean
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: { done: number; total: number; detail: string }) => void) | undefined
}

interface ExportReport {
  readonly folder: string
  readonly persons: number
  readonly photos: number
  readonly faces: number
  /** Photos that are not in the export, and names that could not be written into one. */
  readonly skipped: readonly MissingPhoto[]
}

/**
 * Writes people, with everything kept of them, to the folder `target`, which appears whole or not at all; run again after
 * an interruption, it begins anew. One person is in memory at a time.
 *
 * Raises `not-found` (nobody to export), `conflict` (something is there), `disk-full`, `read-only`, `file-missing`, `cancelled`.
 */
export async function exportGallery(
  target: string,
  gallery: GalleryStore,
  options: ExportOptions,
): Promise<ExportReport> {
  const { clientId, names, signal, onProgress } = options
  const people = await peopleOf(gallery, options)
  if (people.size === 0) {
    throw new VisorError('not-found', 'There is nobody to export.', { consequence: 'Nothing was written.' })
  }
  const report = { persons: 0, photos: 0, faces: 0 }
  const skipped: MissingPhoto[] = []
  const missing: Manifest['missing'] = []
  const persons: Manifest['persons'] = []
  const folderOf = new Map<PersonId, string>()
  const toldApart: Manifest['toldApart'] = []
  const prepare = async (photo: PhotoRecord, bytes: Buffer) => {
    if (names === 'none') return { bytes }
    const known = (await gallery.knownFaces(clientId, [photo.sha256])).get(photo.sha256) ?? []
    // Who else is in the photo is said only of people who are exported themselves.
    const named = known.flatMap(({ box, person }) =>
      person !== undefined && people.has(person.personId) ? [{ box, name: person.name }] : [],
    )
    const { copy, problem } = withNames(bytes, photo, named, names === 'force')
    // A photo of several people is written for each of them.
    if (problem !== undefined && !skipped.some(({ path }) => path === photo.path))
      skipped.push({ path: photo.path, code: problem.code, reason: problem.message })
    return copy
  }
  const folder = resolve(target)
  await writeWholeFolder(folder, options, async (part) => {
    const folders = new SafeNames()
    for (const own of [manifestName, markerName]) folders.take(own)
    for (const personId of people) {
      signal?.throwIfAborted()
      const person = await gallery.wholePerson(personId)
      const { name, domain } = person.detail
      if (person.detail.clientId !== clientId)
        throw new VisorError('not-found', `${name} is not of this client.`)
      const own = folders.take(name)
      const written = await writePersonFolder(join(part, own), person, (faceId) => gallery.crop(faceId), {
        ...options,
        prepare,
      })
      persons.push({ name, domain, folder: own })
      // Each pair once: when the second of the two is written.
      for (const other of person.apart) {
        const folder = folderOf.get(other)
        if (folder !== undefined) toldApart.push([folder, own])
      }
      folderOf.set(personId, own)
      report.persons += 1
      report.photos += written.photos
      report.faces += written.faces
      skipped.push(...written.missing)
      missing.push(...written.missing.map(({ path, reason }) => ({ person: name, photo: path, reason })))
      onProgress?.({ done: report.persons, total: people.size, detail: name })
    }
    const manifest: Manifest = {
      format: 'visor-gallery',
      version: 1,
      createdAt: new Date().toISOString(),
      client: clientId,
      persons,
      toldApart,
      missing,
    }
    await writeFile(join(part, manifestName), `${JSON.stringify(manifest, null, 1)}\n`, { flag: 'wx' })
  })
  return { folder, ...report, skipped }
}

/** Whom to export, by name. */
async function peopleOf(
  gallery: GalleryStore,
  { clientId, domain, personIds }: ExportOptions,
): Promise<Set<PersonId>> {
  if (personIds !== null) return new Set(personIds)
  const people = new Set<PersonId>()
  for await (const { personId } of allPeople(gallery, clientId, domain)) people.add(personId)
  return people
}
