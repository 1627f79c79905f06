/** A console as the window opens its stores, with a gallery that is on a server as well. Tests. */
import { openDataFolder } from '../../../src-main/data-folder'
import { SettingsFile } from '../../../src-main/services/settings-file'
import { openStores } from '../../../src-main/stores'
import type { MoveReport } from '../../../src-shared/dual'
import { hasCode } from '../../../src-shared/errors'
import { sha256Schema } from '../../../src-shared/ids'
import type { ServerConnection } from '../../../src-shared/server'
import type { StoreMode } from '../../../src-shared/store-mode'
import { client, model, slovenia } from '../../contract/curated-store'
import { serverAt } from '../../postgres/databases'
import { vectorOf } from '../storage/team/console'

/** A search counts as a probe where it is of a photo. */
const sha256 = sha256Schema.parse('5'.repeat(64))

const mostTries = 10

export type MovingConsole = Awaited<ReturnType<typeof openConsole>>

/** Opens the stores of a folder, in the mode that its settings name. `url`: of the server. */
export async function openConsole(
  builtFolder: string,
  folderPath: string,
  url: string,
  pool: Partial<ServerConnection['pool']> = {},
) {
  const folder = openDataFolder(folderPath)
  const settings = new SettingsFile(folder.settingsFile)
  const { connection, password } = serverAt(url)
  const server = { ...connection, pool: { ...connection.pool, ...pool } }
  settings.update({ server })
  const errors: unknown[] = []
  const stores = await openStores({
    folder,
    builtFolder,
    settings,
    keyStore: {
      isAvailable: async () => false,
      seal: () => Promise.reject(new Error('There is none.')),
      open: () => Promise.reject(new Error('There is none.')),
    },
    actor: 'ana',
    login: async () => ({ connection: server, password }),
    onFailure: (error) => errors.push(error),
    onError: (error) => errors.push(error),
  })
  await stores.modes.start()
  const search = async (seed: number) => {
    const startedAt = performance.now()
    const { probes, side } = await stores.store.gallery.search({
      clientId: client,
      domains: [slovenia],
      modelId: model,
      probes: [vectorOf(seed)],
      origins: [{ sha256, face: 0 }],
      topPersons: 5,
      topFaces: 0,
      withinDistance: 0.5,
    })
    return { hit: probes[0]!.persons[0], mode: side?.mode ?? 'local', tookMs: performance.now() - startedAt }
  }
  /** Goes to a mode; once more where a busy machine could not decide it in time, as somebody at the window would. */
  const go = async (to: StoreMode, why?: string): Promise<MoveReport> => {
    for (let tries = 1; ; tries++) {
      await stores.moves.prepare()
      try {
        return await stores.moves.go(to, why)
      } catch (error) {
        if (!hasCode(error, 'deadline-exceeded') || tries === mostTries) throw error
      }
    }
  }
  return {
    ...stores,
    settings,
    errors,
    search,
    go,
    async close() {
      await stores.close()
      await settings.flush()
    },
  }
}
