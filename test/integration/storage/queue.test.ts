/** The Identify queue on disk: what was answered stays answered, pictures come one by one, ten thousand load at once. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type LocalStore, openLocalStore } from '../../../src-main/storage/threads/local-store'
import { type ItemId, itemIdSchema, modelIdSchema } from '../../../src-shared/ids'
import type { AnalyseResult } from '../../../src-shared/vision-protocol'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import {
  defaultBox,
  madeFace,
  madePhoto,
  madeSha256,
  randomNumbers,
  unitVector,
} from '../../contract/made-faces'

let built: BuiltStore
let folder: string
let store: LocalStore
const open = () => openLocalStore({ folder, builtFolder: built.folder, threads: 1 })

beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'visor-queue-'))
  store = await open()
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

async function reopen(): Promise<void> {
  await store.close()
  store = await open()
}

function itemId(number: number): ItemId {
  return itemIdSchema.parse(`00000000-0000-7000-8000-${String(number).padStart(12, '0')}`)
}

function analysisOf(faces: number): AnalyseResult {
  const random = randomNumbers(faces)
  return {
    sha256: madeSha256(`photo with ${faces}`),
    bytes: 4711,
    format: 'jpeg',
    width: 800,
    height: 600,
    modelId: modelIdSchema.parse('pack/embedder'),
    perceptualHash: madePhoto(`photo with ${faces}`).perceptualHash,
    faces: Array.from({ length: faces }, (_, face) =>
      madeFace(unitVector(random), { ...defaultBox, x: face * 200 }),
    ),
    thumbnail: new Uint8Array([1, 2, 3]),
    timings: { read: 1, decode: 20.5, detect: 3, align: 4, embed: 5, total: 40 },
  }
}

test('an answer is kept as it was given, over a restart', async () => {
  await store.queue.append([{ itemId: itemId(1), position: 1, path: '/a b/é.jpg' }])
  expect(await store.queue.load()).toEqual([
    { itemId: itemId(1), position: 1, path: '/a b/é.jpg', state: 'waiting', crashes: 0 },
  ])
  const given = analysisOf(3)
  await store.queue.complete(itemId(1), given, 55.5)
  await reopen()
  expect(await store.queue.load()).toEqual([
    {
      itemId: itemId(1),
      position: 1,
      path: '/a b/é.jpg',
      faces: given.faces.length,
      state: 'done',
      crashes: 0,
      elapsedMs: 55.5,
      sha256: given.sha256,
    },
  ])
  const { thumbnail, ...rest } = given
  const kept = await store.queue.analyses([itemId(1), itemId(2)])
  expect([...kept]).toEqual([
    [itemId(1), { ...rest, faces: given.faces.map(({ crop: _, ...face }) => face) }],
  ])
  expect(new Uint8Array((await store.queue.thumbnail(itemId(1)))!)).toEqual(thumbnail)
  expect(new Uint8Array((await store.queue.faceCrop(itemId(1), 2))!)).toEqual(given.faces[2]!.crop)
  expect(await store.queue.faceCrop(itemId(1), 3)).toBeUndefined()
  expect(await store.queue.pasted(itemId(1))).toBeUndefined()
})

test('a second answer takes the place of the first, its pictures, too', async () => {
  await store.queue.append([{ itemId: itemId(1), position: 1, path: '', pasted: new Uint8Array([9]) }])
  await store.queue.complete(itemId(1), analysisOf(3), 1)
  await store.queue.complete(itemId(1), analysisOf(1), 2)
  expect((await store.queue.analyses([itemId(1)])).get(itemId(1))!.faces).toHaveLength(1)
  expect(await store.queue.faceCrop(itemId(1), 1)).toBeUndefined()
  expect(new Uint8Array((await store.queue.pasted(itemId(1)))!)).toEqual(new Uint8Array([9]))
})

test('states, errors and crashes are kept; a retry clears the error', async () => {
  await store.queue.append(
    [1, 2, 3].map((number) => ({ itemId: itemId(number), position: number, path: '/x' })),
  )
  const error = { code: 'image-corrupt' as const, message: 'The file ends too soon.' }
  await store.queue.setState([itemId(1), itemId(2)], 'failed', { error, crashes: 1 })
  await reopen()
  expect(await store.queue.load()).toMatchObject([
    { state: 'failed', error, crashes: 1 },
    { state: 'failed', error, crashes: 1 },
    { state: 'waiting', crashes: 0 },
  ])
  await store.queue.setState([itemId(1)], 'waiting')
  const [first] = await store.queue.load()
  expect(first).toMatchObject({ state: 'waiting', crashes: 1 })
  expect(first).not.toHaveProperty('error')
})

test('removed items are gone with all they had; a late answer to one changes nothing', async () => {
  await store.queue.append([{ itemId: itemId(1), position: 1, path: '/x', pasted: new Uint8Array([9]) }])
  await store.queue.complete(itemId(1), analysisOf(2), 1)
  await store.queue.remove([itemId(1)])
  await store.queue.complete(itemId(1), analysisOf(2), 1)
  expect(await store.queue.load()).toEqual([])
  expect((await store.queue.analyses([itemId(1)])).size).toBe(0)
  expect(await store.queue.thumbnail(itemId(1))).toBeUndefined()
  expect(await store.queue.pasted(itemId(1))).toBeUndefined()
})

test('photos are appended all or none', async () => {
  await store.queue.append([{ itemId: itemId(1), position: 1, path: '/x' }])
  const more = [2, 1].map((number) => ({ itemId: itemId(number), position: number + 10, path: '/y' }))
  await expect(store.queue.append(more)).rejects.toMatchObject({ code: 'internal' })
  expect(await store.queue.load()).toHaveLength(1)
})

test('ten thousand items come in order', async () => {
  const items = Array.from({ length: 10_000 }, (_, index) => ({
    itemId: itemId(index),
    position: 10_000 - index,
    path: `/photos/${index}.jpg`,
  }))
  await store.queue.append(items)
  const loaded = await store.queue.load()
  expect(loaded.map((item) => item.position)).toEqual(items.map((item) => item.position).reverse())
})

test('puts back what was taken out, as it was, until the next start', async () => {
  await store.queue.append(
    [1, 2, 3].map((number) => ({ itemId: itemId(number), position: number, path: `/${number}.jpg` })),
  )
  await store.queue.setState([itemId(2)], 'failed', {
    error: { code: 'file-empty', message: 'The file is empty.' },
  })
  await store.queue.remove([itemId(2), itemId(3)])
  const [back, ...others] = await store.queue.restore([itemId(2)])
  expect(others).toEqual([])
  expect(back).toMatchObject({
    itemId: itemId(2),
    position: 2,
    state: 'failed',
    error: { code: 'file-empty' },
  })
  await reopen()
  expect((await store.queue.load()).map((item) => item.itemId)).toEqual([itemId(1), itemId(2)])
  expect(await store.queue.restore([itemId(3)])).toEqual([])
})
