/** Puts the two stores together: this machine's, which is always open, and the server's, in server mode. Main. */
import type { StoreSide } from '../src-shared/diagnosis'
import type { VisorError } from '../src-shared/errors'
import type { SourcePlace } from '../src-shared/import'
import { placeOf } from '../src-shared/server'
import type { DataFolder } from './data-folder'
import { goByDecision } from './decided-mode'
import { folderToDiagnose, serverToDiagnose } from './diagnosed-stores'
import { type OpenDual, openDual } from './dual'
import { CurrentStore } from './services/current-store'
import type { DiagnosedStore } from './services/diagnostics/diagnose'
import { deciding } from './services/dual/decide'
import { ErasureWatch } from './services/dual/erasure-watch'
import { Moves } from './services/dual/moves'
import { Pairings } from './services/dual/pairings'
import { PreparedServer } from './services/dual/prepared-server'
import { type KeyStore, Secrets } from './services/secrets'
import { type ServerLogin, ServerSetups } from './services/server-setup'
import type { SettingsFile } from './services/settings-file'
import { StoreModes } from './services/store-mode'
import { openSourceGallery } from './source-gallery'
import { openSchema } from './storage/schema/open-schema'
import { PairedStore } from './storage/team/paired-store'
import { openLocalStore } from './storage/threads/local-store'
import { openServerStore } from './storage/threads/server-store'
import { tryServer } from './storage/threads/try-server'
import { openTeam, sameServer } from './team'

interface StoresOptions {
  readonly folder: DataFolder
  readonly builtFolder: string
  readonly settings: SettingsFile
  readonly keyStore: KeyStore
  /** For the ledger. */
  readonly actor: string
  /** Where the server is and how to log in, where the settings do not say it. */
  readonly login?: () => Promise<ServerLogin>
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
  actor,
  login: givenLogin,
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
  const login = async () => {
    const { connection, password } = await (givenLogin?.() ?? server.login())
    return { connection, ...(password === undefined ? {} : { password }) }
  }
  await goByDecision(local, settings)
  const alone = await PairedStore.open({
    local,
    onChanged: (clientId) => modes.galleryChanged.emit(clientId),
    onError,
  })
  const store = new CurrentStore({ ...alone, close: async () => undefined })
  let dual: OpenDual | undefined
  const openNow = async () => openServerStore({ ...options, ...(await login()) })
  const place = () => placeOf(settings.current.server)
  const prepared = new PreparedServer(openNow, place)
  const modes = new StoreModes({
    current: store,
    local: alone,
    settings,
    openServer: async (events, mode, givenUp) => {
      const opening = { ...options, ...(await login()), ...events, local, onError, givenUp }
      if (mode === 'dual') {
        dual = await openDual(opening)
        void dual.side.tryNow()
        return dual
      }
      const { cachesFolder } = folder
      return openTeam({
        ...opening,
        // It takes as long to connect as all the rest of a cut-over.
        open: dual?.paired.lend() ?? prepared.take(),
        cachesFolder,
        follow: true,
        searchSide: () => settings.current.searchSide,
      })
    },
    onError,
  })
  const decide = deciding(local.dual, actor, place)
  const pairings = new Pairings({
    local,
    mode: () => modes.current.mode,
    decide,
    openServer: openNow,
    place,
    pairingsChanged: async () => {
      await alone.pairingsChanged()
      await dual?.paired.pairingsChanged()
    },
  })
  const moves = new Moves({
    local,
    modes,
    settings,
    decide,
    openServer: openNow,
    prepareServer: () => prepared.prepare(),
    place,
    run: () => dual?.run,
    onError,
  })
  const erasures = new ErasureWatch({
    isDue: () => modes.current.mode === 'local' && alone.pairings.some(({ state }) => state === 'paired'),
    ask: async () => {
      const server = await openServerStore({ ...options, ...(await login()), threads: 1 })
      const { serverId, place } = alone.pairings[0]!
      await sameServer(server, serverId, place)
      try {
        await alone.followErasures(server)
      } finally {
        await server.close()
      }
    },
    onError,
  })
  const toDiagnose = async (diagnosed: StoreSide): Promise<DiagnosedStore> => {
    if (diagnosed === 'server') {
      const login = await server.login()
      return serverToDiagnose({ ...login, place: placeOf(login.connection), builtFolder })
    }
    const openGallery = async () => ({ ...local.gallery, close: async () => undefined })
    return folderToDiagnose({ folder: folder.path, builtFolder, openGallery })
  }
  const galleries = {
    /** Another gallery, to be copied from. Raises what {@link openSourceGallery} raises. */
    openGallery: (place: SourcePlace, password: string | undefined) =>
      openSourceGallery(place, { builtFolder, own: { folder: folder.path, store: local }, password }),
    /** The server that is saved, to be copied to. Raises why it cannot be used. */
    openServer: async () => openServerStore({ ...options, ...(await server.login()), threads: 1 }),
    ownFolder: folder.path,
  }
  const close = async () => {
    await erasures.stop()
    await prepared.close()
    await store.close()
    await local.close()
  }
  return {
    store,
    modes,
    moves,
    pairings,
    erasures,
    server,
    toDiagnose,
    galleries,
    queueStore: local.queue,
    comparisons: local.dual,
    close,
  }
}
