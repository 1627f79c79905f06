/** Puts the two stores together: this machine's, which is always open, and the server's, in server mode. Main. */
import type { Diagnosed } from '../src-shared/diagnosis'
import type { VisorError } from '../src-shared/errors'
import { placeOf } from '../src-shared/server'
import type { DataFolder } from './data-folder'
import { folderToDiagnose, serverToDiagnose } from './diagnosed-stores'
import { CurrentStore } from './services/current-store'
import type { DiagnosedStore } from './services/diagnostics/diagnose'
import { type KeyStore, Secrets } from './services/secrets'
import { ServerSetups } from './services/server-setup'
import type { SettingsFile } from './services/settings-file'
import { StoreModes } from './services/store-mode'
import { openSchema } from './storage/schema/open-schema'
import { openLocalStore } from './storage/threads/local-store'
import { tryServer } from './storage/threads/try-server'
import { openTeam } from './team'

interface StoresOptions {
  readonly folder: DataFolder
  readonly builtFolder: string
  readonly settings: SettingsFile
  readonly keyStore: KeyStore
  /** Told once, should a thread of a store die. */
  readonly onFailure: (error: VisorError) => void
  /** What nobody waited for failed. */
  readonly onError: (error: unknown) => void
}

/** Opens this machine's store; that of the server with `modes.start()`. Raises what {@link openLocalStore} raises. */
export async function openStores({
  folder,
  builtFolder,
  settings,
  keyStore,
  onFailure,
  onError,
}: StoresOptions) {
  const options = { builtFolder, onFailure }
  const local = await openLocalStore({ folder: folder.path, ...options })
  const secrets = new Secrets(folder.secretsFile, keyStore)
  const server = new ServerSetups({
    settings,
    secrets,
    tryServer: (test) => tryServer({ ...test, builtFolder }),
    openSchema: (place) => openSchema(place, { builtFolder }),
  })
  const store = new CurrentStore({ ...local, close: async () => undefined })
  const modes = new StoreModes({
    current: store,
    local,
    settings,
    openServer: async (events) => {
      const { connection, password } = await server.login()
      const login = password === undefined ? { connection } : { connection, password }
      const { cachesFolder } = folder
      return openTeam({
        ...options,
        ...login,
        ...events,
        local,
        cachesFolder,
        follow: true,
        searchSide: () => settings.current.searchSide,
        onError,
      })
    },
    onError,
  })
  const toDiagnose = async (diagnosed: Diagnosed): Promise<DiagnosedStore> => {
    if (diagnosed === 'server') {
      const login = await server.login()
      return serverToDiagnose({ ...login, place: placeOf(login.connection), builtFolder })
    }
    const openGallery = async () => ({ ...local.gallery, close: async () => undefined })
    return folderToDiagnose({ folder: folder.path, builtFolder, openGallery })
  }
  const close = async () => {
    await store.close()
    await local.close()
  }
  return { store, modes, server, toDiagnose, queueStore: local.queue, close }
}
