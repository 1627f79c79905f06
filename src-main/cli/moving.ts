/** The stores as the window opens them, for commands that move the gallery between them. Runs on the command line. */
import type { DataFolder } from '../data-folder'
import type { KeyStore } from '../services/secrets'
import { SettingsFile } from '../services/settings-file'
import { isSilent } from '../storage/postgres/silent'
import { openStores } from '../stores'
import type { ModeOfRun } from './mode'
import type { Output } from './output'

/** Comparisons that are under way when a command ends get this long. */
const drainMs = 5000

/** Commands find passwords where PostgreSQL's own programs do, and keep none. */
const noKeyStore: KeyStore = {
  isAvailable: async () => false,
  seal: async () => {
    throw new Error('The command line keeps no passwords.')
  },
  open: async () => {
    throw new Error('The command line opens no passwords.')
  },
}

export type Moving = Awaited<ReturnType<typeof openStores>> & { readonly settings: SettingsFile }

/** A server that says nothing for so long is not waited for by whoever leaves it. */
const silentMs = 400

/**
 * Opens the stores of a data folder for as long as `work` runs, in the mode that the settings name. `leaving`: the server is needed for
 * what it still has; where it is silent, that is done without it.
 */
export async function withMoving(
  folder: DataFolder,
  {
    builtFolder,
    actor,
    modeOfRun,
    output,
    leaving = false,
  }: {
    readonly builtFolder: string
    readonly actor: string
    readonly modeOfRun: (settings: SettingsFile['current']) => ModeOfRun
    readonly output: Output
    readonly leaving?: boolean
  },
  work: (moving: Moving) => Promise<void>,
): Promise<void> {
  const settings = new SettingsFile(folder.settingsFile)
  const login = () => modeOfRun(settings.current)
  const stores = await openStores({
    folder,
    builtFolder,
    settings,
    keyStore: noKeyStore,
    actor,
    login: async () => login(),
    onFailure: (error) => output.note(error.message),
    onError: (error) => output.note(error instanceof Error ? error.message : String(error)),
  })
  // A server that the command names is remembered where the command goes well.
  const before = settings.current.server
  const named = login()
  if (named.why !== 'settings') settings.update({ server: named.connection })
  try {
    const opening = stores.modes.start()
    const isUsed = settings.current.storeMode === 'server'
    const silent = leaving && isUsed && (await isSilent(login().connection, silentMs))
    if (!silent) await opening
    await work({ ...stores, settings })
    await stores.moves.run()?.drain(drainMs)
  } catch (error) {
    settings.update({ server: before })
    throw error
  } finally {
    await stores.close()
    await settings.flush()
  }
}
