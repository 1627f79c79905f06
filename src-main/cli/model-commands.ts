/** The options of `visor models …`. Runs on the command line. */
import type { Command } from 'commander'
import { readSettings } from '../services/settings-file'
import type { CommandFrame } from './command-frame'
import { fetchModels, listModels, verifyModels } from './models'

interface FetchFlags {
  readonly consent?: boolean
  readonly liveness?: boolean
}

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
    .option('--liveness', 'the optional model, too, that looks for prints and screens')
    .action(
      frame.action(async (output, _folder, pack: string | undefined, flags: FetchFlags) => {
        const wanted = { consent: flags.consent === true, liveness: flags.liveness === true }
        await fetchModels(await frame.openPacks(), pack, wanted, output, frame.signal)
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
