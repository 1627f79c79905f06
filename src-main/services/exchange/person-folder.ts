/** Writes one person into a folder: photos, crops and what is known of them. Main and the command line. */
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { basename, extname, join, posix } from 'node:path'
import { toWireError, VisorError } from '../../../src-shared/errors'
import { type Sha256, sha256Schema } from '../../../src-shared/ids'
import type { PhotoRecord, WholeFace, WholePerson } from '../../storage/gallery-records'
import type { GalleryStore } from '../../storage/gallery-store'
import { readLimited } from './confined-path'
import { embeddingText, type ManifestPhoto, type PersonFileJson, personFileName } from './manifest'
import { SafeNames } from './safe-names'

/** Photos larger than this are not copied, bytes. */
export const largestPhoto = 512 * 1024 * 1024

/** A photo's copy, as it is to be written. */
export interface PhotoCopy {
  readonly bytes: Uint8Array
  /** Names and faces that go beside it, where they cannot go into it. */
  readonly sidecar?: string
}

interface PersonFolderOptions {
  readonly photos: 'copy' | 'none'
  /** Changes a photo's bytes on their way; `path` is for what it has to report. */
  readonly prepare: (photo: PhotoRecord, bytes: Buffer) => Promise<PhotoCopy>
  readonly signal?: AbortSignal | undefined
}

export interface MissingPhoto {
  readonly path: string
  readonly code: string
  readonly reason: string
}

/** What a person's folder holds. */
interface PersonFolder {
  readonly photos: number
  readonly faces: number
  readonly missing: readonly MissingPhoto[]
}

/**
 * Writes a person into the new folder `folder`. A photo that is not where it was, or whose bytes are not those that were
 * recorded, is listed as missing. Raises what the file system says of writing, what the store raises, `cancelled`.
 */
export async function writePersonFolder(
  folder: string,
  person: WholePerson,
  crop: GalleryStore['crop'],
  { photos: wanted, prepare, signal }: PersonFolderOptions,
): Promise<PersonFolder> {
  await mkdir(folder)
  const names = new SafeNames()
  const photos = new Map<Sha256, ManifestPhoto>()
  const missing: MissingPhoto[] = []
  for (const { photo } of person.faces) {
    if (photos.has(photo.sha256)) continue
    signal?.throwIfAborted()
    const entry = entryOf(photo, person)
    photos.set(photo.sha256, entry)
    if (wanted === 'none') continue
    const bytes = await photoBytes(photo).catch((error: unknown) => missed(error))
    if ('code' in bytes) {
      missing.push({ path: photo.path, ...bytes })
      photos.set(photo.sha256, { ...entry, missing: bytes.reason })
      continue
    }
    const file = names.take(basename(photo.path, extname(photo.path)), extensionOf(photo))
    const copy = await prepare(photo, bytes)
    await writeFile(join(folder, file), copy.bytes, { flag: 'wx' })
    if (copy.sidecar !== undefined) await writeFile(join(folder, `${file}.xmp`), copy.sidecar, { flag: 'wx' })
    const fileSha256 = sha256Of(copy.bytes)
    photos.set(photo.sha256, {
      ...entry,
      file,
      bytes: copy.bytes.byteLength,
      ...(fileSha256 === photo.sha256 ? {} : { fileSha256 }),
    })
  }
  const own = photos.size
  for (const { photo } of person.rejects) {
    if (!photos.has(photo.sha256)) photos.set(photo.sha256, entryOf(photo, person))
  }
  const crops = await writeCrops(folder, [...person.faces, ...person.rejects], crop, signal)
  const json = personJson(person, [...photos.values()], crops)
  await writeFile(join(folder, personFileName), `${JSON.stringify(json, null, 1)}\n`, { flag: 'wx' })
  return { photos: own, faces: person.faces.length, missing }
}

function entryOf(photo: PhotoRecord, { faces }: WholePerson): ManifestPhoto {
  const { sha256, path, format, width, height, perceptualHash } = photo
  const twice = faces.filter((face) => face.photo.sha256 === sha256).length > 1
  const repeats = {
    ...(photo.repeatsPeople === true || twice ? { repeatsPeople: true } : {}),
    ...(photo.seen === false ? { seen: false as const } : {}),
  }
  return { sha256, name: basename(path), format, width, height, perceptualHash, ...repeats }
}

/** Raises `image-corrupt` where the bytes are others than were recorded, and what reading raises. */
async function photoBytes(photo: PhotoRecord): Promise<Buffer> {
  const bytes = await readLimited(photo.path, largestPhoto)
  if (sha256Of(bytes) === photo.sha256) return bytes
  throw new VisorError(
    'image-corrupt',
    'The photo was changed since: its bytes are others than were recorded.',
  )
}

function missed(error: unknown): { code: string; reason: string } {
  if (!(error instanceof VisorError) || error.fault !== 'input') throw error
  const { code, message } = toWireError(error)
  return { code, reason: message }
}

async function writeCrops(
  folder: string,
  faces: readonly WholeFace[],
  crop: GalleryStore['crop'],
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const crops = new Map<string, string>()
  const withCrops = new Map(faces.filter(({ hasCrop }) => hasCrop).map((face) => [face.faceId, face]))
  if (withCrops.size > 0) await mkdir(join(folder, 'crops'))
  for (const faceId of withCrops.keys()) {
    signal?.throwIfAborted()
    const file = posix.join('crops', `${String(crops.size + 1).padStart(4, '0')}.jpg`)
    await writeFile(join(folder, file), await crop(faceId), { flag: 'wx' })
    crops.set(faceId, file)
  }
  return crops
}

function personJson(
  { detail, faces, rejects }: WholePerson,
  photos: readonly ManifestPhoto[],
  crops: ReadonlyMap<string, string>,
): PersonFileJson {
  const cover = detail.chosenCover ? faces.findIndex(({ faceId }) => faceId === detail.coverFaceId) : -1
  const faceJson = ({
    faceId,
    photo,
    box,
    landmarks,
    score,
    quality,
    manual,
    measured,
    source,
    embeddings,
  }: WholeFace) => {
    const crop = crops.get(faceId)
    return {
      photo: photo.sha256,
      box,
      landmarks,
      score,
      quality,
      ...(manual === undefined ? {} : { manual }),
      ...(measured === undefined ? {} : { measured }),
      source,
      ...(crop === undefined ? {} : { crop }),
      embeddings: Object.fromEntries(
        [...embeddings].map(([model, vector]) => [model, embeddingText(vector)]),
      ),
    }
  }
  return {
    format: 'visor-person',
    version: 1,
    name: detail.name,
    domain: detail.domain,
    aliases: detail.aliases,
    tags: detail.tags,
    ...(detail.wikidataId === undefined ? {} : { wikidataId: detail.wikidataId }),
    ...(detail.occupation === undefined ? {} : { occupation: detail.occupation }),
    ...(detail.description === undefined ? {} : { description: detail.description }),
    ...(cover === -1 ? {} : { cover }),
    photos: [...photos],
    faces: faces.map(faceJson),
    rejects: rejects.map(faceJson),
  }
}

/** The photo's own extension, where it is a plain one of a picture; else that of its format. */
function extensionOf({ path, format }: PhotoRecord): string {
  const own = extname(path).toLowerCase()
  return /^\.(?:jpe?g|jpe|jfif|png|webp|avif|tiff?|gif|hei[cf])$/.test(own) ? extname(path) : `.${format}`
}

function sha256Of(bytes: Uint8Array): Sha256 {
  return sha256Schema.parse(createHash('sha256').update(bytes).digest('hex'))
}
