/** What every `GalleryStore` promises of its history: the ledger, the rule of undo, the bin. Tests. */
import { describe, expect, test } from 'vitest'
import { batchIdSchema, type LedgerId } from '../../src-shared/ids'
import { client, context, model, nobody, otherClient, serbia, slovenia, useStore } from './curated-store'
import { madeAssignment } from './made-faces'

export function describeHistory(name: string, openEmpty: Parameters<typeof useStore>[0]): void {
  describe(`${name}: history`, () => {
    const store = useStore(openEmpty)
    const { enrol, names, seen, vector, found } = store

    /** The error of an undo that is refused: which later entries does it name, newest first? */
    async function refused(ledgerId: LedgerId | undefined): Promise<string[]> {
      const error = await store.gallery.undo(ledgerId!, context).then(
        () => undefined,
        (cause: { code: string; detail?: string }) => cause,
      )
      expect(error).toMatchObject({ code: 'conflict' })
      return (error?.detail ?? '').split('\n').map((line) => line.split(' · ').at(-1)!)
    }

    describe('the ledger', () => {
      test('tells everything, newest first, in pages, of a client or a person', async () => {
        const ana = await enrol('Ana')
        const jelena = await enrol('Jelena')
        await enrol('Visitor', { clientId: otherClient })
        const why = { actor: 'curator', summary: 'Merged Jelena into Ana', reason: 'the same passport' }
        const merged = await store.gallery.mergePersons(ana.personId, [jelena.personId], why)
        await store.gallery.undo(merged.ledgerId!, { actor: 'chief' })
        const all = await store.gallery.ledger({ clientId: client, limit: 10 })
        expect(all).toMatchObject([
          { action: 'undo', actor: 'chief', summary: 'Undid: Merged Jelena into Ana', undoable: false },
          {
            ledgerId: merged.ledgerId,
            action: 'merge-persons',
            ...why,
            undoneBy: all[0]!.ledgerId,
            undoable: false,
          },
          { ledgerId: jelena.ledgerId, action: 'assign-faces', undoable: true },
          { ledgerId: ana.ledgerId, action: 'assign-faces', undoable: true },
        ])
        expect(all[3]).not.toHaveProperty('reason')
        const second = await store.gallery.ledger({ clientId: client, before: all[1]!.sequence, limit: 1 })
        expect(second).toEqual([all[2]])
        const ofAna = await store.gallery.ledger({ clientId: client, personId: ana.personId, limit: 10 })
        expect(ofAna).toEqual([all[0], all[1], all[3]])
        expect(
          await store.gallery.ledger({ clientId: otherClient, personId: ana.personId, limit: 10 }),
        ).toEqual([])
      })

      test('tells what an entry is a step of, and is undone as any', async () => {
        const partOf = { batchId: batchIdSchema.parse(nobody), title: 'Imported people' }
        const step = { ...context, partOf }
        const { value, ledgerId } = await store.gallery.addPerson(
          client,
          slovenia,
          'Ana',
          { aliases: [] },
          step,
        )
        const face = madeAssignment('Ana', vector())
        await store.gallery.assignFaces(client, slovenia, model, [face], step)
        await store.gallery.updatePerson(value, { occupation: 'pilot' }, context)
        const told = async () =>
          (await store.gallery.ledger({ clientId: client, limit: 9 })).map((entry) => entry.partOf)
        expect(await told()).toEqual([undefined, partOf, partOf])
        expect(await store.gallery.verifyLedger()).toEqual({ entries: 3 })
        const history = await store.gallery.ledger({ clientId: client, limit: 9 })
        for (const entry of history) await store.gallery.undo(entry.ledgerId, context)
        expect(await names({})).toEqual([])
        expect((await told()).slice(-2)).toEqual([partOf, partOf])
        expect(ledgerId).toBe(history[2]!.ledgerId)
      })

      test('holds together, through every kind of entry', async () => {
        expect(await store.gallery.verifyLedger()).toEqual({ entries: 0 })
        const ana = await enrol('Ana')
        const jelena = await enrol('Jelena')
        const merged = await store.gallery.mergePersons(ana.personId, [jelena.personId], context)
        await store.gallery.undo(merged.ledgerId!, context)
        await store.gallery.deletePersons([jelena.personId], context)
        await store.gallery.emptyBin(client, Date.now() + 1000, context)
        expect(await store.gallery.verifyLedger()).toEqual({ entries: 6 })
      })
    })

    describe('the rule of undo', () => {
      test('what does not interfere stays: a rename, a new face, another tag holder', async () => {
        const near = vector()
        const ana = await enrol('Ana', { embedding: near })
        const anna = await enrol('Anna', { embedding: vector(near, 0.3) })
        const merged = await store.gallery.mergePersons(ana.personId, [anna.personId], context)
        await store.gallery.updatePerson(ana.personId, { name: 'Ana Novak', wikidataId: 'Q42' }, context)
        await enrol('Ana Novak', { embedding: vector(near, 0.2) })
        await store.gallery.undo(merged.ledgerId!, context)
        expect(await store.gallery.person(ana.personId)).toMatchObject({
          name: 'Ana Novak',
          wikidataId: 'Q42',
          faces: 2,
          aliases: [],
        })
        expect(await store.gallery.person(anna.personId)).toMatchObject({ name: 'Anna', faces: 1 })
        expect((await found(near)).sort()).toEqual(['Ana Novak', 'Anna'])
      })

      test('what interferes is named: a face given away, a field written again, somebody deleted', async () => {
        const ana = await enrol('Ana')
        const anna = await enrol('Anna')
        const merged = await store.gallery.mergePersons(ana.personId, [anna.personId], context)
        const before = await seen()
        const away = await store.gallery.moveFaces([anna.faceId], slovenia, { name: 'Eva' }, context)
        expect(await refused(merged.ledgerId)).toEqual([away.ledgerId])
        await store.gallery.undo(away.ledgerId!, context)
        expect(await seen()).toEqual(before)

        const again = await store.gallery.mergePersons(
          ana.personId,
          [(await enrol('Third')).personId],
          context,
        )
        expect(await refused(merged.ledgerId)).toEqual([again.ledgerId])
        await store.gallery.undo(again.ledgerId!, context)

        const deleted = await store.gallery.deletePersons([ana.personId], context)
        expect(await refused(merged.ledgerId)).toEqual([deleted.ledgerId])
        await store.gallery.undo(deleted.ledgerId!, context)
        await store.gallery.undo(merged.ledgerId!, context)
        expect(await names({})).toEqual(['Ana', 'Anna', 'Third'])
      })

      test('it says in words what to undo first, the newest three of more', async () => {
        const ana = await enrol('Ana')
        const anna = await enrol('Anna')
        const merged = await store.gallery.mergePersons(ana.personId, [anna.personId], context)
        const remedy = async () =>
          store.gallery.undo(merged.ledgerId!, context).then(
            () => undefined,
            (error: { remedy?: string }) => error.remedy,
          )
        const as = (summary: string) => ({ ...context, summary })
        await store.gallery.moveFaces([anna.faceId], slovenia, { name: 'Eva' }, as('Gave 1 face to Eva'))
        expect(await remedy()).toBe('Undo the later changes first: “Gave 1 face to Eva”.')
        for (const name of ['Anita', 'Anja', 'Anka'])
          await store.gallery.updatePerson(ana.personId, { name }, as(`Renamed to ${name}`))
        expect(await remedy()).toBe(
          'Undo the later changes first: “Renamed to Anka”, “Renamed to Anja”, “Renamed to Anita”, 1 more.',
        )
      })

      test('a face that went on to somebody else by way of nobody is found, too', async () => {
        const ana = await enrol('Ana')
        const taken = await store.gallery.takeFaces([ana.faceId], { reject: false }, context)
        const { ledgerId } = await store.gallery.assignFaces(
          client,
          slovenia,
          model,
          [{ person: { name: 'Eva' }, photo: ana.photo, face: ana.face, source: 'confirmed' }],
          context,
        )
        expect(await refused(taken.ledgerId)).toEqual([ledgerId])
        await store.gallery.undo(ledgerId!, context)
        await store.gallery.undo(taken.ledgerId!, context)
        expect(await found(ana.face.embedding)).toEqual(['Ana'])
      })

      test('what comes back needs its place: a free name, its domain', async () => {
        const ana = await enrol('Ana')
        const anna = await enrol('Anna')
        const merged = await store.gallery.mergePersons(ana.personId, [anna.personId], context)
        await enrol('Anna')
        await refused(merged.ledgerId)
        const boris = await enrol('Boris')
        const moved = await store.gallery.movePersons([boris.personId], serbia, 'refuse', context)
        await store.gallery.deleteDomain(client, slovenia, context)
        const before = await seen()
        await refused(moved.ledgerId)
        expect(await seen()).toEqual(before)
      })

      test('a person who was made by a move goes only while nothing was added', async () => {
        const ana = await enrol('Ana', { faces: 2 })
        const split = await store.gallery.moveFaces([ana.faceId], slovenia, { name: 'Eva' }, context)
        const tagged = await store.gallery.updatePerson(split.value, { tags: ['new'] }, context)
        expect(await refused(split.ledgerId)).toEqual([tagged.ledgerId])
        await store.gallery.undo(tagged.ledgerId!, context)
        await store.gallery.undo(split.ledgerId!, context)
        expect(await names({})).toEqual(['Ana'])
      })

      test('an enrolment is not undone over what was said of the person since', async () => {
        const { personId, ledgerId } = await enrol('Ana')
        const tagged = await store.gallery.updatePerson(personId, { tags: ['new'] }, context)
        expect(await refused(ledgerId)).toEqual([tagged.ledgerId])
        expect(await store.gallery.person(personId)).toMatchObject({ tags: ['new'], faces: 1 })
      })

      test('a face does not go back to somebody in another domain', async () => {
        const ana = await enrol('Ana')
        const eva = await enrol('Eva')
        const given = await store.gallery.assignFaces(
          client,
          slovenia,
          model,
          [{ person: { name: 'Eva' }, photo: ana.photo, face: ana.face, source: 'confirmed' }],
          context,
        )
        const moved = await store.gallery.movePersons([eva.personId], serbia, 'refuse', context)
        expect(await refused(given.ledgerId)).toEqual([moved.ledgerId])
        await store.gallery.undo(moved.ledgerId!, context)
        await store.gallery.undo(given.ledgerId!, context)
        expect(await found(ana.face.embedding)).toContain('Ana')
      })

      test('a withdrawn reject does not come back over its own person’s face', async () => {
        const ana = await enrol('Ana')
        await store.gallery.takeFaces([ana.faceId], { reject: true }, context)
        const withdrawn = await store.gallery.withdrawReject(ana.faceId, ana.personId, context)
        const again = await store.gallery.moveFaces(
          [ana.faceId],
          slovenia,
          { personId: ana.personId },
          context,
        )
        expect(await refused(withdrawn.ledgerId)).toEqual([again.ledgerId])
      })

      test('nothing is undone twice, nor an undo', async () => {
        const { personId } = await enrol('Ana')
        const { ledgerId } = await store.gallery.updatePerson(personId, { name: 'Anja' }, context)
        await store.gallery.undo(ledgerId!, context)
        await refused(ledgerId)
        const [undo] = await store.gallery.ledger({ clientId: client, limit: 1 })
        await refused(undo!.ledgerId)
      })
    })

    describe('the bin', () => {
      test('holds what was deleted, until it is restored or emptied', async () => {
        const ana = await enrol('Ana', { faces: 2 })
        const boris = await enrol('Boris')
        await enrol('Jelena', { domain: serbia })
        const deleted = await store.gallery.deletePersons([ana.personId, boris.personId], context)
        await store.later()
        const gone = await store.gallery.deleteDomain(client, serbia, context)
        const bin = await store.gallery.bin(client, 30)
        expect(bin).toMatchObject([
          { ledgerId: gone.ledgerId, persons: 1, faces: 1, names: ['Jelena'], ...context },
          { ledgerId: deleted.ledgerId, persons: 2, faces: 3 },
        ])
        expect([...bin[1]!.names].sort()).toEqual(['Ana', 'Boris'])
        expect(Date.parse(bin[0]!.expiresAt) - Date.parse(bin[0]!.at)).toBe(30 * 24 * 60 * 60 * 1000)
        expect(await store.gallery.bin(otherClient, 30)).toEqual([])

        // Nothing is that old yet.
        expect(await store.gallery.emptyBin(client, Date.parse(bin[1]!.at), context)).toEqual({ persons: 0 })
        const emptied = await store.gallery.emptyBin(client, Date.parse(bin[0]!.at), context)
        expect(emptied).toEqual({ persons: 2 })
        expect((await store.gallery.bin(client, 30)).map(({ ledgerId }) => ledgerId)).toEqual([gone.ledgerId])
        await refused(deleted.ledgerId)
        await store.gallery.undo(gone.ledgerId!, context)
        expect(await store.gallery.bin(client, 30)).toEqual([])
        expect(await names({})).toEqual(['Jelena'])
      })

      test('what is emptied is gone; its history is not', async () => {
        const ana = await enrol('Ana')
        const { ledgerId } = await store.gallery.deletePersons([ana.personId], context)
        await store.gallery.deleteDomain(client, slovenia, context)
        const time = Date.now() + 1000
        expect(await store.gallery.emptyBin(client, time, context)).toEqual({ persons: 1 })
        expect(await store.gallery.emptyBin(client, time, context)).toEqual({ persons: 0 })
        await expect(store.gallery.crop(ana.faceId)).rejects.toMatchObject({ code: 'not-found' })
        expect((await store.gallery.knownFaces(client, [ana.photo.sha256])).size).toBe(0)
        const history = await store.gallery.ledger({ clientId: client, personId: ana.personId, limit: 10 })
        expect(history.map(({ action, undoable }) => [action, undoable])).toEqual([
          ['empty-bin', false],
          ['delete-persons', false],
          ['assign-faces', true],
        ])
        // What it made is not there to be taken back.
        await refused(ana.ledgerId)
        await refused(ledgerId)
        // The same person again, as if never seen.
        const again = await enrol('Ana', { embedding: ana.face.embedding })
        expect(again.personId).not.toBe(ana.personId)
        expect(await found(ana.face.embedding)).toEqual(['Ana'])
        expect(await store.gallery.ledger({ clientId: client, personId: nobody, limit: 5 })).toEqual([])
      })

      test('leaves what others still need', async () => {
        const ana = await enrol('Ana')
        const anna = await enrol('Anna')
        const merged = await store.gallery.mergePersons(ana.personId, [anna.personId], context)
        const boris = await enrol('Boris')
        await store.gallery.deletePersons([boris.personId], context)
        await store.gallery.emptyBin(client, Date.now() + 1000, context)
        await store.gallery.undo(merged.ledgerId!, context)
        expect(await names({})).toEqual(['Ana', 'Anna'])
      })
    })
  })
}
