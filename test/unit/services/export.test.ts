/** Exporting answers: what the file says, and what becomes of it when it cannot be written. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { exportAnswers } from '../../../src-main/services/export'
import type { JobContext } from '../../../src-main/services/jobs'
import { item } from '../renderer/queue-items'

let folder: string
const unhandled: unknown[] = []
const note = (reason: unknown) => unhandled.push(reason)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-export-'))
  process.on('unhandledRejection', note)
})
afterEach(() => {
  process.off('unhandledRejection', note)
  rmSync(folder, { recursive: true, force: true })
})

const context = (signal = new AbortController().signal): JobContext => ({ signal, progress: () => {} })
/** An answer that takes as long as a search does. */
const slowly = () => new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 20))

it('fails in one place only where the file cannot be written', async () => {
  const path = join(folder, 'no such folder', 'out.json')
  const writing = exportAnswers(path, 'json', [item(0), item(1)], slowly, context())
  await expect(writing).rejects.toMatchObject({ code: 'read-only', detail: expect.stringContaining(path) })
  expect(unhandled).toEqual([])
})

it('leaves nothing behind when it is cancelled', async () => {
  const cancel = new AbortController()
  const path = join(folder, 'out.csv')
  const writing = exportAnswers(path, 'csv', [item(0), item(1)], slowly, context(cancel.signal))
  setTimeout(() => cancel.abort(new Error('cancelled')), 10)
  await expect(writing).rejects.toThrow('cancelled')
  expect(readdirSync(folder)).toEqual([])
})

it('writes no formula that a spreadsheet would run', async () => {
  const path = join(folder, 'out.csv')
  await exportAnswers(path, 'csv', [item(0, { name: '=HYPERLINK("x")' })], slowly, context())
  expect(readFileSync(path, 'utf8').split('\n')[1]).toMatch(/^"'=HYPERLINK/)
})

it('says of each photo without an answer why, as an error with a code and a message', async () => {
  const path = join(folder, 'out.json')
  const error = { code: 'image-corrupt' as const, message: 'The photo is damaged.' }
  const photos = [item(0, { state: 'failed', error }), item(1, { state: 'waiting' }), item(2)]
  await exportAnswers(path, 'json', photos, slowly, context())
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject([
    { status: 'error', error },
    { status: 'error', error: { code: 'not-found', message: 'This photo has no answer yet.' } },
    {
      status: 'error',
      error: { code: 'not-found', message: 'No domain is searched, or the photo was taken out.' },
    },
  ])
})
