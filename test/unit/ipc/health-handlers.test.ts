/** What main does for the window's requests about gallery health: the parts that decide, over a stand-in that takes notes. */
import { expect, it } from 'vitest'
import { healthHandlers } from '../../../src-main/ipc/handlers/health'
import type { Services } from '../../../src-main/ipc/handlers/services'
import { Jobs } from '../../../src-main/services/jobs'
import { RecentActs } from '../../../src-main/services/recent-acts'
import type { Finding } from '../../../src-shared/health'
import { clientIdSchema, ledgerIdSchema } from '../../../src-shared/ids'
import { requests } from '../../../src-shared/ipc'
import { defaultSettings } from '../../../src-shared/settings'

const clientId = clientIdSchema.parse('default')
const ledgerId = ledgerIdSchema.parse('00000000-0000-7000-8000-000000000001')
const all = { clientId, domain: null }

function copy(otherFaceId: string, other?: object) {
  return { evidence: { kind: 'near-duplicate', otherFaceId }, other } as unknown as Finding
}

function services(found: readonly Finding[]) {
  const notes: unknown[] = []
  const parts = {
    settings: { current: defaultSettings, update: (patch: object) => notes.push(patch) },
    health: {
      findings: async () => ({ total: found.length, findings: found }),
      lookAnew: async () => notes.push('looks anew'),
      dismiss: async (...args: unknown[]) => {
        notes.push(args.slice(0, 3))
        return { ledgerId }
      },
    },
    galleryHealth: {
      state: { looked: 0, persons: 0, finished: true, paused: false },
      wake: () => notes.push('woken'),
      pauseChanged: () => notes.push('pause changed'),
    },
    gallery: {
      takeFaces: async (faceIds: readonly string[], options: object) => {
        notes.push(['taken', faceIds, options])
        return { ledgerId }
      },
      undo: async (undoes: string) => ({ summary: undoes }),
    },
    packs: { pack: () => ({}), modelIdOf: () => 'pack/embedder' },
    photos: {},
    jobs: new Jobs(),
    recentActs: new RecentActs(),
    actor: 'tester',
    galleriesChanged: () => notes.push('changed'),
  }
  return { handlers: healthHandlers(parts as unknown as Services), parts, notes }
}

it('takes the worse of all copies of one person away in one act, and leaves those of two people alone', async () => {
  const { handlers, notes } = services([copy('a'), copy('b', { name: 'Boris' }), copy('c'), copy('a')])
  expect(await handlers['health.takeCopies'](all)).toEqual({
    ledgerId,
    summary: 'Took away 2 copies of photos',
  })
  expect(notes).toEqual([['taken', ['a', 'c'], { reject: false }], 'changed'])
})

it('says so where there is no copy', async () => {
  const { handlers } = services([copy('b', { name: 'Boris' })])
  await expect(handlers['health.takeCopies'](all)).rejects.toMatchObject({ code: 'conflict' })
})

it('remembers a pause, and looks anew', async () => {
  const { handlers, notes } = services([])
  handlers['health.pause']({ paused: true })
  await handlers['health.lookAnew']()
  expect(notes).toEqual([{ healthPaused: true }, 'pause changed', 'looks anew', 'woken'])
})

it('dismisses findings as an act that can be taken back', async () => {
  const { handlers, parts, notes } = services([])
  const findingIds = [requests['health.dismiss'].input.shape.findingIds.element.parse(ledgerId)]
  const act = await handlers['health.dismiss']({ clientId, findingIds, dismissed: true })
  expect(act.summary).toBe('Said of a finding that it is fine')
  expect(notes[0]).toEqual([clientId, findingIds, true])
  expect(await parts.recentActs.undoNewest(clientId)).toEqual({ summary: ledgerId })
})

it('reads faces again as a job that tells whoever shows the gallery', async () => {
  const { handlers, parts, notes } = services([])
  const ended = new Promise((resolve) => {
    parts.jobs.changed.add((job) => job.state !== 'running' && resolve(job))
  })
  handlers['health.embedAgain'](all)
  expect(await ended).toMatchObject({
    kind: 'embed-again',
    state: 'done',
    outcome: 'Read 0 faces of 0 people again with the model in use.',
  })
  expect(notes).toEqual(['changed'])
})
