/** A look at the photos of an import is killed between what it writes: what is in the history is a step of the run, and goes with it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Imports } from '../../../src-main/services/import/imports'
import { type LocalStore, openLocalStore } from '../../../src-main/storage/threads/local-store'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { client, slovenia } from '../../contract/curated-store'
import { lookerAt, MadeSource, plainOptions } from '../../fixtures/made-source'
import { StoreChild } from '../storage/child-process'
import { facesOf, rowsOf } from './look-rows'

let built: BuiltStore
let folder: string
let photos: string
beforeAll(async () => {
  built = await buildStore({ child: 'test/integration/services/look-child.ts' })
  folder = mkdtempSync(join(tmpdir(), 'visor-look-crash-'))
  photos = join(folder, 'photos')
  mkdirSync(photos)
  for (const path of facesOf(photos).keys()) writeFileSync(path, path)
})
afterAll(() => {
  built.remove()
  rmSync(folder, { recursive: true })
})

const opened = () => openLocalStore({ folder: join(folder, 'data'), builtFolder: built.folder, threads: 1 })
const importsOf = (store: LocalStore) =>
  new Imports({
    target: store,
    openSource: async () => new MadeSource(rowsOf(photos)),
    openGallery: () => Promise.reject(new Error('There is none.')),
    openLooker: lookerAt(facesOf(photos)),
    actor: 'tester',
  })

test('what a killed look has seen goes with the run', async () => {
  const before = await opened()
  const place = { at: 'path', path: '/legacy/faces.db' } as const
  const options = { ...plainOptions, domain: slovenia }
  const { runId } = await importsOf(before).begin({ clientId: client, place, kind: 'legacy-sqlite', options })
  await importsOf(before).resume(runId)
  expect(await before.imports.entries(runId)).toHaveLength(1)
  await before.close()

  for (let looks = 1; looks <= 2; looks++) {
    const child = new StoreChild(built.folder, join(folder, 'data'), runId, photos)
    expect(await child.line('seen')).toBe('seen')
    await child.kill()
    const after = await opened()
    const entries = await after.gallery.ledger({
      clientId: client,
      before: Number.MAX_SAFE_INTEGER,
      limit: 10,
    })
    const looked = entries.filter(({ summary }) => summary.startsWith('Looked at 16'))
    expect(looked).toHaveLength(looks)
    const steps = await after.imports.entries(runId)
    expect(steps.slice(1)).toEqual(looked.map(({ ledgerId }) => ledgerId).toReversed())
    await after.close()
  }
  const store = await opened()
  expect(await importsOf(store).look(runId, null)).toEqual({ seen: 8, joined: 0, unfound: 0 })
  await importsOf(store).undo(runId)
  const [there] = await store.gallery.clients()
  expect(there?.domains).toMatchObject([{ persons: 0, faces: 0 }])
  await store.close()
})
