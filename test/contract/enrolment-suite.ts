/** What every store promises to the enrolment gate. Tests. */
import { describe, expect, test } from 'vitest'
import type { GalleryStore } from '../../src-main/storage/gallery-store'
import type { NewReview, ReviewStore, ReviewsQuery } from '../../src-main/storage/review-store'
import { domainSchema, reviewIdSchema } from '../../src-shared/ids'
import { client, context, model, nobody, otherClient, serbia, slovenia, useStore } from './curated-store'
import { defaultBox, madeAssignment, madeFace, madePhoto, similarity } from './made-faces'

/** The suite. `openEmpty` gives a store with nothing in it. */
export function describeEnrolment(
  title: string,
  openEmpty: () => Promise<{
    readonly gallery: GalleryStore
    readonly reviews: ReviewStore
    close(): Promise<void>
  }>,
): void {
  describe(`${title}: enrolment`, () => {
    let reviews: ReviewStore
    const store = useStore(async () => {
      const opened = await openEmpty()
      reviews = opened.reviews
      return opened
    })
    const scope = { clientId: client, domain: slovenia, modelId: model }
    const made = (name: string, photo = name, review: Partial<NewReview> = {}): NewReview => ({
      person: { name },
      photo: madePhoto(photo),
      facesInPhoto: 1,
      choice: 'largest',
      kinds: ['quality'],
      faces: [madeFace(store.vector())],
      ...review,
    })
    const list = async (query: Partial<ReviewsQuery> = {}) =>
      reviews.waiting({ clientId: client, domain: null, kind: null, offset: 0, limit: 100, ...query })
    const names = async (query?: Partial<ReviewsQuery>) =>
      (await list(query)).reviews.map(({ person }) => person.name)
    /** Puts one in and gives it. */
    const added = async (review: NewReview) => {
      await store.gallery.ensureDomain(client, slovenia)
      expect(await reviews.add(scope, [review])).toBe(1)
      return (await list()).reviews.at(-1)!
    }

    test('tells how far a face is from a person’s own, nearest first, and of how many', async () => {
      const centre = store.vector()
      const { personId } = await store.enrol('Ana', { embedding: centre, faces: 4 })
      await store.enrol('Bela')
      const probes = [centre, store.vector(centre, 0.3), store.vector()]
      const answers = await store.gallery.ownFaces({ personId, modelId: model, probes, limit: 3 })
      expect(answers).toHaveLength(3)
      for (const [index, { faces, nearest, medianDistance }] of answers.entries()) {
        expect([faces, nearest.length]).toEqual([4, 3])
        const distances = nearest.map(({ distance }) => distance)
        expect(distances).toEqual(distances.toSorted((a, b) => a - b))
        expect(medianDistance).toBe(distances[2])
        const { facesList } = await store.gallery.person(personId)
        for (const { faceId, photoSha256 } of nearest) {
          expect(facesList).toContainEqual(expect.objectContaining({ faceId, photoSha256 }))
        }
        const toCentre = 1 - similarity(probes[index]!, centre)
        expect(Math.min(...distances)).toBeLessThanOrEqual(toCentre + 1e-6)
      }
      expect(answers[0]!.nearest[0]!.distance).toBeCloseTo(0, 5)
    })

    test('tells how the photos look as a whole, where that is known', async () => {
      const assignment = madeAssignment('Ana', store.vector())
      const { perceptualHash, ...unhashed } = assignment.photo
      const second = madeAssignment('Ana', store.vector())
      const { value } = await store.gallery.assignFaces(
        client,
        slovenia,
        model,
        [assignment, { ...second, photo: { ...second.photo, perceptualHash: undefined } }],
        context,
      )
      const { personId } = value[0]!
      const probes = [assignment.face.embedding]
      const [answer] = await store.gallery.ownFaces({ personId, modelId: model, probes, limit: 8 })
      expect(unhashed.sha256).toBe(answer!.nearest[0]!.photoSha256)
      expect(answer!.nearest.map((face) => face.perceptualHash)).toEqual([perceptualHash, undefined])
    })

    test('knows no own faces of another model, of somebody without faces, of nobody', async () => {
      const { personId, face, ledgerId } = await store.enrol('Ana')
      const query = { personId, modelId: model, probes: [face.embedding], limit: 8 }
      const other = { ...query, modelId: 'pack/another' as typeof model }
      expect(await store.gallery.ownFaces(other)).toEqual([{ faces: 0, nearest: [] }])
      await store.gallery.undo(ledgerId, context)
      await expect(store.gallery.ownFaces(query)).rejects.toMatchObject({ code: 'not-found' })
      await expect(store.gallery.ownFaces({ ...query, personId: nobody })).rejects.toMatchObject({
        code: 'not-found',
      })
    })

    test('keeps what waits in its order, once a photo and person, with all that a decision needs', async () => {
      await store.gallery.ensureDomain(client, slovenia)
      const review = made('Ana', 'street', { kinds: ['quality', 'near-another'] })
      expect(await reviews.add(scope, [review, made('Bela'), made('Ana', 'street')])).toBe(2)
      expect(await reviews.add(scope, [made('Ana', 'street'), made('Bela', 'street')])).toBe(1)
      expect(await names()).toEqual(['Ana', 'Bela', 'Bela'])
      const [first] = (await list()).reviews
      const whole = await reviews.review(first!.reviewId)
      const { crop, ...face } = review.faces[0]!
      expect(whole).toMatchObject({ ...scope, person: { name: 'Ana' }, photo: review.photo, facesInPhoto: 1 })
      expect(whole.faces).toEqual([face])
      expect(await reviews.crop(first!.reviewId, 0)).toEqual(crop)
      await expect(reviews.crop(first!.reviewId, 1)).rejects.toMatchObject({ code: 'not-found' })
      expect(await reviews.photos(scope)).toEqual(
        new Map([
          [review.photo.sha256, ['Ana', 'Bela']],
          [madePhoto('Bela').sha256, ['Bela']],
        ]),
      )
    })

    test('is counted and filtered by domain and by kind, in pages', async () => {
      await store.gallery.ensureDomain(client, slovenia)
      await store.gallery.ensureDomain(client, serbia)
      await reviews.add(scope, [made('Ana'), made('Bela', 'b', { kinds: ['near-another', 'quality'] })])
      await reviews.add({ ...scope, domain: serbia }, [made('Cleo', 'c', { kinds: ['far-from-own'] })])
      const { total, byDomain, byKind } = await list({ kind: 'quality', limit: 1 })
      expect(total).toBe(2)
      expect(byDomain).toEqual([
        { domain: serbia, count: 1 },
        { domain: slovenia, count: 2 },
      ])
      expect(Object.fromEntries(byKind.map(({ kind, count }) => [kind, count]))).toEqual({
        quality: 2,
        'near-another': 1,
        'far-from-own': 1,
      })
      expect(await names({ kind: 'near-another' })).toEqual(['Bela'])
      expect(await names({ domain: serbia })).toEqual(['Cleo'])
      expect(await names({ offset: 1, limit: 1 })).toEqual(['Bela'])
      expect(await names({ clientId: otherClient })).toEqual([])
    })

    test('keeps nothing for a domain that is not there', async () => {
      expect(await reviews.add({ ...scope, domain: domainSchema.parse('nowhere') }, [made('Ana')])).toBe(0)
    })

    test('an accepted face joins somebody new, under one entry, and waits again when that is undone', async () => {
      const { reviewId } = await added(made('Ana'))
      const before = await store.seen()
      const { value, ledgerId } = await reviews.accept(reviewId, 0, { name: 'Ana' }, context)
      expect(value).toMatchObject({ outcome: 'added', personCreated: true })
      expect(await store.names({})).toEqual(['Ana'])
      expect(await names()).toEqual([])
      await expect(reviews.review(reviewId)).rejects.toMatchObject({ code: 'not-found' })
      await expect(reviews.accept(reviewId, 0, { name: 'Ana' }, context)).rejects.toMatchObject({
        code: 'not-found',
      })
      const { facesList } = await store.gallery.person(value.personId)
      expect(facesList).toMatchObject([{ source: 'enrolled', box: defaultBox }])
      expect(await store.gallery.crop(value.faceId)).toEqual(made('Ana').faces[0]!.crop)
      expect(await reviews.add(scope, [made('Ana')])).toBe(0)

      await store.gallery.undo(ledgerId!, context)
      expect(await names()).toEqual(['Ana'])
      expect(await store.seen()).toEqual(before)
    })

    test('knows the person by id, then by name, then by a name they had; whatever they are called now', async () => {
      const ana = await store.enrol('Ana')
      await added(made('Ana', 'by id', { person: { personId: ana.personId, name: 'Ana' } }))
      await added(made('Ana', 'by name'))
      const people = async () => (await list()).reviews.map(({ person }) => person)
      const known = { personId: ana.personId, name: 'Ana' }
      expect(await people()).toEqual([known, known])
      await store.gallery.updatePerson(ana.personId, { name: 'Anna' }, context)
      expect(await people()).toEqual([{ ...known, name: 'Anna' }, { name: 'Ana' }])
      await store.gallery.updatePerson(ana.personId, { name: 'Ana' }, context)
      const bela = await store.enrol('Bela')
      await store.gallery.mergePersons(bela.personId, [ana.personId], context)
      const merged = { personId: bela.personId, name: 'Bela' }
      expect(await people()).toEqual([merged, merged])
    })

    test('a rejected face is ruled out for the person, and waits again when that is undone', async () => {
      const ana = await store.enrol('Ana')
      const review = made('Ana', 'street', { person: { personId: ana.personId, name: 'Ana' } })
      const { reviewId } = await added(review)
      const { ledgerId } = await reviews.reject(reviewId, context)
      expect(await names()).toEqual([])
      const known = await store.gallery.knownFaces(client, [review.photo.sha256])
      expect(known.get(review.photo.sha256)).toMatchObject([{ rejected: [ana.personId] }])
      await store.gallery.undo(ledgerId!, context)
      expect(await names()).toEqual(['Ana'])
      expect((await store.gallery.knownFaces(client, [review.photo.sha256])).size).toBe(0)
    })

    test('a reject of somebody who is not there, or of one of several faces, settles the review alone', async () => {
      const ana = await store.enrol('Ana')
      const several = [madeFace(store.vector()), madeFace(store.vector(), { x: 500, y: 80, w: 90, h: 90 })]
      const person = { personId: ana.personId, name: 'Ana' }
      const kinds = ['several-faces' as const]
      await added(made('Zoe'))
      const both = await added(
        made('Ana', 'group', { person, faces: several, facesInPhoto: 2, choice: 'unclear', kinds }),
      )
      expect(both.faces).toBe(2)
      const entries = []
      for (const { reviewId } of (await list()).reviews) {
        entries.push((await reviews.reject(reviewId, context)).ledgerId!)
      }
      expect(await names()).toEqual([])
      expect(await store.gallery.rejectsOf(ana.personId)).toEqual([])
      expect(await reviews.add(scope, [made('Zoe')])).toBe(0)
      for (const entry of entries) await store.gallery.undo(entry, context)
      expect(await names()).toEqual(['Zoe', 'Ana'])
      const { value } = await reviews.accept(both.reviewId, 1, person, context)
      const { facesList } = await store.gallery.person(value.personId)
      expect(facesList).toContainEqual(expect.objectContaining({ box: several[1]!.box }))
    })

    test('settles a review of a face that is the person’s by then', async () => {
      const ana = await store.enrol('Ana')
      const person = { personId: ana.personId, name: 'Ana' }
      const { reviewId } = await added(made('Ana', 'same', { person, photo: ana.photo, faces: [ana.face] }))
      const { value, ledgerId } = await reviews.accept(reviewId, 0, person, context)
      expect(value.outcome).toBe('already-there')
      expect(await names()).toEqual([])
      await store.gallery.undo(ledgerId!, context)
      expect(await names()).toEqual(['Ana'])
    })

    test('goes with its domain: renamed, to the bin and back, and for good', async () => {
      await added(made('Ana'))
      const renamed = await store.gallery.renameDomain(client, slovenia, serbia, context)
      expect((await list()).byDomain).toEqual([{ domain: serbia, count: 1 }])
      await store.gallery.undo(renamed.ledgerId!, context)
      const deleted = await store.gallery.deleteDomain(client, slovenia, context)
      expect(await list()).toMatchObject({ total: 0, reviews: [], byDomain: [], byKind: [] })
      await store.gallery.undo(deleted.ledgerId!, context)
      expect(await names()).toEqual(['Ana'])
      await store.gallery.deleteDomain(client, slovenia, context)
      await store.gallery.emptyBin(client, Date.now() + 1, context)
      await store.gallery.ensureDomain(client, slovenia)
      expect(await names()).toEqual([])
    })

    test('forgets what was settled long ago, and never what waits', async () => {
      const { reviewId } = await added(made('Ana'))
      await added(made('Bela'))
      const { ledgerId } = await reviews.reject(reviewId, context)
      expect(await reviews.forget(Date.now() - 60_000)).toBe(0)
      expect(await reviews.forget(Date.now() + 60_000)).toBe(1)
      expect(await names()).toEqual(['Bela'])
      await store.gallery.undo(ledgerId!, context)
      expect(await names()).toEqual(['Bela'])
    })

    test('tells of a review that never was', async () => {
      const never = reviewIdSchema.parse(nobody)
      for (const ask of [
        () => reviews.review(never),
        () => reviews.accept(never, 0, { name: 'Ana' }, context),
        () => reviews.reject(never, context),
      ]) {
        await expect(ask()).rejects.toMatchObject({ code: 'not-found' })
      }
    })
  })
}
