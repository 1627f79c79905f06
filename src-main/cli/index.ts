/** Entry of the command line: `visor COMMAND`. Runs in Electron's Node, without a window. */
import { Command, CommanderError } from 'commander'
import { VisorError } from '../../src-shared/errors'
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
import { Output } from './output'
import { addLedgerCommands, addPersonCommands } from './person-commands'
import { addPhotoCommands } from './photo-commands'
import { addReviewCommands } from './review-commands'
import { addSchemaCommands } from './schema-commands'
import { addSearchIndexCommands } from './search-index-commands'
import { addUnknownCommands } from './unknown-commands'

const interrupt = new AbortController()
const program = new Command('visor')
  .description('Face recognition on the command line. The same services as the window.')
  .option('--data <folder>', 'the data folder', process.env.VISOR_DATA)
  .option('--postgres <url>', 'work on this server, for one run; VISOR_POSTGRES_URL does the same')
  .option('--json', 'one JSON object a line on stdout, everything else on stderr')
  .showHelpAfterError()
  .exitOverride()
const frame = new CommandFrame(import.meta.dirname, interrupt.signal, () => program.opts())

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

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupt.abort(new VisorError('cancelled', 'Interrupted.')))
}
// A reader that goes away (`visor … | head`) is no failure of ours, and there is nobody left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
// Whoever no longer reads the messages may still read the answers.
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  await program.parseAsync(process.argv)
} catch (error) {
  frame.exitCode =
    error instanceof CommanderError ? (error.exitCode === 0 ? 0 : 2) : new Output(false).abort(error)
}
process.exitCode = frame.exitCode
