/** Lets a limited number of tasks run at once, in the order they came. Pure; vision process. */

/** `gate(task)` runs the task as soon as fewer than `limit` are running, and gives what it gives. */
type Gate = <T>(task: () => Promise<T>) => Promise<T>

/** A gate for `limit` tasks at once; 1 makes them exclusive. */
export function createGate(limit: number): Gate {
  let running = 0
  const waiting: (() => void)[] = []
  return async (task) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
