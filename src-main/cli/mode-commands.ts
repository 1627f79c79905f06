/** The options of `visor mode`. Runs on the command line. */
import { Argument, type Command } from 'commander'
import { type StoreMode, storeModeSchema } from '../../src-shared/store-mode'
import { readSettings, SettingsFile } from '../services/settings-file'
import type { CommandFrame } from './command-frame'
import { tellMode } from './mode'

/** Adds the commands to the program. */
export function addModeCommands(program: Command, frame: CommandFrame): void {
  const mode = program.command('mode').description('where the galleries are: on this machine, or on a server')
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
    .description('change it; a server is tried first, and remembered with --postgres, without its password')
    .addArgument(new Argument('<mode>').choices(storeModeSchema.options))
    .action(
      frame.action(async (output, folder, wanted: StoreMode) => {
        const settings = new SettingsFile(folder.settingsFile)
        const { connection } = frame.modeOfRun(settings.current)
        // The folder is held meanwhile: a window that is open has the settings in memory.
        await frame.tryStore(folder, wanted)
        settings.update({ storeMode: wanted, ...(wanted === 'server' ? { server: connection } : {}) })
        await settings.flush()
        tellMode({ mode: wanted, why: 'settings', connection }, false, output)
      }),
    )
}
