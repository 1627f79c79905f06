/** Searches of few embeddings: what a search of many finds, by one plan that the server keeps, also when a domain has grown. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as made from '../../../../scripts/bench/server-gallery'
import { searchBounds } from '../../../../src-main/storage/postgres/search-shape'
import { type SmallScope, smallStatement } from '../../../../src-main/storage/postgres/small-search'
import { encodeVector } from '../../../../src-main/storage/postgres/vectors'
import type { SearchQuery } from '../../../../src-main/storage/search-records'
import { openServerStore, type ServerStore } from '../../../../src-main/storage/threads/server-store'
import { personNameSchema } from '../../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { context } from '../../../contract/curated-store'
import { madeFace, madePhoto, randomNumbers, unitVector } from '../../../contract/made-faces'
import { hasServer, serverAt } from '../../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../../postgres/migrated'
import { explained, type PlanNode, readWidely } from './plans/plan-nodes'

const { clientId, modelId, large, rest, small } = made
const statement = (scope: SmallScope) => smallStatement(scope, searchBounds.smallUpToRows)

describe.skipIf(!hasServer())('searches of few embeddings', () => {
  let built: BuiltStore
  let database: MigratedDatabase
  let probes: SearchQuery['probes']
  const stores: ServerStore[] = []
  const open = async (smallUpToRows = searchBounds.smallUpToRows) => {
    const where = { ...serverAt(database.url), builtFolder: built.folder, threads: 1 }
    const store = await openServerStore({ ...where, searchBounds: { ...searchBounds, smallUpToRows } })
    stores.push(store)
    return store
  }

  beforeAll(async () => {
    built = await buildStore()
    database = await migratedDatabase()
    const random = randomNumbers(11)
    ;({ probes } = await made.fillServerGallery(database.superuserUrl, { faces: 4000, probes: 20, random }))
  }, 120_000)
  afterAll(async () => {
    for (const store of stores) await store.close()
    await database.drop()
    built.remove()
  })

  const query = (more: Partial<SearchQuery> = {}): SearchQuery => ({
    clientId,
    modelId,
    domains: [small],
    probes,
    topPersons: 10,
    topFaces: 10,
    withinDistance: 0.6,
    ...more,
  })

  test('find what searches of many find', async () => {
    const [few, many] = [await open(), await open(0)]
    for (const domains of [[small], [small, rest], []]) {
      for (const more of [{}, { probes: probes.slice(0, 1) }, { topPersons: 400, topFaces: 3 }]) {
        const wanted = query({ domains, ...more })
        const { elapsedMs: _, ...answer } = await few.gallery.search(wanted)
        expect(await many.gallery.search(wanted)).toMatchObject(answer)
        const { persons, embeddings } = await few.gallery.gallerySize(clientId, domains, modelId)
        const sizes = { galleryPersons: persons, galleryEmbeddings: embeddings }
        expect(answer).toMatchObject({ method: 'exact', ...sizes })
      }
    }
  })

  test('find the same up to the last row, and where there is one too many', async () => {
    const [exactly, tooMany] = [await open(4000), await open(3999)]
    const wanted = query({ domains: 'all' })
    const { elapsedMs: _, ...answer } = await exactly.gallery.search(wanted)
    expect(answer.galleryEmbeddings).toBe(4000)
    expect(await tooMany.gallery.search(wanted)).toMatchObject(answer)
  })

  test('see at once what another console adds, also where it is not little any more', async () => {
    const [one, other, many] = [await open(100), await open(), await open(0)]
    const [probe] = probes
    const wanted = query({ probes: [probe!] })
    const before = await one.gallery.search(wanted)
    expect(before.galleryEmbeddings).toBeLessThan(100)
    const random = randomNumbers(12)
    for (const count of [5, 200]) {
      const assignments = Array.from({ length: count }, (_, number) => ({
        person: { name: personNameSchema.parse(`Nearest of ${count}`) },
        photo: madePhoto(`${count} ${number}`),
        face: madeFace(unitVector(random, probe, 0.1)),
        source: 'enrolled' as const,
      }))
      await other.gallery.assignFaces(clientId, small, modelId, assignments, context)
      const { elapsedMs: _, ...answer } = await one.gallery.search(wanted)
      expect(answer.probes[0]!.persons.map(({ name }) => name)).toContain(`Nearest of ${count}`)
      expect(await many.gallery.search(wanted)).toMatchObject(answer)
    }
    expect((await one.gallery.search(wanted)).galleryEmbeddings).toBe(before.galleryEmbeddings + 205)
  })

  describe('have one plan', () => {
    let client: pg.Client
    beforeAll(async () => {
      client = new pg.Client(database.url)
      await client.connect()
      await client.query('SET search_path = visor, pg_temp')
    })
    afterAll(() => client.end())

    const scopes = [
      { scope: 'one', places: [large] },
      { scope: 'all', places: [] },
    ] as const
    const valuesFor = (places: readonly string[]) => [
      ...[clientId, modelId, 10, 10, 0.6],
      Buffer.from(encodeVector(probes[0]!).buffer),
      ...places,
    ]

    test.each(scopes)('that PostgreSQL keeps: $scope', async ({ scope, places }) => {
      const named = { name: scope, text: statement(scope), values: valuesFor(places) }
      for (let times = 0; times < 8; times++) await client.query(named)
      const { rows } = await client.query(
        'SELECT generic_plans::int AS kept, custom_plans::int AS own FROM pg_prepared_statements WHERE name = $1',
        [scope],
      )
      // It tries five of a kind before it compares.
      expect(rows).toEqual([{ kept: 3, own: 5 }])
    })

    test.each(scopes)(
      'that goes by the index of domains whatever is asked for: $scope',
      async ({ scope, places }) => {
        await client.query('SET plan_cache_mode = force_generic_plan')
        const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${statement(scope)}`, valuesFor(places))
        await client.query('RESET plan_cache_mode')
        const plan = explained.parse(rows)[0]['QUERY PLAN'][0].Plan
        expect(indexesOf(plan, 'embeddings')).toEqual(['embeddings_domain'])
        expect(readWidely(plan)).toEqual([])
      },
    )
  })
})

const indexesOf = (node: PlanNode, table: string): string[] => [
  ...(node['Relation Name'] === table ? [node['Index Name'] ?? node['Node Type']] : []),
  ...(node.Plans ?? []).flatMap((inner) => indexesOf(inner, table)),
]
