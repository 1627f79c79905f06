/** A console as the window opens its stores, with a gallery that is on a server as well. Tests. */
import { openDataFolder } from '../../../src-main/data-folder'
import { SettingsFile } from '../../../src-main/services/settings-file'
import { openStores } from '../../../src-main/stores'
import { sha256Schema } from '../../../src-shared/ids'
import type { ServerConnection } from '../../../src-shared/server'
import { client, model, slovenia } from '../../contract/curated-store'
import { serverAt } from '../../postgres/databases'
import { vectorOf } from '../storage/team/console'

/** A search counts as a probe where it is of a photo. */
const sha256 = sha256Schema.parse('5'.repeat(64))

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
  return {
    ...stores,
    settings,
    errors,
    search,
    async close() {
      await stores.close()
      await settings.flush()
    },
  }
}
