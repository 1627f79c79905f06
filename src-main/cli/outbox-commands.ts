/** The options of `visor outbox …`. Runs on the command line. */
import type { Command } from 'commander'
import type { CommandFrame } from './command-frame'
import { dropFromOutbox, listOutbox, retryOutbox } from './outbox'

/** Adds the commands to the program. */
export function addOutboxCommands(program: Command, frame: CommandFrame): void {
  const outbox = program
    .command('outbox')
    .description('what was edited here while the server was away, and did not get there yet')
  outbox
    .command('list')
    .description(
      'all of it, oldest first, and why the server did not take what is held; the server is not asked',
    )
    .action(
      frame.action((output, folder) =>
        frame.withCacheAlone(folder, (cache, place) => listOutbox(cache.outbox, place, output)),
      ),
    )
  outbox
    .command('retry')
    .argument('[ids...]', 'held edits; all of them unless named')
    .description(
      'try held edits again, and bring to the server what waits; exit code 1 where some are still held',
    )
    .option('--anyway', 'also where somebody else changed the same people meanwhile')
    .action(
      frame.action((output, folder, ids: readonly string[], { anyway }: { readonly anyway?: boolean }) =>
        frame.withCache(folder, (cache, server) =>
          retryOutbox(cache.outbox, server, ids, anyway === true, output),
        ),
      ),
    )
  outbox
    .command('drop')
    .argument('<ids...>', 'held edits')
    .description('forget held edits: what the server has of their people stays, and is taken here')
    .action(
      frame.action((output, folder, ids: readonly string[]) =>
        frame.withCacheAlone(folder, (cache) => dropFromOutbox(cache.outbox, ids, output)),
      ),
    )
}
