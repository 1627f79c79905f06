/** Lets those who share the processors with a process go first. Main process and command line. */
import { existsSync, readdirSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import type { LaunchProcess } from './process-handle'

/** The same launcher, of processes of the lowest priority from their first message (`ready`) on. */
export function ofLowPriority(launch: LaunchProcess): LaunchProcess {
  return (events) => {
    let lowered = false
    const handle = launch({
      ...events,
      message: (message) => {
        if (!lowered && handle.pid !== undefined) {
          lowered = true
          lower(handle.pid)
        }
        events.message(message)
      },
    })
    return handle
  }
}

/** On Linux a priority is a thread's, and threads that are made later take after their maker. */
function lower(pid: number): void {
  for (const thread of threadsOf(pid)) {
    try {
      setPriority(thread, constants.priority.PRIORITY_LOW)
    } catch (error) {
      // It has ended in this very moment, and needs no priority.
      if (!(error instanceof Error && 'info' in error && isGone(error.info))) throw error
    }
  }
}

function threadsOf(pid: number): readonly number[] {
  if (process.platform !== 'linux') return [pid]
  const folder = `/proc/${pid}/task`
  return existsSync(folder) ? readdirSync(folder).map(Number) : []
}

const isGone = (info: unknown) =>
  typeof info === 'object' && info !== null && 'code' in info && info.code === 'ESRCH'
