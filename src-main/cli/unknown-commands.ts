/** The options of `visor unknown …`, and what each command is given. Runs on the command line. */
import type { Command } from 'commander'
import type { ClientId, Domain } from '../../src-shared/ids'
import type { DataFolder } from '../data-folder'
import type { ModelPacks } from '../services/model-packs'
import { readSettings, SettingsFile } from '../services/settings-file'
import { UnknownFaces } from '../services/unknown-faces'
import type { LocalStore } from '../storage/sqlite/local-store'
import { numberOption, type Output } from './output'
import type { PersonScope } from './persons'
import { ignoreUnknown, keepUnknown, listUnknown, nameUnknown } from './unknown'

interface NameFlags {
  readonly client: string
  readonly domain: string
}
interface ScopeFlags {
  readonly client: string
  readonly domain?: string
}

/** What the entry has for every command. */
export interface CommandFrame {
  readonly action: <A extends unknown[]>(
    run: (output: Output, folder: DataFolder, ...rest: A) => Promise<void>,
  ) => (...rest: A) => Promise<void>
  readonly withStore: (folder: DataFolder, work: (store: LocalStore) => Promise<void>) => Promise<void>
  readonly openPacks: () => Promise<ModelPacks>
  /** Both raise `invalid-argument` for what cannot be a name. */
  readonly scopeOf: (flags: ScopeFlags) => PersonScope
  readonly namesOf: (flags: NameFlags) => { readonly clientId: ClientId; readonly domain: Domain }
  readonly actor: string
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

/** Adds the commands to the program. */
export function addUnknownCommands(program: Command, frame: CommandFrame): void {
  const { action, withStore, scopeOf, namesOf } = frame
  const unknown = program.command('unknown').description('faces that nobody was named for, in groups')
  const clientOption = ['--client <name>', 'the client', 'default'] as const
  unknown
    .command('keep')
    .description('are they kept, and how long? Changes that where it is said')
    .argument('[state]', '"on" or "off"')
    .option('--days <count>', 'days to keep them', numberOption('--days', 1, 3650, true))
    .action(
      action(async (output, folder, state: string | undefined, { days }: { days?: number }) => {
        // Opened for the folder's lock: a window that has it would write its own settings over ours.
        await withStore(folder, () => keepUnknown(new SettingsFile(folder.settingsFile), state, days, output))
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
  { action, withStore, openPacks, actor }: CommandFrame,
  run: (faces: UnknownFaces, store: LocalStore, output: Output, ...rest: A) => Promise<void>,
) {
  return action(async (output, folder, ...rest: A) => {
    const packs = await openPacks()
    await withStore(folder, async (store) => {
      const settings = readSettings(folder.settingsFile)
      const faces = new UnknownFaces({
        unknown: store.unknown,
        gallery: store.gallery,
        pack: () => packs.pack(settings.modelPack),
        settings: () => settings,
        actor,
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
