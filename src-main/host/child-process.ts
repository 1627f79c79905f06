/** Starts the vision process as a Node child: for the command line, which has no window and no Electron. */
import { fork } from 'node:child_process'
import { childEnvironment, runtimeOptions } from './child-environment'
import { followOutput } from './last-words'
import type { LaunchProcess, ProcessExit } from './process-handle'

/** After its channel has closed a process that is in order ends by itself; one that does not is killed. */
const endAfterDisconnectMs = 2_000
/** A process that is gone leaves messages and last words to be read; what has not come by then will not come. */
const readAfterExitMs = 1_000

/**
 * A launcher of `modulePath` under this very runtime, as Node. Messages are cloned (`advanced` serialization): typed
 * arrays arrive as typed arrays, though they may be views of one larger buffer, so `byteOffset` counts.
 */
export function childProcessLauncher(modulePath: string): LaunchProcess {
  return (events) => {
    const child = fork(modulePath, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [...runtimeOptions],
      // Electron's binary is Node only with this set; Node itself does not mind it.
      env: { ...childEnvironment(), ELECTRON_RUN_AS_NODE: '1' },
    })
    const lastWords = followOutput([child.stdout, child.stderr], events.output)
    const unread = new Set(['output', 'messages'])
    let exit: Omit<ProcessExit, 'lastWords'> | undefined
    let told = false
    let patience: NodeJS.Timeout | undefined
    const kill = () => {
      child.kill('SIGKILL')
    }
    const tell = () => {
      if (told || exit === undefined) return
      told = true
      clearTimeout(patience)
      events.exit({ ...exit, lastWords: lastWords() })
    }
    const read = (what: string) => {
      unread.delete(what)
      if (unread.size === 0) tell()
    }
    child.on('message', (message: unknown) => events.message(message))
    child.on('error', (error) => {
      // Other errors, of killing it, tell nothing: it was gone already.
      if (child.pid !== undefined) return
      exit = { code: null, startError: error }
      tell()
    })
    child.on('exit', (code, signal) => {
      exit = { code, ...(signal === null ? {} : { signal }) }
      clearTimeout(patience)
      patience = setTimeout(tell, readAfterExitMs)
      if (unread.size === 0) tell()
    })
    child.on('close', () => read('output'))
    child.on('disconnect', () => {
      if (exit === undefined) patience = setTimeout(kill, endAfterDisconnectMs)
      read('messages')
    })
    return {
      get pid() {
        return child.pid
      },
      post(message) {
        if (!child.connected) return
        // A channel that breaks while it is written to means a process that cannot be talked to any more.
        child.send(message as object, (error) => {
          if (error !== null) kill()
        })
      },
      kill,
    }
  }
}
