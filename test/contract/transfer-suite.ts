/** What every `GalleryStore` promises of people who leave whole, and come from elsewhere. Tests. */
import { describe, expect, test } from 'vitest'
import { modelIdSchema } from '../../src-shared/ids'
import { client, context, model, nobody, serbia, slovenia, useStore } from './curated-store'
import { madeAssignment } from './made-faces'

const otherModel = modelIdSchema.parse('pack/another')

export function describeTransfer(name: string, openEmpty: Parameters<typeof useStore>[0]): void {
  describe(`${name}: transfer`, () => {
    const store = useStore(openEmpty)
    const { enrol, vector } = store

    test('gives all that is kept of a person, embeddings bit for bit', async () => {
      const ana = await enrol('Ana')
      const jelena = await enrol('Jelena')
      const second = vector()
      await store.gallery.assignFaces(
        client,
        slovenia,
        otherModel,
        [
          {
            person: { name: 'Ana' },
            photo: ana.photo,
            face: { ...ana.face, embedding: second },
            source: 'enrolled',
          },
        ],
        context,
      )
      const reject = { photo: jelena.photo, face: jelena.face, personId: ana.personId }
      await store.gallery.rejectFace(client, model, reject, context)

      const whole = await store.gallery.wholePerson(ana.personId)
      expect(whole.detail).toEqual(await store.gallery.person(ana.personId))
      const { embedding, crop: _, ...face } = ana.face
      expect(whole.faces).toEqual([
        {
          ...face,
          faceId: ana.faceId,
          photo: ana.photo,
          source: 'enrolled',
          hasCrop: true,
          embeddings: new Map([
            [otherModel, second],
            [model, embedding],
          ]),
        },
      ])
      expect(whole.rejects).toMatchObject([{ faceId: jelena.faceId, photo: jelena.photo }])
      await expect(store.gallery.wholePerson(nobody)).rejects.toMatchObject({ code: 'not-found' })
    })

    test('a face that is new and ruled out comes with its source and all embeddings, and goes with its undo', async () => {
      const { personId } = await enrol('Ana')
      const [first, second] = [vector(), vector()]
      const { photo, face } = madeAssignment('', first, 'elsewhere')
      const embeddings = new Map([
        [otherModel, second],
        [model, first],
      ])
      const rejected = { photo, face, personId, source: 'imported', embeddings } as const
      const { ledgerId } = await store.gallery.rejectFace(client, model, rejected, context)
      const { rejects } = await store.gallery.wholePerson(personId)
      expect(rejects).toMatchObject([{ photo, source: 'imported', hasCrop: true }])
      expect(rejects[0]?.embeddings).toEqual(embeddings)
      await store.gallery.undo(ledgerId!, context)
      expect(await store.gallery.knownFaces(client, [photo.sha256])).toEqual(new Map())
    })

    test('makes a person without faces, with all details, and undoes it in one', async () => {
      const details = { wikidataId: 'Q42', occupation: 'painter', description: 'Of Ptuj.' }
      const addition = { aliases: ['Ana K.', 'Ана'], tags: ['staff'], ...details }
      const added = await store.gallery.addPerson(client, serbia, 'Ana', addition, context)
      expect(await store.gallery.person(added.value)).toMatchObject({
        name: 'Ana',
        domain: serbia,
        faces: 0,
        ...addition,
      })
      await store.gallery.undo(added.ledgerId!, context)
      await expect(store.gallery.person(added.value)).rejects.toMatchObject({ code: 'not-found' })
    })

    test('adds to a person who is there what they lack, and nothing the second time', async () => {
      const { personId } = await enrol('Ana')
      await store.gallery.updatePerson(personId, { occupation: 'painter', tags: ['Staff'] }, context)
      const addition = {
        aliases: ['Ana', 'Ana K.'],
        tags: ['staff', 'guest'],
        occupation: 'sculptor',
        description: 'Of Ptuj.',
      }
      const added = await store.gallery.addPerson(client, slovenia, 'Ana', addition, context)
      expect(added.value).toBe(personId)
      const person = await store.gallery.person(personId)
      expect(person).toMatchObject({ occupation: 'painter', description: 'Of Ptuj.', aliases: ['Ana K.'] })
      expect(person.tags).toEqual(['guest', 'Staff'])
      expect(await store.gallery.addPerson(client, slovenia, 'Ana', addition, context)).toEqual({
        value: personId,
      })
      await store.gallery.undo(added.ledgerId!, context)
      expect(await store.gallery.person(personId)).toMatchObject({ aliases: [], tags: ['Staff'] })
    })

    test.each([
      ['', { aliases: [] }],
      ['Ana', { aliases: ['a\u0000b'] }],
      ['Ana', { aliases: [], wikidataId: '42' }],
      ['Ana', { aliases: [], tags: Array.from({ length: 51 }, (_, index) => `tag ${index}`) }],
    ])('refuses %j with %j', async (wanted, addition) => {
      await expect(
        store.gallery.addPerson(client, slovenia, wanted, addition, context),
      ).rejects.toMatchObject({ code: 'invalid-argument' })
      expect(await store.list({})).toMatchObject({ total: 0 })
    })
  })
}
