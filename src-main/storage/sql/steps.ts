/** A write in steps, so that a long one can pause, tell how far it is and be cancelled. Store's writing thread. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { WriteControl } from '../written'

/** How far a write is. */
interface StepProgress {
  readonly done: number
  readonly total: number
}

/** A write that yields between its steps; each takes a few milliseconds at most. */
export type Steps<T> = Generator<StepProgress, T>

/** A write is not done within a slice. */
export class TakesLonger extends Error {
  override readonly name = 'TakesLonger'
}

/** Runs all steps in this turn. Throws {@link TakesLonger} where that would be longer than a slice. */
export function inOneTurn<T>(steps: Steps<T>, sliceMs: number): T {
  const endsAt = performance.now() + sliceMs
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    if (performance.now() > endsAt) throw new TakesLonger()
  }
}

/** Runs the steps with pauses in between. Raises what `signal` is aborted with. */
export async function inTurns<T>(
  steps: Steps<T>,
  sliceMs: number,
  { signal, onProgress }: WriteControl,
): Promise<T> {
  for (;;) {
    signal?.throwIfAborted()
    const endsAt = performance.now() + sliceMs
    for (;;) {
      const step = steps.next()
      if (step.done === true) return step.value
      if (performance.now() > endsAt) {
        onProgress?.(step.value)
        break
      }
    }
    await nextTurn()
  }
}
