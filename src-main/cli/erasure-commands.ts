/** The options of `visor erase`. Runs on the command line. */
import type { Command } from 'commander'
import { VisorError } from '../../src-shared/errors'
import { type CommandFrame, clientOption, domainOption, type ScopeFlags, scopeOf } from './command-frame'
import { erase } from './erasure'
import { findPerson } from './persons'

interface EraseFlags extends ScopeFlags {
  readonly all?: boolean
  readonly why?: string
  readonly dryRun?: boolean
  readonly yes?: boolean
}

export function addErasureCommands(program: Command, frame: CommandFrame): void {
  program
    .command('erase')
    .description('remove people for good, from everywhere; there is no undo')
    .argument('[person...]', 'by id, or by name')
    .option('--all', 'the whole client instead')
    .option('--why <reason>', 'why; it is kept, so it must not name anybody')
    .option('--dry-run', 'only say what would go')
    .option('--yes', 'do it')
    .option(...clientOption)
    .option(...domainOption)
    .action(
      frame.action(async (output, folder, people: string[], flags: EraseFlags) => {
        const scope = scopeOf(flags)
        if (people.length > 0 === (flags.all === true)) {
          throw new VisorError('invalid-argument', 'Name the people to erase, or a client with --all.')
        }
        await frame.withStore(folder, async (store) => {
          const personIds = await Promise.all(people.map((text) => findPerson(store.gallery, text, scope)))
          const { clientId } = scope
          const options = {
            request: { clientId, target: flags.all === true ? { clientId } : { personIds } },
            why: flags.why,
            dryRun: flags.dryRun === true,
            yes: flags.yes === true,
            signal: frame.signal,
            reportsFolder: folder.erasuresFolder,
          }
          await erase(frame.erasures(folder, store), options, output)
        })
      }),
    )
}
