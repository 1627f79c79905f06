/** What every store promises of an erasure: what goes, what stays for others, what its preview and its ledger say. Tests. */
import { describe, expect, test } from 'vitest'
import type { ErasureStore } from '../../src-main/storage/erasure-store'
import type { GalleryStore } from '../../src-main/storage/gallery-store'
import type { QueueStore } from '../../src-main/storage/queue-store'
import type { NewReview, ReviewStore } from '../../src-main/storage/review-store'
import type { UnknownStore } from '../../src-main/storage/unknown-store'
import type { ErasurePlace, ErasureTarget, Removed } from '../../src-shared/erasure'
import type { EmbeddedFace, UnitEmbedding } from '../../src-shared/face'
import { type ItemId, itemIdSchema, type PersonId, personNameSchema } from '../../src-shared/ids'
import { client, context, model, nobody, otherClient, serbia, slovenia, useStore } from './curated-store'
import { defaultBox, madeAssignment, madeFace, madePhoto } from './made-faces'

const possible = new Map([[model, 0.4]])
const why = { actor: 'tester', summary: 'Erased somebody', reason: 'request 17' }
const scope = { clientId: client, domain: slovenia, modelId: model }

/** The suite. `openEmpty` gives a store with nothing in it; one that `rewrites` its file leaves no old bytes there. */
export function describeErasure(
  title: string,
  openEmpty: () => Promise<{
    readonly gallery: GalleryStore
    readonly unknown: UnknownStore
    readonly queue: QueueStore
    readonly reviews: ReviewStore
    readonly erasure: ErasureStore
    close(): Promise<void>
  }>,
  { rewrites }: { readonly rewrites: boolean },
): void {
  describe(`${title}: erasure`, () => {
    let unknown: UnknownStore
    let queue: QueueStore
    let reviews: ReviewStore
    let erasure: ErasureStore
    const store = useStore(async () => {
      const opened = await openEmpty()
      unknown = opened.unknown
      queue = opened.queue
      reviews = opened.reviews
      erasure = opened.erasure
      return opened
    })
    const { enrol, vector, seen, names, found } = store

    const preview = (target: ErasureTarget) => erasure.preview({ target, possible })
    const erase = (target: ErasureTarget) => erasure.erase({ target, possible }, why)
    const people = (...personIds: PersonId[]) => ({ personIds })
    const counts = (removed: readonly Removed[]): Partial<Record<ErasurePlace, number>> =>
      Object.fromEntries(removed.map(({ place, count }) => [place, count]))
    const history = (personId?: PersonId) =>
      store.gallery.ledger({ clientId: client, limit: 100, ...(personId === undefined ? {} : { personId }) })

    let items = 0
    /** A photo in the queue with these faces. */
    async function queued(photo: string, faces: readonly EmbeddedFace[], path = `/in/${photo}.jpg`) {
      const itemId = itemIdSchema.parse(`00000000-0000-7000-8000-${String(++items).padStart(12, '0')}`)
      await queue.append([{ itemId, position: items, path }])
      const record = madePhoto(photo)
      const timings = { read: 1, decode: 1, detect: 1, align: 1, embed: 1, total: 5 }
      const thumbnail = new Uint8Array([1, 2, 3])
      await queue.complete(
        itemId,
        { ...record, bytes: 10, modelId: model, faces: [...faces], thumbnail, timings },
        5,
      )
      return itemId
    }
    const left = async () => (await queue.load()).map(({ itemId }): ItemId => itemId)

    test('takes a person with all that hangs on them, and leaves everybody else as they were', async () => {
      const boris = await enrol('Boris', { faces: 3 })
      await store.gallery.updatePerson(boris.personId, { tags: ['chess'], occupation: 'judge' }, context)
      const without = await seen()
      const ana = await enrol('Ana Novak', { faces: 2 })
      await store.gallery.updatePerson(ana.personId, { tags: ['poet', 'chess'] }, context)
      await store.gallery.setCover(ana.personId, ana.faceId, context)
      await store.gallery.rejectFace(
        client,
        model,
        { photo: madePhoto('street'), face: madeFace(vector()), personId: ana.personId },
        context,
      )
      const before = await seen()
      const asked = await preview(people(ana.personId))
      expect(await seen()).toEqual(before)
      const done = await erase(people(ana.personId))
      expect(counts(done.removed)).toEqual({
        people: 1,
        faces: 2,
        'nameless-faces': 1,
        pictures: 3,
        measures: 3,
        'photo-records': 3,
        decisions: 1,
        tags: 2,
        'ledger-entries': 4,
      })
      expect(asked).toMatchObject({ people: 1, names: ['Ana Novak'], photoFiles: 3, sharedPhotos: 0 })
      expect(asked.removed).toEqual(done.removed)
      expect(await seen()).toEqual(without)
      expect(await found(ana.face.embedding)).toEqual(['Boris'])
      await expect(store.gallery.person(ana.personId)).rejects.toMatchObject({ code: 'not-found' })
      await expect(store.gallery.crop(ana.faceId)).rejects.toMatchObject({ code: 'not-found' })
      expect(await store.gallery.knownFaces(client, [ana.photo.sha256])).toEqual(new Map())
      await expect(erase(people(ana.personId))).rejects.toMatchObject({ code: 'not-found' })
    })

    test('the history keeps the entries without what they said, and none of them can be undone', async () => {
      const boris = await enrol('Boris')
      const ana = await enrol('Ana Novak')
      const shared = await store.gallery.tagPersons(
        [boris.personId, ana.personId],
        { add: ['chess'], remove: [] },
        { ...context, reason: 'both play' },
      )
      await store.gallery.renameDomain(client, slovenia, serbia, {
        ...context,
        summary: 'A domain without ÁNA-NOVAK’s help',
      })
      await store.gallery.updatePerson(boris.personId, { occupation: 'judge' }, context)
      const asked = await preview(people(ana.personId))
      expect(asked).toMatchObject({ actsOfOthers: 2 })
      expect(asked.someActs.map(({ summary }) => summary)).toEqual([
        'A domain without ÁNA-NOVAK’s help',
        'a test',
      ])
      const { ledgerId, entries } = await erase(people(ana.personId))
      const all = await history()
      expect(
        all.map(({ summary, reason, erasedBy, undoable }) => [summary, reason, erasedBy, undoable]),
      ).toEqual([
        ['Erased somebody', 'request 17', undefined, false],
        ['a test', undefined, undefined, true],
        ['Content erased', undefined, ledgerId, false],
        ['Content erased', undefined, ledgerId, false],
        ['Content erased', undefined, ledgerId, false],
        ['a test', undefined, undefined, true],
      ])
      expect(new Set(entries)).toEqual(new Set(all.slice(2, 5).map((entry) => entry.ledgerId)))
      expect(await history(ana.personId)).toEqual([])
      expect(await store.gallery.verifyLedger()).toEqual({ entries: 6 })
      await expect(store.gallery.undo(shared.ledgerId!, context)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('erased') as string,
      })
      await expect(store.gallery.undo(ledgerId, context)).rejects.toMatchObject({ code: 'conflict' })
      expect(await store.gallery.verifyLedger()).toEqual({ entries: 6 })
    })

    test('a reason that names them is refused, and so is a person of whom nobody knows', async () => {
      const ana = await enrol('Ana Novak')
      const before = await seen()
      const target = people(ana.personId)
      const naming = { ...why, reason: 'as ana  NOVÁK asked' }
      await expect(erasure.erase({ target, possible }, naming)).rejects.toMatchObject({
        code: 'invalid-argument',
      })
      await expect(erasure.checkReason(target, naming.reason)).rejects.toMatchObject({
        code: 'invalid-argument',
      })
      await erasure.checkReason(target, 'request 17')
      await expect(erase(people(ana.personId, nobody))).rejects.toMatchObject({ code: 'not-found' })
      const visitor = await enrol('Visitor', { clientId: otherClient })
      await expect(erase(people(ana.personId, visitor.personId))).rejects.toMatchObject({
        code: 'invalid-argument',
      })
      expect((await seen()).details).toEqual(before.details)
      expect(await erasure.due()).toEqual([])
    })

    test('who was merged into them goes with them, also by a move and over two steps', async () => {
      const ana = await enrol('Ana')
      const anna = await enrol('Anna')
      const annie = await enrol('Annie')
      const namesake = await enrol('Ana', { domain: serbia })
      const undone = await enrol('Hana')
      await store.gallery.mergePersons(anna.personId, [annie.personId], context)
      await store.gallery.mergePersons(ana.personId, [anna.personId], context)
      await store.gallery.movePersons([namesake.personId], slovenia, 'merge', context)
      const merged = await store.gallery.mergePersons(ana.personId, [undone.personId], context)
      await store.gallery.undo(merged.ledgerId!, context)
      const done = await erase(people(ana.personId))
      expect(counts(done.removed)).toMatchObject({ people: 1, 'merged-people': 3, faces: 4, aliases: 3 })
      expect(await names({})).toEqual(['Hana'])
      for (const { personId } of [anna, annie, namesake]) {
        await expect(erase(people(personId))).rejects.toMatchObject({ code: 'not-found' })
      }
    })

    test('what is in the bin can be erased, and people of the name in the bin go along', async () => {
      const first = await enrol('Ana')
      const boris = await enrol('Boris')
      const deleted = await store.gallery.deletePersons([first.personId], context)
      const others = await store.gallery.deletePersons([boris.personId], context)
      const second = await enrol('Ana')
      expect(counts((await preview(people(second.personId))).removed)).toMatchObject({
        people: 1,
        'binned-people': 1,
        faces: 2,
      })
      const done = await erase({ deletedBy: deleted.ledgerId! })
      expect(counts(done.removed)).toMatchObject({ people: 1, faces: 1 })
      expect((await store.gallery.bin(client, 30)).map(({ ledgerId }) => ledgerId)).toEqual([others.ledgerId])
      await expect(erase({ deletedBy: deleted.ledgerId! })).rejects.toMatchObject({ code: 'not-found' })
      await store.gallery.undo(others.ledgerId!, context)
      expect(await names({})).toEqual(['Ana', 'Boris'])
    })

    test('who was deleted in the same act stays in the bin, for as long, and can be restored', async () => {
      const [ana, boris, eva] = [await enrol('Ana'), await enrol('Boris'), await enrol('Eva', { faces: 3 })]
      const deleted = await store.gallery.deletePersons([ana.personId, boris.personId], context)
      const { facesList } = await store.gallery.person(eva.personId)
      await store.gallery.moveFaces([facesList[0]!.faceId], slovenia, { name: 'Ana' }, context)
      const live = await store.list({ text: 'Ana' })
      const faces = [facesList[0]!.faceId, facesList[1]!.faceId]
      await store.gallery.deleteFaces(faces, context)
      const before = await store.gallery.bin(client, 30)
      await store.later()
      const done = await erase(people(live.persons[0]!.personId))
      expect(counts(done.removed)).toMatchObject({ people: 1, 'binned-people': 1, faces: 2 })
      const bin = await store.gallery.bin(client, 30)
      expect(
        bin.map(({ at, actor, summary, persons, faces: amount, names: some }) => [
          at,
          actor,
          summary,
          persons,
          amount,
          some,
        ]),
      ).toEqual([
        [before[0]!.at, 'tester', 'Deleted 1 face, without those erased since', 0, 1, []],
        [before[1]!.at, 'tester', 'Deleted 1 person, without those erased since', 1, 1, ['Boris']],
      ])
      await expect(store.gallery.undo(deleted.ledgerId!, context)).rejects.toMatchObject({ code: 'conflict' })
      for (const { ledgerId } of bin) await store.gallery.undo(ledgerId, context)
      expect(await names({})).toEqual(['Boris', 'Eva'])
      expect(await store.gallery.person(eva.personId)).toMatchObject({ faces: 2 })
      expect(await store.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
      // A domain that was deleted with them is there to be restored, too.
      const gone = await enrol('Gone', { domain: serbia })
      await enrol('Stays', { domain: serbia })
      await store.gallery.deleteDomain(client, serbia, context)
      await erase(people(gone.personId))
      const [domain] = await store.gallery.bin(client, 30)
      expect(domain).toMatchObject({
        summary: 'Deleted the domain serbia, without those erased since',
        names: ['Stays'],
      })
      await store.gallery.undo(domain!.ledgerId, context)
      expect(await names({ domain: serbia })).toEqual(['Stays'])
      expect(await store.gallery.verifyLedger()).not.toHaveProperty('brokenAt')
    })

    test('people whom a merge of others in the same act removed are gone with the way back', async () => {
      const mover = await enrol('Ana', { domain: serbia })
      const namesake = await enrol('Boris', { domain: serbia })
      await enrol('Boris')
      const act = await store.gallery.movePersons(
        [mover.personId, namesake.personId],
        slovenia,
        'merge',
        context,
      )
      await erase(people(mover.personId))
      await expect(store.gallery.undo(act.ledgerId!, context)).rejects.toMatchObject({ code: 'conflict' })
      await expect(erase(people(namesake.personId))).rejects.toMatchObject({ code: 'not-found' })
      expect(await names({})).toEqual(['Boris'])
    })

    test('a photo with others in it stays theirs, and its place names nobody', async () => {
      const assignments = ['Ana Novak', 'Boris'].map((name, index) => ({
        ...madeAssignment(name, vector(), 'party'),
        photo: { ...madePhoto('party'), path: '/photos/ana_novak-birthday/1.jpg' },
        face: madeFace(vector(), { ...defaultBox, x: 300 * index }),
      }))
      const { value } = await store.gallery.assignFaces(client, slovenia, model, assignments, context)
      const asked = await preview(people(value[0]!.personId))
      expect(asked).toMatchObject({ photoFiles: 1, sharedPhotos: 1 })
      const done = await erase(people(value[0]!.personId))
      expect(counts(done.removed)).toMatchObject({ 'photo-places': 1 })
      expect(counts(done.removed)).not.toHaveProperty('photo-records')
      expect(await store.gallery.person(value[1]!.personId)).toMatchObject({
        photos: 1,
        facesList: [{ photoPath: '', photoSha256: madePhoto('party').sha256 }],
      })
    })

    test('the queue: photos that show them, that may, or whose place names them', async () => {
      const ana = await enrol('Ana Novak')
      const other = await enrol('Other')
      const known = await queued(`Ana Novak ${ana.face.embedding[0]}`, [madeFace(vector())])
      const alike = await queued('alike', [madeFace(vector()), madeFace(vector(ana.face.embedding, 0.3))])
      const named = await queued('named', [], '/in/AnaNovak 3.jpg')
      const far = await queued('far', [madeFace(vector()), other.face], '/in/Ana/Novakova.jpg')
      expect(new Set(await left())).toEqual(new Set([known, alike, named, far]))
      const done = await erase(people(ana.personId))
      expect(counts(done.removed)).toMatchObject({
        'queue-known': 1,
        'queue-alike': 1,
        'queue-named': 1,
        'queue-pictures': 6,
      })
      expect(new Set(done.queueItems)).toEqual(new Set([known, alike, named]))
      expect(await left()).toEqual([far])
      expect(await queue.thumbnail(alike)).toBeUndefined()
      expect((await queue.analyses([known, alike])).size).toBe(0)
    })

    test('enrolments that wait or were decided: for them, of their photos, with their face, naming them', async () => {
      const ana = await enrol('Ana Novak')
      const review = (name: string, photo: string, change: Partial<NewReview> = {}): NewReview => ({
        person: { name },
        photo: madePhoto(photo),
        facesInPhoto: 1,
        choice: 'largest',
        kinds: ['quality'],
        faces: [madeFace(vector())],
        ...change,
      })
      await reviews.add(scope, [
        review('Ana', 'by id', { person: { personId: ana.personId, name: 'Ana' } }),
        review('Ana Novak', 'by name'),
        review('Other', 'same photo', { photo: ana.photo }),
        review('Other', 'alike', { faces: [madeFace(vector()), madeFace(vector(ana.face.embedding, 0.3))] }),
        review('Other', 'named', { photo: { ...madePhoto('named'), path: '/in/AnaNovak 3.jpg' } }),
        review('Other', 'decided', { person: { personId: ana.personId, name: 'Ana Novak' } }),
        review('Other', 'far'),
      ])
      const asking = { clientId: client, domain: null, kind: null, offset: 0, limit: 100 }
      const { reviews: waiting } = await reviews.waiting(asking)
      await reviews.reject(waiting.find(({ path }) => path.includes('decided'))!.reviewId, context)
      expect(counts((await preview(people(ana.personId))).removed)).toMatchObject({ 'waiting-enrolments': 6 })
      const done = await erase(people(ana.personId))
      expect(counts(done.removed)).toMatchObject({ 'waiting-enrolments': 6 })
      expect((await reviews.waiting(asking)).reviews.map(({ path }) => path)).toEqual([madePhoto('far').path])
      expect([...(await reviews.photos(scope)).values()]).toEqual([['Other']])
      const whole = await erase({ clientId: client })
      expect(counts(whole.removed)).toMatchObject({ 'waiting-enrolments': 1 })
      expect((await reviews.photos(scope)).size).toBe(0)
    })

    test('faces of nobody go where they may be theirs or were, and stay where they were ruled out', async () => {
      const centre = vector()
      const ana = await enrol('Ana', { embedding: centre, faces: 2 })
      await unknown.keep(
        scope,
        [vector(centre, 0.3), vector(centre, 0.4), vector()].map((embedding, index) => ({
          photo: madePhoto(`street ${index}`),
          faces: [madeFace(embedding)],
        })),
      )
      const ids = await unknown.ids(scope, 0)
      const ruledOut = await store.gallery.rejectFace(
        client,
        model,
        { photo: madePhoto('street 1'), face: madeFace(vector(centre, 0.4)), personId: ana.personId },
        context,
      )
      const away = await enrol('Away', { faces: 1 })
      await store.gallery.moveFaces([away.faceId], slovenia, { personId: ana.personId }, context)
      await store.gallery.takeFaces([away.faceId], { reject: false }, context)
      const done = await erase(people(ana.personId))
      expect(counts(done.removed)).toMatchObject({ faces: 2, 'nameless-faces': 2 })
      expect(await unknown.ids(scope, 0)).toEqual(ids.slice(1))
      const stays = await store.gallery.knownFaces(client, [madePhoto('street 1').sha256])
      expect([...stays.values()].flat()).toMatchObject([{ faceId: ruledOut.value, rejected: [] }])
      expect(await store.gallery.knownFaces(client, [away.photo.sha256])).toEqual(new Map())
      // The search among unknown faces goes on, also for new ones whose number was given before.
      await unknown.keep(scope, [{ photo: madePhoto('new'), faces: [madeFace(vector(centre, 0.1))] }])
      const linked = await unknown.link({
        ...scope,
        ids: await unknown.ids(scope, 0),
        withinDistance: 2,
        nearest: 8,
      })
      expect(linked.map(({ neighbours }) => neighbours.length)).toEqual([2, 2, 2])
    })

    test('faces that were deleted, what boxes were before, and where the photos were go as well', async () => {
      const without = await seen()
      const ana = await enrol('Ana', { faces: 2 })
      const { facesList } = await store.gallery.person(ana.personId)
      const moved = madeFace(vector(), { ...defaultBox, x: 400 })
      await store.gallery.changeBox(facesList[0]!.faceId, model, moved, context)
      await store.gallery.deleteFaces([facesList[1]!.faceId], context)
      const located = await store.gallery.locatePhoto(facesList[0]!.photoId, '/elsewhere/x.jpg', context)
      const done = await erase(people(ana.personId))
      expect(counts(done.removed)).toMatchObject({ faces: 3, measures: 3, pictures: 3, 'photo-records': 2 })
      expect(done.entries).toContain(located.ledgerId)
      expect((await seen()).persons).toEqual(without.persons)
      expect(await store.gallery.bin(client, 30)).toEqual([])
      expect(await store.gallery.verifyLedger()).toEqual({ entries: 5 })
    })

    test('a name that others bear or mention is told, and stays', async () => {
      const ana = await enrol('Ana')
      await enrol('Ana Novak')
      const namesake = await enrol('Ana', { domain: serbia })
      const boris = await enrol('Boris')
      await store.gallery.updatePerson(
        boris.personId,
        { description: 'brother of ANA' },
        { ...context, summary: 'Said of whom Boris is the brother' },
      )
      const asked = await preview(people(ana.personId))
      expect(asked).toMatchObject({ namesakes: 1, mentions: 1, mentionedBy: ['Boris'] })
      await erase(people(ana.personId))
      expect(await names({})).toEqual(['Ana', 'Ana Novak', 'Boris'])
      expect(await history(namesake.personId)).toMatchObject([{ summary: 'a test', undoable: true }])
    })

    test('a client goes with all it has, and no other loses anything', async () => {
      const without = await seen()
      await enrol('Ana')
      const kept = await seen()
      const visitor = await enrol('Visitor', { clientId: otherClient, faces: 2 })
      const second = await enrol('Second', { clientId: otherClient, domain: serbia })
      await store.gallery.deletePersons([second.personId], context)
      // Of somebody who was never there, only the history tells.
      const third = await store.gallery.addPerson(otherClient, slovenia, 'Third', { aliases: [] }, context)
      await store.gallery.undo(third.ledgerId!, context)
      await unknown.keep({ ...scope, clientId: otherClient }, [
        { photo: madePhoto('street'), faces: [madeFace(vector())] },
      ])
      const alike = await queued('alike', [madeFace(vector(visitor.face.embedding, 0.2))])
      const far = await queued('far', [madeFace(vector())])
      expect(await found(visitor.face.embedding, { clientId: otherClient })).toEqual(['Visitor'])
      const asked = await preview({ clientId: otherClient })
      expect(asked).toMatchObject({ whole: true, people: 2, actsOfOthers: 0 })
      const done = await erase({ clientId: otherClient })
      expect(asked.removed).toEqual(done.removed)
      expect(counts(done.removed)).toMatchObject({
        people: 2,
        domains: 2,
        faces: 4,
        'photo-records': 4,
        'queue-alike': 1,
        'ledger-entries': 5,
      })
      expect(await left()).toEqual([far])
      expect(done.queueItems).toEqual([alike])
      expect((await store.gallery.clients()).map(({ clientId }) => clientId)).toEqual([client])
      expect(await seen()).toEqual(kept)
      expect(kept).not.toEqual(without)
      expect(await found(visitor.face.embedding, { clientId: otherClient })).toEqual([])
      // Of no client any more, so it is in every history; what it took is in none.
      expect(await history()).toMatchObject([
        { action: 'erase', ledgerId: done.ledgerId },
        { undoable: true },
      ])
      expect(await store.gallery.verifyLedger()).toEqual({ entries: 7 })
      expect(await erasure.due()).toEqual([{ ledgerId: done.ledgerId, clientId: otherClient }])
      await expect(erase({ clientId: otherClient })).rejects.toMatchObject({ code: 'not-found' })
    })

    test('is due until it is cleared, and then its report until it is written out', async () => {
      const ana = await enrol('Ana', { faces: 20 })
      const { ledgerId } = await erase(people(ana.personId))
      expect(await erasure.due()).toEqual([{ ledgerId }])
      expect(await erasure.reports()).toEqual([])
      await erasure.addRemoved(ledgerId, [
        { place: 'log-bytes', count: 700 },
        { place: 'domain-choices', count: 0 },
      ])
      // What only reads is served meanwhile, what writes comes after.
      const [, , boris] = await Promise.all([erasure.scrub({}), seen(), enrol('Boris')])
      expect(await erasure.due()).toEqual([])
      const [report] = await erasure.unreported()
      expect(report).toMatchObject({
        subject: { kind: 'people', people: 1 },
        signedOff: { by: 'tester', why: 'request 17' },
        ledger: { entry: ledgerId, sequence: 2, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      })
      expect(counts(report!.removed)).toMatchObject({ people: 1, faces: 20, 'log-bytes': 700 })
      if (rewrites) expect(report!.cleared.bytesAfter).toBeLessThan(report!.cleared.bytesBefore)
      else expect(report!.notReached.some(({ what }) => what.includes('Old bytes'))).toBe(true)
      expect(JSON.stringify(report)).not.toContain('Ana')
      await erasure.reported(ledgerId)
      expect(await erasure.unreported()).toEqual([])
      expect(await erasure.reports()).toEqual([report])
      await expect(erasure.addRemoved(ledgerId, [])).rejects.toMatchObject({ code: 'not-found' })
      expect(await found(boris.face.embedding as UnitEmbedding)).toEqual(['Boris'])

      // A later erasure takes an earlier one’s reason where that named somebody.
      const naming = { ...why, reason: `same family as ${personNameSchema.parse('Boris')}` }
      const eva = await enrol('Eva')
      const second = await erasure.erase({ target: people(eva.personId), possible }, naming)
      await erase(people(boris.personId))
      await erasure.scrub({})
      const rewritten = await erasure.unreported()
      expect(rewritten.map(({ signedOff }) => signedOff.why)).toEqual([null, 'request 17'])
      expect(rewritten[0]!.ledger.entry).toBe(second.ledgerId)
      expect(await store.gallery.verifyLedger()).toEqual({ entries: 6 })
    })
  })
}
