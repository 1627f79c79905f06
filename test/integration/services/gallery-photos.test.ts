/** Whole photos of the gallery, on the real store and the real vision process: boxes drawn by hand, files that moved. */
import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { childProcessLauncher } from '../../../src-main/host/child-process'
import { PhotoRunner } from '../../../src-main/host/photo-runner'
import { VisionHost } from '../../../src-main/host/vision-host'
import { GalleryPhotos } from '../../../src-main/services/gallery-photos'
import { type LocalStore, openLocalStore } from '../../../src-main/storage/threads/local-store'
import {
  clientIdSchema,
  domainSchema,
  type FaceId,
  modelIdSchema,
  type PhotoId,
  sha256Schema,
} from '../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { defaultPack, samplePath } from '../vision/vision-child'

const client = clientIdSchema.parse('default')
const domain = domainSchema.parse('home')
const context = { actor: 'tester', summary: 'a test' }

let built: BuiltStore
let host: VisionHost
let photos: PhotoRunner
beforeAll(async () => {
  built = await buildStore()
  host = new VisionHost({ launch: childProcessLauncher(resolve('out/main/vision.js')) })
  await host.configure({ ...defaultPack(), provider: 'cpu', threads: 0 })
  photos = new PhotoRunner(host)
})
afterAll(async () => {
  await host.stop()
  await built.remove()
})

let folder: string
let store: LocalStore
let service: GalleryPhotos
let path: string
let photoId: PhotoId
let enrolled: FaceId
let faces: Awaited<ReturnType<PhotoRunner['run']>>['faces']
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'visor-photos-'))
  path = join(folder, 'photo.jpg')
  copyFileSync(samplePath(6), path)
  store = await openLocalStore({ folder: join(folder, 'data'), builtFolder: built.folder, threads: 1 })
  const { gallery } = store
  service = new GalleryPhotos({ gallery, vision: host, photos, flip: () => false, actor: 'tester' })
  const params = { source: { path }, thorough: false, flip: false, thumbnailPx: 0, crops: true }
  const analysis = await photos.run({ params })
  faces = analysis.faces
  const { value } = await gallery.assignFaces(
    client,
    domain,
    analysis.modelId,
    [{ person: { name: 'Ana' }, photo: { ...analysis, path }, face: faces[0]!, source: 'enrolled' }],
    context,
  )
  enrolled = value[0]!.faceId
  photoId = (await gallery.person(value[0]!.personId)).facesList[0]!.photoId
  return async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  }
})

describe('a box', () => {
  it('drawn around a missed face is a face that is found again by another search of it', async () => {
    const drawn = await service.draw(photoId, faces[1]!.box)
    expect(drawn.alignedBy).toBe('landmarks')
    await store.gallery.moveFaces([drawn.written.value], domain, { name: 'Bor' }, context)
    const { probes } = await store.gallery.search({
      clientId: client,
      domains: 'all',
      modelId: (await store.gallery.photo(photoId)).faces[0]!.models[0]!,
      probes: [faces[1]!.embedding],
      topPersons: 2,
      topFaces: 0,
      withinDistance: 0.5,
    })
    expect(probes[0]!.persons[0]).toMatchObject({ name: 'Bor' })
    expect(probes[0]!.persons[0]!.distance).toBeLessThan(0.2)
    expect((await store.gallery.crop(drawn.written.value)).byteLength).toBeGreaterThan(1000)
  })

  it('that is changed is of its place, and taken back', async () => {
    const box = faces[2]!.box
    const { written } = await service.changeBox(photoId, enrolled, box)
    expect((await store.gallery.photo(photoId)).faces).toMatchObject([
      { faceId: enrolled, box, manual: true, person: { name: 'Ana' } },
    ])
    await store.gallery.undo(written.ledgerId!, context)
    expect((await store.gallery.photo(photoId)).faces).toMatchObject([{ box: faces[0]!.box, manual: false }])
  })

  it('outside the photo, on another face or of nobody’s photo is refused, and nothing is changed', async () => {
    const before = await store.gallery.photo(photoId)
    const outside = service.draw(photoId, { x: 9000, y: 0, w: 90, h: 90 })
    await expect(outside).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(service.draw(photoId, faces[0]!.box)).rejects.toMatchObject({ code: 'conflict' })
    const notHere = service.changeBox(photoId, photoId as unknown as FaceId, faces[1]!.box)
    await expect(notHere).rejects.toMatchObject({ code: 'not-found' })
    expect(await store.gallery.photo(photoId)).toEqual(before)
  })
})

describe('the file', () => {
  it('is shown while it is the photo, and its trouble told when it is gone or another', async () => {
    expect((await service.picture(photoId, 300)).byteLength).toBeGreaterThan(1000)
    renameSync(path, join(folder, 'elsewhere.jpg'))
    await expect(service.picture(photoId, 300)).rejects.toMatchObject({ code: 'file-missing', detail: path })
    await expect(service.draw(photoId, faces[1]!.box)).rejects.toMatchObject({ code: 'file-missing' })
    copyFileSync(samplePath(5), path)
    await expect(service.picture(photoId, 300)).rejects.toMatchObject({ code: 'file-changed' })
    await expect(service.draw(photoId, faces[1]!.box)).rejects.toMatchObject({ code: 'file-changed' })
    expect((await store.gallery.photo(photoId)).faces).toHaveLength(1)
  })

  it('of a photo that was imported unseen is looked at when it is chosen', async () => {
    const box = faces[0]!.box
    const imported = await store.gallery.assignFaces(
      client,
      domain,
      modelIdSchema.parse('deepface/arcface'),
      [
        {
          person: { name: 'Cene' },
          photo: {
            sha256: sha256Schema.parse('ab'.repeat(32)),
            path: '/legacy/1.jpg',
            format: 'unknown',
            width: Math.ceil(box.x + box.w),
            height: Math.ceil(box.y + box.h),
            seen: false,
          },
          face: { ...faces[0]!, measured: false },
          source: 'imported',
        },
      ],
      context,
    )
    const { personId } = imported.value[0]!
    const unseen = (await store.gallery.person(personId)).facesList[0]!.photoId
    expect(await store.gallery.photo(unseen)).toMatchObject({ seen: false })
    const file = join(folder, 'found.jpg')
    copyFileSync(path, file)
    // The same bytes are Ana's, so this face is hers.
    await expect(service.locate(unseen, file)).rejects.toMatchObject({ code: 'conflict' })
    await store.gallery.deletePersons(
      [(await store.gallery.photo(photoId)).faces[0]!.person!.personId],
      context,
    )
    const { written } = await service.locate(unseen, file)
    const [face] = (await store.gallery.person(personId)).facesList
    expect(face).toMatchObject({ measured: true, photoId, box })
    expect(face?.models).toHaveLength(2)
    await store.gallery.undo(written.ledgerId!, context)
    expect((await store.gallery.person(personId)).facesList).toMatchObject([
      { measured: false, photoId: unseen, models: ['deepface/arcface'] },
    ])
  })

  it('is located by its bytes, and by nothing else', async () => {
    const elsewhere = join(folder, 'elsewhere.jpg')
    renameSync(path, elsewhere)
    await expect(service.locate(photoId, samplePath(5))).rejects.toMatchObject({ code: 'conflict' })
    await expect(service.locate(photoId, path)).rejects.toMatchObject({ code: 'file-missing' })
    const { written } = await service.locate(photoId, elsewhere)
    expect((await service.picture(photoId, 300)).byteLength).toBeGreaterThan(1000)
    await store.gallery.undo(written.ledgerId!, context)
    expect(await store.gallery.photo(photoId)).toMatchObject({ path })
  })
})
