/** A folder of people: each sub-folder is a person, named as the folder is. Main, command line. */
import { realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { VisorError } from '../../../src-shared/errors'
import { personNameSchema } from '../../../src-shared/ids'
import { fileError, findPhotos, isPhotoName, listFolder } from '../photo-files'

/** Files that are left out, with the reason. */
export type Skip = (path: string, error: VisorError) => void

interface NamedPhotos {
  readonly name: string
  readonly photos: readonly string[]
}

/** The people of a folder. Raises `file-missing`, `file-unreadable`, `invalid-argument` (no sub-folders), `cancelled`. */
export async function findPeople(folder: string, skip: Skip, signal?: AbortSignal): Promise<NamedPhotos[]> {
  const entries = await listFolder(folder)
  if (entries instanceof VisorError) throw entries
  const real = await realpath(folder)
  const people: NamedPhotos[] = []
  let folders = 0
  for (const entry of entries) {
    const path = join(folder, entry.name)
    const target = entry.isSymbolicLink()
      ? await stat(path).catch((cause: unknown) => fileError(path, cause))
      : entry
    if (target instanceof VisorError) skip(path, target)
    else if (target.isDirectory()) {
      folders += 1
      const name = personNameSchema.safeParse(entry.name)
      if (!name.success) {
        skip(
          path,
          new VisorError('invalid-argument', 'The name of this folder cannot be a name of a person.'),
        )
        continue
      }
      people.push({ name: name.data, photos: await photosAt([path], skip, signal, real) })
    } else if (isPhotoName(entry.name)) {
      skip(path, new VisorError('invalid-argument', 'The photo is not in the folder of a person.'))
    }
  }
  if (folders === 0) {
    throw new VisorError('invalid-argument', 'This folder has no folders of people in it.', {
      detail: folder,
      consequence: 'Nobody was enrolled.',
      remedy: 'Make one folder for each person, named as the person is, with their photos inside.',
    })
  }
  return people
}

/** The photos at paths: files, and all in folders. `within`: the folder that they are in, without links. */
export async function photosAt(
  paths: readonly string[],
  skip: Skip,
  signal?: AbortSignal,
  within?: string,
): Promise<string[]> {
  const photos: string[] = []
  for await (const photo of findPhotos(paths, signal, within)) {
    if (photo.error === undefined) photos.push(photo.path)
    else skip(photo.path, photo.error)
  }
  return photos
}
