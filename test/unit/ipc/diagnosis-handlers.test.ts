/** What main does for the window's requests about diagnoses, over a store that is a stand-in. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { diagnosisHandlers } from '../../../src-main/ipc/handlers/diagnosis'
import type { Services } from '../../../src-main/ipc/handlers/services'
import { Diagnoses } from '../../../src-main/services/diagnostics/diagnoses'
import { Jobs } from '../../../src-main/services/jobs'
import type { SettingsFile } from '../../../src-main/services/settings-file'
import { checksOf, type DiagnosisState, failed, passed } from '../../../src-shared/diagnosis'
import { VisorError } from '../../../src-shared/errors'
import { requests } from '../../../src-shared/ipc'
import { defaultSettings } from '../../../src-shared/settings'
import type { Job } from '../../../src-shared/status'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-diagnosis-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** `hold`: what the check of the disk waits for. */
function services(hold = Promise.resolve()) {
  const jobs = new Jobs()
  const diagnoses = new Diagnoses({
    toDiagnose: async (diagnosed) => ({
      diagnosed,
      place: 'a place',
      database: {
        check: async (id, signal) => {
          if (id === 'disk') await hold
          signal.throwIfAborted()
          if (id === 'orphans') throw new Error('a mistake of ours')
          return id === 'vectors' ? failed('Wrong.') : passed('Right.')
        },
        storedFaces: async () => [],
        close: async () => undefined,
      },
      openGallery: async () => {
        throw new VisorError('store-unavailable', 'The store is not there.', { remedy: 'Look for it.' })
      },
    }),
    isolation: (places) => ({
      place: places.map(({ place }) => place).join(', '),
      stores: [],
      startVision: async () => {
        throw new VisorError('model-missing', 'The model is not there.', { remedy: 'Fetch it.' })
      },
    }),
    jobs,
    settings: { current: defaultSettings } as unknown as SettingsFile,
    dataFolder: '/data',
    version: '1.2.3',
  })
  const told: DiagnosisState[] = []
  diagnoses.changed.add((state) => told.push(state))
  const ended = new Promise<Job>((resolve) =>
    jobs.changed.add((job) => job.state !== 'running' && resolve(job)),
  )
  const desktop = { chooseSave: async (name: string) => join(folder, name) }
  const handlers = diagnosisHandlers({ diagnoses, desktop } as unknown as Services)
  return { handlers, jobs, ended, told }
}

it('makes every check, tells of each, and goes on after one that fails', async () => {
  const { handlers, ended, told } = services()
  handlers['diagnosis.start']({ diagnosed: 'local' })
  expect(await ended).toMatchObject({ state: 'done', kind: 'diagnose' })
  const { diagnosis, running, places } = handlers['diagnosis.state']()
  expect(running).toBeNull()
  expect(places).toEqual([{ diagnosed: 'local', place: '/data' }])
  expect(diagnosis?.checks.map(({ id }) => id)).toEqual(checksOf('local'))
  const check = (id: string) => diagnosis?.checks.find((one) => one.id === id)
  expect(check('orphans')).toMatchObject({
    state: 'fail',
    sentence: 'Visor could not make this check: a mistake of ours',
  })
  expect(check('ledger')).toMatchObject({ state: 'fail', next: { text: 'Look for it.' } })
  for (const state of told) requests['diagnosis.state'].output.parse(state)
  expect(told.map(({ running: now }) => now?.check).slice(1, -1)).toEqual(checksOf('local'))
})

it('makes one at a time, and ends it where it is stopped', async () => {
  const { promise, resolve: release } = Promise.withResolvers<void>()
  const { handlers, jobs, ended } = services(promise)
  const { jobId } = handlers['diagnosis.start']({ diagnosed: 'local' })
  expect(() => handlers['diagnosis.start']({ diagnosed: 'local' })).toThrow(/already/)
  jobs.cancel(jobId)
  release()
  expect(await ended).toMatchObject({ state: 'cancelled' })
  expect(handlers['diagnosis.state']()).toMatchObject({ running: null, diagnosis: { cancelled: true } })
})

it('runs an isolation check, and says what keeps it from anything', async () => {
  const { handlers, ended } = services()
  handlers['diagnosis.start']({ diagnosed: 'isolation', rounds: 10, kill: true })
  expect(await ended).toMatchObject({ state: 'done', title: 'Checking the isolation', unit: 'rounds' })
  const { diagnosis } = handlers['diagnosis.state']()
  expect(diagnosis?.checks.map(({ id }) => id)).toEqual(checksOf('isolation'))
  expect(diagnosis?.checks[0]).toMatchObject({ state: 'fail', next: { text: 'Fetch it.' } })
  expect(await handlers['diagnosis.save']({ format: 'md' })).toEqual({ saved: true })
  const day = new Date().toISOString().slice(0, 10)
  expect(readFileSync(join(folder, `visor-isolation-${day}.md`), 'utf8')).toContain('# Isolation check')
})

it('saves the report as text and as JSON, and nothing before there is one', async () => {
  const { handlers, ended } = services()
  await expect(handlers['diagnosis.save']({ format: 'md' })).rejects.toThrow(/no diagnosis/)
  handlers['diagnosis.start']({ diagnosed: 'local' })
  await ended
  expect(await handlers['diagnosis.save']({ format: 'md' })).toEqual({ saved: true })
  expect(await handlers['diagnosis.save']({ format: 'json' })).toEqual({ saved: true })
  const day = new Date().toISOString().slice(0, 10)
  const read = (format: string) => readFileSync(join(folder, `visor-diagnosis-${day}.${format}`), 'utf8')
  expect(read('md')).toContain('**Vectors: failed**. Wrong.')
  expect(JSON.parse(read('json'))).toMatchObject({ version: '1.2.3', state: 'fail' })
})

it('takes nothing but what it knows', () => {
  expect(requests['diagnosis.start'].input.safeParse({ diagnosed: 'elsewhere' }).success).toBe(false)
  for (const rounds of [9, 10.5, 10_001, '100']) {
    const wish = { diagnosed: 'isolation', rounds, kill: true }
    expect(requests['diagnosis.start'].input.safeParse(wish).success).toBe(false)
  }
  expect(requests['diagnosis.save'].input.safeParse({ format: 'exe' }).success).toBe(false)
})
