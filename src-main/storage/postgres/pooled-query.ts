/** One statement that only reads, on any connection of the pool. Server thread. */
import type { PoolClient, QueryResultRow } from 'pg'
import { failureOn, type ServerPool } from './connect'
import { retrying } from './retry'

export interface PooledQuery {
  readonly text: string
  readonly values: readonly unknown[]
  /** The connection keeps the statement by this name, and the server its plan; of each name there is one text. */
  readonly name?: string | undefined
  /** Runs before, on a connection that is used for this for the first time. */
  readonly prepare?: (client: PoolClient) => Promise<void>
}

/** The rows, asked for again where the connection was lost. Raises {@link ServerError}. */
export function pooledQuery(
  pool: () => Promise<ServerPool>,
  { text, values, name, prepare }: PooledQuery,
): Promise<QueryResultRow[]> {
  const once = async () => {
    const client = await (await pool()).connect()
    try {
      await prepare?.(client)
      const query = { text, values: [...values] }
      const { rows } = await client.query<QueryResultRow>(name === undefined ? query : { ...query, name })
      return rows
    } catch (error) {
      throw failureOn(client, error)
    } finally {
      client.release()
    }
  }
  return retrying(once, { repeatable: true })
}
