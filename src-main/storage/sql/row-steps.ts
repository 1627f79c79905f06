/**
 * In which steps many rows are written. Store's threads.
 *
 * [Note: Steps of many rows] What some steps are decided by is read before the first of them: a server writes one step while the next
 * is decided, but not while it is asked. Each step costs it some milliseconds whatever is in it, so they are large; but the first is
 * small, as the server waits for it.
 */
import type { Connection } from './connection'

/** Rows of the steps between two reads. */
export type StepRows = readonly [number, ...number[]]

interface RowStep {
  /** The rows with these numbers, without the last. */
  readonly first: number
  readonly end: number
  /** Up to where rows are to be read before, from `first` on. */
  readonly readTo: number | undefined
}

/** The steps of so many rows. */
export function* rowSteps(
  { stepRows }: Pick<Connection, 'stepRows'>,
  total: number,
): Generator<RowStep, void> {
  const between = stepRows.reduce((sum, rows) => sum + rows, 0)
  for (let first = 0, step = 0; first < total; step++) {
    const place = step % stepRows.length
    const end = Math.min(total, first + stepRows[place]!)
    yield { first, end, readTo: place === 0 ? Math.min(total, first + between) : undefined }
    first = end
  }
}
