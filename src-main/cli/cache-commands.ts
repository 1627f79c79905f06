/** The options of `visor cache …`. Runs on the command line. */
import type { Command } from 'commander'
import { showCache, syncCache, verifyCache } from './cache'
import { type CommandFrame, clientOption, namesOf } from './command-frame'

interface SyncFlags {
  readonly client: string
  readonly add: readonly string[]
  readonly drop: readonly string[]
}

const gather = (name: string, before: readonly string[]) => [...before, name]

/** Adds the commands to the program. */
export function addCacheCommands(program: Command, frame: CommandFrame): void {
  const cache = program
    .command('cache')
    .description('what this console keeps of the server, to go on when that does not answer')
  cache
    .command('status')
    .description('what is kept, and as of when; the server is not asked')
    .action(
      frame.action((output, folder) =>
        frame.withCacheAlone(folder, (store, place) => showCache(store, place, output)),
      ),
    )
  cache
    .command('sync')
    .description('bring what is kept to what the server has')
    .option(...clientOption)
    .option('--add <domain>', 'keep this domain, too; may be repeated', gather, [])
    .option('--drop <domain>', 'keep this domain no longer; may be repeated', gather, [])
    .action(
      frame.action(async (output, folder, { client, add, drop }: SyncFlags) => {
        const choices = [
          ...add.map((domain) => ({ ...namesOf({ client, domain }), chosen: true })),
          ...drop.map((domain) => ({ ...namesOf({ client, domain }), chosen: false })),
        ]
        await frame.withCache(folder, (store, server) =>
          syncCache(store, server, choices, frame.signal, output),
        )
      }),
    )
  cache
    .command('verify')
    .description(
      'compare all that is kept with the server, and mend it; exit code 1 where something differed',
    )
    .action(
      frame.action((output, folder) =>
        frame.withCache(folder, (store, server) => verifyCache(store, server, frame.signal, output)),
      ),
    )
}
