/** Entry of the command line: `visor COMMAND`. Runs in Electron's Node, without a window. */
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { Command, CommanderError, Option } from 'commander'
import { VisorError } from '../../src-shared/errors'
import { clientIdSchema, domainSchema, modelIdSchema, type PersonId } from '../../src-shared/ids'
import { modelIdOf } from '../../src-shared/model-pack'
import { type DataFolder, defaultDataFolder, openDataFolder } from '../data-folder'
import { childProcessLauncher } from '../host/child-process'
import { PhotoRunner } from '../host/photo-runner'
import { VisionHost } from '../host/vision-host'
import { Calibrations } from '../services/calibration/calibrations'
import { ModelPacks } from '../services/model-packs'
import { readSettings, SettingsFile } from '../services/settings-file'
import type { GalleryStore } from '../storage/gallery-store'
import { type LocalStore, openLocalStore } from '../storage/sqlite/local-store'
import { calibrate } from './calibrate'
import type { Engine } from './engine'
import { exportPeople, importPeople } from './exchange'
import { faces, verify } from './faces'
import { enrol, sample, stats } from './gallery'
import { fetchModels, listModels, verifyModels } from './models'
import { type ExitCode, numberOption, Output } from './output'
import {
  deletePersons,
  findPerson,
  listBin,
  listLedger,
  listPersons,
  mergePersons,
  movePersons,
  type PersonScope,
  renamePerson,
  showPerson,
  undoEntry,
  verifyLedger,
} from './persons'
import { recognize } from './recognize'
import { addUnknownCommands } from './unknown-commands'

const built = import.meta.dirname
const openPacks = () => ModelPacks.open(join(built, '..', '..', 'models'))
const interrupt = new AbortController()

interface GlobalOptions {
  readonly data?: string
  readonly json?: boolean
}

const program = new Command('visor')
  .description('Face recognition on the command line. The same services as the window.')
  .option('--data <folder>', 'the data folder', process.env.VISOR_DATA)
  .option('--json', 'one JSON object a line on stdout, everything else on stderr')
  .showHelpAfterError()
  .exitOverride()

/** Runs a command and remembers how it ended; a command's own failures are counted by its output. */
let exitCode: ExitCode = 0
function action<A extends unknown[]>(run: (output: Output, folder: DataFolder, ...rest: A) => Promise<void>) {
  return async (...rest: A): Promise<void> => {
    const { data, json } = program.opts<GlobalOptions>()
    const output = new Output(json === true)
    try {
      await run(output, openDataFolder(data ?? defaultDataFolder()), ...rest)
      exitCode = output.exitCode
    } catch (error) {
      exitCode = output.abort(error)
    }
  }
}

/** Starts the vision process for as long as `work` runs. */
async function withEngine(folder: DataFolder, work: (engine: Engine) => Promise<void>): Promise<void> {
  const { modelPack, provider, threads } = readSettings(folder.settingsFile)
  const packs = await openPacks()
  const pack = packs.pack(modelPack)
  const vision = new VisionHost({ launch: childProcessLauncher(join(built, 'vision.js')) })
  try {
    await vision.configure(
      { pack, packFolder: packs.folderOf(pack), provider, threads },
      { signal: interrupt.signal },
    )
    await work({
      vision,
      photos: new PhotoRunner(vision),
      pack,
      modelId: modelIdSchema.parse(modelIdOf(pack)),
      signal: interrupt.signal,
      actor: userInfo().username,
    })
  } finally {
    await vision.stop()
  }
}

async function withStore(folder: DataFolder, work: (store: LocalStore) => Promise<void>): Promise<void> {
  const store = await openLocalStore({ folder: folder.path, builtFolder: built })
  try {
    await work(store)
  } finally {
    await store.close()
  }
}

const clientOption = ['--client <name>', 'the client', 'default'] as const
const thoroughOption = ['--thorough', 'look for very small faces in large photos, too; slower'] as const
const flipOption = ['--flip', 'average each face with its mirror image; slower'] as const

interface AnalysisFlags {
  readonly thorough?: boolean
  readonly flip?: boolean
}
const analysisOf = ({ thorough = false, flip = false }: AnalysisFlags) => ({ thorough, flip })

program
  .command('faces')
  .description('find the faces in photos')
  .argument('<photo...>')
  .option('--embeddings', 'with each face its embedding: base64 of 512 little-endian float32')
  .option(...thoroughOption)
  .option(...flipOption)
  .action(
    action(async (output, folder, paths: string[], flags: AnalysisFlags & { embeddings?: boolean }) => {
      const options = { ...analysisOf(flags), embeddings: flags.embeddings === true }
      await withEngine(folder, (engine) => faces(engine, paths, options, output))
    }),
  )

program
  .command('enrol')
  .description('enrol a folder of people: each sub-folder is a person')
  .argument('<folder>')
  .requiredOption('--domain <name>', 'the domain to enrol them in')
  .option(...clientOption)
  .option(...flipOption)
  .action(
    action(
      async (output, folder, path: string, flags: AnalysisFlags & { domain: string; client: string }) => {
        const options = { ...namesOf(flags), ...analysisOf(flags) }
        await withStore(folder, ({ gallery }) =>
          withEngine(folder, (engine) => enrol(engine, gallery, path, options, output)),
        )
      },
    ),
  )

program
  .command('sample')
  .description('install the sample gallery in the domain "sample"')
  .action(
    action(async (output, folder) => {
      await withStore(folder, ({ gallery }) =>
        withEngine(folder, async (engine) => sample(engine, await openPacks(), gallery, output)),
      )
    }),
  )

interface RecognizeFlags extends AnalysisFlags {
  readonly domain: string
  readonly client: string
  readonly threshold?: number
  readonly topK: number
  readonly annotate?: string
}

program
  .command('recognize')
  .description('say who is in photos')
  .argument('<photo-or-folder...>')
  .requiredOption('--domain <name>', 'the domain to look in')
  .option(...clientOption)
  .option('--threshold <distance>', 'match up to this cosine distance', numberOption('--threshold', 0, 2))
  .option('--top-k <count>', 'candidates per face', numberOption('--top-k', 1, 50, true), 5)
  .option('--annotate <folder>', 'write each photo there, with boxes and names')
  .option(...thoroughOption)
  .option(...flipOption)
  .action(
    action(async (output, folder, paths: string[], flags: RecognizeFlags) => {
      const options = {
        ...namesOf(flags),
        ...analysisOf(flags),
        threshold: flags.threshold ?? null,
        topK: flags.topK,
        annotate: flags.annotate,
        domainThresholds: readSettings(folder.settingsFile).thresholds,
      }
      await withStore(folder, ({ gallery }) =>
        withEngine(folder, (engine) => recognize(engine, gallery, paths, options, output)),
      )
    }),
  )

program
  .command('verify')
  .description('are the largest faces of two photos the same person?')
  .argument('<a>')
  .argument('<b>')
  .option(...flipOption)
  .action(
    action(async (output, folder, a: string, b: string, flags: AnalysisFlags) => {
      await withEngine(folder, (engine) => verify(engine, [a, b], analysisOf(flags), output))
    }),
  )

program
  .command('stats')
  .description('what is in the galleries')
  .action(action(async (output, folder) => withStore(folder, ({ gallery }) => stats(gallery, output))))

interface CalibrateFlags {
  readonly domain: string
  readonly client: string
  readonly fpir?: number
  readonly set?: boolean
}

program
  .command('calibrate')
  .description('measure how often searches of a domain err')
  .requiredOption('--domain <name>', 'the domain to measure')
  .option(...clientOption)
  .option(
    '--fpir <rate>',
    'say which distance has this rate of wrong names, like 0.001',
    numberOption('--fpir', 0, 0.5),
  )
  .option('--set', 'match within that distance in this domain from now on')
  .action(
    action(async (output, folder, flags: CalibrateFlags) => {
      const packs = await openPacks()
      await withStore(folder, ({ gallery }) => {
        // Read once the folder is ours: a window that had it may have changed them.
        const settings = new SettingsFile(folder.settingsFile)
        const pack = packs.pack(settings.current.modelPack)
        const options = {
          scope: { ...namesOf(flags), modelId: modelIdSchema.parse(modelIdOf(pack)) },
          pack: pack.thresholds,
          rate: flags.fpir,
          set: flags.set === true,
          signal: interrupt.signal,
        }
        return calibrate(gallery, new Calibrations(folder.calibrationsFolder), settings, options, output)
      })
    }),
  )

const models = program.command('models').description('model packs')
models
  .command('list')
  .description('the packs, and whether their files are here')
  .action(
    action(async (output, folder) =>
      listModels(await openPacks(), readSettings(folder.settingsFile), output),
    ),
  )
models
  .command('fetch')
  .description('fetch and verify a pack; the default one where none is named')
  .argument('[pack]')
  .option('--consent', 'agree to the terms of a pack that asks for it')
  .action(
    action(async (output, _folder, pack: string | undefined, flags: { consent?: boolean }) => {
      await fetchModels(await openPacks(), pack, flags.consent === true, output, interrupt.signal)
    }),
  )
models
  .command('verify')
  .description('check the files of the packs that are here against their hashes')
  .argument('[pack]')
  .action(
    action(async (output, _folder, pack: string | undefined) =>
      verifyModels(await openPacks(), pack, output),
    ),
  )

const persons = program
  .command('persons')
  .description('the people of a gallery; a person is named by id, or by name')
const domainOption = ['--domain <name>', 'the domain that names are looked up in'] as const

interface ScopeFlags {
  readonly client: string
  readonly domain?: string
}
/** A command on people: resolves the names it is given. */
function onPersons<A extends unknown[]>(
  run: (
    gallery: GalleryStore,
    output: Output,
    find: (text: string) => Promise<PersonId>,
    scope: PersonScope,
    ...rest: A
  ) => Promise<void>,
) {
  return async (...rest: [...A, ScopeFlags, Command]): Promise<void> => {
    const flags = rest.at(-2) as ScopeFlags
    await action(async (output, folder) => {
      const scope = scopeOf(flags)
      await withStore(folder, ({ gallery }) =>
        run(gallery, output, (text) => findPerson(gallery, text, scope), scope, ...(rest.slice(0, -2) as A)),
      )
    })()
  }
}
const scopeOf = ({ client, domain }: ScopeFlags): PersonScope => ({
  clientId: namesOf({ client, domain: 'any' }).clientId,
  domain: domain === undefined ? null : namesOf({ client, domain }).domain,
})
const actor = userInfo().username

persons
  .command('list')
  .argument('[text]', 'part of a name', '')
  .option(...clientOption)
  .option(...domainOption)
  .action(
    onPersons(async (gallery, output, _find, scope, text: string) =>
      listPersons(gallery, text, scope, output),
    ),
  )
persons
  .command('show')
  .argument('<person>')
  .option(...clientOption)
  .option(...domainOption)
  .action(
    onPersons(async (gallery, output, find, _scope, person: string) =>
      showPerson(gallery, await find(person), output),
    ),
  )
persons
  .command('rename')
  .argument('<person>')
  .argument('<name>')
  .option(...clientOption)
  .option(...domainOption)
  .action(
    onPersons(async (gallery, output, find, _scope, person: string, name: string) =>
      renamePerson(gallery, await find(person), name, actor, output),
    ),
  )
persons
  .command('move')
  .argument('<person...>')
  .requiredOption('--to <domain>', 'the domain to move them to')
  .option('--merge', 'merge with the person of the same name there; without it a clash is refused')
  .option(...clientOption)
  .option(...domainOption)
  .action(async (people: string[], flags: ScopeFlags & { to: string; merge?: boolean }, command: Command) =>
    onPersons(async (gallery, output, find) => {
      const ids = await Promise.all(people.map(find))
      await movePersons(
        gallery,
        ids,
        namesOf({ client: flags.client, domain: flags.to }).domain,
        flags.merge === true,
        actor,
        output,
      )
    })(flags, command),
  )
persons
  .command('merge')
  .argument('<target>', 'who stays')
  .argument('<source...>', 'who is merged into them')
  .option(...clientOption)
  .option(...domainOption)
  .action(
    onPersons(async (gallery, output, find, _scope, target: string, sources: string[]) =>
      mergePersons(gallery, await find(target), await Promise.all(sources.map(find)), actor, output),
    ),
  )
persons
  .command('delete')
  .argument('<person...>')
  .option(...clientOption)
  .option(...domainOption)
  .action(
    onPersons(async (gallery, output, find, _scope, people: string[]) =>
      deletePersons(gallery, await Promise.all(people.map(find)), actor, output),
    ),
  )
persons
  .command('bin')
  .description('what was deleted and can be restored')
  .option(...clientOption)
  .action(onPersons(async (gallery, output, _find, { clientId }) => listBin(gallery, clientId, 30, output)))
persons
  .command('restore')
  .description('restore what one entry of the bin deleted')
  .argument('<entry>', 'its ledger id')
  .option(...clientOption)
  .action(
    onPersons(async (gallery, output, _find, _scope, entry: string) =>
      undoEntry(gallery, entry, actor, output),
    ),
  )

interface ExportFlags extends ScopeFlags {
  readonly person?: string[]
  readonly photos: 'copy' | 'none'
  readonly xmp?: boolean
  readonly forceXmp?: boolean
  readonly force?: boolean
}
program
  .command('export')
  .description('write people, with all that is kept of them, to a folder')
  .argument('<folder>', 'a folder that is not there yet, or empty')
  .option(...clientOption)
  .option('--domain <name>', 'this domain only')
  .option('--person <person...>', 'these people only, by id or by name')
  .addOption(
    new Option('--photos <which>', 'whether photos are copied').choices(['copy', 'none']).default('copy'),
  )
  .option('--xmp', 'write names into the copies of the photos, as face regions')
  .option('--force-xmp', 'the same, and replace XMP that is broken')
  .option('--force', 'replace an export that is there')
  .action(async (path: string, flags: ExportFlags, command: Command) =>
    onPersons(async (gallery, output, find, { clientId, domain }) => {
      const personIds = flags.person === undefined ? null : await Promise.all(flags.person.map(find))
      const names = flags.forceXmp === true ? 'force' : flags.xmp === true ? 'write' : 'none'
      const { photos } = flags
      const replace = flags.force === true
      const options = {
        clientId,
        domain,
        personIds,
        photos,
        names,
        replace,
        signal: interrupt.signal,
      } as const
      await exportPeople(gallery, path, options, output)
    })(flags, command),
  )

program
  .command('import')
  .description('read an exported folder, or photos with names in them (MWG or Microsoft face regions)')
  .argument('<folder>')
  .requiredOption('--domain <name>', 'the domain to import into')
  .option(...clientOption)
  .action(
    action(async (output, folder, path: string, flags: { domain: string; client: string }) => {
      const pack = (await openPacks()).pack(readSettings(folder.settingsFile).modelPack)
      const modelId = modelIdSchema.parse(modelIdOf(pack))
      const options = { ...namesOf(flags), modelId, actor, signal: interrupt.signal }
      await withStore(folder, ({ gallery }) =>
        importPeople(gallery, path, options, (work) => withEngine(folder, work), output),
      )
    }),
  )

addUnknownCommands(program, {
  action,
  withStore,
  openPacks,
  scopeOf,
  namesOf,
  actor,
  signal: interrupt.signal,
})

const ledger = program.command('ledger').description('the history of every change')
ledger
  .command('list')
  .option('--limit <count>', 'newest entries', numberOption('--limit', 1, 500, true), 50)
  .option(...clientOption)
  .action(async (flags: ScopeFlags & { limit: number }, command: Command) =>
    onPersons(async (gallery, output, _find, { clientId }) =>
      listLedger(gallery, clientId, flags.limit, output),
    )(flags, command),
  )
ledger
  .command('verify')
  .description('is every entry as it was written?')
  .option(...clientOption)
  .action(onPersons(async (gallery, output) => verifyLedger(gallery, output)))
ledger
  .command('undo')
  .argument('<entry>', 'its ledger id')
  .option(...clientOption)
  .action(
    onPersons(async (gallery, output, _find, _scope, entry: string) =>
      undoEntry(gallery, entry, actor, output),
    ),
  )

function namesOf({ client, domain }: { client: string; domain: string }) {
  const clientId = clientIdSchema.safeParse(client)
  const name = domainSchema.safeParse(domain)
  if (!clientId.success || !name.success) {
    throw new VisorError('invalid-argument', 'A client and a domain need a name of 1 to 200 characters.')
  }
  return { clientId: clientId.data, domain: name.data }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupt.abort(new VisorError('cancelled', 'Interrupted.')))
}
// A reader that goes away (`visor … | head`) is no failure of ours, and there is nobody left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
// Whoever no longer reads the messages may still read the answers.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  await program.parseAsync(process.argv)
} catch (error) {
  exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : new Output(false).abort(error)
}
process.exitCode = exitCode
