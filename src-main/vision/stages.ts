/** The stages of one request: how long each took, whether it was cancelled, and the word before the thread blocks. */
import { VisorError } from '../../src-shared/errors'
import type { Timings } from '../../src-shared/vision-protocol'

type Stage = Exclude<keyof Timings, 'total'>

export interface Stages {
  /** Raises `cancelled` where the request was. */
  check(): void
  /** To be called just before a native call that blocks the thread. [Note: Vision protocol] */
  readonly beforeBlocking: () => void
  /** Runs a piece of work, then counts its milliseconds to a stage. Raises `cancelled`. */
  time<T>(stage: Stage, work: () => T | Promise<T>): Promise<T>
  timings(): Timings
}

export function createStages(signal: AbortSignal, beforeBlocking: () => void): Stages {
  const started = performance.now()
  const spent = { read: 0, decode: 0, detect: 0, align: 0, embed: 0 }
  const check = () => {
    if (signal.aborted) throw new VisorError('cancelled', 'The work was cancelled.')
  }
  return {
    check,
    beforeBlocking,
    async time(stage, work) {
      check()
      const begun = performance.now()
      const result = await work()
      spent[stage] += performance.now() - begun
      check()
      return result
    },
    timings: () => ({ ...spent, total: performance.now() - started }),
  }
}
