/** The options of `visor diagnose`. Runs on the command line. */
import type { Command } from 'commander'
import type { CommandFrame } from './command-frame'
import { tellDiagnosis } from './diagnose'

/** Adds the command to the program. */
export function addDiagnoseCommand(program: Command, frame: CommandFrame): void {
  program
    .command('diagnose')
    .description('check the store that is worked on, and say what to do; exit code 1 where a check fails')
    .option('--markdown', 'print the report, to send to somebody')
    .action(
      frame.action(async (output, folder, { markdown }: { readonly markdown?: boolean }) =>
        tellDiagnosis(frame.storeToDiagnose(folder), {
          output,
          version: frame.version,
          signal: frame.signal,
          markdown: markdown === true,
        }),
      ),
    )
}
