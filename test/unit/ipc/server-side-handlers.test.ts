/** What main does for the window's requests about cache and outbox, over a stand-in that takes notes. */
import { expect, it } from 'vitest'
import { serverSideHandlers } from '../../../src-main/ipc/handlers/server-side'
import type { Services } from '../../../src-main/ipc/handlers/services'
import { Jobs } from '../../../src-main/services/jobs'
import type { IndexStore } from '../../../src-main/storage/index-store'
import { VisorError } from '../../../src-shared/errors'
import { requests } from '../../../src-shared/ipc'
import type { Job } from '../../../src-shared/status'

const id = requests['outbox.drop'].input.shape.id.parse('00000000-0000-7000-8000-000000000001')
const scope = requests['cache.choose'].input.parse({ clientId: 'default', domain: 'team', chosen: true })

function services() {
  const notes: unknown[] = []
  const side = {
    cache: {
      choose: async (...args: unknown[]) => notes.push(['chosen', ...args]),
      sync: async () => ({ filled: 1, renewed: 2, removed: 3, compared: [] }),
    },
    outbox: {
      entries: async () => [
        { id, clientId: 'default', actor: 'ana', summary: 'Made Dora', madeAt: 0, people: ['p'] },
        {
          id,
          clientId: 'default',
          actor: 'ana',
          summary: 'Renamed Cleo',
          madeAt: 0,
          people: [],
          held: { code: 'conflict', message: 'Somebody else changed Cleo.' },
        },
      ],
      retry: async (...args: unknown[]) => notes.push(['again', ...args]),
      drop: async (...args: unknown[]) => notes.push(['dropped', ...args]),
    },
  }
  const handlersOf = (modes: object) => serverSideHandlers({ modes, jobs: new Jobs() } as unknown as Services)
  return { handlers: handlersOf({ side }), handlersOf, notes }
}

it('tells edits that wait as the contract says, and those that somebody has to decide about', async () => {
  const edits = await services().handlers['outbox.entries']()
  expect(requests['outbox.entries'].output.parse(edits)).toMatchObject([
    { summary: 'Made Dora', madeAt: '1970-01-01T00:00:00.000Z', people: 1, held: null },
    { summary: 'Renamed Cleo', people: 0, held: { code: 'conflict' } },
  ])
})

it('does what was decided, and chooses domains', async () => {
  const { handlers, notes } = services()
  await handlers['outbox.retry']({ id, anyway: true })
  await handlers['outbox.drop']({ id })
  await handlers['cache.choose'](scope)
  expect(notes).toEqual([
    ['again', id, true],
    ['dropped', id],
    ['chosen', 'default', 'team', true],
  ])
  expect(await handlers['cache.sync']()).toMatchObject({ filled: 1 })
})

it('tells how searches go, changes how wide they are, and measures them', async () => {
  const { handlersOf } = services()
  const notes: unknown[] = []
  const modelId = requests['index.widen'].input.shape.modelId.parse('test/model')
  const share = { value: 1, low: 0.9, high: 1 }
  const state = {
    indexes: [],
    models: [{ modelId, embeddings: 30_000, paysOff: true }],
    tableBytes: 1,
    paysFromRows: 15_000,
    searches: [],
    mayBuild: true,
  }
  const recall = {
    searches: 2,
    recallAt10: share,
    sameTopPerson: share,
    byIndex: 2,
    approximateMs: 1,
    exactMs: 2,
  }
  const index: IndexStore = {
    state: async () => state,
    widen: async (...args) => void notes.push(['widened', ...args]),
    recall: async (query) => {
      notes.push(query)
      return recall
    },
    rebuild: () => Promise.reject(new VisorError('internal', 'Not asked for.')),
  }
  const handlers = handlersOf({ side: { index: () => index } })
  expect(requests['index.state'].output.parse(await handlers['index.state']())).toEqual(state)
  await handlers['index.widen']({ modelId, searchWidth: 600 })
  const query = requests['index.recall'].input.parse({
    clientId: 'default',
    modelId,
    domains: 'all',
    searches: 2,
  })
  expect(requests['index.recall'].output.parse(await handlers['index.recall'](query))).toEqual(recall)
  expect(notes).toEqual([['widened', modelId, 600], query])
})

it('builds an index as work that tells how far it is, and can be cancelled', async () => {
  const jobs = new Jobs()
  const told: Job[] = []
  jobs.changed.add((job) => told.push(job))
  const build = requests['index.rebuild'].input.parse({
    modelId: 'test/model',
    vectors: 'halfvec',
    m: 16,
    efConstruction: 64,
  })
  const asked: unknown[] = []
  const rebuild: IndexStore['rebuild'] = async (wanted, { onProgress, signal } = {}) => {
    asked.push(wanted)
    onProgress?.({ phase: 'loading', done: 3, total: 10 })
    if (asked.length > 1)
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    const { modelId, vectors, m, efConstruction } = build
    return { modelId, vectors, m, efConstruction, searchWidth: 400, name: 'new', bytes: 1, rows: 23_640 }
  }
  const modes = { side: { index: () => ({ rebuild }) } }
  const handlers = serverSideHandlers({ modes, jobs } as unknown as Services)
  const { jobId } = requests['index.rebuild'].output.parse(handlers['index.rebuild'](build))
  await expect
    .poll(() => told.at(-1))
    .toMatchObject({ state: 'done', outcome: '23,640 faces are in the new index.' })
  expect(told).toContainEqual(
    expect.objectContaining({ jobId, kind: 'index', done: 3, total: 10, detail: 'puts faces in' }),
  )
  expect(asked).toEqual([build])
  const { jobId: second } = handlers['index.rebuild'](build)
  await expect.poll(() => asked).toHaveLength(2)
  jobs.cancel(second)
  await expect.poll(() => told.at(-1)).toMatchObject({ jobId: second, state: 'cancelled' })
})

it('says so where no server is used', () => {
  const none = {
    get side(): never {
      throw new VisorError('conflict', 'No server is used just now.')
    },
  }
  const handlers = services().handlersOf(none)
  expect(() => handlers['cache.state']()).toThrow('No server is used')
  expect(() => handlers['index.state']()).toThrow('No server is used')
  const build = { modelId: 'test/model', vectors: 'vector', m: 16, efConstruction: 64 }
  expect(() => handlers['index.rebuild'](requests['index.rebuild'].input.parse(build))).toThrow(
    'No server is used',
  )
})
