/** The options of `visor unknown …`, and what each command is given. Runs on the command line. */
import type { Command } from 'commander'
import { readSettings, SettingsFile } from '../services/settings-file'
import { UnknownFaces } from '../services/unknown-faces'
import type { LocalStore } from '../storage/sqlite/local-store'
import {
  type CommandFrame,
  clientOption,
  type NameFlags,
  namesOf,
  type ScopeFlags,
  scopeOf,
} from './command-frame'
import { numberOption, type Output } from './output'
import { ignoreUnknown, keepUnknown, listUnknown, nameUnknown } from './unknown'

/** Adds the commands to the program. */
export function addUnknownCommands(program: Command, frame: CommandFrame): void {
  const unknown = program.command('unknown').description('faces that nobody was named for, in groups')
  unknown
    .command('keep')
    .description('are they kept, and how long? Changes that where it is said')
    .argument('[state]', '"on" or "off"')
    .option('--days <count>', 'days to keep them', numberOption('--days', 1, 3650, true))
    .action(
      frame.action(async (output, folder, state: string | undefined, { days }: { days?: number }) => {
        // Opened for the folder's lock: a window that has it would write its own settings over ours.
        await frame.withStore(folder, () =>
          keepUnknown(new SettingsFile(folder.settingsFile), state, days, output),
        )
      }),
    )
  unknown
    .command('list')
    .description('the groups, largest first')
    .option('--domain <name>', 'of this domain only')
    .option('--ignored', 'those that were set aside instead')
    .option(...clientOption)
    .action(
      onUnknown(frame, async (faces, store, output, flags: ScopeFlags & { ignored?: boolean }) => {
        const options = { ...scopeOf(flags), ignored: flags.ignored === true }
        await listUnknown(faces, store.unknown, options, frame.signal, output)
      }),
    )
  unknown
    .command('name')
    .description('give a group to a person of a domain, or to a new one of that name')
    .argument('<group>', 'its number')
    .argument('<name>')
    .requiredOption('--domain <name>', 'the domain of the person')
    .option(...clientOption)
    .action(
      onUnknown(frame, async (faces, _store, output, group: string, name: string, flags: NameFlags) =>
        nameUnknown(faces, group, name, namesOf(flags), output),
      ),
    )
  unknown
    .command('ignore')
    .description('set a group aside')
    .argument('<group>', 'its number')
    .option('--undo', 'take it back')
    .option(...clientOption)
    .action(
      onUnknown(frame, async (faces, _store, output, group: string, flags: ScopeFlags & { undo?: boolean }) =>
        ignoreUnknown(faces, group, scopeOf(flags).clientId, flags.undo !== true, output),
      ),
    )
}

/** A command on unknown faces, for as long as the store is open. */
function onUnknown<A extends unknown[]>(
  frame: CommandFrame,
  run: (faces: UnknownFaces, store: LocalStore, output: Output, ...rest: A) => Promise<void>,
) {
  return frame.action(async (output, folder, ...rest: A) => {
    const packs = await frame.openPacks()
    await frame.withStore(folder, async (store) => {
      const settings = readSettings(folder.settingsFile)
      const faces = new UnknownFaces({
        unknown: store.unknown,
        gallery: store.gallery,
        pack: () => packs.pack(settings.modelPack),
        settings: () => settings,
        actor: frame.actor,
        onError: (error) => output.failure('unknown faces', error),
      })
      try {
        await run(faces, store, output, ...rest)
      } finally {
        await faces.stop()
      }
    })
  })
}
