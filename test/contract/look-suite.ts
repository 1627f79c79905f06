/** What looking at the photos of an import promises: stand-ins become what they stand for, once, and back. Tests. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Imports } from '../../src-main/services/import/imports'
import { fingerprint } from '../../src-main/services/photo-files'
import type { OpenStore } from '../../src-main/storage/open-store'
import { VisorError } from '../../src-shared/errors'
import type { EmbeddedFace, UnitEmbedding } from '../../src-shared/face'
import { type ModelId, modelIdSchema } from '../../src-shared/ids'
import { inUse, lookerAt, type MadeRow, MadeSource, madeRow, plainOptions } from '../fixtures/made-source'
import { client, context, slovenia } from './curated-store'
import { madeFace, madePhoto, randomNumbers, unitVector } from './made-faces'

const random = randomNumbers(9)
const box = { x: 100, y: 100, w: 100, h: 120 }
const near = { ...box, x: 104 }
const between = { ...box, x: 300 }
const elsewhere = { ...box, x: 500 }
const facenet = modelIdSchema.parse('deepface/facenet512')

type Opened = Pick<OpenStore, 'gallery' | 'imports' | 'close'>

export function describeLooks(name: string, open: () => Promise<Opened>): void {
  describe(`${name}: photos of an import`, () => {
    let store: Opened
    let folder = ''
    const found = new Map<string, readonly EmbeddedFace[]>()
    beforeEach(async () => {
      store = await open()
      folder = mkdtempSync(join(tmpdir(), 'visor-look-'))
      found.clear()
    })
    afterEach(async () => {
      await store.close()
      rmSync(folder, { recursive: true })
    })

    /** A file in which these faces are found; its bytes are its name, or `bytes`. */
    const file = (path: string, faces: readonly EmbeddedFace[], bytes = path) => {
      const at = join(folder, path)
      mkdirSync(join(at, '..'), { recursive: true })
      writeFileSync(at, bytes)
      found.set(at, faces)
      return at
    }
    const face = (at = near, embedding = unitVector(random)) => madeFace(embedding, at)
    const vector = () => unitVector(random)
    const importsOf = (rows: readonly MadeRow[]) =>
      new Imports({
        target: store,
        openSource: async () => new MadeSource(rows.map(madeRow), { rowsInPortion: 2 }),
        openGallery: () => Promise.reject(new Error('There is none.')),
        openLooker: lookerAt(found),
        actor: 'tester',
      })
    const run = async (rows: readonly MadeRow[]) => {
      const imports = importsOf(rows)
      const { runId } = await imports.begin({
        clientId: client,
        place: { at: 'path', path: '/legacy/faces.db' },
        kind: 'legacy-sqlite',
        options: { ...plainOptions, domain: slovenia },
      })
      return { imports, runId, done: await imports.resume(runId) }
    }
    /** Everybody's faces: of which photo, where, measured or not, of which models. */
    const gallery = async () => {
      const query = { clientId: client, domain: null, text: '', sort: 'name', flags: [], tag: null } as const
      const people: Record<string, unknown> = {}
      for (const personId of await store.gallery.personIds(query)) {
        const { detail, faces } = await store.gallery.wholePerson(personId)
        people[detail.name] = faces
          .map(({ box: at, measured, photo, embeddings, hasCrop }) => ({
            x: at.x,
            measured: measured !== false,
            seen: photo.seen !== false,
            path: photo.path,
            sha256: photo.sha256,
            models: [...embeddings.keys()].toSorted(),
            hasCrop,
          }))
          .toSorted((a, b) => (a.path < b.path ? -1 : 1))
      }
      return people
    }
    const nearest = async (modelId: ModelId, probe: UnitEmbedding) => {
      const { probes } = await store.gallery.search({
        clientId: client,
        domains: [slovenia],
        modelId,
        probes: [probe],
        topPersons: 1,
        topFaces: 0,
        withinDistance: 0.2,
      })
      return probes[0]?.persons[0]?.name
    }

    test('what is found is measured and embedded, what is not is listed; once, and back', async () => {
      const seen = face()
      const here = file('ana/1.jpg', [face(elsewhere), seen])
      file('new/place/bor/2.jpg', [face()])
      file('twice/a/3.jpg', [face()])
      file('twice/b/3.jpg', [face()])
      const own = vector()
      const rows = [
        { name: 'Ana', photoPath: here, box, embedding: own },
        { name: 'Bor', photoPath: 'C:\\faces\\BOR\\2.jpg', embedding: vector() },
        { name: 'Cene', photoPath: '/faces/3.jpg', box, embedding: vector() },
        { name: 'Dušan', photoPath: '/faces/4.jpg', box, embedding: vector() },
        { name: 'Eva', photoPath: file('eva/5.jpg', [face(elsewhere)]), box, embedding: vector() },
        { name: 'Fran', photoPath: file('fran/6.jpg', [face(), face(elsewhere)]), embedding: vector() },
      ]
      const { imports, runId } = await run(rows)
      const before = await gallery()
      expect(await nearest(inUse, seen.embedding)).toBeUndefined()
      expect(await imports.look(runId, folder)).toEqual({ seen: 2, joined: 0, unfound: 4 })
      const after = await gallery()
      expect(after).toMatchObject({
        Ana: [{ x: near.x, measured: true, seen: true, sha256: await fingerprint(here), hasCrop: true }],
        Bor: [{ x: near.x, measured: true, path: join(folder, 'new/place/bor/2.jpg') }],
        Cene: [{ x: box.x, measured: false, seen: false, models: ['deepface/arcface'] }],
      })
      expect(after).toMatchObject({ Ana: [{ models: ['deepface/arcface', inUse] }] })
      expect(await nearest(inUse, seen.embedding)).toBe('Ana')
      expect(await nearest(modelIdSchema.parse('deepface/arcface'), own)).toBe('Ana')
      const { total, unfound } = await store.imports.unfound(runId, { offset: 0, limit: 10 })
      expect(total).toBe(4)
      expect(unfound.map(({ person, photo, reason }) => [person, photo.split('/').at(-1), reason])).toEqual([
        ['Cene', '3.jpg', 'photo-missing'],
        ['Dušan', '4.jpg', 'photo-missing'],
        ['Eva', '5.jpg', 'no-face'],
        ['Fran', '6.jpg', 'several-faces'],
      ])
      expect(unfound[0]?.detail).toBe('Several files could be the photo.')

      file('found/since/4.jpg', [face()])
      expect(await imports.look(runId, folder)).toEqual({ seen: 1, joined: 0, unfound: 3 })
      expect((await store.imports.unfound(runId, { offset: 0, limit: 10 })).total).toBe(3)
      // The source is still what the gallery has, and nothing of it is new.
      expect((await run(rows)).done).toMatchObject({ imported: 0, alreadyThere: 6, rejected: 0 })
      expect((await imports.validate(runId)).validation).toMatchObject({ passed: true, rows: { equal: 6 } })

      const [first, second] = (await store.imports.entries(runId)).slice(-2)
      await store.gallery.undo(second!, context)
      await store.gallery.undo(first!, context)
      expect(await gallery()).toEqual(before)
      expect(await nearest(inUse, seen.embedding)).toBeUndefined()
      expect(await imports.look(runId, folder)).toEqual({ seen: 3, joined: 0, unfound: 3 })
    })

    test('a photo that the gallery has takes the faces; of one face there is one', async () => {
      const bytes = 'the same'
      const [ana, bor] = [face(near), face(elsewhere)]
      const path = file('1.jpg', [ana, bor], bytes)
      // Before any folder of temporary files, as the photos are sorted.
      const photo = { ...madePhoto('1'), sha256: await fingerprint(path), path: '/archive/1.jpg' }
      const enrolled = [{ person: { name: 'Ana' }, photo, face: ana, source: 'enrolled' as const }]
      await store.gallery.assignFaces(client, slovenia, inUse, enrolled, context)
      const rows = [
        { name: 'Ana', photoPath: path, box, embedding: vector() },
        {
          name: 'Ana',
          photoPath: path,
          box,
          embedding: vector(),
          modelId: facenet,
          key: 'row 1 (facenet512)',
        },
        { name: 'Bor', photoPath: path, box: elsewhere, embedding: vector() },
        { name: 'Cene', photoPath: file('copy.jpg', [face(near)], bytes), box, embedding: vector() },
        { name: 'Ana', photoPath: file('third.jpg', [face(between)], bytes), embedding: vector() },
      ]
      const { imports, runId, done } = await run(rows)
      expect(done).toMatchObject({ imported: 5, rejected: 0 })
      const before = await gallery()
      expect(await imports.look(runId, null)).toEqual({ seen: 1, joined: 1, unfound: 2 })
      const models = ['deepface/arcface', facenet, inUse]
      expect(await gallery()).toMatchObject({
        Ana: [
          { path: '/archive/1.jpg', seen: true, models },
          { measured: false, seen: false },
        ],
        Bor: [{ path: '/archive/1.jpg', seen: true, measured: true, models: ['deepface/arcface', inUse] }],
        Cene: [{ measured: false, seen: false }],
      })
      const { unfound } = await store.imports.unfound(runId, { offset: 0, limit: 10 })
      expect(unfound.map(({ person, reason }) => [person, reason])).toEqual([
        ['Ana', 'person-twice'],
        ['Cene', 'other-person'],
      ])
      const again = await run(rows)
      expect(again.done).toMatchObject({ imported: 0, alreadyThere: 5, rejected: 0 })
      expect((await imports.validate(runId)).validation).toMatchObject({
        passed: true,
        rows: { missing: 0, different: 0 },
      })

      const entry = (await store.imports.entries(runId)).at(-1)!
      await store.gallery.undo(entry, context)
      expect(await gallery()).toEqual(before)
      await imports.look(runId, null)
      await imports.undo(runId)
      expect(await gallery()).toMatchObject({ Ana: [{ path: '/archive/1.jpg', models: [inUse] }] })
      await expect(imports.look(runId, null)).rejects.toMatchObject({ code: 'conflict' })
    })

    test('embeddings of another model than the one that they are said to be of are not imported', async () => {
      const here = Array.from({ length: 5 }, (_, index) => {
        const embedding = unitVector(random)
        const photoPath = file(`${index}.jpg`, [face(near, unitVector(random, embedding, 0.4))])
        return { name: `Person ${index}`, photoPath, box, embedding }
      })
      const wanted = {
        clientId: client,
        place: { at: 'path' as const, path: '/legacy/faces.db' },
        kind: 'legacy-sqlite' as const,
        options: { ...plainOptions, domain: slovenia, modelId: inUse },
      }
      const same = importsOf(here)
      expect(await same.checkModel(wanted, null)).toMatchObject({
        modelId: inUse,
        compared: 5,
        verdict: 'same',
      })
      expect((await same.checkModel(wanted, null)).medianCosine).toBeGreaterThan(0.8)
      const { runId } = await same.begin(wanted)
      expect(await same.resume(runId)).toMatchObject({ imported: 5 })

      const another = importsOf(here.map((row) => ({ ...row, embedding: vector() })))
      expect(await another.checkModel(wanted, null)).toMatchObject({ compared: 5, verdict: 'another' })
      await expect(another.begin(wanted)).rejects.toMatchObject({ code: 'conflict' })
      const options = { ...wanted.options, modelReason: 'The photos were exchanged.' }
      const insisting = await another.begin({ ...wanted, options })
      expect(insisting.options.modelReason).toBe('The photos were exchanged.')
      const gone = importsOf(here.map((row) => ({ ...row, photoPath: '/gone.jpg' })))
      expect(await gone.checkModel(wanted, null)).toMatchObject({ compared: 0, verdict: 'unknown' })
    })

    /** A picture that the source holds, in which these faces are found. */
    const image = (text: string, faces: readonly EmbeddedFace[]) => {
      found.set(text, faces)
      return Buffer.from(text)
    }

    test('a photo whose file is not there is looked at where the source itself holds it', async () => {
      const [ana, bor, cene] = [face(), face(elsewhere), face()]
      const here = file('ana.jpg', [ana])
      const rows = [
        { name: 'Ana', photoPath: here, box, embedding: vector(), image: image('not used', [face()]) },
        { name: 'Bor', photoPath: '/gone/2.jpg', box: elsewhere, embedding: vector(), image: image('two', [bor]) },
        { name: 'Cene', embedding: vector(), image: image('three', [cene]) },
        { name: 'Dušan', photoPath: '/gone/4.jpg', embedding: vector() },
        { name: 'Eva', photoPath: '/gone/5.jpg', box, embedding: vector(), image: image('five', []) },
      ]
      const { imports, runId } = await run(rows)
      const before = await gallery()
      expect(await imports.look(runId, null)).toEqual({ seen: 3, joined: 0, unfound: 2 })
      const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
      expect(await gallery()).toMatchObject({
        Ana: [{ path: here, sha256: await fingerprint(here), seen: true, hasCrop: true }],
        Bor: [{ path: '/gone/2.jpg', sha256: sha256('two'), seen: true, measured: true, hasCrop: true }],
        Cene: [{ path: '', sha256: sha256('three'), x: near.x, seen: true, hasCrop: true }],
        Dušan: [{ seen: false }],
        Eva: [{ seen: false }],
      })
      expect(await nearest(inUse, bor.embedding)).toBe('Bor')
      const { unfound } = await store.imports.unfound(runId, { offset: 0, limit: 10 })
      expect(unfound.map(({ person, reason }) => [person, reason])).toEqual([
        ['Dušan', 'photo-missing'],
        ['Eva', 'no-face'],
      ])
      expect((await imports.validate(runId)).validation).toMatchObject({ passed: true, rows: { equal: 5 } })
      await imports.undo(runId)
      expect(await gallery()).toEqual({})
      expect(Object.keys(before)).toHaveLength(5)
    })

    test('a source that cannot be asked any more is said to be so', async () => {
      const rows = [{ name: 'Ana', photoPath: '/gone/1.jpg', embedding: vector() }]
      const { runId } = await run(rows)
      const imports = new Imports({
        target: store,
        openSource: () => Promise.reject(new VisorError('file-missing', 'The file is not there any more.')),
        openGallery: () => Promise.reject(new Error('There is none.')),
        openLooker: lookerAt(found),
        actor: 'tester',
      })
      expect(await imports.look(runId, null)).toEqual({ seen: 0, joined: 0, unfound: 1 })
      const { unfound } = await store.imports.unfound(runId, { offset: 0, limit: 10 })
      expect(unfound[0]?.detail).toBe(
        'The photo is not there. The source, which may have it, cannot be read: The file is not there any more.',
      )
    })

    test('embeddings that cannot be used are made from the pictures of the source, and compared with it', async () => {
      const [ana, bor] = [face(), face(near)]
      const rows = [
        { name: 'Ana', photoPath: '/gone/1.jpg', embedding: new Float32Array(3), image: image('one', [ana]) },
        {
          name: 'Bor',
          box,
          image: image('two', [face(elsewhere), bor]),
          problem: { reason: 'no-embedding' as const, detail: 'The embedding is NULL.' },
        },
        { name: 'Cene', photoPath: '/gone/3.jpg', embedding: new Float32Array(3) },
      ]
      const imports = importsOf(rows)
      const wanted = {
        clientId: client,
        place: { at: 'path' as const, path: '/legacy/faces.db' },
        kind: 'legacy-sqlite' as const,
        options: { ...plainOptions, domain: slovenia, embedPhotos: true },
      }
      expect(await imports.tryOut(wanted)).toMatchObject({ imported: 2, rejected: 1 })
      const { runId } = await imports.begin(wanted)
      const done = await imports.resume(runId)
      expect(done).toMatchObject({ read: 3, imported: 2, rejected: 1 })
      expect(await nearest(inUse, ana.embedding)).toBe('Ana')
      expect(await nearest(inUse, bor.embedding)).toBe('Bor')
      expect((await imports.validate(runId)).validation).toMatchObject({
        passed: true,
        rows: { read: 3, kept: 2, rejected: 1 },
      })
      const again = await imports.begin(wanted)
      expect(await imports.resume(again.runId)).toMatchObject({ imported: 0, alreadyThere: 2, rejected: 1 })
    })

    test('the model is told by pictures of the source where no photo is at hand', async () => {
      const embedding = vector()
      const rows = [{ name: 'Ana', embedding, image: image('one', [face(near, embedding)]) }]
      const wanted = {
        clientId: client,
        place: { at: 'path' as const, path: '/legacy/faces.db' },
        kind: 'legacy-sqlite' as const,
        options: { ...plainOptions, domain: slovenia },
      }
      expect(await importsOf(rows).checkModel(wanted, null)).toMatchObject({ compared: 1, verdict: 'same' })
    })

    test('it goes on where it was ended', async () => {
      const rows = Array.from({ length: 40 }, (_, index) => ({
        name: `Person ${index}`,
        photoPath: file(`${index}.jpg`, [face()]),
        embedding: vector(),
      }))
      const { imports, runId } = await run(rows)
      const stop = new AbortController()
      const onProgress = () => stop.abort(new Error('Enough.'))
      await expect(imports.look(runId, null, { signal: stop.signal, onProgress })).rejects.toThrow('Enough.')
      const progress: unknown[] = []
      const rest = await imports.look(runId, null, { onProgress: (one) => progress.push(one) })
      expect(rest).toEqual({ seen: 24, joined: 0, unfound: 0 })
      expect(progress.at(-1)).toEqual({ done: 24, total: 24 })
    })
  })
}
