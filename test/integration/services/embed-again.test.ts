/** Faces of an older model are read again from their photos by the real vision process; what cannot be read is listed. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { childProcessLauncher } from '../../../src-main/host/child-process'
import { PhotoRunner } from '../../../src-main/host/photo-runner'
import { VisionHost } from '../../../src-main/host/vision-host'
import { embedAgain } from '../../../src-main/services/health/embed-again'
import { GalleryHealth } from '../../../src-main/services/health/gallery-health'
import { type LocalStore, openLocalStore } from '../../../src-main/storage/threads/local-store'
import { domainSchema, modelIdSchema, sha256Schema } from '../../../src-shared/ids'
import { scope as madeScope, pack } from '../../fixtures/made-unknown'

const root = join(import.meta.dirname, '../../..')
const builtFolder = join(root, 'out/main')
const packFolder = join(root, 'models', pack.id)
const needed = [pack.detector.file.name, pack.embedder.file.name].map((name) => join(packFolder, name))
const oldModel = modelIdSchema.parse('old/model')
const scope = { ...madeScope, domain: domainSchema.parse('slovenia') }
const sample = (number: number) => join(root, 'node_modules/@vladmandic/face-api/demo', `sample${number}.jpg`)

describe.runIf(needed.every(existsSync))('faces of an older model', () => {
  let folder: string
  let store: LocalStore
  let vision: VisionHost
  let photos: PhotoRunner
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'visor-again-'))
    store = await openLocalStore({ folder, builtFolder, threads: 1 })
    vision = new VisionHost({ launch: childProcessLauncher(join(builtFolder, 'vision.js')) })
    await vision.configure({ pack, packFolder, provider: 'cpu', threads: 0 })
    photos = new PhotoRunner(vision)
    // Three photos of three faces each: the first stays, the second goes, the third becomes another photo.
    for (const number of [1, 2, 3]) {
      const path = join(folder, `photo-${number}.jpg`)
      copyFileSync(sample(number), path)
      const params = { source: { path }, thorough: false, flip: false, thumbnailPx: 0, crops: true }
      const { sha256, format, width, height, faces } = await photos.run({ params })
      await store.gallery.assignFaces(
        scope.clientId,
        scope.domain,
        oldModel,
        faces.map((face, at) => ({
          person: { name: `Person ${at}` },
          photo: { sha256, path, format, width, height },
          face,
          source: 'enrolled' as const,
        })),
        { actor: 'tester', summary: 'Enrolled with the old model' },
      )
    }
    rmSync(join(folder, 'photo-2.jpg'))
    copyFileSync(sample(4), join(folder, 'photo-3.jpg'))
  })
  afterAll(async () => {
    await vision.stop()
    await store.close()
    rmSync(folder, { recursive: true })
  })

  async function findings() {
    const looking = new GalleryHealth({
      health: store.health,
      gallery: store.gallery,
      pack: () => pack,
      settings: () => ({ thresholds: [], healthPaused: false }),
      onError: (error) => {
        throw error
      },
    })
    await looking.lookThrough(new AbortController().signal)
    const query = { clientId: scope.clientId, domain: null, kind: 'older-model', dismissed: false } as const
    return (await store.health.findings({ ...query, offset: 0, limit: 100 })).findings
  }

  test('are read again where the photo is there, listed where it is not, and searched for from then on', async () => {
    expect((await findings()).map(({ evidence }) => evidence)).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ missing: 3, faces: 3 })),
    )
    const details: string[] = []
    const done = await embedAgain(store.gallery, store.health, photos, {
      clientId: scope.clientId,
      domain: null,
      modelId: scope.modelId,
      flip: false,
      actor: 'tester',
      signal: new AbortController().signal,
      onProgress: ({ detail }) => details.push(detail),
    })
    expect(done).toMatchObject({ persons: 3, faces: 3 })
    expect(details.slice(0, 3).sort()).toEqual(['Person 0', 'Person 1', 'Person 2'])
    expect(new Set(done.skipped.map(({ path }) => path))).toEqual(
      new Set([join(folder, 'photo-2.jpg'), join(folder, 'photo-3.jpg')]),
    )
    expect(done.skipped.filter(({ reason }) => reason === 'The file is another photo now.')).toHaveLength(3)
    const left = await findings()
    expect(left.map(({ evidence }) => evidence)).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ missing: 2, faces: 3 })),
    )
    expect(await store.gallery.gallerySize(scope.clientId, 'all', scope.modelId)).toEqual({
      persons: 3,
      embeddings: 3,
    })
    const [entry] = await store.gallery.ledger({ clientId: scope.clientId, limit: 1 })
    await store.gallery.undo(entry!.ledgerId, { actor: 'tester' })
    expect(await store.gallery.gallerySize(scope.clientId, 'all', scope.modelId)).toEqual({
      persons: 2,
      embeddings: 2,
    })
  })

  test('are left alone once it is cancelled', async () => {
    const why = new Error('enough')
    const cancelled = embedAgain(store.gallery, store.health, photos, {
      clientId: scope.clientId,
      domain: null,
      modelId: scope.modelId,
      flip: false,
      actor: 'tester',
      signal: AbortSignal.abort(why),
      onProgress: () => undefined,
    })
    await expect(cancelled).rejects.toBe(why)
  })

  test('of a photo that was imported unseen are looked at where it is', async () => {
    const [face] = (
      await photos.run({
        params: { source: { path: sample(5) }, thorough: false, flip: false, thumbnailPx: 0, crops: false },
      })
    ).faces
    const unseen = {
      sha256: sha256Schema.parse('ab'.repeat(32)),
      path: sample(5),
      format: 'unknown',
      width: 4000,
      height: 4000,
      seen: false,
    } as const
    const person = { name: 'Imported' }
    const imported = { ...face!, measured: false } as const
    const { value } = await store.gallery.assignFaces(
      scope.clientId,
      scope.domain,
      oldModel,
      [{ person, photo: unseen, face: imported, source: 'imported' }],
      { actor: 'tester', summary: 'Imported' },
    )
    const { personId } = value[0]!
    const done = await embedAgain(store.gallery, store.health, photos, {
      clientId: scope.clientId,
      domain: null,
      personId,
      modelId: scope.modelId,
      flip: false,
      actor: 'tester',
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
    expect(done).toEqual({ persons: 1, faces: 1, skipped: [] })
    const [measured] = (await store.gallery.person(personId)).facesList
    expect(measured).toMatchObject({ measured: true, box: face!.box })
    expect(measured?.models.toSorted()).toEqual([oldModel, scope.modelId].toSorted())
  })
})
