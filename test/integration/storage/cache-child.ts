/**
 * A process that fills a cache of a server, for tests that kill it: `URL FOLDER`. Says `filled N` as it goes, and `over`. Electron's
 * Node, built beside `store.js`.
 */
import { openCache } from '../../../src-main/storage/threads/local-store'
import { openServerStore } from '../../../src-main/storage/threads/server-store'
import { serverAt } from '../../postgres/databases'

const [url, folder] = process.argv.slice(2) as [string, string]
const say = (line: string) => process.stdout.write(`${line}\n`)

const builtFolder = import.meta.dirname
const server = await openServerStore({ ...serverAt(url), builtFolder, threads: 1 })
const cache = await openCache({ folder, builtFolder, threads: 1 })
await cache.cache.sync(server.snapshots(), { onProgress: ({ done }) => say(`filled ${done}`) })
say('over')
await cache.close()
await server.close()
