/** An error of PostgreSQL or of the way to it, as the store's threads get it. Store's threads. */
import type { ServerFailure } from './server-protocol'

export class PostgresError extends Error {
  override readonly name = 'PostgresError'
  /** SQLSTATE, or Node's code of a network error. */
  readonly code: string
  readonly constraint: string | undefined

  constructor({ message, code, constraint }: ServerFailure) {
    super(message)
    this.code = code
    this.constraint = constraint
  }
}
