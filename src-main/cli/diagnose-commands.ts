/** The options of `visor diagnose`. Runs on the command line. */
import { type Command, InvalidArgumentError } from 'commander'
import { isolationRounds, isolationRoundsSchema } from '../../src-shared/diagnosis'
import { VisorError } from '../../src-shared/errors'
import { diagnose } from '../services/diagnostics/diagnose'
import { diagnoseIsolation } from '../services/diagnostics/isolation/isolation'
import type { CommandFrame } from './command-frame'
import { tellDiagnosis } from './diagnose'

interface DiagnoseFlags {
  readonly markdown?: boolean
  readonly isolation?: boolean
  readonly rounds?: number
  readonly kill: boolean
}

/** Adds the command to the program. */
export function addDiagnoseCommand(program: Command, frame: CommandFrame): void {
  program
    .command('diagnose')
    .description('check the store that is worked on, and say what to do; exit code 1 where a check fails')
    .option('--markdown', 'print the report, to send to somebody')
    .option('--isolation', 'check instead that photos and searches, mixed, do each other no harm')
    .option(
      '--rounds <number>',
      `with --isolation: how often they are mixed (${isolationRounds.usual} unless named)`,
      roundsOf,
    )
    .option('--no-kill', 'with --isolation: do not kill the vision process in the middle')
    .action(
      frame.action(async (output, folder, { markdown, isolation, rounds, kill }: DiagnoseFlags) => {
        if (isolation !== true && (rounds !== undefined || !kill)) {
          throw new VisorError('invalid-argument', '--rounds and --no-kill are of --isolation.')
        }
        const { version, signal } = frame
        await tellDiagnosis(
          isolation === true
            ? async ({ onProgress, onRounds }) =>
                diagnoseIsolation(await frame.isolationToTry(folder), {
                  version,
                  signal,
                  rounds: rounds ?? isolationRounds.usual,
                  kill,
                  onProgress,
                  onRounds,
                })
            : ({ onProgress }) => diagnose(frame.storeToDiagnose(folder), { version, signal, onProgress }),
          { output, markdown: markdown === true },
        )
      }),
    )
}

function roundsOf(text: string): number {
  const rounds = isolationRoundsSchema.safeParse(Number(text))
  if (!rounds.success) throw new InvalidArgumentError('It has to be a whole number from 10 to 10,000.')
  return rounds.data
}
