/** Starts the vision process as an Electron utility process. Main process only: the one file here that needs Electron. */

import type { Readable } from 'node:stream'
import { utilityProcess } from 'electron'
import { systemCodeOf } from '../../src-shared/errors'
import { childEnvironment } from './child-environment'
import { followOutput } from './last-words'
import type { LaunchProcess } from './process-handle'

/** A launcher of `modulePath` as a utility process named `serviceName`; to be used once the app is `ready`. */
export function utilityProcessLauncher(modulePath: string, serviceName: string): LaunchProcess {
  return (events) => {
    const child = utilityProcess.fork(modulePath, [], {
      serviceName,
      stdio: 'pipe',
      env: childEnvironment(),
    })
    const streams = [child.stdout, child.stderr] as unknown as readonly (Readable | null)[]
    const lastWords = followOutput(streams, events.output)
    let ended = false
    child.on('message', (message: unknown) => events.message(message))
    child.on('exit', (code) => {
      ended = true
      events.exit({ code, lastWords: lastWords() })
    })
    return {
      get pid() {
        return child.pid
      },
      post(message) {
        if (!ended) child.postMessage(message)
      },
      kill() {
        // `child.kill()` sends SIGTERM, which a process stuck in native code may never get to see.
        if (child.pid !== undefined) killOutright(child.pid)
        else child.kill()
      },
    }
  }
}

/** SIGKILL; a process that has ended in this very moment is as it should be. */
function killOutright(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if (systemCodeOf(error) !== 'ESRCH') throw error
  }
}
