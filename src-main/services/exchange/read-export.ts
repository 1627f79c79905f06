/** Reads an exported folder, which anybody may have made; see [Note: Exchange folder]. Main and the command line. */
import { join } from 'node:path'
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import type { Sha256 } from '../../../src-shared/ids'
import type { PhotoRecord } from '../../storage/gallery-records'
import { fingerprint } from '../photo-files'
import { confinedPath, readLimited } from './confined-path'
import {
  largestCrop,
  largestManifest,
  largestPersonFile,
  type Manifest,
  type ManifestPhoto,
  manifestName,
  manifestSchema,
  type PersonFile,
  personFileName,
  personFileSchema,
} from './manifest'
import { safeName } from './safe-names'

const newerVersionSchema = z.object({ version: z.number().int().min(2) })

/** The manifest of an exported folder. Raises `file-missing`, `invalid-argument`, `file-too-large`, `file-unreadable`. */
export async function readManifest(root: string): Promise<Manifest> {
  const manifest = await readJson(root, manifestName, largestManifest, manifestSchema)
  const seen = new Set<string>()
  for (const { name } of manifest.persons) {
    if (seen.has(name)) {
      throw new VisorError('invalid-argument', `The export has two people called ${name}, of two domains.`, {
        consequence: 'Nothing was imported: they would become one.',
        remedy: 'Export each domain by itself.',
      })
    }
    seen.add(name)
  }
  return manifest
}

/** One person of an export, and where its files are. Raises as {@link readManifest} does. */
export async function readPerson(
  root: string,
  { name, folder }: Manifest['persons'][number],
): Promise<{ readonly person: PersonFile; readonly folder: string }> {
  const path = await confinedPath(root, folder)
  const person = await readJson(path, personFileName, largestPersonFile, personFileSchema)
  if (person.name !== name) {
    throw new VisorError('invalid-argument', `The folder of ${name} has the data of somebody else.`, {
      detail: folder,
    })
  }
  return { person, folder: path }
}

/** The crop of a face. Raises as {@link readManifest} does, `image-corrupt` where it is no JPEG. */
export async function readCrop(folder: string, file: string): Promise<Uint8Array> {
  const jpeg = await readLimited(await confinedPath(folder, file), largestCrop)
  if (jpeg[0] === 0xff && jpeg[1] === 0xd8) return new Uint8Array(jpeg)
  throw new VisorError('image-corrupt', 'The crop of a face is no JPEG.', { detail: file })
}

/** The records of a person's photos, by SHA-256; `problems` are photos whose file is not what the manifest says. */
export async function photoRecords(
  folder: string,
  photos: readonly ManifestPhoto[],
  signal: AbortSignal | undefined,
): Promise<{
  records: Map<Sha256, PhotoRecord>
  files: Set<Sha256>
  problems: { path: string; error: VisorError }[]
}> {
  const records = new Map<Sha256, PhotoRecord>()
  const files = new Set<Sha256>()
  const problems: { path: string; error: VisorError }[] = []
  for (const photo of photos) {
    const { sha256, format, width, height, perceptualHash, repeatsPeople, seen } = photo
    // Where it would be: a name in the folder, never a place that the manifest chooses.
    let path = join(folder, safeName(photo.name))
    try {
      if (photo.file !== undefined) {
        const file = await confinedPath(folder, photo.file)
        if ((await fingerprint(file, signal)) !== (photo.fileSha256 ?? sha256)) {
          throw new VisorError('image-corrupt', 'The photo is another one than was exported.')
        }
        path = file
        files.add(sha256)
      }
    } catch (error) {
      if (!(error instanceof VisorError) || error.code === 'cancelled') throw error
      problems.push({ path: join(folder, photo.file ?? photo.name), error })
    }
    records.set(sha256, { sha256, path, format, width, height, perceptualHash, repeatsPeople, seen })
  }
  return { records, files, problems }
}

async function readJson<S extends z.ZodType>(
  folder: string,
  name: string,
  mostBytes: number,
  schema: S,
): Promise<z.output<S>> {
  const bytes = await readLimited(await confinedPath(folder, name), mostBytes)
  let json: unknown
  try {
    json = JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw notUnderstood(name, 'It is no JSON.', cause)
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const newer = newerVersionSchema.safeParse(json)
  if (newer.success) {
    throw new VisorError('invalid-argument', 'A newer Visor made this export.', {
      detail: `${name}, version ${newer.data.version}`,
      remedy: 'Update Visor, then import it.',
    })
  }
  const [issue] = parsed.error.issues
  throw notUnderstood(name, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`, parsed.error)
}

function notUnderstood(name: string, detail: string, cause: unknown): VisorError {
  return new VisorError('invalid-argument', `${name} is not what Visor writes.`, {
    cause,
    detail,
    remedy: 'Export it again.',
  })
}
