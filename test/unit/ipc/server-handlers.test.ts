/** What main does for the window's requests about the server: the parts that decide, over a stand-in that takes notes. */
import { expect, it } from 'vitest'
import { serverHandlers } from '../../../src-main/ipc/handlers/server'
import type { Services } from '../../../src-main/ipc/handlers/services'
import { Jobs } from '../../../src-main/services/jobs'
import type { SchemaControl } from '../../../src-main/storage/schema-store'
import type { SchemaProgress } from '../../../src-shared/schema'
import { defaultServerConnection } from '../../../src-shared/server'
import type { Job } from '../../../src-shared/status'

const initial = { version: 10, name: 'initial' }

function services(state: 'up' | 'failed') {
  const notes: unknown[] = []
  const jobs = new Jobs()
  const ended = new Promise<Job>((resolve) => {
    jobs.changed.add((job) => {
      if (job.state !== 'running') resolve(job)
      else if (job.detail !== undefined) notes.push(job.detail)
    })
  })
  const up = async ({ onProgress }: SchemaControl) => {
    const tell = (progress: SchemaProgress) => onProgress?.(progress)
    tell({ type: 'waiting' })
    tell({ type: 'applied', ...initial, durationMs: 5, done: 1, total: 1 })
    return [initial]
  }
  const parts = {
    jobs,
    desktop: { chooseFile: async (title: string) => (title === 'Choose a Password File' ? undefined : '/a') },
    modes: {
      current: { server: { state } },
      start: async () => notes.push('connects'),
      use: async (mode: string) => notes.push(mode),
    },
    server: {
      save: async (_: unknown, password: string | null) => notes.push(`saved ${password ?? 'no password'}`),
      shown: async () => ({ connection: defaultServerConnection, password: null, canKeep: true }),
      schema: async () => ({ up, log: () => [] }),
    },
  }
  return { handlers: serverHandlers(parts as unknown as Services), notes, ended }
}

it('connects anew after the connection was changed', async () => {
  const { handlers, notes } = services('up')
  await handlers['server.save']({ connection: defaultServerConnection, password: 'x' })
  expect(notes).toEqual(['saved x', 'connects'])
})

it('prepares the database as a job, and opens what could not be opened before', async () => {
  const { handlers, notes, ended } = services('failed')
  await handlers['schema.up']()
  expect(await ended).toMatchObject({
    kind: 'schema',
    state: 'done',
    outcome: 'One step was applied, up to 0010-initial.',
  })
  expect(notes).toEqual(['Another console migrates it; waiting.', '0010-initial', 'connects'])
})

it('leaves a store that works as it is', async () => {
  const { handlers, notes, ended } = services('up')
  await handlers['schema.up']()
  await ended
  expect(notes).not.toContain('connects')
})

it('gives the chosen file, and nothing where the dialog was closed', async () => {
  const { handlers } = services('up')
  expect(await handlers['server.chooseFile']({ what: 'key' })).toBe('/a')
  expect(await handlers['server.chooseFile']({ what: 'password' })).toBeNull()
})
