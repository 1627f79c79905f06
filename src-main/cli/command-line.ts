/** The command line as a function: which commands there are, and one run of them. Runs on the command line, and in its tests. */
import { Command, CommanderError } from 'commander'
import { addCacheCommands } from './cache-commands'
import { CommandFrame } from './command-frame'
import { addDiagnoseCommand } from './diagnose-commands'
import { addDualCommands } from './dual-commands'
import { addErasureCommands } from './erasure-commands'
import { addGalleryCommands } from './gallery-commands'
import { addHealthCommand } from './health-commands'
import { addImportCommands } from './import-commands'
import { addMembersCommands } from './members-commands'
import { addModeCommands } from './mode-commands'
import { addModelCommands } from './model-commands'
import { addOutboxCommands } from './outbox-commands'
import type { ExitCode, Streams } from './output'
import { addLedgerCommands, addPersonCommands } from './person-commands'
import { addPhotoCommands } from './photo-commands'
import { addReviewCommands } from './review-commands'
import { addSchemaCommands } from './schema-commands'
import { addSearchIndexCommands } from './search-index-commands'
import { addUnknownCommands } from './unknown-commands'

export interface CommandLineRun {
  /** `import`, `FOLDER`, …: without the program and its script. */
  readonly args: readonly string[]
  /** The folder of the built bundles: threads and the vision process start from there. */
  readonly builtFolder: string
  /** Aborted with why: the command ends as soon as it can. */
  readonly signal: AbortSignal
  readonly streams: Streams
}

/** Runs one command, whatever becomes of it: how it ended. Whatever it opened is closed by then. */
export async function runCommandLine(run: CommandLineRun): Promise<ExitCode> {
  const { streams } = run
  const program = new Command('visor')
    .description('Face recognition on the command line. The same services as the window.')
    .option('--data <folder>', 'the data folder', process.env.VISOR_DATA)
    .option('--postgres <url>', 'work on this server, for one run; VISOR_POSTGRES_URL does the same')
    .option('--json', 'one JSON object a line on stdout, everything else on stderr')
    .showHelpAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
    })
  const frame = new CommandFrame(run.builtFolder, run.signal, streams, () => program.opts())

  addPhotoCommands(program, frame)
  addGalleryCommands(program, frame)
  addImportCommands(program, frame)
  addPersonCommands(program, frame)
  addReviewCommands(program, frame)
  addUnknownCommands(program, frame)
  addErasureCommands(program, frame)
  addHealthCommand(program, frame)
  addLedgerCommands(program, frame)
  addModeCommands(program, frame)
  addDualCommands(program, frame)
  addCacheCommands(program, frame)
  addOutboxCommands(program, frame)
  addModelCommands(program, frame)
  addSchemaCommands(program, frame)
  addMembersCommands(program, frame)
  addSearchIndexCommands(program, frame)
  addDiagnoseCommand(program, frame)

  try {
    await program.parseAsync(run.args, { from: 'user' })
    return frame.exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    return frame.output().abort(error)
  }
}
