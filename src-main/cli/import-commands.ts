/** The options of `visor import`. Runs on the command line. */
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { VisorError } from '../../src-shared/errors'
import { importRunIdSchema, modelIdSchema } from '../../src-shared/ids'
import {
  defaultPersonRule,
  type ImportKind,
  importKinds,
  type PersonRule,
  personRuleSchema,
  type SourcePlace,
} from '../../src-shared/import'
import type { ImportOptions, ImportRun } from '../../src-shared/import-run'
import { modelIdOf } from '../../src-shared/model-pack'
import { asServerConnection } from '../../src-shared/server-parameters'
import { holdsPassword, parseServerText } from '../../src-shared/server-url'
import type { DataFolder } from '../data-folder'
import { SourceThread } from '../import/thread/source-thread'
import { type ReportFormat, reportFormats } from '../services/import/import-report'
import { Imports, type WantedImport } from '../services/import/imports'
import type { PhotoLooker } from '../services/import/photo-looker'
import { modelText } from '../services/import/same-model'
import { readSettings } from '../services/settings-file'
import { openSourceGallery } from '../source-gallery'
import type { LocalStore } from '../storage/threads/local-store'
import {
  type CommandFrame,
  clientOption,
  type NameFlags,
  namesOf,
  type ScopeFlags,
  scopeOf,
} from './command-frame'
import { importPeople } from './exchange'
import {
  inspectSource,
  listRuns,
  lookForPhotos,
  resumeRun,
  runImport,
  saveReport,
  tryImport,
  undoRun,
  validateRun,
} from './imports'
import { inSnakeCase, type Output } from './output'

interface SourceFlags extends ScopeFlags {
  readonly kind?: ImportKind
  readonly personRule?: PersonRule
  readonly all?: boolean
  readonly namesakes: ImportOptions['namesakes']
  readonly model?: string
  readonly onlyRejected?: string
  readonly embedPhotos?: boolean
  readonly why?: string
  readonly checkModel?: boolean
  readonly photos?: string
  readonly fromClient?: string
  readonly dryRun?: boolean
}

/** Adds the commands to the program. */
export function addImportCommands(program: Command, frame: CommandFrame): void {
  const importing = program
    .command('import')
    .description('move another system’s faces over, or read a folder that Visor exported')
  importing
    .command('exported', { isDefault: true })
    .description('read an exported folder, or photos with names in them (MWG or Microsoft face regions)')
    .argument('<folder>')
    .requiredOption('--domain <name>', 'the domain to import into')
    .option(...clientOption)
    .action(
      frame.action(async (output, folder, path: string, flags: NameFlags) => {
        const pack = (await frame.openPacks()).pack(readSettings(folder.settingsFile).modelPack)
        const modelId = modelIdSchema.parse(modelIdOf(pack))
        const options = { ...namesOf(flags), modelId, actor: frame.actor, signal: frame.signal }
        await frame.withStore(folder, ({ gallery }) =>
          importPeople(gallery, path, options, (work) => frame.withEngine(folder, work), output),
        )
      }),
    )

  const onSource = (
    run: (imports: Imports, wanted: WantedImport, output: Output, flags: SourceFlags) => Promise<void>,
  ) =>
    frame.action(async (output, folder, source: string, flags: SourceFlags) => {
      const wanted = wantedOf(source, flags)
      await frame.withStore(folder, (store, local) =>
        run(importsInto(frame, folder, store, local), wanted, output, flags),
      )
    })
  const onRun = (
    run: (imports: Imports, found: ImportRun, output: Output, store: LocalStore) => Promise<void>,
  ) =>
    frame.action(async (output, folder, source: string, flags: ScopeFlags) => {
      await frame.withStore(folder, async (store, local) => {
        const imports = importsInto(frame, folder, store, local)
        await run(imports, await runNamed(store, source, flags), output, store)
      })
    })

  withSource(importing.command('inspect'))
    .description('what a source holds, and who its rows would be; nothing is written')
    .option('--check-model', 'compare its embeddings with fresh ones of photos that are at hand')
    .option('--photos <folder>', 'look there for photos that are not where the source has them')
    .action(
      onSource(async (imports, wanted, output, { checkModel, photos }) => {
        await inspectSource(imports, wanted, frame.signal, output)
        if (checkModel !== true) return
        const check = await imports.checkModel(wanted, photos === undefined ? null : resolve(photos), {
          signal: frame.signal,
        })
        output.answer(inSnakeCase(check), `${modelText(check)}.`)
      }),
    )

  withSource(importing.command('run'))
    .description('bring a source’s rows; exit code 3 where some were rejected')
    .option('--dry-run', 'say what would become of each row, and write nothing')
    .option(
      '--embed-photos',
      'where an embedding cannot be used, make one from the photo with the model in use',
    )
    .option('--why <reason>', 'keep to --model although the photos say that it is another')
    .option('--only-rejected <run>', 'only the rows that this run rejected, after they were mended')
    .action(
      onSource((imports, wanted, output, { dryRun }) =>
        dryRun === true
          ? tryImport(imports, wanted, frame.signal, output)
          : runImport(imports, wanted, frame.signal, output),
      ),
    )

  withRun(importing.command('resume'))
    .description('go on with a run that was interrupted, from where it stands')
    .action(onRun((imports, run, output) => resumeRun(imports, run, frame.signal, output)))

  withRun(importing.command('validate'))
    .description('compare what was brought with its source; exit code 3 where they differ')
    .action(onRun((imports, run, output) => validateRun(imports, run, frame.signal, output)))

  withRun(importing.command('look'))
    .description(
      'look for the photos that a run brought unseen: measure their faces, embed them with the model in use',
    )
    .option('--photos <folder>', 'look there for photos that are not where the source has them')
    .action(
      frame.action(
        async (output, folder, source: string, flags: ScopeFlags & { readonly photos?: string }) => {
          const photos = flags.photos === undefined ? null : resolve(flags.photos)
          await frame.withStore(folder, async (store, local) => {
            const run = await runNamed(store, source, flags)
            const imports = importsInto(frame, folder, store, local)
            await lookForPhotos(imports, run, photos, frame.signal, output)
          })
        },
      ),
    )

  withRun(importing.command('report'))
    .description('the report of a run, with each row that was rejected')
    .addOption(new Option('--format <format>', 'of the file').choices(reportFormats))
    .option('--to <file>', 'write it there')
    .action(
      frame.action(
        async (
          output,
          folder,
          source: string,
          flags: ScopeFlags & { readonly format?: ReportFormat; readonly to?: string },
        ) => {
          const { format, to } = flags
          await frame.withStore(folder, async (store) => {
            const run = await runNamed(store, source, flags)
            await saveReport(store.imports, run, { format, to: to && resolve(to) }, output)
          })
        },
      ),
    )

  withRun(importing.command('undo'))
    .description('take back what a run brought')
    .action(onRun((imports, run, output) => undoRun(imports, run, frame.signal, output)))

  importing
    .command('list')
    .description('runs of imports, newest first')
    .option(...clientOption)
    .action(
      frame.action(async (output, folder, flags: ScopeFlags) => {
        await frame.withStore(folder, ({ imports }) => listRuns(imports, scopeOf(flags).clientId, output))
      }),
    )
}

function withSource(command: Command): Command {
  return command
    .argument('<source>', 'a file, a folder, or the URL of a PostgreSQL database')
    .option(...clientOption)
    .addOption(new Option('--kind <kind>', 'refuse a source that is something else').choices(importKinds))
    .option('--domain <name>', 'import rows of this domain, and those of none into it')
    .option('--from-client <id>', 'only people whom the source has for this client of its own')
    .option('--all', 'import every row into the domain of its own')
    .option(
      '--person-rule <rule>',
      'who is in a photo, by its path: parent-folder[:N], file-name:PATTERN, regex:PATTERN, csv:FILE',
      personRuleOf,
    )
    .addOption(
      new Option('--namesakes <how>', 'several people of one name: kept apart as “Name (2)”, or made one')
        .choices(['apart', 'one'])
        .default('apart'),
    )
    .option('--model <id>', 'the model that made the embeddings, where the source says none or another')
}

function withRun(command: Command): Command {
  return command
    .argument('<source>', 'the source, whose last run is meant, or the id of a run')
    .option(...clientOption)
}

function importsInto(
  frame: CommandFrame,
  folder: DataFolder,
  target: LocalStore,
  local: LocalStore,
): Imports {
  const builtFolder = frame.built
  const password = process.env.VISOR_SOURCE_PASSWORD || undefined
  return new Imports({
    target,
    openSource: async (spec) => new SourceThread(spec, { builtFolder, password }),
    openGallery: (place) =>
      openSourceGallery(place, { builtFolder, own: { folder: folder.path, store: local }, password }),
    openLooker: () => openLooker(frame, folder),
    actor: frame.actor,
  })
}

/** Starts the vision process until it is closed. Raises what keeps it from starting. */
function openLooker(frame: CommandFrame, folder: DataFolder): Promise<PhotoLooker> {
  const opened = Promise.withResolvers<PhotoLooker>()
  const over = Promise.withResolvers<void>()
  const { flip } = readSettings(folder.settingsFile).search
  const ended = frame.withEngine(folder, async ({ photos, modelId }) => {
    const close = async () => {
      over.resolve()
      await ended
    }
    opened.resolve({ photos, modelId, flip, close })
    await over.promise
  })
  ended.catch(opened.reject)
  return opened.promise
}

/** Raises `invalid-argument`. */
function wantedOf(source: string, flags: SourceFlags): WantedImport {
  const { clientId, domain } = scopeOf(flags)
  if (domain !== null && flags.all === true) {
    throw new VisorError('invalid-argument', 'Either one domain is imported, or all of them.')
  }
  const model = modelIdSchema.nullable().safeParse(flags.model ?? null)
  const only = importRunIdSchema.nullable().safeParse(flags.onlyRejected ?? null)
  if (!model.success || !only.success) {
    throw new VisorError('invalid-argument', 'The id of a model or of a run was meant.', {
      remedy: '“import list” lists the runs.',
    })
  }
  return {
    clientId,
    place: placeNamed(source),
    kind: flags.kind ?? null,
    options: {
      personRule: flags.personRule ?? defaultPersonRule,
      mapping: null,
      domain,
      fromClient: flags.fromClient ?? null,
      namesakes: flags.namesakes,
      modelId: model.data,
      onlyRejectedOf: only.data,
      ...(flags.why === undefined ? {} : { modelReason: flags.why }),
      ...(flags.embedPhotos === true ? { embedPhotos: true } : {}),
    },
  }
}

/** Raises `invalid-argument` for a password, which everybody on the machine can read in the list of processes. */
function placeNamed(source: string): SourcePlace {
  if (!/^postgres(?:ql)?:\/\//.test(source)) return { at: 'path', path: resolve(source) }
  if (holdsPassword(source)) {
    throw new VisorError('invalid-argument', 'A password does not belong on the command line.', {
      consequence: 'Everybody on this machine can read it there, so it is not used. Better change it.',
      remedy: 'Leave it out, and put it into VISOR_SOURCE_PASSWORD, PGPASSWORD or .pgpass.',
    })
  }
  return { at: 'server', connection: asServerConnection(parseServerText(source).settings) }
}

/** Raises `not-found`. */
async function runNamed({ imports }: LocalStore, source: string, flags: ScopeFlags): Promise<ImportRun> {
  const id = importRunIdSchema.safeParse(source)
  if (id.success) return imports.run(id.data)
  const place = JSON.stringify(placeNamed(source))
  const runs = await imports.runs(scopeOf(flags).clientId)
  const run = runs.find((one) => JSON.stringify(one.source) === place)
  if (run !== undefined) return run
  throw new VisorError('not-found', 'Nothing was imported from there.', {
    remedy: '“import list” lists the runs.',
  })
}

const ruleHint = 'A rule is parent-folder[:N], file-name:PATTERN, regex:PATTERN or csv:FILE.'

function personRuleOf(text: string): PersonRule {
  const colon = text.indexOf(':')
  const [by, rest] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]
  const rules: Readonly<Record<string, unknown>> = {
    'parent-folder': { by, up: rest === '' ? 1 : Number(rest) },
    'file-name': { by, pattern: rest },
    regex: { by, pattern: rest, group: /\(\?P?<person>/.test(rest) ? 'person' : 1 },
    csv: { by, path: resolve(rest) },
  }
  const rule = personRuleSchema.safeParse(rules[by])
  if (rule.success) return rule.data
  throw new VisorError('invalid-argument', `"${text}" says not who is in a photo.`, { remedy: ruleHint })
}
