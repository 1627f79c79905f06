/** What every `GalleryStore` promises to curators: details, tags, covers, merge, move, lookalikes, rejects. Tests. */
import { describe, expect, test } from 'vitest'
import type { PersonSort } from '../../src-shared/gallery'
import { domainSchema, faceIdSchema } from '../../src-shared/ids'
import { client, context, model, nobody, otherClient, serbia, slovenia, useStore } from './curated-store'
import { defaultBox, madeAssignment, madeFace, madePhoto } from './made-faces'

export function describeCuration(name: string, openEmpty: Parameters<typeof useStore>[0]): void {
  describe(`${name}: curation`, () => {
    const store = useStore(openEmpty)
    const { enrol, names, seen, vector, found } = store
    const notFound = expect.objectContaining({ code: 'not-found' })
    const conflict = expect.objectContaining({ code: 'conflict' })
    const invalid = expect.objectContaining({ code: 'invalid-argument' })

    describe('details', () => {
      test('are kept, emptied by null, and taken back', async () => {
        const { personId } = await enrol('Ana')
        const before = await seen()
        const patch = {
          name: 'Ana Novak',
          wikidataId: 'Q42',
          occupation: ' judge ',
          description: 'Of the court.\nSince 2019.',
          tags: ['zebra', 'Court', 'court'],
        }
        const first = await store.gallery.updatePerson(personId, patch, context)
        expect(await store.gallery.person(personId)).toMatchObject({
          ...patch,
          clientId: client,
          occupation: 'judge',
          tags: ['Court', 'zebra'],
          aliases: [],
          chosenCover: false,
          flags: [],
        })
        expect(await store.gallery.updatePerson(personId, patch, context)).toEqual({ value: undefined })
        const second = await store.gallery.updatePerson(
          personId,
          { wikidataId: null, description: '' },
          context,
        )
        expect(await store.gallery.person(personId)).not.toHaveProperty('wikidataId')
        expect(await store.gallery.person(personId)).not.toHaveProperty('description')
        await store.gallery.undo(second.ledgerId!, context)
        await store.gallery.undo(first.ledgerId!, context)
        expect(await seen()).toEqual(before)
      })

      test('that are wrong are refused', async () => {
        const { personId } = await enrol('Ana')
        await enrol('Jelena')
        const update = (patch: Parameters<typeof store.gallery.updatePerson>[1]) =>
          store.gallery.updatePerson(personId, patch, context)
        for (const patch of [
          { name: '' },
          { name: 'x'.repeat(300) },
          { name: 'a\u0000b' },
          { wikidataId: '42' },
          { tags: ['one, two'] },
          { description: 'x'.repeat(4001) },
        ]) {
          await expect(update(patch), JSON.stringify(patch).slice(0, 40)).rejects.toEqual(invalid)
        }
        await expect(update({ name: 'Jelena' })).rejects.toEqual(conflict)
        await expect(store.gallery.updatePerson(nobody, { name: 'X' }, context)).rejects.toEqual(notFound)
        expect(await store.gallery.person(personId)).toMatchObject({ name: 'Ana', tags: [] })
      })

      test('show the photo that a face is in', async () => {
        const { personId, photo, face } = await enrol('Ana')
        expect((await store.gallery.person(personId)).facesList).toMatchObject([
          { photoSha256: photo.sha256, photoWidth: 1200, photoHeight: 800, box: face.box },
        ])
      })
    })

    describe('tags', () => {
      test('group people whatever their case, by how many have them', async () => {
        const ana = await enrol('Ana')
        const jelena = await enrol('Jelena')
        const visitor = await enrol('Visitor', { clientId: otherClient })
        const both = [ana.personId, jelena.personId]
        const { ledgerId } = await store.gallery.tagPersons(both, { add: ['Court'], remove: [] }, context)
        await store.gallery.tagPersons([ana.personId], { add: ['court', 'a'], remove: ['missing'] }, context)
        expect(await store.gallery.tags(client)).toEqual([
          { tag: 'Court', persons: 2 },
          { tag: 'a', persons: 1 },
        ])
        expect(await names({ tag: 'COURT' })).toEqual(['Ana', 'Jelena'])
        expect(await names({ tag: 'a' })).toEqual(['Ana'])
        expect(await names({ tag: 'a', text: 'jel' })).toEqual([])
        expect(await store.gallery.tags(otherClient)).toEqual([])
        // Another client's person is not this client's to tag.
        await expect(
          store.gallery.tagPersons([ana.personId, visitor.personId], { add: ['x'], remove: [] }, context),
        ).rejects.toEqual(notFound)
        await store.gallery.tagPersons([ana.personId], { add: [], remove: ['A'] }, context)
        await store.gallery.deletePersons([jelena.personId], context)
        expect(await store.gallery.tags(client)).toEqual([{ tag: 'Court', persons: 1 }])
        await expect(store.gallery.undo(ledgerId!, context)).rejects.toEqual(conflict)
      })

      test('are taken back together', async () => {
        const people = [await enrol('Ana'), await enrol('Jelena')].map(({ personId }) => personId)
        await store.gallery.tagPersons(people.slice(1), { add: ['old'], remove: [] }, context)
        const before = await seen()
        const { ledgerId } = await store.gallery.tagPersons(
          people,
          { add: ['new'], remove: ['old'] },
          context,
        )
        expect(await store.gallery.tags(client)).toEqual([{ tag: 'new', persons: 2 }])
        await store.gallery.undo(ledgerId!, context)
        expect(await seen()).toEqual(before)
      })
    })

    describe('the list', () => {
      test('is sorted by name, faces, age and last change', async () => {
        const first = await enrol('Čarna')
        await enrol('Ana', { faces: 3 })
        await store.later()
        await enrol('Boris', { faces: 2 })
        await store.later()
        await store.gallery.updatePerson(first.personId, { occupation: 'judge' }, context)
        const sorted = (sort: PersonSort) => names({ sort })
        expect(await sorted('name')).toEqual(['Ana', 'Boris', 'Čarna'])
        expect(await sorted('faces')).toEqual(['Ana', 'Boris', 'Čarna'])
        expect((await sorted('newest'))[0]).toBe('Boris')
        expect((await sorted('changed')).slice(0, 2)).toEqual(['Čarna', 'Boris'])
        expect(await names({ sort: 'faces', offset: 1, limit: 1 })).toEqual(['Boris'])
      })
    })

    describe('two editors of one person', () => {
      const bob = { actor: 'bob', summary: 'a test' }

      test('the second is told who changed what, and can save again', async () => {
        const { personId } = await enrol('Ana')
        await store.gallery.updatePerson(personId, { name: 'Anna', occupation: 'painter' }, bob)
        const late = store.gallery.updatePerson(personId, { name: 'Ana K.', seen: { name: 'Ana' } }, context)
        await expect(late).rejects.toMatchObject({
          code: 'conflict',
          message: 'bob changed the name meanwhile. It is “Anna” now.',
          consequence: 'Your change was not saved.',
        })
        expect(await store.gallery.person(personId)).toMatchObject({ name: 'Anna', occupation: 'painter' })
        await store.gallery.updatePerson(personId, { name: 'Ana K.', seen: { name: 'Anna' } }, context)
        expect(await names({})).toEqual(['Ana K.'])
      })

      test('what nobody else touched is nobody’s conflict', async () => {
        const { personId } = await enrol('Ana')
        await enrol('Ana', { faces: 2 })
        await store.gallery.updatePerson(personId, { occupation: 'painter' }, bob)
        const seen = { description: null }
        await store.gallery.updatePerson(personId, { description: 'Of Ptuj', seen }, context)
        // Both want the same.
        await store.gallery.updatePerson(
          personId,
          { occupation: 'painter', seen: { occupation: null } },
          context,
        )
        const emptied = await store.gallery.updatePerson(personId, { occupation: null }, bob)
        const late = () =>
          store.gallery.updatePerson(
            personId,
            { occupation: 'poet', seen: { occupation: 'painter' } },
            context,
          )
        await expect(late()).rejects.toMatchObject({
          message: 'bob changed the occupation meanwhile. It is empty now.',
        })
        await store.gallery.undo(emptied.ledgerId!, { actor: 'chief' })
        await late()
        expect(await store.gallery.person(personId)).toMatchObject({
          occupation: 'poet',
          description: 'Of Ptuj',
        })
      })

      test('tags that both give are all kept', async () => {
        const { personId } = await enrol('Ana')
        await store.gallery.tagPersons([personId], { add: ['a'], remove: [] }, bob)
        await store.gallery.tagPersons([personId], { add: ['b'], remove: [] }, context)
        expect((await store.gallery.person(personId)).tags).toEqual(['a', 'b'])
      })
    })

    describe('bad names', () => {
      test.each([
        ['', 'A name is needed.'],
        [' \t\u00a0 ', 'A name is needed.'],
        ['\u202e\u2066', 'A name is needed.'],
        ['\u200b\u200d', 'A name needs a character that can be seen.'],
        ['\u0301', 'A name needs a character that can be seen.'],
        ['x'.repeat(300), 'A name has at most 200 characters.'],
        ['A\u0007na', 'A name has no control characters.'],
        ['A\nna', 'A name has no control characters.'],
      ])('%j is refused wherever one is given', async (name, message) => {
        const { personId, faceId, face, photo } = await enrol('Ana')
        const refused = { code: 'invalid-argument', message }
        const { gallery } = store
        const assignment = { person: { name }, photo, face, source: 'enrolled' } as const
        await expect(gallery.updatePerson(personId, { name }, context)).rejects.toMatchObject(refused)
        await expect(gallery.moveFaces([faceId], slovenia, { name }, context)).rejects.toMatchObject(refused)
        await expect(
          gallery.addPerson(client, slovenia, name, { aliases: [] }, context),
        ).rejects.toMatchObject(refused)
        await expect(
          gallery.assignFaces(client, slovenia, model, [assignment], context),
        ).rejects.toMatchObject(refused)
        await expect(
          gallery.renameDomain(client, slovenia, name as typeof slovenia, context),
        ).rejects.toMatchObject(refused)
        expect(await names({})).toEqual(['Ana'])
      })

      test.each([
        ['right-to-left', 'שרה لينا'],
        ['emoji', '👩‍🎤 Ana 🇸🇮'],
        ['joiners', 'می‌خواهم'],
        ['path separators', '../../etc/passwd'],
        ['a device of Windows', 'CON'],
        ['dots at the end', 'Ana. .'.trim()],
        ['combining marks', 'Z̈̈̈alg̶o'.normalize('NFC')],
        ['as long as can be', '字'.repeat(200)],
      ])('%s is a name like any other', async (_, name) => {
        const { personId } = await enrol('Ana')
        await store.gallery.updatePerson(personId, { name }, context)
        expect(await names({ text: name })).toEqual([name])
        expect(await store.gallery.person(personId)).toMatchObject({ name })
      })

      test('marks that turn the text around a name are left out of it', async () => {
        const { personId } = await enrol('Ana')
        await store.gallery.updatePerson(
          personId,
          { name: '\u202egpj.\u2066Bor\u2069\ufeff \ud800' },
          context,
        )
        expect(await names({})).toEqual(['gpj.Bor \ufffd'])
      })
    })

    describe('many people', () => {
      test('are named all at once, in the order of the list', async () => {
        const [ana, bor, cene] = [await enrol('Ana', { faces: 2 }), await enrol('Bor'), await enrol('Cene')]
        await enrol('Dana', { domain: serbia })
        const query = {
          clientId: client,
          domain: slovenia,
          text: '',
          sort: 'name',
          flags: [],
          tag: null,
        } as const
        const ids = [ana, bor, cene].map(({ personId }) => personId)
        expect(await store.gallery.personIds(query)).toEqual(ids)
        expect(await store.gallery.personIds({ ...query, sort: 'faces' })).toEqual(ids)
        expect(await store.gallery.personIds({ ...query, domain: null })).toHaveLength(4)
        // What was read before is not what is there after a write.
        await store.gallery.deletePersons([bor.personId], context)
        expect(await store.gallery.personIds({ ...query, sort: 'faces' })).toEqual([
          ana.personId,
          cene.personId,
        ])
        const byId = await store.gallery.personsById([cene.personId, bor.personId, ana.personId])
        expect(byId.map(({ name }) => name)).toEqual(['Cene', 'Ana'])
      })

      test('who could not be moved without a merge are told', async () => {
        const [ana, bor] = [await enrol('Ana'), await enrol('Bor')]
        const there = await enrol('Ana', { domain: serbia })
        const other = domainSchema.parse('other')
        const twin = await enrol('Bor', { domain: other })
        const asked = [ana, bor, twin, there].map(({ personId }) => personId)
        expect(await store.gallery.namesakes(asked, serbia)).toEqual([
          { personId: ana.personId, name: 'Ana' },
          { personId: twin.personId, name: 'Bor' },
        ])
        expect(await store.gallery.namesakes([bor.personId], serbia)).toEqual([])
        await store.gallery.deletePersons([there.personId], context)
        expect(await store.gallery.namesakes([ana.personId], serbia)).toEqual([])
      })

      test('have tags, and how many of them', async () => {
        const ids = [await enrol('Ana'), await enrol('Bor'), await enrol('Cene')].map(
          ({ personId }) => personId,
        )
        await store.gallery.tagPersons(ids.slice(0, 2), { add: ['x'], remove: [] }, context)
        await store.gallery.tagPersons(ids.slice(1), { add: ['Y'], remove: [] }, context)
        expect(await store.gallery.tags(client, ids.slice(0, 2))).toEqual([
          { tag: 'x', persons: 2 },
          { tag: 'Y', persons: 1 },
        ])
      })
    })

    describe('a cover', () => {
      test('stands for the person while the face is theirs', async () => {
        const { personId, faceId } = await enrol('Ana', { quality: 0.6 })
        const best = await enrol('Ana', { quality: 0.9 })
        const stranger = await enrol('Jelena')
        const cover = async () => {
          const { coverFaceId, chosenCover } = await store.gallery.person(personId)
          return [coverFaceId, chosenCover]
        }
        expect(await cover()).toEqual([best.faceId, false])
        const { ledgerId } = await store.gallery.setCover(personId, faceId, context)
        expect(await cover()).toEqual([faceId, true])
        expect((await store.list({ text: 'ana' })).persons[0]).toMatchObject({ coverFaceId: faceId })
        const taken = await store.gallery.takeFaces([faceId], { reject: false }, context)
        expect(await cover()).toEqual([best.faceId, false])
        await store.gallery.undo(taken.ledgerId!, context)
        expect(await cover()).toEqual([faceId, true])
        await store.gallery.undo(ledgerId!, context)
        expect(await cover()).toEqual([best.faceId, false])
        expect(await store.gallery.setCover(personId, null, context)).toEqual({ value: undefined })
        for (const face of [stranger.faceId, faceIdSchema.parse(nobody)]) {
          await expect(store.gallery.setCover(personId, face, context)).rejects.toEqual(notFound)
        }
      })
    })

    describe('merging', () => {
      test('makes one of several: faces, names, tags, details, rejects', async () => {
        const near = vector()
        const ana = await enrol('Ana', { embedding: near })
        const anna = await enrol('Anna', { embedding: vector(near, 0.3), faces: 2 })
        const elsewhere = await enrol('Ana N.', { embedding: vector(near, 0.4), domain: serbia })
        await enrol('Jelena')
        const { personId } = ana
        const reject = (photo: string, person = anna.personId) =>
          store.gallery.rejectFace(
            client,
            model,
            { photo: madePhoto(photo), face: madeFace(vector()), personId: person },
            context,
          )
        const { value: rejected } = await reject('one')
        // *This face of Anna is not Ana* means nothing once they are one.
        const against = { photo: anna.photo, face: anna.face, personId }
        await store.gallery.rejectFace(client, model, against, context)
        await store.gallery.updatePerson(personId, { occupation: 'judge', tags: ['b'] }, context)
        await store.gallery.updatePerson(
          anna.personId,
          { occupation: 'clerk', wikidataId: 'Q1', tags: ['B', 'a'] },
          context,
        )
        const before = await seen()

        const sources = [anna.personId, elsewhere.personId]
        const { ledgerId } = await store.gallery.mergePersons(personId, sources, context)
        expect(await store.gallery.person(personId)).toMatchObject({
          name: 'Ana',
          domain: slovenia,
          faces: 4,
          aliases: ['Ana N.', 'Anna'],
          tags: ['a', 'b'],
          occupation: 'judge',
          wikidataId: 'Q1',
        })
        for (const source of sources) await expect(store.gallery.person(source)).rejects.toEqual(notFound)
        expect((await store.gallery.rejectsOf(personId)).map(({ faceId }) => faceId)).toEqual([rejected])
        expect(await names({ text: 'anna' })).toEqual(['Ana'])
        expect(await names({ text: 'ana n' })).toEqual(['Ana'])
        expect(await found(near)).toEqual(['Ana', 'Jelena'])
        const [hit] = (await store.search(near)).probes[0]!.persons
        expect(hit).toMatchObject({ personId, occurrences: 4 })
        expect(await store.gallery.gallerySize(client, [serbia], model)).toEqual({
          persons: 0,
          embeddings: 0,
        })
        expect(await store.gallery.gallerySize(client, [slovenia], model)).toEqual({
          persons: 2,
          embeddings: 5,
        })

        await store.gallery.undo(ledgerId!, context)
        expect(await seen()).toEqual(before)
        expect((await found(near)).sort()).toEqual(['Ana', 'Ana N.', 'Anna', 'Jelena'])
        expect(await store.gallery.gallerySize(client, [serbia], model)).toEqual({
          persons: 1,
          embeddings: 1,
        })
      })

      test('leaves a name that the person can be given, and lose again', async () => {
        const ana = await enrol('Ana')
        const anna = await enrol('Anna')
        await store.gallery.mergePersons(ana.personId, [anna.personId], context)
        const { ledgerId } = await store.gallery.updatePerson(ana.personId, { name: 'Anna' }, context)
        expect(await store.gallery.person(ana.personId)).toMatchObject({ name: 'Anna', aliases: [] })
        await store.gallery.undo(ledgerId!, context)
        expect(await store.gallery.person(ana.personId)).toMatchObject({ name: 'Ana', aliases: ['Anna'] })
      })

      test('keeps both faces of one photo', async () => {
        const photo = madePhoto('pair')
        const of = (person: string, x: number) => ({
          person: { name: person },
          photo,
          face: madeFace(vector(), { ...defaultBox, x }),
          source: 'enrolled' as const,
        })
        const assignments = [of('Ana', 0), of('Anna', 600)]
        const { value } = await store.gallery.assignFaces(client, slovenia, model, assignments, context)
        const [ana, anna] = value
        await store.gallery.mergePersons(ana!.personId, [anna!.personId], context)
        expect(await store.gallery.person(ana!.personId)).toMatchObject({ faces: 2, photos: 1 })
      })

      test('of what is not there, or with oneself, is refused', async () => {
        const ana = await enrol('Ana')
        const visitor = await enrol('Visitor', { clientId: otherClient })
        const merge = (source: typeof nobody) => store.gallery.mergePersons(ana.personId, [source], context)
        await expect(merge(nobody)).rejects.toEqual(notFound)
        await expect(merge(visitor.personId)).rejects.toEqual(notFound)
        await expect(merge(ana.personId)).rejects.toEqual(invalid)
        await expect(store.gallery.mergePersons(nobody, [ana.personId], context)).rejects.toEqual(notFound)
      })
    })

    describe('faces', () => {
      test('move to somebody else, or somebody new, and back', async () => {
        const ana = await enrol('Ana', { faces: 2 })
        const jelena = await enrol('Jelena')
        const against = { photo: ana.photo, face: ana.face, personId: jelena.personId }
        await store.gallery.rejectFace(client, model, against, context)
        const before = await seen()
        const moved = await store.gallery.moveFaces(
          [ana.faceId],
          slovenia,
          { personId: jelena.personId },
          context,
        )
        expect(moved.value).toBe(jelena.personId)
        expect(await store.gallery.person(jelena.personId)).toMatchObject({ faces: 2 })
        expect(await store.gallery.rejectsOf(jelena.personId)).toEqual([])
        expect((await found(ana.face.embedding))[0]).toBe('Jelena')
        await store.gallery.undo(moved.ledgerId!, context)
        expect(await seen()).toEqual(before)

        const split = await store.gallery.moveFaces([ana.faceId], serbia, { name: 'Ana the other' }, context)
        expect(await store.gallery.person(split.value)).toMatchObject({
          name: 'Ana the other',
          domain: serbia,
          faces: 1,
          photos: 1,
          facesList: [{ faceId: ana.faceId, photoSha256: ana.photo.sha256 }],
        })
        expect(await found(ana.face.embedding, { domains: [serbia] })).toEqual(['Ana the other'])
        await store.gallery.undo(split.ledgerId!, context)
        expect({ ...(await seen()), clients: undefined }).toEqual({ ...before, clients: undefined })
      })

      test('do not make a person be in one photo twice', async () => {
        const photo = madePhoto('pair')
        const of = (person: string, x: number) => ({
          person: { name: person },
          photo,
          face: madeFace(vector(), { ...defaultBox, x }),
          source: 'enrolled' as const,
        })
        const { value } = await store.gallery.assignFaces(
          client,
          slovenia,
          model,
          [of('Ana', 0), of('Anna', 600)],
          context,
        )
        const before = await seen()
        const to = { personId: value[0]!.personId }
        await expect(
          store.gallery.moveFaces([value[1]!.faceId], slovenia, to, context),
        ).rejects.toMatchObject({
          code: 'person-twice',
        })
        await expect(
          store.gallery.moveFaces([faceIdSchema.parse(nobody)], slovenia, to, context),
        ).rejects.toEqual(notFound)
        await expect(store.gallery.moveFaces([value[1]!.faceId], serbia, to, context)).rejects.toEqual(
          notFound,
        )
        expect(await seen()).toEqual(before)
      })

      test('are taken, and ruled out where that is said', async () => {
        const ana = await enrol('Ana')
        const before = await seen()
        const taken = await store.gallery.takeFaces([ana.faceId], { reject: false }, context)
        expect(await found(ana.face.embedding)).toEqual([])
        expect(await store.gallery.rejectsOf(ana.personId)).toEqual([])
        expect(await store.gallery.takeFaces([ana.faceId], { reject: true }, context)).toEqual({
          value: undefined,
        })
        await store.gallery.undo(taken.ledgerId!, context)
        const ruledOut = await store.gallery.takeFaces([ana.faceId], { reject: true }, context)
        expect(await store.gallery.rejectsOf(ana.personId)).toMatchObject([{ faceId: ana.faceId }])
        await store.gallery.undo(ruledOut.ledgerId!, context)
        expect(await seen()).toEqual(before)
      })

      test('a reject is withdrawn, and back', async () => {
        const ana = await enrol('Ana')
        await store.gallery.takeFaces([ana.faceId], { reject: true }, context)
        const before = await seen()
        const { ledgerId } = await store.gallery.withdrawReject(ana.faceId, ana.personId, context)
        expect(await store.gallery.rejectsOf(ana.personId)).toEqual([])
        await expect(store.gallery.withdrawReject(ana.faceId, ana.personId, context)).rejects.toEqual(
          notFound,
        )
        await store.gallery.undo(ledgerId!, context)
        expect(await seen()).toEqual(before)
        await expect(store.gallery.rejectsOf(nobody)).rejects.toEqual(notFound)
      })
    })

    describe('domains', () => {
      test('people move with all they have, or nobody does', async () => {
        const ana = await enrol('Ana', { faces: 3 })
        const boris = await enrol('Boris')
        const there = await enrol('Ana', { domain: serbia })
        const before = await seen()
        const both = [boris.personId, ana.personId]
        await expect(store.gallery.movePersons(both, serbia, 'refuse', context)).rejects.toEqual(conflict)
        expect(await seen()).toEqual(before)
        const { value, ledgerId } = await store.gallery.movePersons(both, serbia, 'merge', context)
        expect(value).toEqual({ moved: 1, merged: 1 })
        expect(await store.gallery.person(boris.personId)).toMatchObject({ domain: serbia, faces: 1 })
        expect(await store.gallery.person(there.personId)).toMatchObject({ faces: 4, photos: 4, aliases: [] })
        expect(await found(boris.face.embedding, { domains: [slovenia] })).toEqual([])
        expect((await found(boris.face.embedding, { domains: [serbia] }))[0]).toBe('Boris')
        expect(await store.gallery.gallerySize(client, [serbia], model)).toEqual({
          persons: 2,
          embeddings: 5,
        })
        expect(await store.gallery.gallerySize(client, [slovenia], model)).toEqual({
          persons: 0,
          embeddings: 0,
        })
        await store.gallery.undo(ledgerId!, context)
        expect(await seen()).toEqual(before)
        expect(await store.gallery.movePersons([ana.personId], slovenia, 'refuse', context)).toEqual({
          value: { moved: 0, merged: 0 },
        })
      })

      test('are renamed with all they hold', async () => {
        const ana = await enrol('Ana')
        await enrol('Jelena', { domain: serbia })
        const before = await seen()
        expect(await found(ana.face.embedding, { domains: [slovenia] })).toEqual(['Ana'])
        const croatia = domainSchema.parse('croatia')
        const { ledgerId } = await store.gallery.renameDomain(client, slovenia, croatia, context)
        expect(await found(ana.face.embedding, { domains: [slovenia] })).toEqual([])
        expect(await found(ana.face.embedding, { domains: [croatia] })).toEqual(['Ana'])
        expect((await store.gallery.person(ana.personId)).domain).toBe(croatia)
        await expect(store.gallery.renameDomain(client, croatia, serbia, context)).rejects.toEqual(conflict)
        await expect(store.gallery.renameDomain(client, slovenia, serbia, context)).rejects.toEqual(notFound)
        expect(
          await store.gallery.ledger({ clientId: client, personId: ana.personId, limit: 1 }),
        ).toMatchObject([{ action: 'rename-domain' }])
        await store.gallery.undo(ledgerId!, context)
        expect(await seen()).toEqual(before)
        expect(await found(ana.face.embedding, { domains: [slovenia] })).toEqual(['Ana'])
        // A name in the bin is taken: what is there has to come back to it.
        await store.gallery.deleteDomain(client, serbia, context)
        await expect(store.gallery.renameDomain(client, slovenia, serbia, context)).rejects.toEqual(conflict)
      })
    })

    describe('lookalikes', () => {
      test('are the nearest other people by any two faces, of all domains', async () => {
        const near = vector()
        const ana = await enrol('Ana', { embedding: near })
        const second = await enrol('Ana', { embedding: vector(near, 2) })
        const twin = await enrol('Twin', { embedding: vector(second.face.embedding, 0.1), domain: serbia })
        const cousin = await enrol('Cousin', { embedding: vector(near, 0.8) })
        await enrol('Stranger')
        await enrol('Visitor', { embedding: near, clientId: otherClient })
        const alike = await store.gallery.lookalikes(ana.personId, model, 2)
        expect(alike).toMatchObject([
          {
            personId: twin.personId,
            name: 'Twin',
            domain: serbia,
            faceId: twin.faceId,
            ownFaceId: second.faceId,
          },
          { personId: cousin.personId, name: 'Cousin', faceId: cousin.faceId, ownFaceId: ana.faceId },
        ])
        expect(alike[0]!.distance).toBeLessThan(alike[1]!.distance)
        await expect(store.gallery.lookalikes(nobody, model, 5)).rejects.toEqual(notFound)
      })

      test('of somebody with many photos are found among all of them', async () => {
        const last = vector()
        const assignments = Array.from({ length: 40 }, (_, index) =>
          madeAssignment('Ana', index === 39 ? last : vector()),
        )
        const { value } = await store.gallery.assignFaces(client, slovenia, model, assignments, context)
        await enrol('Twin', { embedding: vector(last, 0.2) })
        await enrol('Stranger')
        const [first] = await store.gallery.lookalikes(value[0]!.personId, model, 5)
        expect(first).toMatchObject({ name: 'Twin', ownFaceId: value[39]!.faceId })
      })
    })
  })
}
