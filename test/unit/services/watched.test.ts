/** Writes that are listed as work only where they take long. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Jobs } from '../../../src-main/services/jobs'
import { watched } from '../../../src-main/services/watched'
import type { WriteControl } from '../../../src-main/storage/written'
import type { Job } from '../../../src-shared/status'

function listening() {
  const jobs = new Jobs()
  const told: Job[] = []
  jobs.changed.add((job) => told.push(job))
  return { jobs, told }
}

it('is no job where it is over at once, done or failed', async () => {
  const { jobs, told } = listening()
  expect(await watched(jobs, 'Moving', async () => 7)).toBe(7)
  await expect(watched(jobs, 'Moving', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await sleep(800)
  expect(told).toEqual([])
})

it('is a job with its progress where it takes long', async () => {
  const { jobs, told } = listening()
  const write = async ({ onProgress }: WriteControl) => {
    onProgress?.({ done: 1, total: 4 })
    await sleep(1500)
    onProgress?.({ done: 3, total: 4 })
    await sleep(200)
    return 'moved'
  }
  expect(await watched(jobs, 'Moving 9 people', write)).toBe('moved')
  await expect.poll(() => told.at(-1)?.state).toBe('done')
  expect(told[0]).toMatchObject({ kind: 'curate', title: 'Moving 9 people', state: 'running' })
  expect(told.map(({ done }) => done)).toContain(1)
  expect(told.at(-1)).toMatchObject({ done: 3, total: 4 })
})

it('cancelled, it is told to stop, and raises what it ends with', async () => {
  const { jobs, told } = listening()
  const write = async ({ signal }: WriteControl) => {
    for (;;) {
      signal?.throwIfAborted()
      await sleep(20)
    }
  }
  const running = watched(jobs, 'Moving', write)
  const ended = expect(running).rejects.toMatchObject({ code: 'cancelled' })
  await expect.poll(() => told.length).toBeGreaterThan(0)
  jobs.cancel(told[0]!.jobId)
  await ended
  await expect.poll(() => told.at(-1)?.state).toBe('cancelled')
})
