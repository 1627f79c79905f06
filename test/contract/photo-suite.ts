/** What every `GalleryStore` promises for the faces of a photo: shown, drawn, given another box, deleted, undone. Tests. */
import { describe, expect, test } from 'vitest'
import type { EmbeddedFace, UnitEmbedding } from '../../src-shared/face'
import type { Box } from '../../src-shared/geometry'
import { faceIdSchema, modelIdSchema, photoIdSchema } from '../../src-shared/ids'
import { client, context, model, serbia, slovenia, useStore } from './curated-store'
import { defaultBox, madeAssignment, madeFace, madePhoto } from './made-faces'

const elsewhere: Box = { x: 600, y: 300, w: 90, h: 110 }
const moved: Box = { x: 130, y: 70, w: 140, h: 160 }
const older = modelIdSchema.parse('pack/older')
const noPhoto = photoIdSchema.parse('00000000-0000-7000-8000-000000000001')
const noFace = faceIdSchema.parse('00000000-0000-7000-8000-000000000002')

export function describePhotos(name: string, openEmpty: Parameters<typeof useStore>[0]): void {
  describe(`${name}: a photo`, () => {
    const store = useStore(openEmpty)
    const { enrol, found, seen, vector } = store
    const notFound = expect.objectContaining({ code: 'not-found' })
    const conflict = expect.objectContaining({ code: 'conflict' })
    const drawn = (embedding: UnitEmbedding, box: Box): EmbeddedFace => ({
      ...madeFace(embedding, box, 0.4),
      score: 0,
      manual: true,
    })
    /** Ana in a photo of hers, and the photo as the store gives it. */
    async function anaInPhoto() {
      const ana = await enrol('Ana')
      const [face] = (await store.gallery.person(ana.personId)).facesList
      return { ...ana, photoId: face!.photoId }
    }
    const undo = (written: { ledgerId?: Parameters<typeof store.gallery.undo>[0] }) =>
      store.gallery.undo(written.ledgerId!, context)

    test('shows its faces in its domain, somebody’s and nobody’s', async () => {
      const { photo, photoId, personId, faceId } = await anaInPhoto()
      const { faceId: drawnId } = {
        faceId: (await store.gallery.addFace(photoId, model, drawn(vector(), elsewhere), context)).value,
      }
      await store.gallery.assignFaces(
        client,
        serbia,
        model,
        [{ ...madeAssignment('Vesna', vector()), photo, face: madeFace(vector(), elsewhere) }],
        context,
      )
      const shown = await store.gallery.photo(photoId)
      expect(shown).toMatchObject({
        photoId,
        clientId: client,
        domain: slovenia,
        sha256: photo.sha256,
        path: photo.path,
        width: 1200,
        height: 800,
      })
      expect(shown.faces).toEqual([
        {
          faceId,
          box: defaultBox,
          quality: 0.7,
          score: 0.98,
          source: 'enrolled',
          manual: false,
          measured: true,
          models: [model],
          person: { personId, name: 'Ana' },
        },
        {
          faceId: drawnId,
          box: elsewhere,
          quality: 0.4,
          score: 0,
          source: 'manual',
          manual: true,
          measured: true,
          models: [model],
        },
      ])
      await expect(store.gallery.photo(noPhoto)).rejects.toEqual(notFound)
    })

    describe('a face drawn by hand', () => {
      test('is nobody’s until it is given to somebody, then it is found, and stays marked', async () => {
        const { photoId } = await anaInPhoto()
        const embedding = vector()
        const { value: faceId } = await store.gallery.addFace(
          photoId,
          model,
          drawn(embedding, elsewhere),
          context,
        )
        expect(await found(embedding)).not.toContain('Bor')
        expect(await store.gallery.crop(faceId)).toBeInstanceOf(Uint8Array)
        const given = await store.gallery.moveFaces([faceId], slovenia, { name: 'Bor' }, context)
        expect((await found(embedding))[0]).toBe('Bor')
        expect((await store.gallery.person(given.value)).facesList).toMatchObject([
          { faceId, manual: true, source: 'confirmed', photoId },
        ])
        expect((await store.gallery.wholePerson(given.value)).faces).toMatchObject([{ manual: true }])
      })

      test('is taken back; not while it is somebody’s, or somebody was ruled out for it', async () => {
        const { photoId, personId } = await anaInPhoto()
        const before = [await seen(), await store.gallery.photo(photoId)]
        const added = await store.gallery.addFace(photoId, model, drawn(vector(), elsewhere), context)
        const given = await store.gallery.moveFaces([added.value], slovenia, { name: 'Bor' }, context)
        await expect(undo(added)).rejects.toEqual(conflict)
        await undo(given)
        const { photo } = await anaPhoto(personId)
        const face = drawn(vector(), elsewhere)
        const rejected = await store.gallery.rejectFace(client, model, { photo, face, personId }, context)
        await expect(undo(added)).rejects.toEqual(conflict)
        await undo(rejected)
        await undo(added)
        expect([await seen(), await store.gallery.photo(photoId)]).toEqual(before)
        await expect(undo(added)).rejects.toEqual(conflict)
      })

      test('is refused where the photo has a face, and in no photo', async () => {
        const { photoId } = await anaInPhoto()
        const again = store.gallery.addFace(photoId, model, drawn(vector(), moved), context)
        await expect(again).rejects.toEqual(conflict)
        const nowhere = store.gallery.addFace(noPhoto, model, drawn(vector(), moved), context)
        await expect(nowhere).rejects.toEqual(notFound)
      })

      test('is the person’s at once where it is assigned with its mark', async () => {
        const face = drawn(vector(), elsewhere)
        const assignment = {
          person: { name: 'Bor' },
          photo: madePhoto('one'),
          face,
          source: 'manual',
        } as const
        const { value } = await store.gallery.assignFaces(client, slovenia, model, [assignment], context)
        const { facesList } = await store.gallery.person(value[0]!.personId)
        expect(facesList).toMatchObject([{ manual: true, source: 'manual', box: elsewhere }])
      })
    })

    const anaPhoto = async (personId: Parameters<typeof store.gallery.wholePerson>[0]) =>
      (await store.gallery.wholePerson(personId)).faces[0]!

    describe('another box', () => {
      test('gives the face what belongs to it, and takes what does not', async () => {
        const { faceId, face, photo, personId, photoId } = await anaInPhoto()
        const further = { ...face, embedding: vector() }
        await store.gallery.assignFaces(
          client,
          slovenia,
          older,
          [{ person: { personId }, photo, face: further, source: 'enrolled' }],
          context,
        )
        const embedding = vector()
        await store.gallery.changeBox(faceId, model, drawn(embedding, moved), context)
        const after = await store.gallery.wholePerson(personId)
        expect(after.detail.facesList).toMatchObject([
          { faceId, box: moved, manual: true, source: 'enrolled', models: [model], quality: 0.4 },
        ])
        expect(after.faces).toMatchObject([
          { faceId, score: 0, landmarks: drawn(embedding, moved).landmarks, quality: { value: 0.4 } },
        ])
        expect(after.faces[0]!.embeddings).toEqual(new Map([[model, embedding]]))
        expect(await store.gallery.crop(faceId)).toEqual(drawn(embedding, moved).crop)
        expect((await store.search(embedding)).probes[0]!.persons[0]).toMatchObject({
          name: 'Ana',
          distance: expect.closeTo(0, 4),
        })
        expect((await store.search(face.embedding)).probes[0]!.persons[0]!.distance).toBeGreaterThan(0.5)
        expect((await store.gallery.photo(photoId)).faces).toHaveLength(1)
        expect((await store.gallery.gallerySize(client, 'all', older)).embeddings).toBe(0)
      })

      test('is taken back whole, embeddings of other models and crop included', async () => {
        const { faceId, face, photo, personId, photoId } = await anaInPhoto()
        const further = { ...face, embedding: vector() }
        await store.gallery.assignFaces(
          client,
          slovenia,
          older,
          [{ person: { personId }, photo, face: further, source: 'enrolled' }],
          context,
        )
        const look = async () => [
          { ...(await seen()), details: [], persons: [] },
          (await store.gallery.wholePerson(personId)).faces,
          await store.gallery.photo(photoId),
          await store.gallery.crop(faceId),
          await store.gallery.gallerySize(client, 'all', older),
          (await store.search(face.embedding)).probes,
        ]
        const before = await look()
        const first = await store.gallery.changeBox(faceId, model, drawn(vector(), moved), context)
        const second = await store.gallery.changeBox(faceId, older, drawn(vector(), elsewhere), context)
        await expect(undo(first)).rejects.toEqual(conflict)
        await undo(second)
        await undo(first)
        expect(await look()).toEqual(before)
        await expect(undo(first)).rejects.toEqual(conflict)
      })

      test('is not taken back where another face is in the old place, or it got a further embedding', async () => {
        const { faceId, photo, personId, photoId } = await anaInPhoto()
        const changed = await store.gallery.changeBox(faceId, model, drawn(vector(), elsewhere), context)
        const added = await store.gallery.addFace(photoId, model, drawn(vector(), defaultBox), context)
        await expect(undo(changed)).rejects.toEqual(conflict)
        await undo(added)
        const face = drawn(vector(), elsewhere)
        const further = await store.gallery.assignFaces(
          client,
          slovenia,
          older,
          [{ person: { personId }, photo, face, source: 'enrolled' }],
          context,
        )
        await expect(undo(changed)).rejects.toEqual(conflict)
        await undo(further)
        await undo(changed)
        expect((await store.gallery.photo(photoId)).faces).toMatchObject([{ box: defaultBox, manual: false }])
      })

      test('leaves whose the face is, its cover and who was ruled out; and is refused over another face', async () => {
        const { faceId, photoId, personId } = await anaInPhoto()
        const bor = await enrol('Bor')
        await store.gallery.setCover(personId, faceId, context)
        const { photo, ...face } = await anaPhoto(personId)
        const own = { ...madeFace(vector()), ...face, embedding: vector() }
        await store.gallery.rejectFace(client, model, { photo, face: own, personId: bor.personId }, context)
        await store.gallery.addFace(photoId, model, drawn(vector(), elsewhere), context)
        const onto = store.gallery.changeBox(faceId, model, drawn(vector(), elsewhere), context)
        await expect(onto).rejects.toEqual(conflict)
        await store.gallery.changeBox(faceId, model, drawn(vector(), moved), context)
        expect(await store.gallery.person(personId)).toMatchObject({ chosenCover: true, coverFaceId: faceId })
        expect(await store.gallery.rejectsOf(bor.personId)).toMatchObject([{ faceId }])
        const none = store.gallery.changeBox(noFace, model, drawn(vector(), moved), context)
        await expect(none).rejects.toEqual(notFound)
      })
    })

    describe('deleted faces', () => {
      test('are gone from photo, person and search, in the bin, and taken back', async () => {
        const { faceId, face, photoId, personId } = await anaInPhoto()
        const drawnFace = await store.gallery.addFace(photoId, model, drawn(vector(), elsewhere), context)
        const before = [(await seen()).clients, await store.gallery.photo(photoId)]
        const deleted = await store.gallery.deleteFaces([faceId, drawnFace.value], context)
        expect((await store.gallery.photo(photoId)).faces).toEqual([])
        expect((await store.gallery.person(personId)).facesList).toEqual([])
        expect(await found(face.embedding)).toEqual([])
        await expect(store.gallery.crop(faceId)).rejects.toEqual(notFound)
        expect(await store.gallery.bin(client, 30)).toMatchObject([{ persons: 0, faces: 2, names: [] }])
        const history = await store.gallery.ledger({ clientId: client, personId, limit: 5 })
        expect(history[0]).toMatchObject({ action: 'delete-faces', undoable: true })
        await undo(deleted)
        expect([(await seen()).clients, await store.gallery.photo(photoId)]).toEqual(before)
        expect(await found(face.embedding)).toEqual(['Ana'])
        expect(await store.gallery.bin(client, 30)).toEqual([])
      })

      test('are none or all; and not taken back over a face that was drawn there since', async () => {
        const { faceId, photoId } = await anaInPhoto()
        await expect(store.gallery.deleteFaces([faceId, noFace], context)).rejects.toEqual(notFound)
        const deleted = await store.gallery.deleteFaces([faceId], context)
        const added = await store.gallery.addFace(photoId, model, drawn(vector(), defaultBox), context)
        await expect(undo(deleted)).rejects.toEqual(conflict)
        await undo(added)
        await undo(deleted)
        expect((await store.gallery.photo(photoId)).faces).toMatchObject([
          { faceId, person: { name: 'Ana' } },
        ])
      })

      test('and what boxes were go for good with what is in the bin', async () => {
        const { faceId, photoId } = await anaInPhoto()
        const bor = await enrol('Bor')
        const changed = await store.gallery.changeBox(faceId, model, drawn(vector(), moved), context)
        const deleted = await store.gallery.deleteFaces([bor.faceId], context)
        await store.later()
        await store.gallery.emptyBin(client, Date.now(), context)
        expect(await store.gallery.bin(client, 30)).toEqual([])
        await expect(undo(changed)).rejects.toEqual(conflict)
        await expect(undo(deleted)).rejects.toEqual(conflict)
        expect((await store.gallery.photo(photoId)).faces).toMatchObject([{ faceId, box: moved }])
        expect(await store.gallery.verifyLedger()).toEqual({ entries: expect.any(Number) as number })
      })
    })

    describe('a file that was moved', () => {
      test('is located for all domains, and back where it was by an undo', async () => {
        const { photo, photoId, personId } = await anaInPhoto()
        const own = { ...madeAssignment('Vesna', vector()), photo }
        await store.gallery.assignFaces(client, serbia, model, [own], context)
        const located = await store.gallery.locatePhoto(photoId, '/new/place.jpg', context)
        expect(await store.gallery.photo(photoId)).toMatchObject({ path: '/new/place.jpg' })
        expect((await store.gallery.person(personId)).facesList).toMatchObject([
          { photoPath: '/new/place.jpg' },
        ])
        const again = await store.gallery.locatePhoto(photoId, '/new/place.jpg', context)
        expect(again.ledgerId).toBeUndefined()
        const onceMore = await store.gallery.locatePhoto(photoId, '/newer.jpg', context)
        await expect(undo(located)).rejects.toEqual(conflict)
        await undo(onceMore)
        await undo(located)
        expect(await store.gallery.photo(photoId)).toMatchObject({ path: photo.path })
        await expect(store.gallery.locatePhoto(noPhoto, '/x.jpg', context)).rejects.toEqual(notFound)
      })
    })
  })
}
