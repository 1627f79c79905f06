/** What every store promises of gallery health: what is found, kept, followed, dismissed, told apart. Tests. */
import { describe, expect, test } from 'vitest'
import type { FaceAssignment, PhotoRecord } from '../../src-main/storage/gallery-records'
import type { GalleryStore } from '../../src-main/storage/gallery-store'
import type { FindingsQuery, HealthStore } from '../../src-main/storage/health-store'
import type { UnitEmbedding } from '../../src-shared/face'
import type { Box } from '../../src-shared/geometry'
import { type Finding, findingIdSchema } from '../../src-shared/health'
import { type Domain, modelIdSchema, type PersonId } from '../../src-shared/ids'
import { perceptualHashSchema } from '../../src-shared/perceptual-hash'
import { client, context, model, nobody, otherClient, serbia, slovenia, useStore } from './curated-store'
import { defaultBox, madeFace, madePhoto, unitVector } from './made-faces'

/** Faces made around a person's middle with this spread lie at about 0.33 of one another. */
const usual = 0.7
const match = 0.4
const verify = 0.575
const newModel = modelIdSchema.parse('pack/new')

/** The suite. `openEmpty` gives a store with nothing in it. */
export function describeHealth(
  title: string,
  openEmpty: () => Promise<{
    readonly gallery: GalleryStore
    readonly health: HealthStore
    close(): Promise<void>
  }>,
): void {
  describe(`${title}: health`, () => {
    let health: HealthStore
    const store = useStore(async () => {
      const opened = await openEmpty()
      health = opened.health
      return opened
    })
    const notFound = expect.objectContaining({ code: 'not-found' })

    /** Looks until nothing is left; gives how many people were looked at. */
    async function lookAll(modelId = model, persons = 8): Promise<number> {
      let looked = 0
      for (;;) {
        const matchDistances = [slovenia, serbia].map((domain) => ({
          clientId: client,
          domain,
          distance: match,
        }))
        const portion = await health.look({ modelId, verifyDistance: verify, matchDistances, persons })
        looked += portion.looked
        if (portion.finished) return looked
      }
    }
    const query: FindingsQuery = {
      clientId: client,
      domain: null,
      kind: null,
      dismissed: false,
      offset: 0,
      limit: 500,
    }
    const list = async (some: Partial<FindingsQuery> = {}) =>
      (await health.findings({ ...query, ...some })).findings
    /** What is found now, once everybody is looked at: kind and names. */
    async function found(some: Partial<FindingsQuery> = {}): Promise<string[]> {
      await lookAll()
      return (await list(some)).map(spoken)
    }
    const spoken = ({ evidence, person, other }: Finding) => {
      const names = [person.name, ...(other === undefined ? [] : [other.name])]
      // Of two who are one pair the lesser id is first: those of one millisecond have theirs by chance.
      return [evidence.kind, ...(evidence.kind === 'outlier' ? names : names.sort())].join(' ')
    }
    const kinds = async (...of: Finding['evidence']['kind'][]) =>
      (await found()).filter((text) => of.some((kind) => text.startsWith(`${kind} `))).sort()

    interface Given {
      readonly near?: UnitEmbedding
      readonly spread?: number
      readonly faces?: number
      readonly photo?: Partial<PhotoRecord>
      readonly photoName?: string
      readonly box?: Box
      readonly quality?: number
      readonly domain?: Domain
    }
    let made = 0
    /** Gives a person photos of faces near a middle; gives that and the faces. */
    async function give(name: string, given: Given = {}) {
      const { near = store.vector(), spread = usual, faces = 1, domain = slovenia, quality = 0.7 } = given
      const assignments = Array.from({ length: faces }, (): FaceAssignment => {
        made++
        return {
          person: { name },
          photo: { ...madePhoto(given.photoName ?? `${name} ${made}`), ...given.photo },
          face: madeFace(store.vector(near, spread), given.box ?? defaultBox, quality),
          source: 'enrolled',
        }
      })
      const { value, ledgerId } = await store.gallery.assignFaces(client, domain, model, assignments, context)
      return {
        near,
        personId: value[0]!.personId,
        faceIds: value.map(({ faceId }) => faceId),
        assignments,
        ledgerId: ledgerId!,
      }
    }

    describe('counting', () => {
      test('finds people without photos, with one, with poor ones, and marks them', async () => {
        await give('Alone')
        const empty = await give('Empty')
        await store.gallery.takeFaces(empty.faceIds, { reject: false }, context)
        await give('Fine', { faces: 3 })
        await give('Poor', { faces: 3, quality: 0.4 })
        await give('Worst', { quality: 0.1, domain: serbia })
        expect(await found()).toEqual([
          'no-photo Empty',
          'poor-photos Worst',
          'poor-photos Poor',
          'one-photo Worst',
          'one-photo Alone',
        ])
        expect(await found({ kind: 'poor-photos' })).toEqual(['poor-photos Worst', 'poor-photos Poor'])
        expect(await found({ domain: serbia })).toEqual(['poor-photos Worst', 'one-photo Worst'])
        expect(await found({ domain: slovenia, kind: 'one-photo' })).toEqual(['one-photo Alone'])
        const { persons } = await store.list({})
        expect(Object.fromEntries(persons.map(({ name, flags }) => [name, flags]))).toEqual({
          Alone: ['one-photo'],
          Empty: ['no-photo'],
          Fine: [],
          Poor: ['poor-photos'],
          Worst: ['one-photo', 'poor-photos'],
        })
        expect(await store.names({ flags: ['one-photo'] })).toEqual(['Alone', 'Worst'])
        expect(await store.names({ flags: ['poor-photos', 'no-photo'], domain: slovenia })).toEqual([
          'Empty',
          'Poor',
        ])
        expect(await health.counts(client)).toEqual(
          expect.arrayContaining([
            { clientId: client, domain: serbia, kind: 'one-photo', open: 1, dismissed: 0 },
            { clientId: client, domain: slovenia, kind: 'no-photo', open: 1, dismissed: 0 },
          ]),
        )
        expect(await health.counts(otherClient)).toEqual([])
        expect(await list({ clientId: otherClient })).toEqual([])
      })

      test('pages through what it found', async () => {
        for (let number = 0; number < 7; number++) await give(`Person ${number}`)
        const all = await found()
        expect(all).toHaveLength(7)
        const { total, findings } = await health.findings({ ...query, offset: 5, limit: 5 })
        expect([total, findings.map(spoken)]).toEqual([7, all.slice(5)])
      })
    })

    describe('a photo that does not belong', () => {
      test('is found where it is somebody else’s, with both faces to compare', async () => {
        const ana = await give('Ana', { faces: 5 })
        const boris = await give('Boris', { faces: 5 })
        const wrong = await give('Ana', { near: boris.near })
        expect(await found()).toEqual(['outlier Ana Boris'])
        const [finding] = await list()
        expect(finding!.evidence).toMatchObject({ kind: 'outlier', faceId: wrong.faceIds[0] })
        expect(finding!.faces.map(({ personId }) => personId)).toEqual([
          ana.personId,
          ana.personId,
          boris.personId,
        ])
        const { otherDistance, ownDistance } = finding!.evidence as {
          otherDistance: number
          ownDistance: number
        }
        expect(otherDistance).toBeLessThanOrEqual(match)
        expect(ownDistance).toBeGreaterThan(0.8)
        // The mark is on whom it is about.
        expect(await store.names({ flags: ['outlier'] })).toEqual(['Ana'])
        const taken = await store.gallery.takeFaces(wrong.faceIds, { reject: true }, context)
        expect(await found()).toEqual([])
        await store.gallery.undo(taken.ledgerId!, context)
        expect(await found()).toEqual(['outlier Ana Boris'])
        const moved = await store.gallery.moveFaces(
          wrong.faceIds,
          slovenia,
          { personId: boris.personId },
          context,
        )
        expect(await found()).toEqual([])
        await store.gallery.undo(moved.ledgerId!, context)
        expect(await found()).toEqual(['outlier Ana Boris'])
      })

      test('is found where it is like nobody at all', async () => {
        await give('Ana', { faces: 6 })
        const wrong = await give('Ana')
        await give('Boris', { faces: 3 })
        expect(await found()).toEqual(['outlier Ana'])
        expect((await list())[0]!.evidence).toMatchObject({ faceId: wrong.faceIds[0] })
      })

      test('is found when whom it shows is enrolled later', async () => {
        const stranger = store.vector()
        await give('Ana')
        await give('Ana', { near: stranger })
        // Two that are unlike: nobody can say which is wrong.
        expect(await found()).toEqual([])
        await give('Boris', { near: stranger, faces: 3 })
        expect(await found()).toEqual(['outlier Ana Boris'])
      })

      test('of two wrong ones among five both are found, the right ones are not', async () => {
        const boris = await give('Boris', { faces: 4 })
        await give('Ana', { faces: 3 })
        await give('Ana', { near: boris.near, faces: 2 })
        expect(await found()).toEqual(['outlier Ana Boris', 'outlier Ana Boris'])
      })
    })

    describe('two people who look like one', () => {
      test('are found by most photos of both, not by one wrong photo', async () => {
        const ana = await give('Ana', { faces: 4 })
        await give('Anna', { near: ana.near, faces: 3, spread: 0.5 })
        await give('Boris', { faces: 4 })
        const clara = await give('Clara', { faces: 4 })
        await give('Boris', { near: clara.near })
        expect(await found()).toEqual(['outlier Boris Clara', 'look-alike Ana Anna'])
        expect(await store.names({ flags: ['look-alike'] })).toEqual(['Ana', 'Anna'])
        const [, pair] = await list()
        expect(pair!.evidence).toMatchObject({ compared: 4, otherCompared: 3 })
        expect(pair!.person.personId < pair!.other!.personId).toBe(true)
      })

      test('told apart are no finding, and are offered no more, until that is withdrawn', async () => {
        const ana = await give('Ana', { faces: 3, spread: 0.5 })
        const twin = await give('Twin', { near: ana.near, faces: 3, spread: 0.5 })
        const lookalike = async () =>
          (await store.gallery.lookalikes(ana.personId, model, 5)).map(({ name, toldApart }) => [
            name,
            toldApart,
          ])
        expect(await found()).toEqual(['look-alike Ana Twin'])
        expect(await lookalike()).toEqual([['Twin', false]])
        // Whichever of the two is named first.
        const told = await store.gallery.tellApart(twin.personId, ana.personId, true, context)
        expect(await found()).toEqual([])
        expect(await lookalike()).toEqual([['Twin', true]])
        expect(await store.gallery.toldApart([ana.personId, twin.personId])).toEqual([
          [ana.personId, twin.personId],
        ])
        expect(await store.gallery.toldApart([ana.personId])).toEqual([])
        expect(await store.gallery.tellApart(ana.personId, twin.personId, true, context)).toEqual({
          value: undefined,
        })
        await store.gallery.undo(told.ledgerId!, context)
        expect(await found()).toEqual(['look-alike Ana Twin'])
        await store.gallery.tellApart(ana.personId, twin.personId, true, context)
        const withdrawn = await store.gallery.tellApart(ana.personId, twin.personId, false, context)
        expect(await found()).toEqual(['look-alike Ana Twin'])
        await store.gallery.undo(withdrawn.ledgerId!, context)
        expect(await found()).toEqual([])
        const [newest] = await store.gallery.ledger({ clientId: client, personId: twin.personId, limit: 1 })
        expect(newest!.action).toBe('undo')
      })

      test('stay told apart when one is merged, and the merge of both withdraws it', async () => {
        const ana = await give('Ana', { faces: 3, spread: 0.5 })
        const twin = await give('Twin', { near: ana.near, faces: 3, spread: 0.5 })
        const other = await give('Somebody', { faces: 2 })
        await store.gallery.tellApart(ana.personId, twin.personId, true, context)
        const { ledgerId } = await store.gallery.mergePersons(other.personId, [twin.personId], context)
        const apart = async (a: PersonId, b: PersonId) =>
          (await store.gallery.lookalikes(a, model, 5)).find(({ personId }) => personId === b)?.toldApart
        expect(await apart(ana.personId, other.personId)).toBe(true)
        await store.gallery.undo(ledgerId!, context)
        expect(await apart(ana.personId, twin.personId)).toBe(true)
        expect(await apart(ana.personId, other.personId)).toBe(false)
        const both = await store.gallery.mergePersons(ana.personId, [twin.personId], context)
        await store.gallery.undo(both.ledgerId!, context)
        expect(await apart(ana.personId, twin.personId)).toBe(true)
      })

      test('are two, live and of one client', async () => {
        const ana = await give('Ana')
        const visitor = await store.enrol('Visitor', { clientId: otherClient })
        const tell = (other: PersonId) => store.gallery.tellApart(ana.personId, other, true, context)
        await expect(tell(ana.personId)).rejects.toEqual(
          expect.objectContaining({ code: 'invalid-argument' }),
        )
        await expect(tell(nobody)).rejects.toEqual(notFound)
        await expect(tell(visitor.personId)).rejects.toEqual(notFound)
      })

      test('in another domain are no finding: that is another gallery', async () => {
        const ana = await give('Ana', { faces: 3 })
        await give('Ana', { near: ana.near, faces: 3, domain: serbia })
        expect(await found()).toEqual([])
      })
    })

    describe('one person twice in a photo', () => {
      const left = { x: 50, y: 80, w: 120, h: 150 }
      const right = { x: 600, y: 80, w: 120, h: 150 }

      test('is found after a merge, and is gone when one is taken', async () => {
        const ana = await give('Ana', { photoName: 'party', box: left })
        const boris = await give('Boris', { photoName: 'party', box: right })
        await store.gallery.mergePersons(ana.personId, [boris.personId], context)
        expect(await kinds('twice-in-photo')).toEqual(['twice-in-photo Ana'])
        const [finding] = await list({ kind: 'twice-in-photo' })
        expect(finding!.faces.map(({ box }) => box.x).sort((a, b) => a - b)).toEqual([50, 600])
        const taken = await store.gallery.takeFaces(boris.faceIds, { reject: false }, context)
        expect(await kinds('twice-in-photo')).toEqual([])
        await store.gallery.undo(taken.ledgerId!, context)
        expect(await kinds('twice-in-photo')).toEqual(['twice-in-photo Ana'])
      })

      test('is none in a mirror or a collage', async () => {
        const ana = await give('Ana', { photoName: 'party', box: left })
        const boris = await give('Boris', { photoName: 'party', box: right })
        await store.gallery.mergePersons(ana.personId, [boris.personId], context)
        expect(await kinds('twice-in-photo')).toHaveLength(1)
        const { sha256 } = ana.assignments[0]!.photo
        const { ledgerId } = await store.gallery.setRepeatsPeople(client, sha256, true, context)
        expect(await kinds('twice-in-photo')).toEqual([])
        await store.gallery.undo(ledgerId!, context)
        expect(await kinds('twice-in-photo')).toHaveLength(1)
      })
    })

    describe('copies', () => {
      const hash = (text: string) => ({ perceptualHash: perceptualHashSchema.parse(text) })

      test('of a person’s photo are found, and the better one is kept', async () => {
        const near = store.vector()
        const copy = { near, spread: 0.05 }
        const best = await give('Ana', { ...copy, photo: hash('0123456789abcdef'), quality: 0.9 })
        const worse = await give('Ana', { ...copy, photo: hash('0123456789abcdec'), quality: 0.6 })
        // Alike as pictures, but another face; and the same face in another picture.
        await give('Ana', { near, spread: usual, photo: hash('0123456789abcdee'), quality: 0.8 })
        await give('Ana', { ...copy, photo: hash('fedcba9876543210'), quality: 0.7 })
        expect(await found()).toEqual(['near-duplicate Ana'])
        const [finding] = await list()
        expect(finding!.evidence).toMatchObject({
          faceId: best.faceIds[0],
          otherFaceId: worse.faceIds[0],
          bits: 2,
        })
        await store.gallery.takeFaces(worse.faceIds, { reject: false }, context)
        expect(await found()).toEqual([])
      })

      test('under two names are found where the face is in the same place', async () => {
        const near = store.vector()
        const copy = { near, spread: 0.05, photo: hash('0123456789abcdef') }
        const half = { width: 600, height: 400, perceptualHash: hash('0123456789abcdee').perceptualHash }
        await give('Ana', copy)
        await give('Boris', {
          near,
          spread: 0.05,
          photo: half,
          box: { x: defaultBox.x / 2, y: defaultBox.y / 2, w: defaultBox.w / 2, h: defaultBox.h / 2 },
        })
        // Somebody else in the same photo is nothing to wonder at.
        await give('Clara', { photo: half, photoName: 'Boris 2', box: { x: 400, y: 40, w: 60, h: 75 } })
        expect(await kinds('near-duplicate')).toEqual(['near-duplicate Ana Boris'])
        expect(await store.names({ flags: ['near-duplicate'] })).toEqual(['Ana', 'Boris'])
      })

      test('of one photo in two domains are found where the names are unlike', async () => {
        const near = store.vector()
        const photo = { near, spread: 0.01, photoName: 'portrait', photo: hash('0123456789abcdef') }
        await give('Ana', photo)
        await give('Boris', { ...photo, domain: serbia })
        const other = { photoName: 'other', photo: hash('fedcba9876543210') }
        await give('Đorđe Šarić', other)
        await give('Ђорђе Шарић', { ...other, domain: serbia })
        expect(await kinds('near-duplicate')).toEqual(['near-duplicate Ana Boris'])
      })
    })

    describe('names', () => {
      test('that differ by case, accents or script only are found in a domain', async () => {
        await give('Đorđe Šarić')
        await give('ђорђе шарић')
        await give('Dorde Saric')
        await give('Đorđe Šarić', { domain: serbia })
        await give('Đorđe Sarac')
        const pairs = await kinds('same-name')
        expect(pairs).toHaveLength(3)
        expect(pairs.join()).not.toContain('Sarac')
        const [first] = await list({ kind: 'same-name' })
        await store.gallery.tellApart(first!.person.personId, first!.other!.personId, true, context)
        expect(await kinds('same-name')).toHaveLength(2)
      })

      test('that were changed are compared anew', async () => {
        const { personId } = await give('Ana')
        await give('ANA')
        expect(await kinds('same-name')).toHaveLength(1)
        const { ledgerId } = await store.gallery.updatePerson(personId, { name: 'Boris' }, context)
        expect(await kinds('same-name')).toEqual([])
        await store.gallery.undo(ledgerId!, context)
        expect(await kinds('same-name')).toHaveLength(1)
      })
    })

    describe('another model', () => {
      test('is found by the faces that lack it, until they have it', async () => {
        const ana = await give('Ana', { faces: 2 })
        await lookAll(newModel)
        expect((await list()).map(spoken)).toEqual(['older-model Ana'])
        expect((await list())[0]!.evidence).toMatchObject({ missing: 2, faces: 2 })
        const [first] = ana.assignments
        await store.gallery.assignFaces(client, slovenia, newModel, [first!], context)
        await lookAll(newModel)
        expect((await list())[0]!.evidence).toMatchObject({ missing: 1, faces: 2 })
        // Back to the first model, everybody is looked at anew.
        expect(await lookAll(model)).toBe(1)
        expect(await list()).toEqual([])
      })
    })

    describe('what is said of a finding', () => {
      test('holds until what it rests on is another matter, and is taken back', async () => {
        const ana = await give('Ana', { quality: 0.3 })
        await lookAll()
        const one = async () => (await list({ kind: 'one-photo' }))[0]!.findingId
        const { ledgerId } = await health.dismiss(client, [await one()], true, context)
        expect(await found()).toEqual(['poor-photos Ana'])
        expect(await found({ dismissed: true })).toEqual(['one-photo Ana'])
        expect((await store.gallery.person(ana.personId)).flags).toEqual(['poor-photos'])
        await health.lookAnew()
        expect(await found()).toEqual(['poor-photos Ana'])
        await store.gallery.undo(ledgerId!, context)
        expect(await found()).toEqual(['poor-photos Ana', 'one-photo Ana'])

        await health.dismiss(client, [await one()], true, context)
        const deleted = await store.gallery.deletePersons([ana.personId], context)
        expect(await found({ dismissed: true })).toEqual([])
        await store.gallery.undo(deleted.ledgerId!, context)
        expect(await found({ dismissed: true })).toEqual(['one-photo Ana'])

        // Another photo in place of the one: that was not meant.
        await give('Ana', { near: ana.near })
        expect(await found({ kind: 'one-photo' })).toEqual([])
        await store.gallery.takeFaces(ana.faceIds, { reject: false }, context)
        expect(await found()).toEqual(['one-photo Ana'])
        expect(await found({ dismissed: true })).toEqual([])
      })

      test('is said of all or none, of one client', async () => {
        await give('Ana')
        await lookAll()
        const [finding] = await list()
        const missing = findingIdSchema.parse('00000000-0000-7000-8000-000000000000')
        await expect(health.dismiss(client, [finding!.findingId, missing], true, context)).rejects.toEqual(
          notFound,
        )
        await expect(health.dismiss(otherClient, [finding!.findingId], true, context)).rejects.toEqual(
          notFound,
        )
        expect(await found()).toEqual(['one-photo Ana'])
        expect(await found({ dismissed: true })).toEqual([])
      })
    })

    describe('looking', () => {
      test('goes on where it was, follows changes alone, and needs nothing where there are none', async () => {
        for (let number = 0; number < 20; number++) await give(`Person ${number}`)
        const portion = () =>
          health.look({ modelId: model, verifyDistance: verify, matchDistances: [], persons: 8 })
        expect(await portion()).toMatchObject({ looked: 8, passed: 8, finished: false, changed: [client] })
        const touched = await give('Person 19')
        // What was changed comes before the rest of the first pass.
        expect(await portion()).toMatchObject({ looked: 1, passed: 8, finished: false })
        expect(await portion()).toMatchObject({ looked: 8, passed: 16 })
        expect(await portion()).toMatchObject({ looked: 4, passed: 20 })
        expect(await portion()).toMatchObject({ looked: 0, finished: true, changed: [] })
        await store.gallery.takeFaces(touched.faceIds, { reject: false }, context)
        expect(await lookAll()).toBe(1)
        expect(await lookAll()).toBe(0)
      })

      test('is not begun anew by a domain’s other name', async () => {
        for (let number = 0; number < 5; number++) await give(`Person ${number}`)
        await lookAll()
        await store.gallery.renameDomain(client, slovenia, serbia, context)
        expect((await list({ domain: serbia })).length).toBe(5)
        expect(await lookAll()).toBe(0)
      })

      test('forgets people who are gone for good', async () => {
        const ana = await give('Ana', { faces: 3, spread: 0.5 })
        await give('Twin', { near: ana.near, faces: 3, spread: 0.5 })
        expect(await found()).toEqual(['look-alike Ana Twin'])
        await store.gallery.deletePersons([ana.personId], context)
        await store.gallery.emptyBin(client, Date.now() + 1, context)
        expect(await found()).toEqual([])
        expect(await health.counts(client)).toEqual([])
      })

      test('finds nothing in a gallery of people who are well', async () => {
        const random = (() => {
          let state = 7
          return () => {
            state = (state * 16_807) % 2_147_483_647
            return state / 2_147_483_647
          }
        })()
        for (let number = 0; number < 40; number++) {
          await give(`Number ${String.fromCharCode(97 + (number % 26))}${number}`, {
            near: unitVector(random),
            faces: 4,
          })
        }
        expect(await found()).toEqual([])
      })
    })
  })
}
