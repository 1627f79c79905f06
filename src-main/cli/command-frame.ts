/** What the commands share: how one runs and ends, the store, the vision process, names. Runs on the command line. */
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import type { StoreSide } from '../../src-shared/diagnosis'
import { hasCode, VisorError } from '../../src-shared/errors'
import {
  type ClientId,
  clientIdSchema,
  type Domain,
  domainSchema,
  modelIdSchema,
  type PersonId,
} from '../../src-shared/ids'
import { modelIdOf } from '../../src-shared/model-pack'
import { placeOf } from '../../src-shared/server'
import type { Settings } from '../../src-shared/settings'
import { type DataFolder, defaultDataFolder, openDataFolder } from '../data-folder'
import { folderToDiagnose, serverToDiagnose } from '../diagnosed-stores'
import { childProcessLauncher } from '../host/child-process'
import { PhotoRunner } from '../host/photo-runner'
import { VisionHost } from '../host/vision-host'
import { isolationParts } from '../isolation-parts'
import { Calibrations } from '../services/calibration/calibrations'
import type { DiagnosedStore } from '../services/diagnostics/diagnose'
import type { IsolationParts } from '../services/diagnostics/isolation/isolation'
import { Erasures } from '../services/erasure/erasures'
import { filePlaces } from '../services/erasure/file-places'
import { possibleDistances } from '../services/erasure/possible-distances'
import { ModelPacks } from '../services/model-packs'
import { readSettings, SettingsFile } from '../services/settings-file'
import type { GalleryStore } from '../storage/gallery-store'
import { openSchema } from '../storage/schema/open-schema'
import type { SchemaPlace, SchemaStore } from '../storage/schema-store'
import { type CacheOfServer, type LocalStore, openLocalStore } from '../storage/threads/local-store'
import { openServerStore, type ServerStore } from '../storage/threads/server-store'
import type { Engine } from './engine'
import { finishErasures } from './erasure'
import { type ModeOfRun, modeOfRun } from './mode'
import { type Moving, withMoving } from './moving'
import { type ExitCode, Output, type Streams } from './output'
import { findPerson, type PersonScope } from './persons'
import { type StoresOfRun, withCache, withCacheAlone, withStoreOfRun } from './stores-of-run'

export const clientOption = ['--client <name>', 'the client', 'default'] as const
export const domainOption = ['--domain <name>', 'the domain that names are looked up in'] as const
export const thoroughOption = [
  '--thorough',
  'look for very small faces in large photos, too; slower',
] as const
export const flipOption = ['--flip', 'average each face with its mirror image; slower'] as const

export interface AnalysisFlags {
  readonly thorough?: boolean
  readonly flip?: boolean
}
export const analysisOf = ({ thorough = false, flip = false }: AnalysisFlags) => ({ thorough, flip })

export interface NameFlags {
  readonly client: string
  readonly domain: string
}
export interface ScopeFlags {
  readonly client: string
  readonly domain?: string
}

/** The two names. Raises `invalid-argument` for what cannot be one. */
export function namesOf({ client, domain }: NameFlags): {
  readonly clientId: ClientId
  readonly domain: Domain
} {
  const clientId = clientIdSchema.safeParse(client)
  const name = domainSchema.safeParse(domain)
  if (!clientId.success || !name.success) {
    throw new VisorError('invalid-argument', 'A client and a domain need a name of 1 to 200 characters.')
  }
  return { clientId: clientId.data, domain: name.data }
}

/** The same where the domain may be left out. Raises `invalid-argument`. */
export const scopeOf = ({ client, domain }: ScopeFlags): PersonScope => ({
  clientId: namesOf({ client, domain: 'any' }).clientId,
  domain: domain === undefined ? null : namesOf({ client, domain }).domain,
})

/** A command on people: what it works with, and how it finds those it is told by name. */
interface OnPersons {
  readonly gallery: GalleryStore
  readonly output: Output
  readonly scope: PersonScope
  find(text: string): Promise<PersonId>
}

/** The options before the command. */
export interface GlobalFlags {
  readonly data?: string
  readonly json?: boolean
  readonly postgres?: string
}

/** One run of the command line. */
export class CommandFrame {
  /** The operating system's user name, for the ledger. */
  readonly actor = userInfo().username
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  exitCode: ExitCode = 0
  /** The folder of the built bundles. */
  readonly built: string
  readonly #streams: Streams
  readonly #global: () => GlobalFlags

  /** `built`: the folder of the built bundles. */
  constructor(built: string, signal: AbortSignal, streams: Streams, global: () => GlobalFlags) {
    this.built = built
    this.signal = signal
    this.#streams = streams
    this.#global = global
  }

  /** What commands print by. */
  output(): Output {
    return new Output(this.#global().json === true, this.#streams)
  }

  /** Runs a command and remembers how it ended; a command's own failures are counted by its output. */
  action<A extends unknown[]>(run: (output: Output, folder: DataFolder, ...rest: A) => Promise<void>) {
    return async (...rest: A): Promise<void> => {
      const { data } = this.#global()
      const output = this.output()
      try {
        await run(output, openDataFolder(data ?? defaultDataFolder()), ...rest)
        this.exitCode = output.exitCode
      } catch (error) {
        this.exitCode = output.abort(error)
      }
    }
  }

  /** A command on people; `flags` are the options that commander passes before the command itself. */
  onPersons<A extends unknown[], F extends ScopeFlags>(
    run: (on: OnPersons, flags: F, ...rest: A) => Promise<void>,
  ) {
    return async (...rest: [...A, F, Command]): Promise<void> => {
      const flags = rest.at(-2) as F
      await this.action(async (output, folder) => {
        const scope = scopeOf(flags)
        await this.withStore(folder, ({ gallery }) => {
          const find = (text: string) => findPerson(gallery, text, scope)
          return run({ gallery, output, scope, find }, flags, ...(rest.slice(0, -2) as A))
        })
      })()
    }
  }

  openPacks(): Promise<ModelPacks> {
    return ModelPacks.open(join(this.built, '..', '..', 'models'))
  }

  /** Erasures from a folder that this process has open. */
  erasures(folder: DataFolder, store: LocalStore): Erasures {
    const settings = new SettingsFile(folder.settingsFile)
    const calibrations = new Calibrations(folder.calibrationsFolder)
    return new Erasures({
      store: store.erasure,
      places: filePlaces({ calibrations, settings, folder }),
      reportsFolder: folder.erasuresFolder,
      possible: async (clientId) =>
        possibleDistances(await this.openPacks(), store.gallery, settings.current, clientId),
      actor: this.actor,
    })
  }

  /** Where the galleries of this run are. Raises `invalid-argument`. */
  modeOfRun(settings: Pick<Settings, 'storeMode' | 'server'>): ModeOfRun {
    return modeOfRun(this.#global().postgres, settings)
  }

  /** The schema of the database that is worked on: the server's, or the data folder's. Raises `invalid-argument`. */
  schemaOf(folder: DataFolder): SchemaStore {
    const { mode, connection, password } = this.modeOfRun(readSettings(folder.settingsFile))
    const place: SchemaPlace =
      mode === 'local' ? { kind: 'sqlite', folder: folder.path } : { kind: 'postgres', connection, password }
    return openSchema(place, { builtFolder: this.built })
  }

  /** Visor's own. */
  get version(): string {
    const manifest = readFileSync(join(this.built, '..', '..', 'package.json'), 'utf8')
    return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version
  }

  /** The store that is worked on, or the named one, for a diagnosis. Raises `invalid-argument`. */
  storeToDiagnose(folder: DataFolder, side?: StoreSide): DiagnosedStore {
    const { mode, connection, password } = this.modeOfRun(readSettings(folder.settingsFile))
    const builtFolder = this.built
    if ((side ?? mode) === 'server') {
      return serverToDiagnose({ connection, password, place: placeOf(connection), builtFolder })
    }
    const openGallery = async () => {
      const store = await openLocalStore({ folder: folder.path, builtFolder, threads: 1 })
      return { ...store.gallery, close: () => store.close() }
    }
    return folderToDiagnose({ folder: folder.path, builtFolder, openGallery })
  }

  /** What an isolation check tries: this machine's store, and the server where one is worked on. Raises `invalid-argument`. */
  async isolationToTry(folder: DataFolder): Promise<IsolationParts> {
    const settings = readSettings(folder.settingsFile)
    const { mode, connection } = this.modeOfRun(settings)
    const packs = await this.openPacks()
    return isolationParts({
      launch: childProcessLauncher(join(this.built, 'vision.js')),
      configuration: () => packs.configuration(settings),
      places: [
        { diagnosed: 'local', place: folder.path },
        ...(mode === 'local' ? [] : [{ diagnosed: 'server' as const, place: placeOf(connection) }]),
      ],
      toDiagnose: async (side) => this.storeToDiagnose(folder, side),
    })
  }

  /**
   * Opens the store that is worked on for as long as `work` runs; `local` is this machine's own. An erasure that was interrupted is
   * ended first.
   */
  async withStore(
    folder: DataFolder,
    work: (store: LocalStore, local: LocalStore) => Promise<void>,
  ): Promise<void> {
    await withStoreOfRun(this.#storesOf(folder), async (store, local) => {
      try {
        await finishErasures(this.erasures(folder, store), this.output())
      } catch (error) {
        // They are due on the server, and wait until it is back; the command may not need it.
        if (!hasCode(error, 'server-unreachable')) throw error
      }
      await work(store, local)
    })
  }

  /** Opens the server's store for as long as `work` runs. Raises `invalid-argument` where the galleries are on this machine. */
  async withServer(folder: DataFolder, work: (server: ServerStore) => Promise<void>): Promise<void> {
    const { mode, connection, password } = this.modeOfRun(readSettings(folder.settingsFile))
    if (mode === 'local') {
      throw new VisorError('invalid-argument', 'The galleries are on this machine, not on a server.', {
        remedy: 'Name the server with --postgres.',
      })
    }
    const login = password === undefined ? {} : { password }
    const server = await openServerStore({ builtFolder: this.built, connection, ...login })
    try {
      await work(server)
    } finally {
      await server.close()
    }
  }

  /** Opens the stores as the window does, for commands that go from one to the other. `leaving`: the server, as `withMoving` has it. */
  withMoving(
    folder: DataFolder,
    output: Output,
    work: (moving: Moving) => Promise<void>,
    leaving = false,
  ): Promise<void> {
    const { actor } = this
    const modeOfRun = (settings: Settings) => this.modeOfRun(settings)
    return withMoving(folder, { builtFolder: this.built, actor, modeOfRun, output, leaving }, work)
  }

  /** Opens what this console keeps of the server, for as long as `work` runs; the server is not asked. Raises `not-found`. */
  withCacheAlone(
    folder: DataFolder,
    work: (cache: CacheOfServer, place: string) => Promise<void>,
  ): Promise<void> {
    return withCacheAlone(this.#storesOf(folder), work)
  }

  /** The same with the server. Raises why that cannot be used. */
  withCache(
    folder: DataFolder,
    work: (cache: CacheOfServer, server: ServerStore) => Promise<void>,
  ): Promise<void> {
    return withCache(this.#storesOf(folder), work)
  }

  /** Starts the vision process for as long as `work` runs. */
  async withEngine<T>(folder: DataFolder, work: (engine: Engine) => Promise<T>): Promise<T> {
    const settings = readSettings(folder.settingsFile)
    const packs = await this.openPacks()
    const pack = packs.pack(settings.modelPack)
    const vision = new VisionHost({ launch: childProcessLauncher(join(this.built, 'vision.js')) })
    try {
      await vision.configure(packs.configuration(settings), { signal: this.signal })
      return await work({
        vision,
        photos: new PhotoRunner(vision),
        pack,
        modelId: modelIdSchema.parse(modelIdOf(pack)),
        signal: this.signal,
        actor: this.actor,
      })
    } finally {
      await vision.stop()
    }
  }

  #storesOf(folder: DataFolder): StoresOfRun {
    const modeOfRun = () => this.modeOfRun(readSettings(folder.settingsFile))
    return { folder, builtFolder: this.built, modeOfRun, output: this.output() }
  }
}
