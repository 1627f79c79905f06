/** What a cache asks the server for is found by index, for each portion: also where row security looks at every row. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  cachedTables,
  copyStatement,
  type OwnerKind,
  portionEndStatement,
  type Scope,
} from '../../../../../src-main/storage/cache/tables'
import { hasServer } from '../../../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../../../postgres/migrated'
import { makeGallery } from './made-gallery'
import { explained, type PlanNode, readWidely } from './plan-nodes'

const faces = 16_000
const beforeAllIds = '00000000-0000-0000-0000-000000000000'
const settings = {
  client: 'client 0',
  domain: 'domain 0',
  domains: '["domain 0"]',
  from: beforeAllIds,
  to: '10000000-0000-0000-0000-000000000000',
  ids: `["${beforeAllIds}"]`,
}

/** Asked for again and again: as many times as a domain has portions, or with every change. */
const copies = cachedTables.flatMap((table) => {
  const isPair = table.otherPersonColumn !== undefined
  const scopes: readonly Scope[] = isPair ? ['owners', 'others'] : ['range', 'owners']
  return scopes.map((scope) => ({
    name: `${table.name}, ${scope}`,
    scope,
    sql: copied(copyStatement(table, scope)),
  }))
})
const large = /^(persons|photos|faces|embeddings|crops), range$/

/** The rows of a COPY: its own plan is not to be had. */
function copied(sql: string): string {
  return /^COPY \((.*)\) TO STDOUT/s.exec(sql)![1]!
}

describe.skipIf(!hasServer())('plans', () => {
  let database: MigratedDatabase
  let client: pg.Client
  beforeAll(async () => {
    database = await migratedDatabase()
    const superuser = new pg.Client(database.superuserUrl)
    await superuser.connect()
    await makeGallery(superuser, { persons: 4000, faces, embeddings: faces })
    await superuser.query('ANALYZE')
    await superuser.end()
    client = new pg.Client(database.url)
    await client.connect()
    await client.query(
      'SET search_path = visor, public; SET jit = off; SET max_parallel_workers_per_gather = 0',
    )
    for (const [name, value] of Object.entries(settings)) {
      await client.query('SELECT set_config($1, $2, false)', [`visor.cache_${name}`, value])
    }
  })
  afterAll(async () => {
    await client.end()
    await database.drop()
  })

  async function planOf(sql: string, values: readonly string[] = []): Promise<PlanNode> {
    const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${sql}`, [...values])
    return explained.parse(rows)[0]['QUERY PLAN'][0].Plan
  }

  test('those who ask are bound to clients', async () => {
    const { rows } = await client.query("SELECT row_security_active('faces') AS active")
    expect(rows).toEqual([{ active: true }])
  })

  test.each(copies.filter(({ name }) => large.test(name)))(
    '$name: a portion reads no table as a whole',
    async ({ sql }) => {
      expect(readWidely(await planOf(sql))).toEqual([])
    },
  )

  describe('with every other way made dear, as it is in a gallery of millions', () => {
    beforeAll(async () => {
      const off = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'].map((name) => `SET ${name} = off`)
      await client.query(off.join('; '))
    })

    test.each(['person', 'photo', 'face'] as const satisfies readonly OwnerKind[])(
      'the next portion of %ss',
      async (kind) => {
        const plan = await planOf(portionEndStatement(kind, 2048), [
          settings.client,
          settings.domain,
          settings.from,
        ])
        expect(readWidely(plan)).toEqual([])
      },
    )

    test.each(copies)('$name', async ({ sql }) => {
      expect(readWidely(await planOf(sql))).toEqual([])
    })
  })
})
