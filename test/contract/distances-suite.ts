/** What every `GalleryStore` promises of the distances a calibration is made of. Tests. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { calibrate } from '../../src-main/services/calibration/calibrate'
import type { GalleryStore } from '../../src-main/storage/gallery-store'
import { VisorError } from '../../src-shared/errors'
import type { UnitEmbedding } from '../../src-shared/face'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../src-shared/ids'
import { madeAssignment, randomNumbers, similarity, unitVector } from './made-faces'

const client = clientIdSchema.parse('default')
const slovenia = domainSchema.parse('slovenia')
const serbia = domainSchema.parse('serbia')
const model = modelIdSchema.parse('pack/embedder')
const context = { actor: 'tester', summary: 'a test' }
const sampling = { clientId: client, domain: slovenia, modelId: model, seed: 7, limit: 100 }

/** The suite. `openEmpty` gives a store with nothing in it. */
export function describeDistances(
  name: string,
  openEmpty: () => Promise<{ readonly gallery: GalleryStore; close(): Promise<void> }>,
): void {
  describe(`${name}: distances`, () => {
    let gallery: GalleryStore
    let close: () => Promise<void>
    /** Person i of slovenia has 1 + i % 3 photos; the people of serbia must never show. */
    let faces: { readonly name: string; readonly embedding: UnitEmbedding }[]

    beforeEach(async () => {
      ;({ gallery, close } = await openEmpty())
      const random = randomNumbers(99)
      faces = Array.from({ length: 30 }, (_, index) => {
        const centre = unitVector(random)
        return Array.from({ length: 1 + (index % 3) }, () => ({
          name: `Person ${index}`,
          embedding: unitVector(random, centre, 0.7),
        }))
      }).flat()
      const enrol = (domain: typeof slovenia) =>
        gallery.assignFaces(
          client,
          domain,
          model,
          faces.map((face) => madeAssignment(face.name, face.embedding)),
          context,
        )
      await enrol(slovenia)
      await enrol(serbia)
    })
    afterEach(() => close())

    test('samples people of the domain by chance, the same for the same seed', async () => {
      const sample = await gallery.samplePersons(sampling)
      expect([sample.persons, sample.personsWithTwoFaces, sample.embeddings]).toEqual([30, 20, 60])
      expect(new Set(sample.fromAll).size).toBe(30)
      expect(sample.fromThoseWithTwoFaces).toHaveLength(20)
      expect(await gallery.samplePersons(sampling)).toEqual(sample)
      const other = await gallery.samplePersons({ ...sampling, seed: 8, limit: 5 })
      expect(other.fromAll).toHaveLength(5)
      expect(other.fromAll).not.toEqual(sample.fromAll.slice(0, 5))
      const none = await gallery.samplePersons({ ...sampling, domain: domainSchema.parse('nowhere') })
      expect([none.persons, none.embeddings, none.fromAll]).toEqual([0, 0, []])
    })

    test('has another fingerprint when a face changes hands, and the old one when that is undone', async () => {
      const before = await gallery.samplePersons({ ...sampling, limit: 0 })
      const { persons } = await gallery.persons({
        clientId: client,
        domain: slovenia,
        text: 'Person 4',
        sort: 'name',
        flags: [],
        tag: null,
        offset: 0,
        limit: 1,
      })
      const { ledgerId } = await gallery.deletePersons([persons[0]!.personId], context)
      const after = await gallery.samplePersons({ ...sampling, limit: 0 })
      expect(after.fingerprint).not.toBe(before.fingerprint)
      await gallery.undo(ledgerId!, { actor: 'tester' })
      expect((await gallery.samplePersons({ ...sampling, limit: 0 })).fingerprint).toBe(before.fingerprint)
    })

    test('measures what a measurement by hand finds', async () => {
      const { fromAll } = await gallery.samplePersons(sampling)
      const names = new Map(
        await Promise.all(fromAll.map(async (id) => [id, (await gallery.person(id)).name] as const)),
      )
      const measured = await gallery.distances({
        clientId: client,
        domain: slovenia,
        modelId: model,
        personIds: fromAll,
        facesPerPerson: 3,
        seed: 7,
      })
      const distance = (a: UnitEmbedding, b: UnitEmbedding) => 1 - similarity(a, b)
      const close5 = (list: readonly number[]) => list.map((value) => value.toFixed(4)).sort()
      expect(measured.probes).toHaveLength(faces.length)
      const byHand = faces.map(({ name: of, embedding }) => ({
        of,
        own: faces
          .filter((face) => face.name === of && face.embedding !== embedding)
          .map((face) => distance(embedding, face.embedding)),
        other: faces
          .filter((face) => face.name !== of)
          .map((face) => ({ of: face.name, distance: distance(embedding, face.embedding) }))
          .reduce((nearest, face) => (face.distance < nearest.distance ? face : nearest)),
      }))
      expect(close5(measured.probes.map(({ nearestOther }) => nearestOther!.distance))).toEqual(
        close5(byHand.map(({ other }) => other.distance)),
      )
      expect(close5(measured.probes.flatMap(({ nearestOwn }) => nearestOwn ?? []))).toEqual(
        close5(byHand.flatMap(({ own }) => (own.length === 0 ? [] : Math.min(...own)))),
      )
      for (const { personId, nearestOther } of measured.probes) {
        const whose = byHand.filter(({ of }) => of === names.get(personId)).map(({ other }) => other.of)
        expect(whose).toContain(names.get(nearestOther!.personId))
      }
      expect(close5(measured.within.flat())).toEqual(
        close5(
          faces.flatMap((face, at) =>
            faces
              .slice(at + 1)
              .filter((other) => other.name === face.name)
              .map((other) => distance(face.embedding, other.embedding)),
          ),
        ),
      )
      expect(measured.between).toHaveLength((30 * 29) / 2)
    })

    test('a calibration is the same every time, and ends between portions when it is cancelled', async () => {
      const scope = { clientId: client, domain: slovenia, modelId: model }
      const onProgress = () => undefined
      const run = async () => {
        const { measuredAt: _, ...rest } = await calibrate(gallery, scope, {
          signal: new AbortController().signal,
          onProgress,
        })
        return rest
      }
      const first = await run()
      expect(first.counts).toMatchObject({ persons: 30, personsSearched: 30, personsMissed: 20 })
      expect([first.shortage, first.curve]).toEqual([{ persons: 70, personsWithTwoPhotos: 10 }, []])
      expect(await run()).toEqual(first)

      const cancel = new AbortController()
      const done: number[] = []
      const cancelled = calibrate(gallery, scope, {
        signal: cancel.signal,
        onProgress: (progress) => {
          done.push(progress.done)
          if (progress.done > 0) cancel.abort(new VisorError('cancelled', 'Cancelled.'))
        },
      })
      await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
      expect(done).toEqual([0, 16])
    })

    test('leaves out who is gone, and answers searches between its portions', async () => {
      const { fromAll } = await gallery.samplePersons(sampling)
      await gallery.deletePersons([fromAll[0]!], context)
      const query = { clientId: client, domain: slovenia, modelId: model, facesPerPerson: 1, seed: 7 }
      const order: string[] = []
      const size = () => gallery.gallerySize(client, [slovenia], model)
      // Once before, so that a server is logged in to.
      await size()
      // So many that there are turns enough to come between.
      const portions = Array.from({ length: 16 }, () => gallery.distances({ ...query, personIds: fromAll }))
      const measuring = Promise.all(portions).then((measured) => {
        order.push('distances')
        return measured
      })
      await size().then(() => order.push('size'))
      for (const { probes } of await measuring) expect(probes).toHaveLength(29)
      expect(order).toEqual(['size', 'distances'])
      const alone = await gallery.distances({ ...query, domain: slovenia, personIds: [] })
      expect(alone).toEqual({ probes: [], within: [], between: [] })
    })
  })
}
