/** The options of `visor mode`. Runs on the command line. */
import { Argument, type Command } from 'commander'
import { type StoreMode, storeModeSchema } from '../../src-shared/store-mode'
import { readSettings } from '../services/settings-file'
import type { CommandFrame } from './command-frame'
import { tellMove } from './dual'
import { tellMode } from './mode'
import type { Moving } from './moving'

/** Adds the commands to the program. */
export function addModeCommands(program: Command, frame: CommandFrame): void {
  const mode = program
    .command('mode')
    .description('where the galleries are: on this machine, on trial on a server, or there')
  mode
    .command('get', { isDefault: true })
    .description('say which it is')
    .option('--why', 'and why')
    .action(
      frame.action(async (output, folder, { why }: { readonly why?: boolean }) =>
        tellMode(frame.modeOfRun(readSettings(folder.settingsFile)), why === true, output),
      ),
    )
  mode
    .command('set')
    .description(
      'change it; a server is tried first, and remembered with --postgres, without its password. Where the gallery was copied to the server, by the gate',
    )
    .addArgument(new Argument('<mode>').choices(storeModeSchema.options))
    .option('--why <reason>', 'why; to the server also where the gate is not passed')
    .action(
      frame.action(async (output, folder, wanted: StoreMode, { why }: { readonly why?: string }) => {
        // The folder is held meanwhile: a window that is open has the settings in memory.
        const move = async ({ moves, settings }: Moving) => {
          if (wanted === 'server') await moves.prepare()
          const report = await moves.go(wanted, why)
          const { pairings } = await moves.state()
          const { connection } = frame.modeOfRun(settings.current)
          if (pairings.length === 0) tellMode({ mode: wanted, why: 'settings', connection }, false, output)
          else tellMove(report, output)
        }
        await frame.withMoving(folder, output, move, wanted === 'local')
      }),
    )
}
