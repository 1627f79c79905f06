/** Starts the vision process as a Node child: for the command line, which has no window and no Electron. */
import { fork } from 'node:child_process'
import { childEnvironment } from './child-environment'
import { followOutput } from './last-words'
import type { LaunchProcess } from './process-handle'

/** After its channel has closed a process that is in order ends by itself; one that does not is killed. */
const endAfterDisconnectMs = 2_000

/**
 * A launcher of `modulePath` under this very runtime, as Node. Messages are cloned (`advanced` serialization): typed
 * arrays arrive as typed arrays, though they may be views of one larger buffer, so `byteOffset` counts.
 */
export function childProcessLauncher(modulePath: string): LaunchProcess {
  return (events) => {
    const child = fork(modulePath, [], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
      // Electron's binary is Node only with this set; Node itself does not mind it.
      env: { ...childEnvironment(), ELECTRON_RUN_AS_NODE: '1' },
    })
    const lastWords = followOutput([child.stdout, child.stderr], events.output)
    let startError: Error | undefined
    let patience: NodeJS.Timeout | undefined
    const kill = () => {
      child.kill('SIGKILL')
    }
    child.on('message', (message: unknown) => events.message(message))
    child.on('error', (error) => {
      if (child.pid === undefined) startError = error
      else kill()
    })
    child.on('disconnect', () => {
      patience = setTimeout(kill, endAfterDisconnectMs)
    })
    // `close`, not `exit`: the last words have been read by then.
    child.on('close', (code, signal) => {
      clearTimeout(patience)
      const how = { code, ...(signal === null ? {} : { signal }), ...(startError ? { startError } : {}) }
      events.exit({ ...how, lastWords: lastWords() })
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
