/** The stores that a command works on: this machine's, on trial, the server's, and what is kept of a server here. Runs on the command line. */
import { toWireError, VisorError } from '../../src-shared/errors'
import { placeOf } from '../../src-shared/server'
import type { DataFolder } from '../data-folder'
import { goByDecision } from '../decided-mode'
import { openDual } from '../dual'
import { SettingsFile } from '../services/settings-file'
import type { OpenStore } from '../storage/open-store'
import { CacheFolders } from '../storage/team/cache-folders'
import { PairedStore } from '../storage/team/paired-store'
import {
  type CacheOfServer,
  type LocalStore,
  openCache,
  openLocalStore,
} from '../storage/threads/local-store'
import { openServerStore, type ServerStore } from '../storage/threads/server-store'
import { openTeam } from '../team'
import type { ModeOfRun } from './mode'
import type { Output } from './output'

/** Comparisons that are under way when a command ends get this long. */
const drainMs = 5000

export interface StoresOfRun {
  readonly folder: DataFolder
  readonly builtFolder: string
  readonly modeOfRun: () => ModeOfRun
  readonly output: Output
}

/** Opens the store that is worked on for as long as `work` runs; `local` is this machine's own. The Identify queue is this machine's, whatever the mode is. */
export async function withStoreOfRun(
  { folder, builtFolder, modeOfRun, output }: StoresOfRun,
  work: (store: LocalStore, local: LocalStore) => Promise<void>,
): Promise<void> {
  const options = { builtFolder }
  const onError = (error: unknown) => output.note(toWireError(error).message)
  const local = await openLocalStore({ folder: folder.path, ...options })
  const use = async (opened: OpenStore) => {
    try {
      await work({ ...local, ...opened }, local)
    } finally {
      await opened.close()
    }
  }
  try {
    await goByDecision(local, new SettingsFile(folder.settingsFile))
    const { mode, connection, password } = modeOfRun()
    const login = password === undefined ? { connection } : { connection, password }
    const told = { onLink: () => undefined, onCache: () => undefined, onError }
    if (mode === 'local') {
      await use(await PairedStore.open({ local, onError }))
    } else if (mode === 'dual') {
      const { store, side, run } = await openDual({ ...options, ...login, ...told, local })
      const looked = side.tryNow()
      await use({
        ...store,
        close: async () => {
          // What was edited goes there now, where the server answers; otherwise with the next command.
          await looked
          await side.bring()
          await run.drain(drainMs)
          await store.close()
        },
      })
    } else {
      const { cachesFolder } = folder
      const { store } = await openTeam({
        ...options,
        ...login,
        ...told,
        local,
        cachesFolder,
        follow: false,
        searchSide: () => 'server',
      })
      await use(store)
    }
  } finally {
    await local.close()
  }
}

/** Opens what this console keeps of the server, for as long as `work` runs; the server is not asked. Raises `not-found`. */
export async function withCacheAlone(
  run: StoresOfRun,
  work: (cache: CacheOfServer, place: string) => Promise<void>,
): Promise<void> {
  const { folder, builtFolder, modeOfRun } = run
  const place = placeOf(modeOfRun().connection)
  const worked = await withPaired(
    run,
    (pairing) => pairing.place === place,
    (local) => work(local, place),
  )
  if (worked) return
  const folders = new CacheFolders(folder.cachesFolder)
  const serverId = folders.serverAt(place)
  if (serverId === undefined) {
    throw new VisorError('not-found', `This console keeps nothing of ${place}.`, {
      remedy: '“cache sync --add DOMAIN” begins to.',
    })
  }
  const cache = await openCache({ folder: folders.folderOf(serverId), builtFolder })
  try {
    await work(cache, place)
  } finally {
    await cache.close()
  }
}

/** The same with the server. Raises why that cannot be used. */
export async function withCache(
  run: StoresOfRun,
  work: (cache: CacheOfServer, server: ServerStore) => Promise<void>,
): Promise<void> {
  const { folder, builtFolder, modeOfRun } = run
  const { connection, password } = modeOfRun()
  const login = password === undefined ? { connection } : { connection, password }
  const server = await openServerStore({ builtFolder, ...login })
  try {
    const serverId = await server.feed.identity()
    const worked = await withPaired(
      run,
      (pairing) => pairing.serverId === serverId,
      (local) => work(local, server),
    )
    if (worked) return
    const folders = new CacheFolders(folder.cachesFolder)
    const cache = await openCache({ folder: folders.folderOf(serverId), builtFolder })
    try {
      await folders.remember(placeOf(connection), serverId)
      await work(cache, server)
    } finally {
      await cache.close()
    }
  } finally {
    await server.close()
  }
}

/** Where the local gallery is the one that is kept of the server; whether it is. */
async function withPaired(
  { folder, builtFolder }: StoresOfRun,
  isIt: (pairing: { readonly place: string; readonly serverId: string }) => boolean,
  work: (local: LocalStore) => Promise<void>,
): Promise<boolean> {
  const local = await openLocalStore({ folder: folder.path, builtFolder })
  try {
    const { pairings } = await local.dual.standing()
    if (!pairings.some(isIt)) return false
    await work(local)
    return true
  } finally {
    await local.close()
  }
}
