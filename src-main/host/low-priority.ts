/** Lets a process work only where nobody else wants the processor. Main process and command line. */
import { constants, setPriority } from 'node:os'
import type { LaunchProcess } from './process-handle'

/**
 * The same launcher, of processes of the lowest priority. It is set with the first message (`ready`): threads that do the work are
 * made after that, and take after the one that makes them.
 */
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

/** A process that has ended in this very moment needs no priority: its exit tells. */
function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch (error) {
    if (!(error instanceof Error && 'info' in error && isGone(error.info))) throw error
  }
}

const isGone = (info: unknown) =>
  typeof info === 'object' && info !== null && 'code' in info && info.code === 'ESRCH'
