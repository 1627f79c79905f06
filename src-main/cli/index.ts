/** Entry of the command line: `visor COMMAND`. Runs in Electron's Node, without a window. */
import { VisorError } from '../../src-shared/errors'
import { runCommandLine } from './command-line'

const interrupt = new AbortController()
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

process.exitCode = await runCommandLine({
  args: process.argv.slice(2),
  builtFolder: import.meta.dirname,
  signal: interrupt.signal,
  streams: process,
})
