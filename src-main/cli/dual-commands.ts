/** The options of `visor dual …`, `gate` and `rehearse`. Runs on the command line. */
import type { Command } from 'commander'
import {
  type AnalysisFlags,
  analysisOf,
  type CommandFrame,
  clientOption,
  domainOption,
  flipOption,
  namesOf,
  type ScopeFlags,
  scopeOf,
  thoroughOption,
} from './command-frame'
import { replayFolder, reportDual, showGate, tellMove } from './dual'
import { numberOption } from './output'

/** Adds the commands to the program. */
export function addDualCommands(program: Command, frame: CommandFrame): void {
  const dual = program
    .command('dual')
    .description('a server on trial: what is searched here is searched there as well, and compared')
  dual
    .command('report')
    .description('agreement, latency, disagreements and their causes')
    .option('--days <number>', 'how far back', numberOption('--days', 1, 365, true), 7)
    .action(
      frame.action((output, folder, { days }: { readonly days: number }) =>
        frame.withMoving(folder, output, (moving) => reportDual(moving, days, output)),
      ),
    )
  dual
    .command('replay')
    .argument('<folder>', 'of photos')
    .description('search the faces of these photos on both sides, in mode dual')
    .option(...clientOption)
    .option(...domainOption)
    .option(...thoroughOption)
    .option(...flipOption)
    .action(
      frame.action((output, folder, photos: string, flags: ScopeFlags & AnalysisFlags) =>
        frame.withMoving(folder, output, (moving) =>
          frame.withEngine(folder, (engine) =>
            replayFolder(moving, engine, photos, scopeOf(flags), analysisOf(flags), output),
          ),
        ),
      ),
    )
  dual
    .command('pair')
    .description(
      'compare a client that was copied to the server with what is there, row by row, and pair both',
    )
    .option(...clientOption)
    .action(
      frame.action(async (output, folder, { client }: { readonly client: string }) => {
        const { clientId } = namesOf({ client, domain: 'any' })
        await frame.withMoving(folder, output, async ({ pairings }) => {
          await pairings.pair(clientId, {
            signal: frame.signal,
            onProgress: ({ done, total }) => output.progress(`${done} of ${total} tables`),
          })
          output.endProgress()
          output.answer(
            { client: clientId, paired: true },
            `${clientId} is the same on both sides, and paired.`,
          )
        })
      }),
    )
  dual
    .command('unpair')
    .description('both go their own ways from here on; what waited for the server is forgotten')
    .option(...clientOption)
    .action(
      frame.action(async (output, folder, { client }: { readonly client: string }) => {
        const { clientId } = namesOf({ client, domain: 'any' })
        await frame.withMoving(folder, output, ({ pairings }) => pairings.unpair(clientId))
        output.answer({ client: clientId, paired: false }, `${clientId} is not paired any more.`)
      }),
    )
  program
    .command('gate')
    .description('whether the server may take over, criterion by criterion; exit code 4 where it may not')
    .action(
      frame.action((output, folder) =>
        frame.withMoving(folder, output, (moving) => showGate(moving, output)),
      ),
    )
  program
    .command('rehearse')
    .description('what a cut-over and a roll-back would do and take; nothing is changed')
    .action(
      frame.action((output, folder) =>
        frame.withMoving(folder, output, async ({ moves }) => {
          for (const report of await moves.rehearse()) tellMove(report, output)
        }),
      ),
    )
}
