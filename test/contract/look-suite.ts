/** What looking at the photos of an import promises: stand-ins become what they stand for, once, and back. Tests. */
import { join } from 'node:path'
import { v7 as uuid } from 'uuid'
import { describe, expect, test } from 'vitest'
import { fingerprint } from '../../src-main/services/photo-files'
import { importRunIdSchema, modelIdSchema } from '../../src-shared/ids'
import { inUse } from '../fixtures/made-source'
import { client, context, slovenia } from './curated-store'
import { box, elsewhere, type LookedStore, lookFrame, near, wantedWith } from './look-frame'
import { madePhoto, randomNumbers, unitVector } from './made-faces'

const random = randomNumbers(9)
const between = { ...box, x: 300 }
const facenet = modelIdSchema.parse('deepface/facenet512')

export function describeLooks(name: string, open: () => Promise<LookedStore>): void {
  describe(`${name}: photos of an import`, () => {
    const { frame, file, vector, face, importsOf, run, gallery, nearest } = lookFrame(open)

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
      const paths = rows.map(({ photoPath }) => photoPath)
      const unseen = await imports.unseen(runId)
      expect(unseen).toMatchObject({ domains: [slovenia], photos: 6, faces: 6, unfound: 0 })
      expect(paths).toContain(unseen.example)
      expect(await nearest(inUse, seen.embedding)).toBeUndefined()
      expect(await imports.look(runId, frame.folder)).toEqual({ seen: 2, joined: 0, unfound: 4 })
      const after = await gallery()
      expect(after).toMatchObject({
        Ana: [{ x: near.x, measured: true, seen: true, sha256: await fingerprint(here), hasCrop: true }],
        Bor: [{ x: near.x, measured: true, path: join(frame.folder, 'new/place/bor/2.jpg') }],
        Cene: [{ x: box.x, measured: false, seen: false, models: ['deepface/arcface'] }],
      })
      expect(after).toMatchObject({ Ana: [{ models: ['deepface/arcface', inUse] }] })
      expect(await nearest(inUse, seen.embedding)).toBe('Ana')
      expect(await nearest(modelIdSchema.parse('deepface/arcface'), own)).toBe('Ana')
      const { total, unfound } = await frame.store.imports.unfound(runId, { offset: 0, limit: 10 })
      expect(total).toBe(4)
      expect(unfound.map(({ person, photo, reason }) => [person, photo.split('/').at(-1), reason])).toEqual([
        ['Cene', '3.jpg', 'photo-missing'],
        ['Dušan', '4.jpg', 'photo-missing'],
        ['Eva', '5.jpg', 'no-face'],
        ['Fran', '6.jpg', 'several-faces'],
      ])
      expect(unfound[0]?.detail).toBe('Several files could be the photo.')
      expect(await imports.unseen(runId)).toMatchObject({ photos: 4, faces: 4, unfound: 4 })

      file('found/since/4.jpg', [face()])
      expect(await imports.look(runId, frame.folder)).toEqual({ seen: 1, joined: 0, unfound: 3 })
      expect((await frame.store.imports.unfound(runId, { offset: 0, limit: 10 })).total).toBe(3)
      // The source is still what the gallery has, and nothing of it is new.
      expect((await run(rows)).done).toMatchObject({ imported: 0, alreadyThere: 6, rejected: 0 })
      expect((await imports.validate(runId)).validation).toMatchObject({ passed: true, rows: { equal: 6 } })

      const [first, second] = (await frame.store.imports.entries(runId)).slice(-2)
      await frame.store.gallery.undo(second!, context)
      await frame.store.gallery.undo(first!, context)
      expect(await gallery()).toEqual(before)
      expect(await nearest(inUse, seen.embedding)).toBeUndefined()
      expect(await imports.look(runId, frame.folder)).toEqual({ seen: 3, joined: 0, unfound: 3 })
    })

    test('a photo that the gallery has takes the faces; of one face there is one', async () => {
      const bytes = 'the same'
      const [ana, bor] = [face(near), face(elsewhere)]
      const path = file('1.jpg', [ana, bor], bytes)
      // Before any folder of temporary files, as the photos are sorted.
      const photo = { ...madePhoto('1'), sha256: await fingerprint(path), path: '/archive/1.jpg' }
      const enrolled = [{ person: { name: 'Ana' }, photo, face: ana, source: 'enrolled' as const }]
      await frame.store.gallery.assignFaces(client, slovenia, inUse, enrolled, context)
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
      const { unfound } = await frame.store.imports.unfound(runId, { offset: 0, limit: 10 })
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

      const entry = (await frame.store.imports.entries(runId)).at(-1)!
      await frame.store.gallery.undo(entry, context)
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
      const wanted = wantedWith({ modelId: inUse })
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

    test('what is seen for a run of another store leaves no step here', async () => {
      const { runId } = await run([{ name: 'Ana', photoPath: file('1.jpg', [face()]), embedding: vector() }])
      const [standIn] = await frame.store.imports.standIns(client, slovenia, inUse, null)
      const { photoId, faces } = standIn!
      const seen = { photoId, photo: madePhoto('1'), faces: [{ faceId: faces[0]!.faceId, face: face() }] }
      const elsewhere = importRunIdSchema.parse(uuid())
      const sightings = [{ ...seen, ofRun: elsewhere }]
      const { value } = await frame.store.gallery.seePhotos(client, slovenia, inUse, sightings, context)
      expect(value).toMatchObject([{ outcome: 'seen' }])
      expect(await frame.store.imports.entries(runId)).toHaveLength(1)
      expect(await frame.store.imports.entries(elsewhere)).toEqual([])
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
