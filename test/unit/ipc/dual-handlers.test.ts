/** What main does for the window's requests about the move to a server, over a stand-in that takes notes. */
import { expect, it } from 'vitest'
import { dualHandlers } from '../../../src-main/ipc/handlers/dual'
import type { Services } from '../../../src-main/ipc/handlers/services'
import { Jobs } from '../../../src-main/services/jobs'
import { gateCriteriaSchema, type MoveReport } from '../../../src-shared/dual'
import { requests } from '../../../src-shared/ipc'

const clientId = requests['dual.pair'].input.shape.clientId.parse('default')
const queued = 'ab'.repeat(32)
const itemId = '00000000-0000-7000-8000-0000000000ee'
const since = '2026-11-01T00:00:00.000Z'
const report: MoveReport = {
  to: 'server',
  rehearsed: false,
  elapsedMs: 1,
  parts: [],
  gate: null,
  waiting: 0,
  conflicts: 0,
  notHere: [],
}

function services({ domain = 'slovenia' as string | null } = {}) {
  const notes: unknown[] = []
  const note =
    (name: string) =>
    (...args: unknown[]) => {
      notes.push([name, ...args])
      return Promise.resolve(name === 'disagreements' ? { total: 0, some: [] } : [])
    }
  const moves = {
    run: () => ({}),
    state: async () => ({ mode: 'dual', pairings: [], waiting: 1, conflicts: 2, queued: 3, dropped: 4 }),
    gate: async () => ({ passed: false, since, checks: [] }),
    setCriteria: note('criteria'),
    go: async (...args: unknown[]) => {
      notes.push(['go', ...args])
      return report
    },
    rehearse: async () => [{ ...report, rehearsed: true }],
  }
  const handlers = dualHandlers({
    moves,
    pairings: { pair: note('pair'), unpair: note('unpair') },
    comparisons: { series: note('series'), disagreements: note('disagreements'), moves: note('moves') },
    jobs: new Jobs(),
    queue: {
      snapshot: () => ({ items: [] }),
      itemOf: (photo: string) => (photo === queued ? itemId : undefined),
    },
    desktop: { chooseFolder: async () => undefined },
    settings: {
      current: {
        search: { clientId, domain, allDomains: false },
        cutOver: gateCriteriaSchema.parse({}),
        modelPack: null,
      },
    },
    packs: { pack: () => undefined, modelIdOf: () => 'pack/embedder' },
    gallery: { knownFaces: async () => new Map() },
  } as unknown as Services)
  return { handlers, notes }
}

it('tells how it stands, as the contract says', async () => {
  const { handlers } = services()
  expect(requests['dual.state'].output.parse(await handlers['dual.state']())).toMatchObject({ dropped: 4 })
  const { verdict, criteria } = requests['dual.gate'].output.parse(await handlers['dual.gate']())
  expect([verdict.passed, criteria.probes]).toEqual([false, 100])
  expect(requests['dual.rehearse'].output.parse(await handlers['dual.rehearse']())).toHaveLength(1)
})

it('asks for what was compared in a time', async () => {
  const { handlers, notes } = services()
  await handlers['dual.series'](requests['dual.series'].input.parse({ since, bucketMinutes: 60 }))
  await handlers['dual.disagreements'](
    requests['dual.disagreements'].input.parse({ since, cause: 'tie', offset: 20, limit: 10 }),
  )
  expect(notes).toEqual([
    ['series', { since: Date.parse(since), bucketMs: 3_600_000 }],
    ['disagreements', { since: Date.parse(since), cause: 'tie', offset: 20, limit: 10 }],
  ])
})

it('says where the face of a probe can still be seen', async () => {
  const { handlers } = services()
  const { input, output } = requests['dual.probe']
  const look = async (sha256: string) =>
    output.parse(await handlers['dual.probe'](input.parse({ clientId, sha256, same: [] })))
  expect(await look(queued)).toEqual({ kind: 'queued', itemId })
  expect(await look('cd'.repeat(32))).toBeNull()
  expect(input.safeParse({ clientId, sha256: '../photo.jpg', same: [] }).success).toBe(false)
})

it('tells the steps of the move of a client', async () => {
  const { handlers, notes } = services()
  expect(await handlers['dual.moves']({ clientId })).toEqual([])
  expect(notes).toEqual([['moves', clientId]])
})

it('goes where it is told, with the reason', async () => {
  const { handlers, notes } = services()
  const asked = requests['dual.go'].input.parse({ mode: 'server', why: ' the old one is full ' })
  expect(requests['dual.go'].output.parse(await handlers['dual.go'](asked))).toEqual(report)
  await handlers['dual.unpair']({ clientId })
  expect(notes).toEqual([
    ['go', 'server', 'the old one is full'],
    ['unpair', clientId],
  ])
  expect(requests['dual.go'].input.safeParse({ mode: 'server', why: '  ' }).success).toBe(false)
  expect(requests['dual.go'].input.safeParse({ mode: 'elsewhere' }).success).toBe(false)
})

it('replays only while a server is on trial, in a domain that was chosen', async () => {
  const past = { what: 'queue', days: 7 } as const
  expect(await services().handlers['dual.replay'](past)).toMatchObject({ jobId: expect.any(String) })
  expect(await services().handlers['dual.replay']({ what: 'folder' })).toBeNull()
  const dropped = requests['dual.replayPaths'].input.parse({ paths: ['/nowhere/photos'] })
  expect(services().handlers['dual.replayPaths'](dropped)).toMatchObject({ jobId: expect.any(String) })
  expect(() => dualWithoutRun()['dual.replayPaths'](dropped)).toThrow('Nothing is compared just now.')
  await expect(dualWithoutRun()['dual.replay'](past)).rejects.toMatchObject({ code: 'conflict' })
  await expect(services({ domain: null }).handlers['dual.replay'](past)).rejects.toMatchObject({
    code: 'invalid-argument',
  })
})

function dualWithoutRun() {
  return dualHandlers({
    moves: { run: () => undefined },
    settings: { current: { search: { clientId, domain: 'slovenia', allDomains: false } } },
  } as unknown as Services)
}
