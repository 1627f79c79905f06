/** Faces drawn on a photo of the queue, on the real store and the real vision process. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { childProcessLauncher } from '../../../src-main/host/child-process'
import { PhotoRunner } from '../../../src-main/host/photo-runner'
import { VisionHost } from '../../../src-main/host/vision-host'
import { DrawnFaces } from '../../../src-main/services/drawn-faces'
import { IdentifyQueue } from '../../../src-main/services/identify-queue'
import { recognise } from '../../../src-main/services/recognition'
import { recognitionJson } from '../../../src-main/services/recognition-json'
import { type LocalStore, openLocalStore } from '../../../src-main/storage/threads/local-store'
import { sharp } from '../../../src-main/vision/native/sharp'
import type { Box } from '../../../src-shared/geometry'
import { clientIdSchema, domainSchema, type ItemId } from '../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { defaultPack, samplePath } from '../vision/vision-child'

const client = clientIdSchema.parse('default')
const domain = domainSchema.parse('home')
const context = { actor: 'tester', summary: 'a test' }
const empty: Box = { x: 3000, y: 2000, w: 200, h: 240 }

let built: BuiltStore
let host: VisionHost
let photos: PhotoRunner
let folder: string
/** A photo in a corner of a large one: the faces are too small for the detector. */
let path: string
/** Where the largest of them is. */
let missed: Box
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'visor-drawn-'))
  built = await buildStore()
  host = new VisionHost({ launch: childProcessLauncher(resolve('out/main/vision.js')) })
  await host.configure({ ...defaultPack(), provider: 'cpu', threads: 0 })
  photos = new PhotoRunner(host)
  const params = {
    source: { path: samplePath(6) },
    thorough: false,
    flip: false,
    thumbnailPx: 0,
    crops: false,
  }
  const { faces, width } = await photos.run({ params })
  const small = await sharp(samplePath(6)).resize(360).toBuffer()
  path = join(folder, 'crowd.jpg')
  await sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#556' } })
    .composite([{ input: small, left: 500, top: 400 }])
    .jpeg({ quality: 95 })
    .toFile(path)
  const scale = 360 / width
  const { x, y, w, h } = faces[0]!.box
  missed = { x: 500 + x * scale, y: 400 + y * scale, w: w * scale, h: h * scale }
})
afterAll(async () => {
  await host.stop()
  await built.remove()
  rmSync(folder, { recursive: true })
})

let store: LocalStore
let queue: IdentifyQueue
let drawn: DrawnFaces
let itemId: ItemId
beforeEach(async () => {
  const data = mkdtempSync(join(folder, 'data-'))
  store = await openLocalStore({ folder: data, builtFolder: built.folder, threads: 1 })
  const { pack } = defaultPack()
  await store.gallery.ensureDomain(client, domain)
  queue = new IdentifyQueue({
    store: store.queue,
    analyser: photos,
    recognise: () => (analyses) =>
      recognise(store.gallery, pack, analyses, {
        clientId: client,
        domains: [domain],
        topK: 5,
        matchDistance: null,
        possibleDistance: null,
        domainThresholds: [],
      }),
    analysis: () => ({ thorough: false, flip: false }),
    onError: (error) => {
      throw error
    },
  })
  drawn = new DrawnFaces({ queue, store: store.queue, photos, flip: () => false })
  const [added] = await queue.add([{ path }])
  itemId = added!
  await analysed()
  return async () => {
    await queue.stop(0)
    await store.close()
  }
})

const analysed = () => expect.poll(() => queue.snapshot().items[0]?.state, { timeout: 20_000 }).toBe('done')
const faces = async () => (await queue.detail(itemId)).recognition!.faces

it('a face that the detector missed is drawn, recognised, marked in window and JSON, and taken back', async () => {
  expect(await faces()).toEqual([])
  const { alignedBy, faceIndex, undo } = await drawn.draw(itemId, null, missed)
  expect([alignedBy, faceIndex]).toEqual(['landmarks', 0])
  expect(await faces()).toMatchObject([{ index: 0, box: missed, manual: true, decision: 'unknown' }])
  expect((await store.queue.faceCrop(itemId, 0))!.byteLength).toBeGreaterThan(1000)
  const { recognition, item } = await queue.detail(itemId)
  expect(item).toMatchObject({ faces: 1, unknowns: 1 })
  expect(recognitionJson(recognition!).faces).toMatchObject([{ manual: true, person: null }])
  await undo()
  expect(await faces()).toEqual([])
  expect(await store.queue.faceCrop(itemId, 0)).toBeUndefined()
  await expect(undo()).rejects.toMatchObject({ code: 'conflict' })
})

it('it is compared with the gallery: the person of the whole photo is found by it', async () => {
  const params = {
    source: { path: samplePath(6) },
    thorough: false,
    flip: false,
    thumbnailPx: 0,
    crops: true,
  }
  const whole = await photos.run({ params })
  const photo = { ...whole, path: samplePath(6) }
  const assignment = { person: { name: 'Ana' }, photo, face: whole.faces[0]!, source: 'enrolled' } as const
  await store.gallery.assignFaces(client, domain, whole.modelId, [assignment], context)
  await drawn.draw(itemId, null, missed)
  expect(await faces()).toMatchObject([{ decision: 'match', person: { name: 'Ana' }, manual: true }])
})

it('stays when the photo is analysed anew, and after a restart', async () => {
  await drawn.draw(itemId, null, missed)
  await queue.retry([itemId])
  await analysed()
  expect(await faces()).toMatchObject([{ box: missed, manual: true }])
  expect((await store.queue.analyses([itemId])).get(itemId)!.faces).toMatchObject([{ manual: true }])
})

it('gets another box, and is deleted; the others keep their crops', async () => {
  await drawn.draw(itemId, null, missed)
  const second = await drawn.draw(itemId, null, empty)
  expect([second.alignedBy, second.faceIndex]).toEqual(['box', 1])
  const crop = await store.queue.faceCrop(itemId, 1)
  const wider = { ...missed, w: missed.w + 10 }
  const changed = await drawn.draw(itemId, 0, wider)
  expect(await faces()).toMatchObject([{ box: wider }, { box: empty, score: 0 }])
  await changed.undo()
  expect(await faces()).toMatchObject([{ box: missed }, { box: empty }])
  const removed = await drawn.remove(itemId, 0)
  expect(await faces()).toMatchObject([{ box: empty, index: 0 }])
  expect(await store.queue.faceCrop(itemId, 0)).toEqual(crop)
  await removed.undo()
  expect(await faces()).toMatchObject([{ box: missed }, { box: empty }])
  expect(await store.queue.faceCrop(itemId, 1)).toEqual(crop)
})

it('is refused where there is a face, outside the photo, and for a face that is somebody’s by now', async () => {
  await drawn.draw(itemId, null, missed)
  const again = drawn.draw(itemId, null, { ...missed, x: missed.x + 2 })
  await expect(again).rejects.toMatchObject({ code: 'conflict' })
  const outside = drawn.draw(itemId, null, { x: 9000, y: 0, w: 90, h: 90 })
  await expect(outside).rejects.toMatchObject({ code: 'invalid-argument' })
  await expect(drawn.remove(itemId, 7)).rejects.toMatchObject({ code: 'not-found' })
  const analysis = await queue.analysis(itemId)
  const photo = { ...analysis, path }
  const assignment = {
    person: { name: 'Bor' },
    photo,
    face: analysis.faces[0]!,
    source: 'confirmed',
  } as const
  await store.gallery.assignFaces(client, domain, analysis.modelId, [assignment], context)
  await expect(drawn.remove(itemId, 0)).rejects.toMatchObject({ code: 'conflict' })
  await expect(drawn.draw(itemId, 0, empty)).rejects.toMatchObject({ code: 'conflict' })
  expect(await faces()).toHaveLength(1)
})

it('of the detector is not changed here', async () => {
  const [sample] = await queue.add([{ path: samplePath(6) }])
  await expect.poll(() => queue.snapshot().items[1]?.state, { timeout: 20_000 }).toBe('done')
  await expect(drawn.remove(sample!, 0)).rejects.toMatchObject({ code: 'conflict' })
})
