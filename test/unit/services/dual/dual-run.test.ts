/** The dual run never holds anybody up: it compares later, a few at a time, and counts what it leaves out. */
import { afterEach, expect, test, vi } from 'vitest'
import { DualRun } from '../../../../src-main/services/dual/dual-run'
import type { DualRecord } from '../../../../src-main/storage/dual-store'
import type { PersonHit, SearchAnswer, SearchQuery } from '../../../../src-main/storage/search-records'
import { VisorError } from '../../../../src-shared/errors'
import {
  clientIdSchema,
  domainSchema,
  faceIdSchema,
  modelIdSchema,
  personIdSchema,
  sha256Schema,
} from '../../../../src-shared/ids'
import { randomNumbers, unitVector } from '../../../contract/made-faces'

afterEach(() => {
  vi.useRealTimers()
})

const sha256 = sha256Schema.parse('cd'.repeat(32))
const query: SearchQuery = {
  clientId: clientIdSchema.parse('default'),
  domains: [domainSchema.parse('slovenia')],
  modelId: modelIdSchema.parse('pack/embedder'),
  probes: [unitVector(randomNumbers(1))],
  origins: [{ sha256, face: 2 }],
  topPersons: 5,
  topFaces: 0,
  withinDistance: 0.5,
}
const hit = (person: number, distance: number): PersonHit => ({
  personId: personIdSchema.parse(`00000000-0000-7000-8000-00000000000${person}`),
  name: `${person}`,
  domain: domainSchema.parse('slovenia'),
  distance,
  nearestFaceId: faceIdSchema.parse(`00000000-0000-7000-8000-0000000000f${person}`),
  nearestPhotoSha256: sha256,
  occurrences: 1,
  bestDistances: [distance],
})
const answer = (...persons: PersonHit[]): SearchAnswer => ({
  probes: [{ persons, faces: [] }],
  galleryPersons: 2,
  galleryEmbeddings: 2,
  method: 'float32',
  elapsedMs: 1,
})

function set(
  searchServer: (query: SearchQuery) => Promise<SearchAnswer>,
  { waiting = 0, timeoutMs = 1000, here = 2, there = 2 } = {},
) {
  const records: DualRecord[] = []
  const errors: unknown[] = []
  const people = (known: number) => ({
    personsById: async (ids: readonly unknown[]) => ids.slice(0, known) as never,
  })
  const run = new DualRun({
    searchServer,
    serverPeople: () => people(there),
    localPeople: people(here),
    outbox: { entries: async () => Array.from({ length: waiting }) as never },
    store: { record: async (some) => void records.push(...some) },
    onError: (error) => errors.push(error),
    timeoutMs,
  })
  const compare = async (mine: SearchAnswer) => {
    run.observe({ query, answer: mine, elapsedMs: 4 })
    await run.drain(5000)
    expect(errors).toEqual([])
    const { outcome } = records.at(-1)!
    return 'error' in outcome ? outcome.error.code : (outcome.disagreement?.cause ?? 'none')
  }
  return { run, records, errors, compare }
}

test('keeps figures of what agrees, and of whom it was only where it does not', async () => {
  const { compare, records } = set(async () => answer(hit(1, 0.2), hit(2, 0.4)))
  expect(await compare(answer(hit(1, 0.2), hit(2, 0.4)))).toBe('none')
  expect(records[0]).toMatchObject({ localMs: 4, domain: 'slovenia', origin: 'live' })
  expect(JSON.stringify(records[0])).not.toContain(sha256)
  await compare(answer(hit(2, 0.1), hit(1, 0.3)))
  expect(records[1]!.outcome).toMatchObject({ disagreement: { sha256, face: 2 } })
})

test('asks the server without its index to tell why', async () => {
  const byIndex = set(async ({ exact }) => (exact === true ? answer(hit(1, 0.2)) : answer(hit(2, 0.4))))
  expect(await byIndex.compare(answer(hit(1, 0.2)))).toBe('index-recall')
  const theirs = async () => answer(hit(2, 0.4))
  expect(await set(theirs, { waiting: 1 }).compare(answer(hit(1, 0.2)))).toBe('edits-in-flight')
  expect(await set(theirs, { there: 0 }).compare(answer(hit(1, 0.2)))).toBe('missing-rows')
  expect(await set(theirs, { here: 0 }).compare(answer(hit(1, 0.2)))).toBe('missing-rows')
  expect(await set(async () => answer(hit(1, 0.4))).compare(answer(hit(1, 0.2)))).toBe('missing-rows')
  expect(await set(theirs).compare(answer(hit(1, 0.2)))).toBe('unexplained')
  expect(
    await set(async () => answer(hit(2, 0.2), hit(1, 0.2))).compare(answer(hit(1, 0.2), hit(2, 0.2))),
  ).toBe('tie')
})

test('a server that says nothing, or no, has not answered', async () => {
  const silent = set(() => new Promise(() => undefined), { timeoutMs: 20 })
  expect(await silent.compare(answer())).toBe('deadline-exceeded')
  const gone = set(() => Promise.reject(new VisorError('server-unreachable', 'It is gone.')))
  expect(await gone.compare(answer())).toBe('server-unreachable')
})

test('asks for a few at a time, and leaves out what it cannot keep up with', async () => {
  let atOnce = 0
  let most = 0
  const release: (() => void)[] = []
  const { run, records } = set(async () => {
    most = Math.max(most, ++atOnce)
    await new Promise<void>((resolve) => release.push(resolve))
    atOnce--
    return answer()
  })
  for (let index = 0; index < 400; index++) run.observe({ query, answer: answer(), elapsedMs: 1 })
  expect(run.dropped).toBe(400 - 256)
  const free = setInterval(() => {
    for (const one of release.splice(0)) one()
  }, 1)
  await run.drain(10_000)
  clearInterval(free)
  expect([most, records.length, run.queued]).toEqual([2, 256, 0])
})

/** A server that answers all, and how often it was asked. */
function counted() {
  let asked = 0
  const all = set(async () => {
    asked++
    return answer()
  })
  const observe = (times: number) => {
    for (let time = 0; time < times; time++) all.run.observe({ query, answer: answer(), elapsedMs: 1 })
  }
  return { ...all, observe, asked: () => asked }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('the server is asked when nothing is searched here, and not before', async () => {
  const { run, observe, asked } = counted()
  run.searching(1)
  observe(1)
  await turn()
  run.searching(2)
  run.searching(1)
  await turn()
  expect([asked(), run.queued]).toEqual([0, 1])
  run.searching(0)
  await expect.poll(asked).toBe(1)
  observe(1)
  await turn()
  expect(asked()).toBe(2)
})

test('where searches leave no such moment, it is asked once half of the queue is full', async () => {
  const { run, observe, asked } = counted()
  run.searching(1)
  observe(128)
  await turn()
  expect(asked()).toBe(0)
  observe(1)
  await expect.poll(() => run.queued).toBe(128)
  expect([asked(), run.dropped]).toEqual([1, 0])
  await run.drain(10_000)
  expect([asked(), run.queued]).toEqual([129, 0])
})

test('what was compared is written when nothing is searched here', async () => {
  vi.useFakeTimers()
  const { run, records } = counted()
  await run.compareNow({ query, answer: answer(), elapsedMs: 1 }, 'folder')
  run.searching(1)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(records).toHaveLength(0)
  run.searching(0)
  await vi.advanceTimersByTimeAsync(100)
  expect(records).toHaveLength(1)
  await run.compareNow({ query, answer: answer(), elapsedMs: 1 }, 'folder')
  await vi.advanceTimersByTimeAsync(1000)
  expect(records).toHaveLength(2)
})
