/** Jobs: how they begin, tell, end and are cancelled. */
import { expect, it } from 'vitest'
import { Jobs } from '../../../src-main/services/jobs'
import { VisorError } from '../../../src-shared/errors'

it('tells progress with an estimate, and the outcome', async () => {
  const jobs = new Jobs()
  const states: string[] = []
  jobs.changed.add(({ state, done, total }) => states.push(`${state} ${done}/${total}`))
  const { jobId } = jobs.start('export', 'Exporting', 'photos', async ({ progress }) => {
    progress({ done: 2, total: 2, detail: 'b.jpg' })
    return { outcome: 'Done.' }
  })
  await jobs.stop()
  expect(states).toEqual(['running 0/0', 'running 2/2', 'done 2/2'])
  expect(jobs.list().find((job) => job.jobId === jobId)).toMatchObject({ state: 'done', outcome: 'Done.' })
})

it('keeps why it failed', async () => {
  const jobs = new Jobs()
  jobs.start('export', 'Exporting', 'photos', async () => {
    throw new VisorError('disk-full', 'The disk is full.', { remedy: 'Free some space.' })
  })
  await jobs.stop()
  expect(jobs.list()[0]).toMatchObject({
    state: 'failed',
    error: { code: 'disk-full', remedy: 'Free some space.' },
  })
})

it('is cancelled through its signal', async () => {
  const jobs = new Jobs()
  const { jobId } = jobs.start(
    'export',
    'Exporting',
    'photos',
    ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  )
  await Promise.resolve()
  jobs.cancel(jobId)
  await jobs.stop()
  expect(jobs.list()[0]).toMatchObject({ state: 'cancelled' })
})

it('forgets old ended jobs and never running ones', async () => {
  const jobs = new Jobs()
  const { jobId } = jobs.start(
    'export',
    'Waiting',
    'photos',
    ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  )
  for (let index = 0; index < 80; index += 1) {
    jobs.start('export', `${index}`, 'photos', async () => ({ outcome: '' }))
    await new Promise(setImmediate)
  }
  expect(jobs.list().length).toBeLessThan(60)
  expect(jobs.list().some((job) => job.jobId === jobId)).toBe(true)
  await jobs.stop()
})
