/** Two Visors cannot use one data folder, and a Visor that was killed does not keep it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLocalStore } from '../../../src-main/storage/threads/local-store'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { StoreChild } from './child-process'

let built: BuiltStore
let folder: string
beforeAll(async () => {
  built = await buildStore({ child: 'test/integration/storage/store-child.ts' })
  folder = mkdtempSync(join(tmpdir(), 'visor-lock-'))
})
afterAll(() => {
  built.remove()
  rmSync(folder, { recursive: true, force: true })
})

const open = () => openLocalStore({ folder, builtFolder: built.folder, threads: 1 })

test('the second process is told who has it; when that one is killed, it is free', async () => {
  const holder = new StoreChild(built.folder, 'hold', folder)
  expect(await holder.line('open')).toBe('open')
  await expect(open()).rejects.toMatchObject({
    code: 'data-folder-in-use',
    message: expect.stringContaining(String(holder.pid)),
  })
  await holder.kill()
  const store = await open()
  await store.close()
})

test('the same process cannot open it twice, and can again after closing', async () => {
  const first = await open()
  const child = new StoreChild(built.folder, 'hold', folder)
  expect(await child.line('failed')).toContain('data-folder-in-use')
  await child.ended
  await expect(open()).rejects.toMatchObject({ code: 'data-folder-in-use' })
  await first.close()
  await (await open()).close()
})
