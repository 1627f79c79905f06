/** The options of `visor models …`. Runs on the command line. */
import type { Command } from 'commander'
import { readSettings } from '../services/settings-file'
import type { CommandFrame } from './command-frame'
import { fetchModels, listModels, verifyModels } from './models'

export function addModelCommands(program: Command, frame: CommandFrame): void {
  const models = program.command('models').description('model packs')
  models
    .command('list')
    .description('the packs, and whether their files are here')
    .action(
      frame.action(async (output, folder) =>
        listModels(await frame.openPacks(), readSettings(folder.settingsFile), output),
      ),
    )
  models
    .command('fetch')
    .description('fetch and verify a pack; the default one where none is named')
    .argument('[pack]')
    .option('--consent', 'agree to the terms of a pack that asks for it')
    .action(
      frame.action(async (output, _folder, pack: string | undefined, flags: { consent?: boolean }) => {
        await fetchModels(await frame.openPacks(), pack, flags.consent === true, output, frame.signal)
      }),
    )
  models
    .command('verify')
    .description('check the files of the packs that are here against their hashes')
    .argument('[pack]')
    .action(
      frame.action(async (output, _folder, pack: string | undefined) =>
        verifyModels(await frame.openPacks(), pack, output),
      ),
    )
}
