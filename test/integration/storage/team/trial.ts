/** A console with a server on trial, anew for each test of a file. Tests. */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { PairedStore } from '../../../../src-main/storage/team/paired-store'
import type { LocalStore } from '../../../../src-main/storage/threads/local-store'
import type { ServerStore } from '../../../../src-main/storage/threads/server-store'
import type { ClientId, PersonId } from '../../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { type MigratedDatabase, migratedDatabase } from '../../../postgres/migrated'
import { type EqualStores, equalStores, openLocal, openServer, pairStores } from './paired-console'

export class Trial {
  built!: BuiltStore
  database!: MigratedDatabase
  stores!: EqualStores
  local!: LocalStore
  /** As another console has it. */
  server!: ServerStore
  /** The console's own; in mode `local` when a test begins. */
  here!: PairedStore
  /** Clients of which something of the server came here. */
  readonly changed: ClientId[] = []
  readonly #errors: unknown[] = []

  /** Pairs the two galleries, which have these people. */
  async begin(names: readonly string[]): Promise<void> {
    this.database = await migratedDatabase()
    this.stores = await equalStores(this.built.folder, this.database.url, names)
    ;[this.local, this.server] = await Promise.all([
      openLocal(this.built.folder, this.stores.folder),
      this.openServer(),
    ])
    await pairStores(this.local, this.server)
    await this.#open('local')
  }

  /** Raises where something failed that nobody waited for. */
  async end(): Promise<void> {
    await this.here.close()
    await this.local.close()
    await this.server.close()
    await this.database.drop()
    this.stores.remove()
    this.changed.length = 0
    expect(this.#errors.splice(0)).toEqual([])
  }

  /** Starts the console again in a mode; in mode `dual`, what waited was brought to the server, or is held. */
  async restart(mode: 'local' | 'dual'): Promise<void> {
    await this.here.close()
    await this.#open(mode)
  }

  readonly openServer = (): Promise<ServerStore> => openServer(this.built.folder, this.database.url)

  /** One of both galleries. */
  readonly person = (name: string): PersonId => this.stores.people.get(name)!

  /** Brings here what is on the server. */
  readonly follow = () => this.local.cache.sync(this.server.snapshots(), {})

  /** Between the two galleries. */
  async differences() {
    return (await this.local.cache.compare(this.server.snapshots(), {})).differences
  }

  /** Until nothing waits for the server. */
  async brought(): Promise<void> {
    await this.here.bringNow()
    await expect.poll(() => this.here.outboxEntries(), { timeout: 10_000 }).toEqual([])
  }

  async #open(mode: 'local' | 'dual'): Promise<void> {
    this.here = await PairedStore.open({
      local: this.local,
      ...(mode === 'dual' ? { openServer: this.openServer } : {}),
      onChanged: (clientId) => this.changed.push(clientId),
      onError: (error) => this.#errors.push(error),
    })
    await this.here.tryNow()
  }
}

/** To be called once, where the tests of a file begin. */
export function onTrial(names: readonly string[]): Trial {
  const trial = new Trial()
  beforeAll(async () => {
    trial.built = await buildStore()
  })
  afterAll(() => trial.built.remove())
  beforeEach(() => trial.begin(names))
  afterEach(() => trial.end())
  return trial
}
