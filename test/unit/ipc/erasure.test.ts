/** The window's requests about erasure: who is refused at once, what becomes a job, and what is let go in memory. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { erasureHandlers } from '../../../src-main/ipc/handlers/erasure'
import type { Services } from '../../../src-main/ipc/handlers/services'
import type { Erasures } from '../../../src-main/services/erasure/erasures'
import { letGo } from '../../../src-main/services/erasure/held-in-memory'
import { Jobs } from '../../../src-main/services/jobs'
import type { Erased } from '../../../src-main/storage/erasure-store'
import { type ErasureReport, erasureReasonSchema } from '../../../src-shared/erasure'
import { VisorError } from '../../../src-shared/errors'
import { clientIdSchema, itemIdSchema, ledgerIdSchema, personIdSchema } from '../../../src-shared/ids'
import { requests } from '../../../src-shared/ipc'

const clientId = clientIdSchema.parse('default')
const id = '00000000-0000-7000-8000-000000000001'
const personId = personIdSchema.parse(id)
const entry = ledgerIdSchema.parse(id)
const request = { clientId, target: { personIds: [personId] } }
const report: ErasureReport = {
  format: 'visor-erasure-report',
  version: 1,
  subject: { kind: 'people', people: 1 },
  signedOff: { by: 'tester', at: '2026-11-20T08:00:00.000Z', why: 'case 17' },
  ledger: { entry, sequence: 7, hash: 'ab'.repeat(32) },
  removed: [{ place: 'people', count: 1 }],
  cleared: { at: '2026-11-20T08:00:01.000Z', bytesBefore: 2, bytesAfter: 1 },
  notReached: [],
}

function handlersWith(erasures: Partial<Erasures>, saveTo?: string) {
  const jobs = new Jobs()
  const desktop = { chooseSave: async () => saveTo }
  return { jobs, handlers: erasureHandlers({ erasures, jobs, desktop } as unknown as Services) }
}

/** The next job that ends. */
const ended = (jobs: Jobs) =>
  new Promise<unknown>((resolve) => jobs.changed.add((job) => job.state !== 'running' && resolve(job)))

it('takes only what is a target, with a reason', () => {
  const { input } = requests['erasure.erase']
  expect(input.safeParse({ ...request, why: ' case 17 ' }).data?.why).toBe('case 17')
  for (const why of ['', '  ', 'a\nb', 'x'.repeat(501)]) {
    expect(input.safeParse({ ...request, why }).success, why).toBe(false)
    expect(erasureReasonSchema.safeParse(why).success).toBe(false)
  }
  for (const target of [
    {},
    { personIds: [] },
    { personIds: ['Ana'] },
    { deletedBy: 'x' },
    { clientId: '' },
  ]) {
    expect(requests['erasure.preview'].input.safeParse({ clientId, target }).success).toBe(false)
  }
})

it('refuses a reason that names somebody at once, and erases nobody', async () => {
  const refusal = new VisorError('invalid-argument', 'The reason names somebody who is to be erased.')
  const { jobs, handlers } = handlersWith({ checkReason: () => Promise.reject(refusal) })
  await expect(handlers['erasure.erase']({ ...request, why: 'Ana' })).rejects.toBe(refusal)
  expect(jobs.list()).toEqual([])
})

it('does not erase under work that has people in hand', async () => {
  const { jobs, handlers } = handlersWith({ checkReason: async () => undefined })
  jobs.start('export', 'Exporting slovenia', 'people', () => new Promise(() => undefined))
  await expect(handlers['erasure.erase']({ ...request, why: 'case 17' })).rejects.toMatchObject({
    code: 'conflict',
    message: '“Exporting slovenia” is running, and has people in hand.',
  })
})

it('erases as a job, and what fails later says so there', async () => {
  const full = new VisorError('disk-full', 'There is too little space to clear the database file.')
  const asked: unknown[] = []
  const { jobs, handlers } = handlersWith({
    checkReason: async () => undefined,
    erase: (target, why) => {
      asked.push(target, why)
      return Promise.reject(full)
    },
  })
  const end = ended(jobs)
  await handlers['erasure.erase']({ ...request, why: 'case 17' })
  expect(await end).toMatchObject({ kind: 'erase', state: 'failed', error: { code: 'disk-full' } })
  expect(asked).toEqual([request, 'case 17'])
})

it('ends what was left undone, where there is something', async () => {
  const none = handlersWith({ isDue: async () => false })
  expect(await none.handlers['erasure.finish']()).toBeNull()
  const { jobs, handlers } = handlersWith({ isDue: async () => true, finish: async () => [report] })
  const end = ended(jobs)
  expect(await handlers['erasure.finish']()).not.toBeNull()
  expect(await end).toMatchObject({ state: 'done' })
})

it('saves a report where somebody says, or not at all', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'visor-report-'))
  const path = join(folder, 'report.json')
  const reports = async () => [report]
  expect(await handlersWith({ reports }, path).handlers['erasure.saveReport']({ entry })).toEqual({
    saved: true,
  })
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(report)
  rmSync(folder, { recursive: true })
  expect(await handlersWith({ reports }).handlers['erasure.saveReport']({ entry })).toEqual({ saved: false })
  const unknown = handlersWith({ reports: async () => [] }, path).handlers['erasure.saveReport']({ entry })
  await expect(unknown).rejects.toMatchObject({ code: 'not-found' })
})

it('lets go in memory what an erasure took, after it is on disk', async () => {
  const notes: string[] = []
  const erased: Erased = {
    ledgerId: entry,
    clientId,
    people: 1,
    removed: [],
    queueItems: [itemIdSchema.parse(id)],
    entries: [entry],
  }
  const whileStill = letGo({
    queue: {
      whileIdle: async (work) => {
        const { value, gone } = await work()
        notes.push(`dropped ${gone.length}`)
        return value
      },
    },
    pictures: { forget: () => notes.push('pictures') },
    recentActs: { forget: (ledgerId) => notes.push(`act ${ledgerId}`) },
    unknown: { idle: async () => void notes.push('idle'), forgotten: () => notes.push('unknown') },
    galleriesChanged: () => notes.push('told'),
  })
  const result = await whileStill(async () => {
    notes.push('erased')
    return erased
  })
  expect(result).toBe(erased)
  expect(notes).toEqual(['idle', 'erased', 'dropped 1', 'pictures', `act ${id}`, 'unknown', 'told'])
})
