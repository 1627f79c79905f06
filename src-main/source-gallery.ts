/** Opens another store of Visor to copy it from: a data folder, this console's own one, or a server. Main, command line. */
import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { VisorError } from '../src-shared/errors'
import type { SourcePlace } from '../src-shared/import'
import type { SourceGallery } from './services/import/copy-gallery'
import { type LocalStore, openLocalStore } from './storage/threads/local-store'
import { openServerStore } from './storage/threads/server-store'

interface GalleryOptions {
  readonly builtFolder: string
  /** This console's own, which is open. */
  readonly own: { readonly folder: string; readonly store: LocalStore }
  /** Of a server; `undefined`: what psql would find. */
  readonly password: string | undefined
}

/** Whoever asked closes it. Raises what {@link openLocalStore} and {@link openServerStore} raise, `format-unsupported`. */
export async function openSourceGallery(
  place: SourcePlace,
  { builtFolder, own, password }: GalleryOptions,
): Promise<SourceGallery> {
  if (place.at === 'server') {
    const login = password === undefined ? {} : { password }
    const { imports, gallery, close } = await openServerStore({
      builtFolder,
      connection: place.connection,
      threads: 1,
      ...login,
    })
    return { imports, gallery, close }
  }
  const { path } = place
  if (!existsSync(join(path, 'visor.sqlite'))) throw noDataFolder(path)
  if ((await realpath(path)) === (await realpath(own.folder))) {
    return { ...own.store, close: async () => undefined }
  }
  const { imports, gallery, close } = await openLocalStore({ folder: path, builtFolder, threads: 1 })
  return { imports, gallery, close }
}

function noDataFolder(path: string): VisorError {
  return new VisorError('format-unsupported', 'This is no data folder of Visor.', {
    consequence: 'Nothing was read.',
    remedy:
      'A folder that Visor exported is imported with Galleries, Import People; or “visor import FOLDER”.',
    detail: path,
  })
}
