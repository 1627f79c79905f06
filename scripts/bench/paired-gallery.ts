/** A gallery that is in a folder and on a server, paired. Benchmarks, Electron's Node. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCache, openLocalStore } from '../../src-main/storage/threads/local-store'
import { openServerStore } from '../../src-main/storage/threads/server-store'
import { FaultyLine } from '../../test/chaos/faulty-line'
import { client, model, slovenia } from '../../test/contract/curated-store'
import { madeAssignment, randomNumbers, unitVector } from '../../test/contract/made-faces'
import { pairStores } from '../../test/integration/storage/team/paired-console'
import { serverAt } from '../../test/postgres/databases'
import { migratedDatabase } from '../../test/postgres/migrated'

const context = { actor: 'bench', summary: 'bench' }
const facesEach = 9

export interface PairedGallery {
  readonly folder: string
  /** What the server is reached by. */
  readonly line: FaultyLine
  readonly url: string
}

/** Runs `work` on made-up people, the same on both sides. `builtFolder`: where the store's threads lie; `faces`: of all of them. */
export async function withPairedGallery(
  builtFolder: string,
  faces: number,
  work: (gallery: PairedGallery) => Promise<void>,
): Promise<void> {
  const database = await migratedDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'visor-dual-'))
  const line = await FaultyLine.to(database)
  try {
    await fillBoth(builtFolder, folder, database.url, faces)
    await work({ folder, line, url: line.through(database.url) })
  } finally {
    await line.close()
    await database.drop()
    rmSync(folder, { recursive: true })
  }
}

async function fillBoth(builtFolder: string, folder: string, url: string, faces: number): Promise<void> {
  const server = await openServerStore({ ...serverAt(url), builtFolder })
  const random = randomNumbers(1)
  const assignments = Array.from({ length: faces }, (_, index) =>
    madeAssignment(`Person ${Math.floor(index / facesEach)}`, unitVector(random)),
  )
  await server.gallery.assignFaces(client, slovenia, model, assignments, context)
  const copy = await openCache({ folder, builtFolder })
  await copy.cache.choose(client, slovenia, true)
  await copy.cache.sync(server.snapshots(), {})
  await copy.close()
  const local = await openLocalStore({ folder, builtFolder })
  await pairStores(local, server)
  await local.close()
  await server.close()
}
