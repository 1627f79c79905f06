/** The options of `visor persons …` and `visor ledger …`. Runs on the command line. */
import type { Command } from 'commander'
import { SettingsFile } from '../services/settings-file'
import {
  type CommandFrame,
  clientOption,
  domainOption,
  namesOf,
  type ScopeFlags,
  scopeOf,
} from './command-frame'
import { numberOption } from './output'
import {
  deletePersons,
  listBin,
  listLedger,
  listPersons,
  mergePersons,
  movePersons,
  renamePerson,
  showPerson,
  undoEntry,
  undoWhole,
  verifyLedger,
} from './persons'

interface MoveFlags extends ScopeFlags {
  readonly to: string
  readonly merge?: boolean
}

export function addPersonCommands(program: Command, frame: CommandFrame): void {
  const { actor } = frame
  const persons = program
    .command('persons')
    .description('the people of a gallery; a person is named by id, or by name')
  persons
    .command('list')
    .argument('[text]', 'part of a name', '')
    .option(...clientOption)
    .option(...domainOption)
    .action(
      frame.onPersons(async ({ gallery, output, scope }, _flags: ScopeFlags, text: string) =>
        listPersons(gallery, text, scope, output),
      ),
    )
  persons
    .command('show')
    .argument('<person>')
    .option(...clientOption)
    .option(...domainOption)
    .action(
      frame.onPersons(async ({ gallery, output, find }, _flags: ScopeFlags, person: string) =>
        showPerson(gallery, await find(person), output),
      ),
    )
  persons
    .command('rename')
    .argument('<person>')
    .argument('<name>')
    .option(...clientOption)
    .option(...domainOption)
    .action(
      frame.onPersons(async ({ gallery, output, find }, _flags: ScopeFlags, person: string, name: string) =>
        renamePerson(gallery, await find(person), name, actor, output),
      ),
    )
  persons
    .command('move')
    .argument('<person...>')
    .requiredOption('--to <domain>', 'the domain to move them to')
    .option('--merge', 'merge with the person of the same name there; without it a clash is refused')
    .option(...clientOption)
    .option(...domainOption)
    .action(
      frame.onPersons(async ({ gallery, output, find }, flags: MoveFlags, people: string[]) => {
        const ids = await Promise.all(people.map(find))
        await movePersons(
          gallery,
          ids,
          namesOf({ client: flags.client, domain: flags.to }).domain,
          flags.merge === true,
          actor,
          output,
        )
      }),
    )
  persons
    .command('merge')
    .argument('<target>', 'who stays')
    .argument('<source...>', 'who is merged into them')
    .option(...clientOption)
    .option(...domainOption)
    .action(
      frame.onPersons(
        async ({ gallery, output, find }, _flags: ScopeFlags, target: string, sources: string[]) =>
          mergePersons(gallery, await find(target), await Promise.all(sources.map(find)), actor, output),
      ),
    )
  persons
    .command('delete')
    .argument('<person...>')
    .option(...clientOption)
    .option(...domainOption)
    .action(
      frame.onPersons(async ({ gallery, output, find }, _flags: ScopeFlags, people: string[]) =>
        deletePersons(gallery, await Promise.all(people.map(find)), actor, output),
      ),
    )
  persons
    .command('bin')
    .description('what was deleted and can be restored')
    .option('--days <count>', 'keep it that long from now on', numberOption('--days', 1, 3650, true))
    .option(...clientOption)
    .action(
      frame.action(async (output, folder, flags: ScopeFlags & { days?: number }) => {
        await frame.withStore(folder, async ({ gallery }) => {
          const { days } = flags
          const settings = new SettingsFile(folder.settingsFile)
          if (days !== undefined) {
            settings.update({ binRetentionDays: days })
            await settings.flush()
          }
          const { clientId } = scopeOf(flags)
          await listBin(gallery, clientId, settings.current.binRetentionDays, output)
        })
      }),
    )
  persons
    .command('restore')
    .description('restore what one entry of the bin deleted')
    .argument('<entry>', 'its ledger id')
    .option(...clientOption)
    .action(
      frame.onPersons(async ({ gallery, output }, _flags: ScopeFlags, entry: string) =>
        undoEntry(gallery, entry, actor, output),
      ),
    )
}

export function addLedgerCommands(program: Command, frame: CommandFrame): void {
  const { actor } = frame
  const ledger = program.command('ledger').description('the history of every change')
  ledger
    .command('list')
    .option('--limit <count>', 'newest entries', numberOption('--limit', 1, 500, true), 50)
    .option(...clientOption)
    .action(
      frame.onPersons(
        async ({ gallery, output, scope: { clientId } }, flags: ScopeFlags & { limit: number }) =>
          listLedger(gallery, clientId, flags.limit, output),
      ),
    )
  ledger
    .command('verify')
    .description('is every entry as it was written?')
    .option(...clientOption)
    .action(frame.onPersons(async ({ gallery, output }) => verifyLedger(gallery, output)))
  ledger
    .command('undo')
    .argument('<entry>', 'its ledger id')
    .option('--whole', 'all of the enrolment or the import that it is a step of')
    .option(...clientOption)
    .action(
      frame.onPersons(
        async (
          { gallery, output, scope: { clientId } },
          { whole }: ScopeFlags & { whole?: boolean },
          entry: string,
        ) =>
          whole === true
            ? undoWhole(gallery, clientId, entry, actor, output)
            : undoEntry(gallery, entry, actor, output),
      ),
    )
}
