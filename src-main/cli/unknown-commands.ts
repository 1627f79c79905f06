/** The options of `visor unknown …`, and what each command is given. Runs on the command line. */
import type { Command } from 'commander'
import { readSettings, SettingsFile } from '../services/settings-file'
import { UnknownActs } from '../services/unknown-acts'
import { UnknownFaces } from '../services/unknown-faces'
import type { LocalStore } from '../storage/threads/local-store'
import {
  type CommandFrame,
  clientOption,
  type NameFlags,
  namesOf,
  type ScopeFlags,
  scopeOf,
} from './command-frame'
import { numberOption, type Output } from './output'
import {
  forgetUnknown,
  ignoreUnknown,
  keepUnknown,
  listUnknown,
  nameUnknown,
  suggestUnknown,
} from './unknown'

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
    .option('--ignored', 'those that are ignored instead')
    .option(...clientOption)
    .action(
      onUnknown(frame, async ({ faces, store, output }, flags: ScopeFlags & { ignored?: boolean }) => {
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
      onUnknown(frame, async ({ acts, output }, group: string, name: string, flags: NameFlags) =>
        nameUnknown(acts, group, name, namesOf(flags), output),
      ),
    )
  unknown
    .command('ignore')
    .description('ignore a group')
    .argument('<group>', 'its number')
    .option('--undo', 'bring it back')
    .option(...clientOption)
    .action(
      onUnknown(frame, async ({ acts, output }, group: string, flags: ScopeFlags & { undo?: boolean }) =>
        ignoreUnknown(acts, group, scopeOf(flags).clientId, flags.undo !== true, output),
      ),
    )
  unknown
    .command('suggestions')
    .description('unknown faces that look like somebody who was enrolled since')
    .option(...clientOption)
    .action(
      onUnknown(frame, async ({ faces, acts, output }, flags: ScopeFlags) =>
        suggestUnknown(faces, acts, scopeOf(flags).clientId, frame.signal, output),
      ),
    )
  unknown
    .command('forget')
    .description('remove all of them for good; there is no undo')
    .option('--yes', 'do it')
    .option(...clientOption)
    .action(
      onUnknown(frame, async ({ acts, output }, flags: ScopeFlags & { yes?: boolean }) =>
        forgetUnknown(acts, scopeOf(flags).clientId, flags.yes === true, output),
      ),
    )
}

/** A command on unknown faces, for as long as the store is open. */
function onUnknown<A extends unknown[]>(
  frame: CommandFrame,
  run: (
    on: {
      readonly faces: UnknownFaces
      readonly acts: UnknownActs
      readonly store: LocalStore
      readonly output: Output
    },
    ...rest: A
  ) => Promise<void>,
) {
  return frame.action(async (output, folder, ...rest: A) => {
    const packs = await frame.openPacks()
    await frame.withStore(folder, async (store) => {
      const settings = readSettings(folder.settingsFile)
      const { unknown, gallery } = store
      const pack = () => packs.pack(settings.modelPack)
      const onError = (error: unknown) => output.failure('unknown faces', error)
      const faces = new UnknownFaces({ unknown, gallery, pack, settings: () => settings, onError })
      const acts = new UnknownActs({ unknown, gallery, pack, actor: frame.actor, changed: faces })
      try {
        await run({ faces, acts, store, output }, ...rest)
      } finally {
        await faces.stop()
      }
    })
  })
}
