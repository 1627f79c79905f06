/** Forgets acts that no console will ask the server for again; see [Note: Acts]. Server thread. */
import type { LedgerId } from '../../../src-shared/ids'
import type { ServerPool } from './connect'
import { pooledQuery } from './pooled-query'

/** Beyond every id. */
const last = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** `oldest`: the oldest act that the console still waits with; none where it waits with none. Raises {@link ServerError}. */
export async function forgetActs(
  pool: () => Promise<ServerPool>,
  console: string,
  oldest: LedgerId | undefined,
): Promise<void> {
  await pooledQuery(pool, { text: 'SELECT forget_acts($1, $2)', values: [console, oldest ?? last] })
}
