/** The options of `visor enrol`, `sample`, `mirror`, `stats`, `calibrate` and `export`. Runs on the command line. */
import { type Command, Option } from 'commander'
import { modelIdSchema } from '../../src-shared/ids'
import { modelIdOf } from '../../src-shared/model-pack'
import { Calibrations } from '../services/calibration/calibrations'
import { readSettings, SettingsFile } from '../services/settings-file'
import { calibrate } from './calibrate'
import {
  type AnalysisFlags,
  analysisOf,
  type CommandFrame,
  clientOption,
  flipOption,
  type NameFlags,
  namesOf,
  type ScopeFlags,
  scopeOf,
} from './command-frame'
import { exportPeople } from './exchange'
import { enrol, mirror, sample, stats } from './gallery'
import { numberOption } from './output'

interface CalibrateFlags {
  readonly domain: string
  readonly client: string
  readonly fpir?: number
  readonly set?: boolean
}

interface ExportFlags extends ScopeFlags {
  readonly person?: string[]
  readonly photos: 'copy' | 'none'
  readonly xmp?: boolean
  readonly forceXmp?: boolean
  readonly force?: boolean
}

export function addGalleryCommands(program: Command, frame: CommandFrame): void {
  program
    .command('enrol')
    .description('enrol a folder of people: each sub-folder is a person')
    .argument('<folder>')
    .requiredOption('--domain <name>', 'the domain to enrol them in')
    .option(...clientOption)
    .option(...flipOption)
    .action(
      frame.action(async (output, folder, path: string, flags: AnalysisFlags & NameFlags) => {
        const options = { ...namesOf(flags), ...analysisOf(flags) }
        await frame.withStore(folder, (stores) =>
          frame.withEngine(folder, (engine) =>
            enrol(engine, stores, readSettings(folder.settingsFile), path, options, output),
          ),
        )
      }),
    )

  program
    .command('sample')
    .description('install the sample gallery in the domain "sample"')
    .action(
      frame.action(async (output, folder) => {
        await frame.withStore(folder, ({ gallery }) =>
          frame.withEngine(folder, async (engine) =>
            sample(engine, await frame.openPacks(), gallery, output),
          ),
        )
      }),
    )

  program
    .command('mirror')
    .description('say that a photo is a mirror or a collage: a person may be in it more than once')
    .argument('<photo>')
    .option('--undo', 'it is none')
    .option(...clientOption)
    .action(
      frame.action(async (output, folder, path: string, flags: ScopeFlags & { undo?: boolean }) => {
        const options = { clientId: scopeOf(flags).clientId, repeats: flags.undo !== true }
        await frame.withStore(folder, ({ gallery }) => mirror(gallery, path, options, frame, output))
      }),
    )

  program
    .command('stats')
    .description('what is in the galleries')
    .action(
      frame.action(async (output, folder) =>
        frame.withStore(folder, ({ gallery }) => stats(gallery, output)),
      ),
    )

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
      frame.action(async (output, folder, flags: CalibrateFlags) => {
        const packs = await frame.openPacks()
        await frame.withStore(folder, ({ gallery }) => {
          // Read once the folder is ours: a window that had it may have changed them.
          const settings = new SettingsFile(folder.settingsFile)
          const pack = packs.pack(settings.current.modelPack)
          const options = {
            scope: { ...namesOf(flags), modelId: modelIdSchema.parse(modelIdOf(pack)) },
            pack: pack.thresholds,
            rate: flags.fpir,
            set: flags.set === true,
            signal: frame.signal,
          }
          return calibrate(gallery, new Calibrations(folder.calibrationsFolder), settings, options, output)
        })
      }),
    )

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
    .action(
      frame.onPersons(
        async ({ gallery, output, find, scope: { clientId, domain } }, flags: ExportFlags, path: string) => {
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
            signal: frame.signal,
          } as const
          await exportPeople(gallery, path, options, output)
        },
      ),
    )
}
