/** What row-level security costs a search: the same statements as somebody whom it binds, and as a superuser. Benchmarks, Electron's Node. */
import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { searchBounds } from '../../src-main/storage/postgres/search-shape'
import { smallStatement } from '../../src-main/storage/postgres/small-search'
import type { UnitEmbedding } from '../../src-shared/face'
import { bareStatement, bytesOf, session, topFaces, topPersons, withinDistance } from './bare-search'
import { median, printFigure } from './figure'
import { clientId, modelId, small } from './server-gallery'

const rounds = 100

/** `urls`: of the database's owner, who is bound, and of its superuser. There is an index of whole vectors. */
export async function printRowSecurity(
  benchmark: string,
  urls: { readonly bound: string; readonly unbound: string },
  probes: readonly UnitEmbedding[],
  faces: number,
): Promise<void> {
  const clients = { bound: new pg.Client(urls.bound), unbound: new pg.Client(urls.unbound) }
  for (const client of Object.values(clients)) {
    await client.connect()
    await client.query(session(faces))
    // As the store: a statement with a name has a plan that is kept.
    await client.query('SET plan_cache_mode = auto')
  }
  const text = smallStatement('one', searchBounds.smallUpToRows)
  const wanted = [clientId, modelId, topPersons, topFaces, withinDistance]
  const searches = {
    'of 1 %, exact': (client: pg.Client, probe: UnitEmbedding) =>
      client.query({ name: 'small', text, values: [...wanted, bytesOf(probe), small] }),
    'of all, by the index': bareStatement('vector', faces),
    'of all, exact': bareStatement('exact', faces),
  }
  for (const [search, ask] of Object.entries(searches)) {
    const times = { bound: [] as number[], unbound: [] as number[] }
    for (let round = 0; round < rounds; round++) {
      for (const kind of ['bound', 'unbound'] as const) {
        const startedAt = performance.now()
        await ask(clients[kind], probes[round % probes.length]!)
        times[kind].push(performance.now() - startedAt)
      }
    }
    const [boundMs, unboundMs] = [median(times.bound), median(times.unbound)]
    printFigure({
      benchmark,
      figure: 'a search with row-level security ÷ without',
      value: boundMs / unboundMs,
      details: { faces, search, boundMs, unboundMs },
    })
  }
  for (const client of Object.values(clients)) await client.end()
}
