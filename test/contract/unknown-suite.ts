/** What every store promises of unknown faces: kept once, linked, grouped, named, ignored, gone in time. Tests. */
import { v7 as uuid } from 'uuid'
import { describe, expect, test } from 'vitest'
import type { GalleryStore } from '../../src-main/storage/gallery-store'
import type { UnknownStore } from '../../src-main/storage/unknown-store'
import type { UnitEmbedding } from '../../src-shared/face'
import { faceIdSchema, personNameSchema, photoIdSchema } from '../../src-shared/ids'
import { client, context, model, otherClient, serbia, slovenia, useStore } from './curated-store'
import { defaultBox, madeFace, madePhoto, similarity } from './made-faces'

const scope = { clientId: client, domain: slovenia, modelId: model }
const linking = { ...scope, withinDistance: 0.4, nearest: 8 }
const listing = { ...scope, ignored: false, offset: 0, limit: 100 }
const name = (text: string) => ({ name: personNameSchema.parse(text) })

/** The suite. `openEmpty` gives a store with nothing in it. */
export function describeUnknown(
  title: string,
  openEmpty: () => Promise<{
    readonly gallery: GalleryStore
    readonly unknown: UnknownStore
    close(): Promise<void>
  }>,
): void {
  describe(`${title}: unknown faces`, () => {
    let unknown: UnknownStore
    const store = useStore(async () => {
      const opened = await openEmpty()
      unknown = opened.unknown
      return opened
    })

    /** Keeps faces near a direction, each in a photo of its own; gives them. */
    async function keepSome(count: number, photo: string, centre = store.vector()) {
      await store.gallery.ensureDomain(client, slovenia)
      const photos = Array.from({ length: count }, (_, index) => ({
        photo: madePhoto(`${photo} ${index}`),
        faces: [madeFace(index === 0 ? centre : store.vector(centre, 0.4), undefined, 0.4 + index / 100)],
      }))
      expect(await unknown.keep(scope, photos)).toBe(count)
      return { photos, centre }
    }
    const ids = () => unknown.ids(scope, 0)
    /** Puts these faces into one group. */
    async function group(members: readonly number[]) {
      await unknown.setGroups(members.map((id) => ({ id, group: members[0]! })))
      return members[0]!
    }
    async function keptGroup(count: number, photo: string, centre?: UnitEmbedding) {
      const before = new Set(await ids())
      const kept = await keepSome(count, photo, centre)
      return { ...kept, groupId: await group((await ids()).filter((id) => !before.has(id))) }
    }

    test('faces of another store of the gallery are kept by their ids, once; one that is there stays what it is', async () => {
      await store.gallery.ensureDomain(client, slovenia)
      const made = (photo: string, vector = store.vector()) => ({
        faceId: faceIdSchema.parse(uuid()),
        photoId: photoIdSchema.parse(uuid()),
        domain: slovenia,
        modelId: model,
        photo: madePhoto(photo),
        face: { ...madeFace(vector), crop: Buffer.from(`crop of ${photo}`) },
      })
      const street = made('street')
      const brought = [{ faceId: street.faceId, there: street.faceId, personId: null }]
      expect(await unknown.bring(client, [street])).toEqual(brought)
      expect(await unknown.bring(client, [street])).toEqual(brought)
      expect(await ids()).toHaveLength(1)
      expect(Buffer.from(await store.gallery.crop(street.faceId))).toEqual(street.face.crop)
      const { value: evaId } = await store.gallery.moveFaces([street.faceId], slovenia, name('Eva'), context)
      expect(await unknown.bring(client, [street])).toEqual(brought)
      expect((await store.gallery.wholePerson(evaId)).faces).toMatchObject([{ faceId: street.faceId }])

      const again = made('street', street.face.embedding)
      expect(await unknown.bring(client, [again])).toEqual([
        { faceId: again.faceId, there: street.faceId, personId: evaId },
      ])
      await expect(unknown.bring(client, [{ ...made('elsewhere'), domain: serbia }])).rejects.toMatchObject({
        code: 'not-found',
      })
      expect(await ids()).toEqual([])
    })

    test('keeps a face once, and none that is somebody’s, and none in a domain that is not there', async () => {
      const ana = await store.enrol('Ana')
      const { photos } = await keepSome(3, 'street')
      expect(await unknown.keep(scope, photos)).toBe(0)
      const shifted = { ...defaultBox, x: defaultBox.x + 10 }
      const again = { photo: photos[0]!.photo, faces: [madeFace(photos[0]!.faces[0]!.embedding, shifted)] }
      expect(await unknown.keep(scope, [again, { photo: ana.photo, faces: [ana.face] }])).toBe(0)
      expect(await unknown.keep({ ...scope, domain: serbia }, photos)).toBe(0)
      expect(await ids()).toHaveLength(3)
      expect(await unknown.ids({ ...scope, domain: serbia }, 0)).toEqual([])
      expect(await unknown.domains(client, model)).toEqual([slovenia])
      expect(await unknown.domains(otherClient, model)).toEqual([])
      const [first, ...rest] = await ids()
      expect(await unknown.ids(scope, first!)).toEqual(rest)
    })

    test('keeps nothing where somebody said that there is no face, in whichever domain, until that is undone or gone', async () => {
      const { photos, groupId } = await keptGroup(2, 'street')
      await store.gallery.ensureDomain(client, serbia)
      const before = await ids()
      const { faceIds } = await unknown.groupFaces(client, groupId, slovenia, name('Nobody yet'))
      const { ledgerId } = await store.gallery.deleteFaces(faceIds, context)
      const shifted = { ...defaultBox, x: defaultBox.x + 10 }
      const elsewhere = { ...defaultBox, x: 600 }
      const again = photos.map(({ photo }) => ({ photo, faces: [madeFace(store.vector(), shifted)] }))
      expect(await unknown.keep(scope, again)).toBe(0)
      expect(await unknown.keep({ ...scope, domain: serbia }, again)).toBe(0)
      expect(await unknown.keep({ ...scope, clientId: otherClient }, again)).toBe(0)
      expect(await ids()).toEqual([])
      // Another place of the photo is another face.
      const beside = { photo: photos[0]!.photo, faces: [madeFace(store.vector(), elsewhere)] }
      expect(await unknown.keep(scope, [beside])).toBe(1)
      await store.gallery.undo(ledgerId!, context)
      expect(await ids()).toEqual([...before, ...(await ids()).slice(2)])
      expect(await unknown.keep(scope, again)).toBe(0)
      expect(await unknown.keep({ ...scope, domain: serbia }, again)).toBe(2)

      await store.gallery.deleteFaces(faceIds, context)
      await store.gallery.emptyBin(client, Date.now() + 1, context)
      expect(await unknown.keep(scope, again)).toBe(2)
    })

    test('does not show them among people: not in searches, counts or the ledger', async () => {
      await store.enrol('Ana')
      const before = await store.seen()
      const { centre } = await keepSome(3, 'street')
      const after = await store.seen()
      expect(after).toEqual(before)
      expect(await store.found(centre, { withinDistance: 0.5 })).toEqual(['Ana'])
      expect((await store.gallery.ledger({ clientId: client, limit: 10 })).length).toBe(1)
    })

    test('links each to its nearest within the distance, the same when asked again', async () => {
      const { photos } = await keepSome(5, 'street')
      await keepSome(3, 'square')
      const all = await ids()
      const linked = await unknown.link({ ...linking, ids: all })
      expect(linked.map(({ id }) => id)).toEqual(all)
      expect(new Set(linked.map(({ photo }) => photo)).size).toBe(8)
      for (const [index, { neighbours }] of linked.slice(0, 5).entries()) {
        const own = photos[index]!.faces[0]!.embedding
        const byHand = photos
          .map(({ faces }, other) => ({
            id: all[other]!,
            distance: 1 - similarity(own, faces[0]!.embedding),
          }))
          .filter(({ id, distance }) => id !== all[index] && distance <= linking.withinDistance)
          .sort((a, b) => a.distance - b.distance)
        expect(neighbours.map(({ id }) => id)).toEqual(byHand.map(({ id }) => id))
        for (const [rank, { distance }] of neighbours.entries()) {
          expect(distance).toBeCloseTo(byHand[rank]!.distance, 5)
        }
      }
      expect(await unknown.link({ ...linking, ids: all })).toEqual(linked)
      const [nearest] = (await unknown.link({ ...linking, withinDistance: 0.5, nearest: 1, ids: all })).map(
        ({ neighbours }) => neighbours,
      )
      expect(nearest).toEqual(linked[0]!.neighbours.slice(0, 1))
      await expect(unknown.link({ ...linking, ids: Array(257).fill(1) })).rejects.toMatchObject({
        code: 'invalid-argument',
      })
    })

    test('lists groups largest first, by pages, with their best faces', async () => {
      const small = await keptGroup(2, 'street')
      const large = await keptGroup(4, 'square')
      await keepSome(1, 'alone')
      const { total, faces, groups } = await unknown.groups(listing)
      expect([total, faces]).toEqual([2, 7])
      expect(groups.map(({ groupId, faces: count, photos }) => [groupId, count, photos])).toEqual([
        [large.groupId, 4, 4],
        [small.groupId, 2, 2],
      ])
      expect((await unknown.groups({ ...listing, offset: 1, limit: 1 })).groups).toEqual(groups.slice(1))
      const { faceIds } = await unknown.groupFaces(client, large.groupId, slovenia, name('Nobody yet'))
      expect(groups[0]!.someFaces).toEqual(faceIds)
      expect(await store.gallery.crop(faceIds.at(-1)!)).toEqual(large.photos[0]!.faces[0]!.crop)
    })

    test('a group that is named is a person, found by search; an undo makes it a group again', async () => {
      const { groupId, centre } = await keptGroup(4, 'street')
      await unknown.link({ ...linking, ids: await ids() })
      const before = await unknown.groups(listing)
      const { faceIds } = await unknown.groupFaces(client, groupId, slovenia, name('Ana'))
      const { ledgerId } = await store.gallery.moveFaces(faceIds, slovenia, name('Ana'), context)
      expect(await store.found(centre)).toEqual(['Ana'])
      expect(await ids()).toEqual([])
      expect((await unknown.groups(listing)).total).toBe(0)
      await expect(unknown.groupFaces(client, groupId, slovenia, name('Ana'))).rejects.toMatchObject({
        code: 'not-found',
      })
      await store.gallery.undo(ledgerId!, context)
      expect(await store.found(centre)).toEqual([])
      expect(await unknown.groups(listing)).toEqual(before)
      const [linked] = await unknown.link({ ...linking, ids: await ids() })
      expect(linked!.neighbours).toHaveLength(3)
    })

    test('leaves behind faces that were ruled out for the person, and those of a photo that has the person', async () => {
      const { groupId, photos, centre } = await keptGroup(4, 'street')
      const other = { ...defaultBox, x: 600 }
      const { value } = await store.gallery.assignFaces(
        client,
        slovenia,
        model,
        [{ person: name('Ana'), photo: photos[1]!.photo, face: madeFace(centre, other), source: 'enrolled' }],
        context,
      )
      const { personId } = value[0]!
      await store.gallery.rejectFace(
        client,
        model,
        { photo: photos[2]!.photo, face: photos[2]!.faces[0]!, personId },
        context,
      )
      const forAna = await unknown.groupFaces(client, groupId, slovenia, { personId })
      expect([forAna.faceIds.length, forAna.leftOut]).toEqual([2, 2])
      expect(await unknown.groupFaces(client, groupId, slovenia, name('Ana'))).toEqual(forAna)
      expect((await unknown.groupFaces(client, groupId, serbia, name('Ana'))).leftOut).toBe(0)
      await store.gallery.moveFaces(forAna.faceIds, slovenia, { personId }, context)
      expect(await ids()).toHaveLength(2)
    })

    test('ignores a group and brings it back, both in the ledger and undone by it', async () => {
      const { groupId } = await keptGroup(3, 'street')
      const set = await unknown.ignore(client, groupId, true, context)
      expect(set.value.faces).toBe(3)
      expect((await unknown.groups(listing)).total).toBe(0)
      expect((await unknown.groups({ ...listing, ignored: true })).total).toBe(1)
      expect((await unknown.ignore(client, groupId, true, context)).ledgerId).toBeUndefined()
      await store.gallery.undo(set.ledgerId!, context)
      expect((await unknown.groups(listing)).total).toBe(1)
      await unknown.ignore(client, groupId, true, context)
      await unknown.ignore(client, groupId, false, context)
      expect((await unknown.groups(listing)).total).toBe(1)
      expect((await store.gallery.verifyLedger()).brokenAt).toBeUndefined()
      expect(await unknown.counts(client, model)).toEqual({ faces: 3, groups: 1, ignoredGroups: 0 })
      await unknown.ignore(client, groupId, true, context)
      expect(await unknown.counts(client, model)).toEqual({ faces: 3, groups: 0, ignoredGroups: 1 })
      expect(await unknown.counts(otherClient, model)).toEqual({ faces: 0, groups: 0, ignoredGroups: 0 })
      await expect(unknown.ignore(otherClient, groupId, true, context)).rejects.toMatchObject({
        code: 'not-found',
      })
    })

    test('shows the faces of a group by pages, best first, and which group a face is in', async () => {
      const { groupId, photos } = await keptGroup(4, 'street')
      const { faceIds } = await unknown.groupFaces(client, groupId, slovenia, name('Nobody yet'))
      const whole = await unknown.faces(client, groupId, 0, 500)
      expect(whole.total).toBe(4)
      expect(whole.faces.map(({ faceId }) => faceId)).toEqual(faceIds)
      const [best] = whole.faces
      expect(best).toMatchObject({ photoSha256: photos[3]!.photo.sha256, box: defaultBox, photoWidth: 1200 })
      expect((await unknown.faces(client, groupId, 1, 2)).faces).toEqual(whole.faces.slice(1, 3))
      expect(await unknown.groupOf(client, best!.faceId)).toBe(groupId)
      expect(await unknown.groupOf(otherClient, best!.faceId)).toBeUndefined()
      await expect(unknown.faces(otherClient, groupId, 0, 1)).rejects.toMatchObject({ code: 'not-found' })
      const some = await unknown.groupFaces(client, groupId, slovenia, name('Ana'), faceIds.slice(2))
      expect(some).toEqual({ faceIds: faceIds.slice(2), leftOut: 0 })
    })

    const everywhere = { clientId: client, modelId: model, withinDistance: 0.3, limit: 50 }
    /** Compares everybody who was changed with the unknown faces. */
    async function compared() {
      while ((await unknown.findSuggestions(everywhere)) > 0);
      return (await unknown.suggestions(everywhere)).some
    }

    test('offers unknown faces for somebody who was enrolled since, until they are decided on', async () => {
      const before = await store.enrol('Early', { embedding: store.vector() })
      const { groupId, centre, photos } = await keptGroup(5, 'street')
      await keepSome(3, 'square')
      expect(await compared()).toEqual([])
      await store.later()
      const ana = await store.enrol('Ana', { embedding: centre })
      const offers = await compared()
      expect(offers).toHaveLength(5)
      expect(offers.every(({ person }) => person.personId === ana.personId)).toBe(true)
      const distances = offers.map(({ person }) => person.distance)
      expect(distances).toEqual(distances.toSorted((a, b) => a - b))
      expect(offers[0]).toMatchObject({ photoSha256: photos[0]!.photo.sha256 })
      expect(offers[0]!.person).toMatchObject({ name: 'Ana', referenceFaceId: ana.faceId })
      expect(await unknown.suggestions({ ...everywhere, limit: 2 })).toEqual({
        total: 5,
        some: offers.slice(0, 2),
      })
      const [first, second, ...rest] = offers.map(({ faceId }) => faceId)
      const no = await store.gallery.rejectFaces([first!], ana.personId, context)
      expect(await compared()).toEqual(offers.slice(1))
      const yes = await store.gallery.moveFaces([second!], slovenia, { personId: ana.personId }, context)
      await compared()
      expect((await compared()).map(({ faceId }) => faceId).toSorted()).toEqual(rest.toSorted())
      await unknown.ignore(client, groupId, true, context)
      expect(await compared()).toEqual([])
      await unknown.ignore(client, groupId, false, context)
      await store.gallery.undo(yes.ledgerId!, context)
      await store.gallery.withdrawReject(first!, ana.personId, context)
      expect((await compared()).map(({ faceId }) => faceId).toSorted()).toEqual(
        offers.map(({ faceId }) => faceId).toSorted(),
      )
      expect(no.ledgerId).toBeDefined()
      await store.gallery.deletePersons([ana.personId], context)
      expect(await compared()).toEqual([])
      expect((await store.gallery.person(before.personId)).faces).toBe(1)
    })

    test('offers of one photo the nearest face only, and nobody for a photo that has them', async () => {
      await store.gallery.ensureDomain(client, slovenia)
      const centre = store.vector()
      const photo = madePhoto('a crowd')
      const faces = [0.1, 0.3].map((spread, place) =>
        madeFace(store.vector(centre, spread), { ...defaultBox, x: 300 * place }),
      )
      await unknown.keep(scope, [{ photo, faces }])
      await store.later()
      const ana = await store.enrol('Ana', { embedding: centre })
      const offers = await compared()
      expect(offers.map(({ box }) => box.x)).toEqual([0])
      await store.gallery.setRepeatsPeople(client, photo.sha256, true, context)
      expect((await compared()).map(({ box }) => box.x)).toEqual([0, 300])
      await store.gallery.setRepeatsPeople(client, photo.sha256, false, context)
      await store.gallery.moveFaces([offers[0]!.faceId], slovenia, { personId: ana.personId }, context)
      expect(await compared()).toEqual([])
    })

    test('names the people nearest to a group, but those who are ruled out for it', async () => {
      const { groupId, centre } = await keptGroup(3, 'street')
      const ana = await store.enrol('Ana', { embedding: store.vector(centre, 0.2) })
      const boris = await store.enrol('Boris', { embedding: store.vector(centre, 0.5) })
      await store.enrol('Vida', { embedding: centre, domain: serbia })
      const { faceIds } = await unknown.groupFaces(client, groupId, slovenia, name('Nobody yet'))
      const nearest = () => unknown.nearestPersons({ ...scope, faceIds, limit: 5 })
      const both = await nearest()
      expect(both.map((person) => person.name)).toEqual(['Ana', 'Boris'])
      expect(both[0]!.referenceFaceId).toBe(ana.faceId)
      expect(both[0]!.distance).toBeLessThan(both[1]!.distance)
      await store.gallery.rejectFaces(faceIds.slice(1), ana.personId, context)
      expect((await nearest()).map((person) => person.name).toSorted()).toEqual(['Ana', 'Boris'])
      await store.gallery.rejectFaces(faceIds.slice(0, 1), ana.personId, context)
      expect((await nearest()).map((person) => person.name)).toEqual(['Boris'])
      await store.gallery.withdrawReject(faceIds[0]!, ana.personId, context)
      expect((await nearest()).map((person) => person.name)).toContain('Ana')
      expect((await unknown.nearestPersons({ ...scope, faceIds, limit: 1 })).length).toBe(1)
      expect((await store.gallery.person(boris.personId)).name).toBe('Boris')
    })

    test('a face taken out of a group is told apart from the others, and from whoever they become', async () => {
      const { groupId } = await keptGroup(4, 'street')
      const { faceIds } = await unknown.groupFaces(client, groupId, slovenia, name('Nobody yet'))
      const [out, ...stayers] = faceIds
      await expect(unknown.takeOut(client, groupId, faceIds, context)).rejects.toMatchObject({
        code: 'invalid-argument',
      })
      const before = await unknown.groups(listing)
      const taken = await unknown.takeOut(client, groupId, [out!], context)
      expect(taken.value.faces).toBe(1)
      expect(await unknown.groupOf(client, out!)).toBeUndefined()
      await expect(unknown.takeOut(client, groupId, [out!], context)).rejects.toMatchObject({
        code: 'not-found',
      })
      const constraints = await unknown.constraints(scope)
      expect(constraints).toHaveLength(4)
      expect(new Set(constraints.flatMap(({ sides }) => sides.map(Math.abs))).size).toBe(1)
      expect(constraints.filter(({ sides }) => sides[0]! > 0)).toHaveLength(1)
      const named = await store.gallery.moveFaces(stayers, slovenia, name('Ana'), context)
      expect((await store.gallery.rejectsOf(named.value)).map(({ faceId }) => faceId)).toEqual([out])
      await expect(store.gallery.undo(taken.ledgerId!, context)).resolves.toBeDefined()
      await store.gallery.undo(named.ledgerId!, context)
      expect(await unknown.constraints(scope)).toEqual([])
      expect(await unknown.groups(listing)).toEqual(before)
      expect((await store.gallery.verifyLedger()).brokenAt).toBeUndefined()
    })

    test('whoever is given a face by hand is ruled out for those that were told apart from it', async () => {
      const { groupId, photos } = await keptGroup(3, 'street')
      const { faceIds } = await unknown.groupFaces(client, groupId, slovenia, name('Nobody yet'))
      await unknown.takeOut(client, groupId, faceIds.slice(0, 1), context)
      const assignment = {
        person: name('Ana'),
        photo: photos[2]!.photo,
        face: photos[2]!.faces[0]!,
        source: 'confirmed',
      } as const
      const { value, ledgerId } = await store.gallery.assignFaces(
        client,
        slovenia,
        model,
        [assignment],
        context,
      )
      expect(value[0]!.faceId).toBe(faceIds[0])
      const rejects = await store.gallery.rejectsOf(value[0]!.personId)
      expect(rejects.map(({ faceId }) => faceId).toSorted()).toEqual(faceIds.slice(1).toSorted())
      await store.gallery.undo(ledgerId!, context)
      expect(await store.names({})).toEqual([])
    })

    test('faces of a mirror or a collage are kept apart by nothing', async () => {
      const { groupId, photos } = await keptGroup(2, 'street')
      expect(await unknown.constraints(scope)).toEqual([])
      const said = await store.gallery.setRepeatsPeople(client, photos[0]!.photo.sha256, true, context)
      expect(await unknown.constraints(scope)).toEqual([{ id: groupId, sides: [], photoRepeats: true }])
      await store.gallery.undo(said.ledgerId!, context)
      expect(await unknown.constraints(scope)).toEqual([])
    })

    test('a group that has a photo twice gives a person one face of it', async () => {
      await store.gallery.ensureDomain(client, slovenia)
      const faces = [0, 300].map((x) => madeFace(store.vector(), { ...defaultBox, x }))
      await unknown.keep(scope, [{ photo: madePhoto('a mirror'), faces }])
      const groupId = await group(await ids())
      const once = await unknown.groupFaces(client, groupId, slovenia, name('Ana'))
      expect([once.faceIds.length, once.leftOut]).toEqual([1, 1])
      await store.gallery.setRepeatsPeople(client, madePhoto('a mirror').sha256, true, context)
      expect((await unknown.groupFaces(client, groupId, slovenia, name('Ana'))).leftOut).toBe(0)
    })

    test('forgets all faces of a client at once, says so in the ledger, and has no way back', async () => {
      await keptGroup(3, 'street')
      expect(await unknown.forget(otherClient, context)).toBe(0)
      expect(await unknown.forget(client, context)).toBe(3)
      expect(await ids()).toEqual([])
      const [entry] = await store.gallery.ledger({ clientId: client, limit: 10 })
      expect(entry).toMatchObject({ action: 'forget-unknown', undoable: false })
      await expect(store.gallery.undo(entry!.ledgerId, context)).rejects.toMatchObject({ code: 'conflict' })
    })

    test('removes faces when their time is over, but for those that somebody was ruled out for', async () => {
      const { photos, centre } = await keepSome(4, 'street')
      const ana = await store.enrol('Ana', { embedding: centre })
      const ruledOut = { photo: photos[1]!.photo, face: photos[1]!.faces[0]!, personId: ana.personId }
      await store.gallery.rejectFace(client, model, ruledOut, context)
      const [first] = await ids()
      const group0 = await group((await ids()).slice(2))
      const { faceIds } = await unknown.groupFaces(client, group0, slovenia, name('Boris'))
      await store.gallery.moveFaces(faceIds.slice(0, 1), slovenia, name('Boris'), context)
      expect(await unknown.expire(Date.now() - 60_000)).toBe(0)
      expect(await ids()).toContain(first)
      await store.later()
      expect(await unknown.expire(Date.now())).toBe(3)
      expect(await ids()).toEqual([])
      expect(await unknown.expire(Date.now())).toBe(0)
      expect(await store.names({})).toEqual(['Ana', 'Boris'])
      expect(await store.gallery.rejectsOf(ana.personId)).toHaveLength(1)
      await expect(store.gallery.crop(faceIds[1]!)).rejects.toMatchObject({ code: 'not-found' })
      expect((await unknown.keep(scope, photos)) - 2).toBe(1)
    })

    test('forgets links to faces whose number may come again', async () => {
      await keepSome(3, 'street')
      await unknown.link({ ...linking, ids: await ids() })
      await store.later()
      await unknown.expire(Date.now())
      await keepSome(1, 'square')
      const [only] = await unknown.link({ ...linking, ids: await ids() })
      expect(only!.neighbours).toEqual([])
    })

    test('go and come back with their domain, and keep up with its name', async () => {
      const { groupId } = await keptGroup(3, 'street')
      await unknown.link({ ...linking, ids: await ids() })
      const { ledgerId } = await store.gallery.deleteDomain(client, slovenia, context)
      expect(await ids()).toEqual([])
      await store.gallery.undo(ledgerId!, context)
      expect(await ids()).toHaveLength(3)
      await store.gallery.renameDomain(client, slovenia, serbia, context)
      const { groups } = await unknown.groups({ ...listing, domain: serbia })
      expect(groups.map((one) => one.groupId)).toEqual([groupId])
      const again = { ...linking, domain: serbia, withinDistance: 0.45 }
      const linked = await unknown.link({ ...again, ids: await unknown.ids({ ...scope, domain: serbia }, 0) })
      expect(linked.map(({ neighbours }) => neighbours.length)).toEqual([2, 2, 2])
    })
  })
}
