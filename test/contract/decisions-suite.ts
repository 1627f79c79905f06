/** What every store promises of decisions: a rejected pair is not offered again, and a person is in a photo once. Tests. */
import { describe, expect, test } from 'vitest'
import type { GalleryStore } from '../../src-main/storage/gallery-store'
import type { UnitEmbedding } from '../../src-shared/face'
import type { PersonId } from '../../src-shared/ids'
import { client, context, model, nobody, otherClient, serbia, slovenia, useStore } from './curated-store'
import { defaultBox, madeFace, madePhoto, madeSha256 } from './made-faces'

/** The suite. `openEmpty` gives a store with nothing in it. */
export function describeDecisions(
  title: string,
  openEmpty: () => Promise<{ readonly gallery: GalleryStore; close(): Promise<void> }>,
): void {
  describe(`${title}: decisions that stay`, () => {
    const store = useStore(openEmpty)
    const crowd = madePhoto('a crowd')
    /** Gives a face at a place of one photo to somebody. */
    const assign = (
      person: { readonly personId: PersonId } | { readonly name: string },
      place: number,
      embedding: UnitEmbedding = store.vector(),
      photo = crowd,
    ) =>
      store.gallery.assignFaces(
        client,
        slovenia,
        model,
        [
          {
            person,
            photo,
            face: madeFace(embedding, { ...defaultBox, x: 200 * place }),
            source: 'confirmed',
          },
        ],
        context,
      )
    const twice = { code: 'person-twice' }

    describe('rejects', () => {
      test('of faces that are here: whoever’s they are, in one entry, undone by it', async () => {
        const ana = await store.enrol('Ana', { faces: 2 })
        const boris = await store.enrol('Boris')
        const before = await store.seen()
        const written = await store.gallery.rejectFaces([ana.faceId, boris.faceId], ana.personId, context)
        expect((await store.gallery.rejectsOf(ana.personId)).map(({ faceId }) => faceId).toSorted()).toEqual(
          [ana.faceId, boris.faceId].toSorted(),
        )
        expect((await store.gallery.person(ana.personId)).faces).toBe(1)
        expect((await store.gallery.person(boris.personId)).faces).toBe(1)
        const again = await store.gallery.rejectFaces([boris.faceId], ana.personId, context)
        expect(again.ledgerId).toBeUndefined()
        await store.gallery.undo(written.ledgerId!, context)
        expect(await store.seen()).toEqual(before)
        const unknown = { code: 'not-found' }
        await expect(store.gallery.rejectFaces([ana.faceId], nobody, context)).rejects.toMatchObject(unknown)
        const other = await store.enrol('Other', { clientId: otherClient })
        await expect(store.gallery.rejectFaces([other.faceId], ana.personId, context)).rejects.toMatchObject(
          unknown,
        )
      })

      test('two people are no lookalikes by a face that was ruled out, on either side', async () => {
        const ana = await store.enrol('Ana')
        const boris = await store.enrol('Boris', { embedding: store.vector(ana.face.embedding, 0.3) })
        const lookalikesOf = async (personId: PersonId) =>
          (await store.gallery.lookalikes(personId, model, 5)).map(({ name }) => name)
        expect(await lookalikesOf(ana.personId)).toEqual(['Boris'])
        const no = await store.gallery.rejectFaces([boris.faceId], ana.personId, context)
        expect(await lookalikesOf(ana.personId)).toEqual([])
        expect(await lookalikesOf(boris.personId)).toEqual([])
        // Another face that nobody spoke of is another pair.
        const near = store.vector(ana.face.embedding, 0.4)
        await assign({ personId: boris.personId }, 0, near)
        expect(await lookalikesOf(ana.personId)).toEqual(['Boris'])
        await store.gallery.undo(no.ledgerId!, context)
        const [first] = await store.gallery.lookalikes(ana.personId, model, 5)
        expect(first!.faceId).toBe(boris.faceId)
      })

      test('are known with the face when its photo is recognised again, in whichever domain, until withdrawn', async () => {
        const ana = await store.enrol('Ana')
        const { photo, face } = ana
        const vida = await store.enrol('Vida', { domain: serbia })
        await store.gallery.rejectFace(client, model, { photo, face, personId: vida.personId }, context)
        const rejected = async () =>
          (await store.gallery.knownFaces(client, [photo.sha256]))
            .get(photo.sha256)!
            .flatMap((known) => known.rejected)
        expect(await rejected()).toEqual([vida.personId])
        const [reject] = await store.gallery.rejectsOf(vida.personId)
        await store.gallery.withdrawReject(reject!.faceId, vida.personId, context)
        expect(await rejected()).toEqual([])
      })
    })

    describe('a person is in a photo once', () => {
      test('whoever gives them another face of it is refused, and nothing is changed', async () => {
        const { value } = await assign({ name: 'Ana' }, 0)
        const { personId } = value[0]!
        const boris = (await assign({ name: 'Boris' }, 1)).value[0]!
        const before = await store.seen()
        await expect(assign({ personId }, 2)).rejects.toMatchObject(twice)
        await expect(assign({ name: 'Ana' }, 2)).rejects.toMatchObject(twice)
        await expect(
          store.gallery.moveFaces([boris.faceId], slovenia, { personId }, context),
        ).rejects.toMatchObject(twice)
        const two = [2, 3].map((place) => ({
          person: { name: 'Cene' },
          photo: crowd,
          face: madeFace(store.vector(), { ...defaultBox, x: 200 * place }),
          source: 'enrolled' as const,
        }))
        await expect(store.gallery.assignFaces(client, slovenia, model, two, context)).rejects.toMatchObject(
          twice,
        )
        expect(await store.seen()).toEqual(before)
        expect((await assign({ personId }, 0)).value[0]!.outcome).toBe('already-there')
      })

      test('but in a mirror or a collage, until that is taken back', async () => {
        const { personId } = (await assign({ name: 'Ana' }, 0)).value[0]!
        const said = await store.gallery.setRepeatsPeople(client, crowd.sha256, true, context)
        const repeats = async () =>
          (await store.gallery.knownFaces(client, [crowd.sha256]))
            .get(crowd.sha256)!
            .map(({ photoRepeats }) => photoRepeats)
        expect(await repeats()).toEqual([true])
        expect((await store.gallery.setRepeatsPeople(client, crowd.sha256, true, context)).ledgerId).toBe(
          undefined,
        )
        const second = await assign({ personId }, 1)
        expect((await store.gallery.person(personId)).faces).toBe(2)
        await expect(
          store.gallery.setRepeatsPeople(client, crowd.sha256, false, context),
        ).rejects.toMatchObject(twice)
        await expect(store.gallery.undo(said.ledgerId!, context)).rejects.toMatchObject({ code: 'conflict' })
        await store.gallery.undo(second.ledgerId!, context)
        await store.gallery.undo(said.ledgerId!, context)
        expect(await repeats()).toEqual([false])
        await expect(assign({ personId }, 1)).rejects.toMatchObject(twice)
        await expect(
          store.gallery.setRepeatsPeople(client, madeSha256('never seen'), true, context),
        ).rejects.toMatchObject({ code: 'not-found' })
      })

      test('what is said of a photo holds in every domain, and for records that are made later', async () => {
        const ana = (await assign({ name: 'Ana' }, 0)).value[0]!
        await store.gallery.setRepeatsPeople(client, crowd.sha256, true, context)
        await store.gallery.movePersons([ana.personId], serbia, 'refuse', context)
        const other = (await assign({ name: 'Boris' }, 1)).value[0]!
        await expect(assign({ personId: other.personId }, 2)).resolves.toBeDefined()
        const known = (await store.gallery.knownFaces(client, [crowd.sha256])).get(crowd.sha256)!
        expect(known.map(({ photoRepeats }) => photoRepeats)).toEqual([true, true, true])
      })

      test('a merge may find them there twice; what was so before can be undone back to', async () => {
        const ana = (await assign({ name: 'Ana' }, 0)).value[0]!
        const boris = (await assign({ name: 'Boris' }, 1)).value[0]!
        await store.gallery.mergePersons(ana.personId, [boris.personId], context)
        expect((await store.gallery.person(ana.personId)).faces).toBe(2)
        const merged = await store.seen()
        const taken = await store.gallery.takeFaces([boris.faceId], { reject: false }, context)
        await store.gallery.undo(taken.ledgerId!, context)
        expect(await store.seen()).toEqual(merged)
      })

      test('an undo gives no face back into a photo in which the person got another one since', async () => {
        const ana = (await assign({ name: 'Ana' }, 0)).value[0]!
        const taken = await store.gallery.takeFaces([ana.faceId], { reject: false }, context)
        const other = await assign({ personId: ana.personId }, 1)
        await expect(store.gallery.undo(taken.ledgerId!, context)).rejects.toMatchObject({ code: 'conflict' })
        await store.gallery.undo(other.ledgerId!, context)
        await store.gallery.undo(taken.ledgerId!, context)
        const moved = await assign({ name: 'Boris' }, 0)
        const again = await assign({ personId: ana.personId }, 2)
        await expect(store.gallery.undo(moved.ledgerId!, context)).rejects.toMatchObject({ code: 'conflict' })
        await store.gallery.undo(again.ledgerId!, context)
        await store.gallery.undo(moved.ledgerId!, context)
        expect((await store.gallery.person(ana.personId)).faces).toBe(1)
      })
    })
  })
}
