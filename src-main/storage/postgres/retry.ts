/** Asks the server again where that is safe. Server thread, command line. */
import { setTimeout as sleep } from 'node:timers/promises'
import { VisorError } from '../../../src-shared/errors'
import { ServerError, type ServerFailure } from '../../../src-shared/server-failure'
import { serverErrorOf } from './failures'

/** Two that are in each other's way are apart after a few tries; beyond that something else is wrong. */
const attemptsInTheWay = 5
/** One lost connection happens; a second one is an outage, which others wait out. */
const attemptsLost = 2
/** Doubled each time; the half of it is chance, so that the two do not meet again. */
const firstPauseMs = 20
/** `lock_timeout`: it was waited for already. */
const lockTimeout = '55P03'

export interface Retries {
  /** Doing it twice is as doing it once: a read, or an act with an id of its own. Then also what may have been done is repeated. */
  readonly repeatable: boolean
  readonly signal?: AbortSignal
}

/**
 * Runs `work`, a whole transaction, until it succeeds, its failure is none that another try would mend, or all tries are
 * used up. Raises {@link ServerError}, and what `signal` and the settings say.
 */
export async function retrying<T>(work: () => Promise<T>, { repeatable, signal }: Retries): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted()
    try {
      return await work()
    } catch (cause) {
      if (cause instanceof VisorError && !(cause instanceof ServerError)) throw cause
      const error = serverErrorOf(cause)
      if (!mayTryAgain(error.failure, attempt, repeatable)) throw error
    }
    await sleep(pauseMsAfter(attempt), undefined, signal === undefined ? {} : { signal })
  }
}

/**
 * Whether a transaction that failed for the `attempt`-th time (from 1) is worth another try. What took a whole time-out is not:
 * somebody waits.
 */
export function mayTryAgain(failure: ServerFailure, attempt: number, repeatable: boolean): boolean {
  const { retry, kind, sqlState } = failure
  if (retry === 'no' || (retry === 'unknown' && !repeatable)) return false
  if (kind === 'serialization') return sqlState !== lockTimeout && attempt < attemptsInTheWay
  const waited =
    (kind === 'unreachable' && failure.reason === 'timeout') ||
    (kind === 'too-many-connections' && failure.where === 'console')
  return !waited && attempt < attemptsLost
}

/** What to wait before the next try, ms. */
export function pauseMsAfter(attempt: number): number {
  return firstPauseMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2)
}
