/** A console whose local gallery is paired with a server, which has the same people. Tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalStore, openCache, openLocalStore } from '../../../../src-main/storage/threads/local-store'
import { openServerStore, type ServerStore } from '../../../../src-main/storage/threads/server-store'
import type { PersonId } from '../../../../src-shared/ids'
import { client, context, model, slovenia } from '../../../contract/curated-store'
import { madeAssignment } from '../../../contract/made-faces'
import { serverAt } from '../../../postgres/databases'
import { vectorOf } from './console'

export const place = 'db.example:5432/visor'

export interface EqualStores {
  readonly folder: string
  /** By name. */
  readonly people: ReadonlyMap<string, PersonId>
  remove(): void
}

/** A server with people (one photo each), and the folder of a local gallery that has the same rows. */
export async function equalStores(
  builtFolder: string,
  url: string,
  names: readonly string[],
): Promise<EqualStores> {
  const server = await openServer(builtFolder, url)
  const people = new Map<string, PersonId>()
  await server.gallery.ensureDomain(client, slovenia)
  for (const [index, name] of names.entries()) {
    const { value } = await enrol(server, name, index + 1)
    people.set(name, value[0]!.personId)
  }
  const folder = mkdtempSync(join(tmpdir(), 'visor-paired-'))
  const copy = await openCache({ folder, builtFolder, threads: 1 })
  await copy.cache.choose(client, slovenia, true)
  await copy.cache.sync(server.snapshots(), {})
  await copy.close()
  await server.close()
  return { folder, people, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

export const openServer = (builtFolder: string, url: string): Promise<ServerStore> =>
  openServerStore({ ...serverAt(url), builtFolder, threads: 1 })

export const openLocal = (builtFolder: string, folder: string): Promise<LocalStore> =>
  openLocalStore({ folder, builtFolder, threads: 1 })

/** Enrols somebody with one photo; the seed is of the face. */
export function enrol(store: Pick<ServerStore, 'gallery'>, name: string, seed: number) {
  return store.gallery.assignFaces(client, slovenia, model, [madeAssignment(name, vectorOf(seed))], context)
}

/** Pairs the two; raises what differs. */
export async function pairStores(local: LocalStore, server: ServerStore): Promise<void> {
  await local.dual.beginPairing(client, await server.feed.identity(), place)
  const differences = await local.cache.pair(client, server.snapshots(), {})
  if (differences.length > 0) throw new Error(JSON.stringify(differences))
}
