/** Many faces in one call are as many calls of one face, whatever they name, and however often. Tests. */
import { describe, expect, test } from 'vitest'
import type { AssignedFace, FaceAssignment } from '../../src-main/storage/gallery-records'
import { type ClientId, clientIdSchema, type PersonId } from '../../src-shared/ids'
import { context, model, slovenia, useStore } from './curated-store'
import { defaultBox, madeFace, madePhoto, randomNumbers, unitVector } from './made-faces'

const oneByOne = clientIdSchema.parse('one-by-one')
const atOnce = clientIdSchema.parse('at-once')
const names = ['Ana', 'Bojan', 'Cvetka', 'Đorđe', '李明 "x" \\ y']

export function describeBulk(name: string, open: Parameters<typeof useStore>[0]): void {
  describe(`${name}: many at once`, () => {
    const store = useStore(open)

    /** Some of the same people, photos and faces again and again; a person is named once, then by id. */
    function scripted(seed: number, count: number) {
      const random = randomNumbers(seed)
      const pick = (below: number) => Math.floor(random() * below)
      return Array.from(
        { length: count },
        (): Omit<FaceAssignment, 'person'> & { readonly of: number; byId: boolean } => {
          const photo = madePhoto(`photo ${pick(6)}`)
          const { crop, ...face } = madeFace(
            unitVector(random),
            { ...defaultBox, x: 100 + 110 * pick(3) },
            0.5 + random() / 2,
          )
          return {
            of: pick(names.length),
            byId: random() < 0.5,
            photo: {
              ...photo,
              path: `/places/${pick(3)}/${photo.path}`,
              perceptualHash: random() < 0.5 ? photo.perceptualHash : undefined,
              // A person may be in these more than once: nothing is refused for that.
              repeatsPeople: true,
            },
            face: random() < 0.5 && crop !== undefined ? { ...face, crop } : face,
            source: random() < 0.5 ? 'enrolled' : 'confirmed',
          }
        },
      )
    }

    /** All of a client's gallery, ids left out. */
    async function seen(clientId: ClientId) {
      const ids = await store.gallery.personIds({
        clientId,
        domain: null,
        text: '',
        sort: 'name',
        flags: [],
        tag: null,
      })
      const people = await Promise.all(ids.map((personId) => store.gallery.wholePerson(personId)))
      return people.map(({ detail, faces, rejects }) => {
        const plain = [faces, rejects].map((list) =>
          list
            .map(({ faceId: _, embeddings, ...face }) =>
              JSON.stringify([face, [...(embeddings.get(model) ?? [])]]),
            )
            .toSorted(),
        )
        return [detail.name, ...plain]
      })
    }

    test.each([1, 2, 3])('seed %i: the same outcomes, faces, photos and rejects', async (seed) => {
      const script = scripted(seed, 40)
      const known = new Map<string, PersonId>()
      const assignments = (clientId: ClientId): FaceAssignment[] =>
        script.map(({ of, byId, ...one }) => {
          const personId = known.get(`${clientId} ${of}`)
          return { ...one, person: byId && personId !== undefined ? { personId } : { name: names[of]! } }
        })
      for (const clientId of [oneByOne, atOnce]) {
        // Some are there, and are ruled out for some of the faces.
        const there = await store.gallery.assignFaces(
          clientId,
          slovenia,
          model,
          assignments(clientId).slice(0, 5),
          context,
        )
        for (const [place, { personId, faceId }] of there.value.entries()) {
          known.set(`${clientId} ${script[place]!.of}`, personId)
          await store.gallery.rejectFaces([faceId], personId, context)
        }
      }
      const single: AssignedFace[] = []
      for (const assignment of assignments(oneByOne)) {
        single.push(
          ...(await store.gallery.assignFaces(oneByOne, slovenia, model, [assignment], context)).value,
        )
      }
      const many = await store.gallery.assignFaces(atOnce, slovenia, model, assignments(atOnce), context)
      const outcomes = (list: readonly AssignedFace[]) => {
        const people = [...new Set(list.map(({ personId }) => personId))]
        const faces = [...new Set(list.map(({ faceId }) => faceId))]
        return list.map(({ personId, faceId, outcome, personCreated }) => [
          people.indexOf(personId),
          faces.indexOf(faceId),
          outcome,
          personCreated,
        ])
      }
      expect(outcomes(many.value)).toEqual(outcomes(single))
      expect(new Set(single.map(({ outcome }) => outcome)).size).toBe(3)
      const after = await seen(atOnce)
      expect(after).toEqual(await seen(oneByOne))
      expect(after.length).toBe(names.length)
      await store.gallery.undo(many.ledgerId!, context)
      expect((await store.gallery.verifyLedger()).brokenAt).toBeUndefined()
    })

    test('more than a portion: with progress, whole, and not at all where it is cancelled', async () => {
      const random = randomNumbers(7)
      // More than either store takes in one portion.
      const count = 2500
      const assignments = Array.from({ length: count }, (_, index) => ({
        person: { name: `Person ${index % 90}` },
        photo: madePhoto(`${index}`),
        face: madeFace(unitVector(random)),
        source: 'imported' as const,
      }))
      const cancel = new AbortController()
      const cancelled = store.gallery.assignFaces(atOnce, slovenia, model, assignments, {
        ...context,
        signal: cancel.signal,
        onProgress: () => cancel.abort(new Error('enough')),
      })
      await expect(cancelled).rejects.toThrow('enough')
      expect(await seen(atOnce)).toEqual([])
      const progress: number[] = []
      const { value } = await store.gallery.assignFaces(atOnce, slovenia, model, assignments, {
        ...context,
        onProgress: ({ done }) => progress.push(done),
      })
      expect(value).toHaveLength(count)
      expect(value.filter(({ personCreated }) => personCreated)).toHaveLength(90)
      expect(progress.some((done) => done > 0 && done < count)).toBe(true)
      expect(await store.gallery.gallerySize(atOnce, 'all', model)).toEqual({
        persons: 90,
        embeddings: count,
      })
    })
  })
}
