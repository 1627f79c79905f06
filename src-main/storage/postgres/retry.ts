/** Asks the server again where that is safe. Server thread, command line. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerError } from '../../../src-shared/server-failure'
import { serverErrorOf } from './failures'

/** Two that are in each other's way are apart after a few tries; beyond that something else is wrong. */
const attempts = 5
/** Doubled each time; the half of it is chance, so that the two do not meet again. */
const firstPauseMs = 20

export interface Retries {
  /** Doing it twice is as doing it once: a read, or an act with an id of its own. Then also what may have been done is repeated. */
  readonly repeatable: boolean
  readonly signal?: AbortSignal
}

/**
 * Runs `work`, a whole transaction, until it succeeds, its failure is none that another try would mend, or all tries are
 * used up. Raises {@link ServerError}, and what `signal` says.
 */
export async function retrying<T>(work: () => Promise<T>, { repeatable, signal }: Retries): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    try {
      return await work()
    } catch (cause) {
      const error: ServerError = serverErrorOf(cause)
      const { retry } = error.failure
      if (retry === 'no' || (retry === 'unknown' && !repeatable) || attempt === attempts) throw error
    }
    const pauseMs = firstPauseMs * 2 ** (attempt - 1)
    await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, signal === undefined ? {} : { signal })
  }
}
