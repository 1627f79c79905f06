/** The options of `visor health`. Runs on the command line. */
import type { Command } from 'commander'
import { VisorError } from '../../src-shared/errors'
import { type FindingKind, findingKindSchema } from '../../src-shared/health'
import { GalleryHealth } from '../services/health/gallery-health'
import { readSettings } from '../services/settings-file'
import { type CommandFrame, clientOption, type ScopeFlags, scopeOf } from './command-frame'
import { showHealth } from './health'

interface HealthFlags extends ScopeFlags {
  readonly kind?: FindingKind
  readonly fine?: boolean
  readonly run?: boolean
  readonly all?: boolean
}

/** Adds the command to the program. */
export function addHealthCommand(program: Command, frame: CommandFrame): void {
  program
    .command('health')
    .description('what a curator should look at in the galleries; exit code 1 where there is something')
    .option(...clientOption)
    .option('--domain <name>', 'this domain only')
    .option('--kind <kind>', `one of ${findingKindSchema.options.join(', ')}`, kindOf)
    .option('--fine', 'list those that were said to be fine instead')
    .option('--run', 'look at what changed since the last look first')
    .option('--all', 'look at everybody anew first')
    .action(
      frame.action(async (output, folder, flags: HealthFlags) => {
        const packs = await frame.openPacks()
        await frame.withStore(folder, (store) => {
          const settings = readSettings(folder.settingsFile)
          const background = new GalleryHealth({
            health: store.health,
            gallery: store.gallery,
            pack: () => packs.pack(settings.modelPack),
            settings: () => settings,
            onError: (error) => output.failure('health', error),
          })
          const { kind = null, fine, run, all } = flags
          const options = {
            ...scopeOf(flags),
            kind,
            dismissed: fine === true,
            run: run === true,
            all: all === true,
            signal: frame.signal,
          }
          return showHealth(store.health, background, options, output)
        })
      }),
    )
}

function kindOf(text: string): FindingKind {
  const kind = findingKindSchema.safeParse(text)
  if (kind.success) return kind.data
  throw new VisorError('invalid-argument', `"${text}" is no kind of finding.`, {
    remedy: `The kinds are ${findingKindSchema.options.join(', ')}.`,
  })
}
