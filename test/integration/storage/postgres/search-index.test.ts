/** The index that searches on a server by: built beside the old one, cancelled without a trace, and how well it finds. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as gallery from '../../../../scripts/bench/server-gallery'
import type { SearchAnswer } from '../../../../src-main/storage/search-records'
import { openServerStore, type ServerStore } from '../../../../src-main/storage/threads/server-store'
import { VisorError } from '../../../../src-shared/errors'
import { type Domain, modelIdSchema } from '../../../../src-shared/ids'
import { defaultIndexParameters, type IndexProgress } from '../../../../src-shared/search-index'
import { type BuiltStore, buildStore } from '../../../contract/built-store'
import { randomNumbers } from '../../../contract/made-faces'
import { serverAt } from '../../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../../postgres/migrated'

const { clientId, modelId, large, small } = gallery
const build = { ...defaultIndexParameters, modelId }

let built: BuiltStore
let database: MigratedDatabase
let store: ServerStore
let made: gallery.ServerGallery

beforeAll(async () => {
  built = await buildStore()
  database = await migratedDatabase()
  made = await gallery.fillServerGallery(database.superuserUrl, {
    faces: 4000,
    probes: 30,
    random: randomNumbers(5),
  })
  // So few rows the planner would rather sort.
  await database.query(`ALTER DATABASE ${database.database} SET enable_sort = off`)
  await database.query(`ALTER DATABASE ${database.database} SET jit = off`)
  store = await openServerStore({
    ...serverAt(database.url),
    builtFolder: built.folder,
    threads: 1,
    // What the index finds by itself.
    searchBounds: { smallUpToRows: 0, indexFromRows: 2000, doubtsIndex: false },
  })
}, 120_000)
afterAll(async () => {
  await store.close()
  await database.drop()
  built.remove()
})

const search = (domains: readonly Domain[] | 'all', more: { exact?: boolean; topPersons?: number } = {}) =>
  store.gallery.search({
    clientId,
    modelId,
    domains,
    probes: made.probes,
    topPersons: 10,
    topFaces: 10,
    withinDistance: 0.6,
    ...more,
  })
/** How each domain is searched, and why. */
const searches = async () =>
  Object.fromEntries((await store.index.state()).searches.map(({ domain, by, why }) => [domain, [by, why]]))
const indexNames = async () => (await store.index.state()).indexes.map(({ name }) => name)
const uses = async () =>
  Number(
    (
      await database.query(
        "SELECT coalesce(sum(idx_scan), 0) AS uses FROM pg_stat_user_indexes WHERE indexrelname LIKE 'embeddings_hnsw%'",
      )
    )[0]!.uses,
  )

/** Of the people and faces that an exact search finds, the share that is found. */
function recall(answer: SearchAnswer, truth: SearchAnswer) {
  const shareOf = (idsOf: (probe: SearchAnswer['probes'][number]) => readonly string[]) => {
    const wanted = truth.probes.map((probe) => idsOf(probe))
    const found = answer.probes.map((probe) => new Set(idsOf(probe)))
    const hits = wanted.flatMap((ids, position) => ids.filter((id) => found[position]!.has(id)))
    return hits.length / wanted.flat().length
  }
  return {
    persons: shareOf(({ persons }) => persons.map(({ personId }) => personId)),
    faces: shareOf(({ faces }) => faces.map(({ faceId }) => faceId)),
  }
}

test('without an index every search is exact', async () => {
  expect((await store.index.state()).indexes).toEqual([])
  expect(await searches()).toMatchObject({ [large]: ['scan', 'no-index'], [small]: ['scan', 'small'] })
  const answer = await search('all')
  expect(answer.method).toBe('exact')
  expect(answer).toMatchObject({ galleryPersons: made.persons, galleryEmbeddings: made.faces })
})

test('looks at as many candidates as its size asks for, unless somebody chose', async () => {
  expect(await store.index.rebuild(build)).toMatchObject({ searchWidth: 160 })
  expect(await store.index.rebuild({ ...build, searchWidth: 320 })).toMatchObject({ searchWidth: 320 })
  expect(await store.index.rebuild(build)).toMatchObject({ searchWidth: 320 })
})

describe.each(['vector', 'halfvec'] as const)('of %s', (vectors) => {
  test('is built with progress, in place of the one before, and found by the next search', async () => {
    const before = await indexNames()
    const phases: IndexProgress['phase'][] = []
    const index = await store.index.rebuild(
      { ...build, vectors, m: 12 },
      { onProgress: ({ phase }) => phases.push(phase) },
    )
    expect(phases).not.toEqual([])
    expect(index).toMatchObject({ vectors, m: 12, efConstruction: 64, modelId, rows: made.faces })
    expect(await indexNames()).toEqual([index.name])
    expect(before).not.toContain(index.name)
    // What was known before the build is known anew with the first answer.
    await search('all')
    expect((await search('all')).method).toBe('hnsw')
  })

  test.each([
    ['all', 'hnsw'],
    [[large], 'hnsw'],
    [[small], 'exact'],
  ] as const)('finds in %s, by %s, what an exact search finds', async (domains, method) => {
    const truth = await search(domains, { exact: true })
    expect(truth.method).toBe('exact')
    const answer = await search(domains)
    expect(answer.method).toBe(method)
    const { persons, faces } = recall(answer, truth)
    expect(persons).toBeGreaterThanOrEqual(0.99)
    expect(faces).toBeGreaterThanOrEqual(0.99)
    expect(answer.probes.map(({ persons: [first] }) => first)).toEqual(
      truth.probes.map(({ persons: [first] }) => first),
    )
  })

  test('is what the server searches by', async () => {
    const before = await uses()
    await search('all')
    // A session tells of its work when it has been idle for a second.
    await expect.poll(uses, { timeout: 15_000, interval: 500 }).toBeGreaterThan(before)
  })

  test('everybody is found, also where more people are asked for than rows are looked at', async () => {
    const everybody = await search([small], { topPersons: 500 })
    const truth = await search([small], { topPersons: 500, exact: true })
    expect(everybody.probes[0]!.persons).toHaveLength(everybody.galleryPersons)
    expect(everybody.probes).toEqual(truth.probes)
    const all = await search([large], { topPersons: made.persons })
    expect(new Set(all.probes[1]!.persons.map(({ personId }) => personId)).size).toBe(all.galleryPersons)
  })
})

test('those whom nobody stands out for are compared with all', async () => {
  const sure = await openServerStore({
    ...serverAt(database.url),
    builtFolder: built.folder,
    threads: 1,
    searchBounds: { smallUpToRows: 0, indexFromRows: 2000, doubtsIndex: true },
  })
  try {
    // Of so few candidates the index alone misses some.
    await sure.index.widen(modelId, 40)
    for (const topPersons of [1, 10]) {
      const query = {
        clientId,
        modelId,
        domains: [large],
        topPersons,
        topFaces: 10,
        withinDistance: 0.6,
      } as const
      const answers = async (exact: boolean) => sure.gallery.search({ ...query, probes: made.probes, exact })
      const [found, truth] = [await answers(false), await answers(true)]
      const strangers = (answer: SearchAnswer) => answer.probes.filter((_, position) => position % 3 === 0)
      expect(found.method).toBe('hnsw')
      expect(strangers(found)).toEqual(strangers(truth))
      expect(found.probes.map(({ persons }) => persons[0])).toEqual(
        truth.probes.map(({ persons }) => persons[0]),
      )
      expect(found.probes[0]!.persons).toHaveLength(topPersons)
      const stranger = await sure.gallery.search({ ...query, probes: [made.probes[0]!] })
      expect(stranger.method).toBe('exact')
    }
  } finally {
    await sure.index.widen(modelId, 320)
    await sure.close()
  }
})

test('searches look at as many candidates as the index says, also after it was built anew', async () => {
  expect(await searches()).toMatchObject({ [large]: ['index', 'large'], [small]: ['scan', 'small'] })
  await store.index.widen(modelId, 600)
  expect((await store.index.state()).indexes).toMatchObject([{ searchWidth: 600, m: 12 }])
  const truth = await search('all', { exact: true })
  expect(recall(await search('all'), truth).persons).toBeGreaterThanOrEqual(0.99)
  expect(await store.index.rebuild(build)).toMatchObject({ searchWidth: 600, m: 16 })
  expect(await store.index.rebuild({ ...build, searchWidth: 300 })).toMatchObject({ searchWidth: 300 })
  await expect(store.index.widen(modelId, 5)).rejects.toMatchObject({ code: 'invalid-argument' })
  const other = modelIdSchema.parse('nobody/model')
  await expect(store.index.widen(other, 600)).rejects.toMatchObject({ code: 'not-found' })
})

test('tells how much room it takes', async () => {
  const { totalBytes, parts, bytesPerEmbedding } = await store.gallery.sizes()
  expect(parts!.vectors).toBeGreaterThan(made.faces * 2048)
  expect(parts!.searchIndexes).toBeGreaterThan(made.faces * 2048)
  expect(totalBytes).toBeGreaterThan(
    parts!.vectors + parts!.crops + parts!.searchIndexes + parts!.otherIndexes - 1,
  )
  expect(bytesPerEmbedding).toBeGreaterThan(2048)
  expect(bytesPerEmbedding).toBeLessThan(6000)
})

test('recall is told with the range it lies in', async () => {
  const progress: number[] = []
  const recalled = await store.index.recall(
    { clientId, modelId, domains: 'all', searches: 20 },
    { onProgress: ({ done }) => progress.push(done) },
  )
  expect(progress.at(-1)).toBe(20)
  expect(recalled).toMatchObject({ searches: 20, byIndex: 20 })
  const { recallAt10, sameTopPerson } = recalled
  expect(recallAt10.value).toBeGreaterThanOrEqual(0.99)
  expect(sameTopPerson).toMatchObject({ value: 1, high: 1 })
  expect(sameTopPerson.low).toBeGreaterThan(0.8)
  expect(sameTopPerson.low).toBeLessThan(0.9)
})

describe('a build that does not end', () => {
  const invalid = () => database.query('SELECT 1 FROM pg_index WHERE NOT indisvalid')

  test('that is cancelled leaves the index that was there, and nothing else', async () => {
    const before = await indexNames()
    const cancel = new AbortController()
    const why = new VisorError('cancelled', 'Enough.')
    const onProgress = ({ phase }: IndexProgress) => {
      if (phase === 'loading') cancel.abort(why)
    }
    await expect(
      store.index.rebuild({ ...build, m: 100, efConstruction: 1000 }, { signal: cancel.signal, onProgress }),
    ).rejects.toBe(why)
    expect(await indexNames()).toEqual(before)
    expect(await invalid()).toEqual([])
  })

  test('of two at once one is refused', async () => {
    const both = await Promise.allSettled([store.index.rebuild(build), store.index.rebuild(build)])
    const refused = both.filter((one) => one.status === 'rejected')
    expect(refused.map(({ reason }) => (reason as VisorError).code)).toEqual(['conflict'])
    expect(await indexNames()).toHaveLength(1)
  })

  test('with parameters that make no index is refused', async () => {
    await expect(store.index.rebuild({ ...build, m: 50, efConstruction: 64 })).rejects.toMatchObject({
      code: 'invalid-argument',
    })
  })

  test('what a killed console left is removed by the next', async () => {
    await database.query(
      "CREATE INDEX embeddings_hnsw_left ON embeddings USING hnsw (vector vector_cosine_ops) WHERE model_id = 'none'",
    )
    await store.index.rebuild(build)
    const left = await database.query("SELECT 1 FROM pg_class WHERE relname = 'embeddings_hnsw_left'")
    expect(left).toEqual([])
  })
})

test('sizes follow the people, whatever is done to their faces', async () => {
  const counted = () =>
    database.query(
      `SELECT client_id, model_id, domain, count(DISTINCT person_id) AS persons, count(*) AS embeddings FROM embeddings
       WHERE person_id IS NOT NULL GROUP BY client_id, model_id, domain ORDER BY domain`,
    )
  const kept = () =>
    database.query(
      'SELECT client_id, model_id, domain, persons, embeddings FROM gallery_sizes ORDER BY domain',
    )
  const strays = () =>
    database.query(
      `SELECT 1 FROM embeddings e JOIN faces f ON f.id = e.face_id
       WHERE e.domain <> f.domain OR e.person_id IS DISTINCT FROM CASE WHEN f.removed_by IS NULL THEN f.person_id END`,
    )
  const context = { actor: 'tester', summary: 'a test' }
  const { persons } = await store.gallery.persons({
    clientId,
    domain: small,
    text: '',
    sort: 'name',
    flags: [],
    tag: null,
    offset: 0,
    limit: 3,
  })
  const [first, second, third] = persons.map(({ personId }) => personId)
  await store.gallery.mergePersons(first!, [second!], context)
  const { ledgerId } = await store.gallery.deletePersons([third!], context)
  expect(await kept()).toEqual(await counted())
  await store.gallery.movePersons([first!], large, 'refuse', context)
  await store.gallery.undo(ledgerId!, context)
  expect(await kept()).toEqual(await counted())
  expect(await strays()).toEqual([])
})
