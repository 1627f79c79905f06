/** What every `GalleryStore` promises. Each store's test file calls it with a way to open an empty store. Tests. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GalleryStore } from '../../src-main/storage/gallery-store'
import type { SearchAnswer, SearchQuery } from '../../src-main/storage/search-records'
import type { UnitEmbedding } from '../../src-shared/face'
import {
  clientIdSchema,
  domainSchema,
  faceIdSchema,
  ledgerIdSchema,
  modelIdSchema,
  type PersonId,
  personIdSchema,
} from '../../src-shared/ids'
import {
  defaultBox,
  madeAssignment,
  madeFace,
  madePhoto,
  madeSha256,
  randomNumbers,
  similarity,
  unitVector,
} from './made-faces'

const client = clientIdSchema.parse('default')
const otherClient = clientIdSchema.parse('museum')
const slovenia = domainSchema.parse('slovenia')
const serbia = domainSchema.parse('serbia')
const model = modelIdSchema.parse('pack/embedder')
const otherModel = modelIdSchema.parse('pack/other')
const context = { actor: 'tester', summary: 'a test' }
const nobody = personIdSchema.parse('00000000-0000-7000-8000-000000000000')

/** A list by name, unfiltered. */
const plain = { sort: 'name', flags: [], tag: null } as const

/** Distances are float32 products of 512 terms. */
const tolerance = 1e-5

/** The suite. `openEmpty` gives a store with nothing in it. */
export function describeGalleryStore(
  name: string,
  openEmpty: () => Promise<{ readonly gallery: GalleryStore; close(): Promise<void> }>,
): void {
  describe(name, () => {
    let gallery: GalleryStore
    let close: () => Promise<void>
    let random: () => number

    beforeEach(async () => {
      const store = await openEmpty()
      gallery = store.gallery
      close = store.close
      random = randomNumbers(20_240_521)
    })
    afterEach(() => close())

    const vector = (near?: Float32Array, spread?: number) => unitVector(random, near, spread)

    /** Enrols one photo of a person; gives what became of it, and the ledger's entry. */
    async function enrol(personName: string, embedding: UnitEmbedding, domain = slovenia, clientId = client) {
      const assignment = madeAssignment(personName, embedding)
      const { value, ledgerId } = await gallery.assignFaces(clientId, domain, model, [assignment], context)
      return { ...value[0]!, ledgerId: ledgerId!, photo: assignment.photo, face: assignment.face }
    }

    function search(probe: UnitEmbedding, query: Partial<SearchQuery> = {}): Promise<SearchAnswer> {
      return gallery.search({
        clientId: client,
        domains: [slovenia],
        modelId: model,
        probes: [probe],
        topPersons: 5,
        topFaces: 5,
        withinDistance: 0.6,
        ...query,
      })
    }

    const namesFound = async (probe: UnitEmbedding, query?: Partial<SearchQuery>) =>
      (await search(probe, query)).probes[0]!.persons.map((person) => person.name)

    describe('search', () => {
      test('answers as a search by hand does, for one probe and for many', async () => {
        const people = Array.from({ length: 60 }, (_, index) => ({
          name: `Person ${index}`,
          centre: vector(),
        }))
        const faces = people.flatMap(({ name: of, centre }, index) =>
          Array.from({ length: 1 + (index % 7) }, () => ({ of, embedding: vector(centre, 0.9) })),
        )
        await gallery.assignFaces(
          client,
          slovenia,
          model,
          faces.map(({ of, embedding }) => madeAssignment(of, embedding)),
          context,
        )
        const probes = [
          ...people.slice(0, 15).map(({ centre }) => vector(centre, 0.9)),
          vector(),
          vector(),
          vector(),
        ]
        const withinDistance = 0.5
        const answer = await search(probes[0]!, { probes, topPersons: 10, topFaces: 12, withinDistance })

        expect(answer.probes).toHaveLength(probes.length)
        expect(answer.galleryPersons).toBe(60)
        expect(answer.galleryEmbeddings).toBe(faces.length)
        for (const [index, probe] of probes.entries()) {
          const byHand = faces
            .map(({ of, embedding }) => ({ of, distance: 1 - similarity(probe, embedding) }))
            .sort((a, b) => a.distance - b.distance)
          const { persons, faces: hits } = answer.probes[index]!
          expect(hits).toHaveLength(12)
          for (const [rank, hit] of hits.entries())
            expect(hit.distance).toBeCloseTo(byHand[rank]!.distance, 5)
          const nearest = [...new Map(byHand.toReversed().map((face) => [face.of, face])).values()].sort(
            (a, b) => a.distance - b.distance,
          )
          expect(persons.map((person) => person.name)).toEqual(nearest.slice(0, 10).map((face) => face.of))
          for (const person of persons) {
            const own = byHand.filter((face) => face.of === person.name)
            const within = own.filter((face) => face.distance <= withinDistance)
            expect(Math.abs(person.distance - own[0]!.distance)).toBeLessThan(tolerance)
            expect(person.occurrences).toBe(within.length)
            expect(person.bestDistances).toHaveLength(Math.min(3, within.length))
            for (const [rank, distance] of person.bestDistances.entries()) {
              expect(Math.abs(distance - within[rank]!.distance)).toBeLessThan(tolerance)
            }
          }
        }
      })

      test('a person with many photos does not crowd the others out', async () => {
        const centre = vector()
        const crowd = Array.from({ length: 500 }, () => madeAssignment('Ana', vector(centre, 0.2)))
        const others = Array.from({ length: 4 }, (_, index) =>
          madeAssignment(`Other ${index}`, vector(centre, 3)),
        )
        await gallery.assignFaces(client, slovenia, model, [...crowd, ...others], context)
        const answer = await search(centre, { topPersons: 5, topFaces: 10 })
        expect(answer.probes[0]!.persons.map((person) => person.name).sort()).toEqual([
          'Ana',
          'Other 0',
          'Other 1',
          'Other 2',
          'Other 3',
        ])
        expect(answer.probes[0]!.persons[0]).toMatchObject({ name: 'Ana', occurrences: 500 })
        expect(answer.probes[0]!.faces).toHaveLength(10)
      })

      test('names the nearest face and its photo', async () => {
        const probe = vector()
        await enrol('Ana', vector(probe, 0.8))
        const near = await enrol('Ana', vector(probe, 0.2))
        const [person] = (await search(probe)).probes[0]!.persons
        expect(person).toMatchObject({
          personId: near.personId,
          domain: slovenia,
          nearestFaceId: near.faceId,
          nearestPhotoSha256: near.photo.sha256,
        })
      })

      test('a probe that is enrolled is at distance 0', async () => {
        const embedding = vector()
        await enrol('Ana', embedding)
        const [person] = (await search(embedding)).probes[0]!.persons
        expect(person!.distance).toBeGreaterThanOrEqual(0)
        expect(person!.distance).toBeLessThan(tolerance)
      })

      test('stays in its client, its domains and its model', async () => {
        const embedding = vector()
        await enrol('Ana', embedding)
        await enrol('Jelena', embedding, serbia)
        await enrol('Visitor', embedding, slovenia, otherClient)
        await gallery.assignFaces(
          client,
          slovenia,
          otherModel,
          [madeAssignment('Modelled', embedding)],
          context,
        )

        expect(await namesFound(embedding)).toEqual(['Ana'])
        expect(await namesFound(embedding, { domains: [serbia] })).toEqual(['Jelena'])
        expect((await namesFound(embedding, { domains: 'all' })).sort()).toEqual(['Ana', 'Jelena'])
        expect((await namesFound(embedding, { domains: [serbia, slovenia] })).sort()).toEqual([
          'Ana',
          'Jelena',
        ])
        expect(await namesFound(embedding, { clientId: otherClient })).toEqual(['Visitor'])
        expect(await namesFound(embedding, { modelId: otherModel })).toEqual(['Modelled'])
        expect(await namesFound(embedding, { domains: [domainSchema.parse('nowhere')] })).toEqual([])
        expect(await gallery.gallerySize(client, 'all', model)).toEqual({ persons: 2, embeddings: 2 })
        expect(await gallery.gallerySize(client, [serbia], model)).toEqual({ persons: 1, embeddings: 1 })
      })

      test('an empty gallery answers with nobody', async () => {
        const answer = await search(vector(), { domains: 'all' })
        expect(answer.probes).toEqual([{ persons: [], faces: [] }])
        expect(answer).toMatchObject({ galleryPersons: 0, galleryEmbeddings: 0 })
      })

      test('every write is seen by the very next search', async () => {
        const embedding = vector()
        expect(await namesFound(embedding)).toEqual([])
        const { personId, photo, face } = await enrol('Ana', embedding)
        expect(await namesFound(embedding)).toEqual(['Ana'])
        await gallery.updatePerson(personId, { name: 'Ana Novak' }, context)
        expect(await namesFound(embedding)).toEqual(['Ana Novak'])
        await gallery.rejectFace(client, model, { photo, face, personId }, context)
        expect(await namesFound(embedding)).toEqual([])
        await gallery.assignFaces(
          client,
          slovenia,
          model,
          [{ person: { personId }, photo, face, source: 'manual' }],
          context,
        )
        expect(await namesFound(embedding)).toEqual(['Ana Novak'])
        await gallery.deletePersons([personId], context)
        expect(await namesFound(embedding)).toEqual([])
        await enrol('Ana', embedding)
        expect(await namesFound(embedding)).toEqual(['Ana'])
        await gallery.deleteDomain(client, slovenia, context)
        expect(await namesFound(embedding, { domains: 'all' })).toEqual([])
        expect(await gallery.gallerySize(client, 'all', model)).toEqual({ persons: 0, embeddings: 0 })
      })

      test('stays right while people come and go', async () => {
        const alive = new Map<PersonId, UnitEmbedding>()
        for (let round = 0; round < 12; round++) {
          const embeddings = Array.from({ length: 20 }, () => vector())
          const assignments = embeddings.map((embedding, index) =>
            madeAssignment(`P ${round} ${index}`, embedding),
          )
          const { value } = await gallery.assignFaces(client, slovenia, model, assignments, context)
          for (const [index, { personId }] of value.entries()) alive.set(personId, embeddings[index]!)
          const leaving = [...alive.keys()].filter(() => random() < 0.4)
          await gallery.deletePersons(leaving, context)
          for (const personId of leaving) alive.delete(personId)

          const probe = vector()
          const byHand = [...alive].sort(([, a], [, b]) => similarity(probe, b) - similarity(probe, a))
          const { probes, galleryPersons } = await search(probe, { topPersons: 8 })
          expect(galleryPersons).toBe(alive.size)
          expect(probes[0]!.persons.map((person) => person.personId)).toEqual(
            byHand.slice(0, 8).map(([personId]) => personId),
          )
        }
      })
    })

    describe('assigning', () => {
      test('makes the domain, the person, the photo and the face, once', async () => {
        const assignment = madeAssignment('Ana', vector())
        const first = await gallery.assignFaces(client, slovenia, model, [assignment], context)
        expect(first.value).toMatchObject([{ outcome: 'added', personCreated: true }])
        expect(first.ledgerId).toBeDefined()
        const second = await gallery.assignFaces(client, slovenia, model, [assignment], context)
        expect(second).toEqual({
          value: [{ ...first.value[0], outcome: 'already-there', personCreated: false }],
        })
        expect(await gallery.clients()).toEqual([
          {
            clientId: client,
            domains: [
              {
                domain: slovenia,
                persons: 1,
                photos: 1,
                faces: 1,
                embeddingsByModel: { [model]: 1 },
                sample: false,
              },
            ],
          },
        ])
      })

      test('boxes that overlap by half are one face, others are not', async () => {
        const embedding = vector()
        const photo = madePhoto('group')
        const at = (x: number) => ({
          person: { name: 'Ana' },
          photo,
          face: madeFace(embedding, { ...defaultBox, x }),
          source: 'enrolled' as const,
        })
        const { value: first } = await gallery.assignFaces(client, slovenia, model, [at(100)], context)
        const { value: near } = await gallery.assignFaces(client, slovenia, model, [at(130)], context)
        const { value: far } = await gallery.assignFaces(
          client,
          slovenia,
          model,
          [{ ...at(180), person: { name: 'Jelena' } }],
          context,
        )
        expect(near[0]).toMatchObject({ outcome: 'already-there', faceId: first[0]!.faceId })
        expect(far[0]!.outcome).toBe('added')
        expect(far[0]!.faceId).not.toBe(first[0]!.faceId)
      })

      test('moves a face from one person to another', async () => {
        const embedding = vector()
        const { photo, face, faceId } = await enrol('Ana', embedding)
        const { value } = await gallery.assignFaces(
          client,
          slovenia,
          model,
          [{ person: { name: 'Jelena' }, photo, face, source: 'confirmed' }],
          context,
        )
        expect(value).toMatchObject([{ outcome: 'moved', faceId, personCreated: true }])
        expect(await namesFound(embedding)).toEqual(['Jelena'])
        const known = (await gallery.knownFaces(client, [photo.sha256])).get(photo.sha256)
        expect(known).toMatchObject([
          { faceId, person: { name: 'Jelena', domain: slovenia }, source: 'confirmed' },
        ])
      })

      test('adds the embedding of another model to a face that is there', async () => {
        const { photo, face, personId, faceId } = await enrol('Ana', vector())
        const other = { ...face, embedding: vector() }
        const written = await gallery.assignFaces(
          client,
          slovenia,
          otherModel,
          [{ person: { personId }, photo, face: other, source: 'enrolled' }],
          context,
        )
        expect(written.value).toMatchObject([{ faceId, outcome: 'added' }])
        expect(await namesFound(face.embedding)).toEqual(['Ana'])
        expect(await namesFound(other.embedding, { modelId: otherModel })).toEqual(['Ana'])
        await gallery.undo(written.ledgerId!, context)
        expect(await namesFound(other.embedding, { modelId: otherModel })).toEqual([])
        expect(await namesFound(face.embedding)).toEqual(['Ana'])
      })

      test('is one transaction: an unknown person undoes the whole call', async () => {
        const good = madeAssignment('Ana', vector())
        const bad = { ...madeAssignment('x', vector()), person: { personId: nobody } }
        await expect(
          gallery.assignFaces(client, slovenia, model, [good, bad], context),
        ).rejects.toMatchObject({
          code: 'not-found',
        })
        expect(await gallery.clients()).toEqual([])
        expect(await namesFound(good.face.embedding)).toEqual([])
      })

      test('refuses a person of another client or domain', async () => {
        const { personId } = await enrol('Ana', vector())
        const assignment = { ...madeAssignment('x', vector()), person: { personId } }
        const refused = { code: 'not-found' }
        await expect(gallery.assignFaces(client, serbia, model, [assignment], context)).rejects.toMatchObject(
          refused,
        )
        await expect(
          gallery.assignFaces(otherClient, slovenia, model, [assignment], context),
        ).rejects.toMatchObject(refused)
      })

      test('keeps names in NFC: composed and decomposed are one person', async () => {
        await enrol('Živa Čuk', vector())
        const again = await enrol('Živa Čuk'.normalize('NFD'), vector())
        expect(again.personCreated).toBe(false)
        expect((await gallery.person(again.personId)).name).toBe('Živa Čuk')
      })
    })

    describe('people', () => {
      test('are found by part of a name, without regard to case and accents', async () => {
        for (const personName of ['Živa Čuk', 'Đorđe Ćirić', 'ANA ZUPAN', 'Иван'])
          await enrol(personName, vector())
        const found = async (text: string) =>
          (
            await gallery.persons({ clientId: client, domain: null, text, ...plain, offset: 0, limit: 10 })
          ).persons.map((person) => person.name)
        expect(await found('cuk')).toEqual(['Živa Čuk'])
        expect(await found('ČUK')).toEqual(['Živa Čuk'])
        expect(await found('dorde c')).toEqual(['Đorđe Ćirić'])
        expect(await found('zu')).toEqual(['ANA ZUPAN'])
        expect(await found('иВ')).toEqual(['Иван'])
        expect(await found('%')).toEqual([])
        expect(await found('')).toEqual(['ANA ZUPAN', 'Đorđe Ćirić', 'Živa Čuk', 'Иван'])
      })

      test('are listed in pages, with counts and a cover', async () => {
        for (const index of [3, 1, 2])
          await enrol(`Person ${index}`, vector(), index === 3 ? serbia : slovenia)
        const best = madeAssignment('Person 1', vector())
        const { value } = await gallery.assignFaces(
          client,
          slovenia,
          model,
          [{ ...best, face: { ...best.face, quality: { ...best.face.quality, value: 0.99 } } }],
          context,
        )
        const page = await gallery.persons({
          clientId: client,
          domain: slovenia,
          text: '',
          ...plain,
          offset: 0,
          limit: 1,
        })
        expect(page).toMatchObject({
          total: 2,
          persons: [
            { name: 'Person 1', domain: slovenia, photos: 2, faces: 2, coverFaceId: value[0]!.faceId },
          ],
        })
        const all = await gallery.persons({
          clientId: client,
          domain: null,
          text: 'person',
          ...plain,
          offset: 1,
          limit: 10,
        })
        expect(all.total).toBe(3)
        expect(all.persons.map((person) => person.name)).toEqual(['Person 2', 'Person 3'])
        expect(
          (
            await gallery.persons({
              clientId: otherClient,
              domain: null,
              text: '',
              ...plain,
              offset: 0,
              limit: 10,
            })
          ).total,
        ).toBe(0)
      })

      test('show their faces, best first', async () => {
        const { personId, faceId, photo } = await enrol('Ana', vector())
        expect(await gallery.person(personId)).toMatchObject({
          personId,
          name: 'Ana',
          photos: 1,
          faces: 1,
          facesList: [{ faceId, photoPath: photo.path, quality: 0.7, source: 'enrolled', models: [model] }],
        })
        await expect(gallery.person(nobody)).rejects.toMatchObject({ code: 'not-found' })
      })

      test('are renamed, but not to a name that is taken', async () => {
        const ana = await enrol('Ana', vector())
        await enrol('Jelena', vector())
        await expect(gallery.updatePerson(ana.personId, { name: 'Jelena' }, context)).rejects.toMatchObject({
          code: 'conflict',
        })
        expect((await gallery.person(ana.personId)).name).toBe('Ana')
        expect(await gallery.updatePerson(ana.personId, { name: 'Ana' }, context)).toEqual({
          value: undefined,
        })
        const { ledgerId } = await gallery.updatePerson(ana.personId, { name: 'Čarna' }, context)
        expect(ledgerId).toBeDefined()
        expect(
          (
            await gallery.persons({
              clientId: client,
              domain: null,
              text: 'carna',
              ...plain,
              offset: 0,
              limit: 1,
            })
          ).total,
        ).toBe(1)
        await expect(gallery.updatePerson(nobody, { name: 'X' }, context)).rejects.toMatchObject({
          code: 'not-found',
        })
      })

      test('may have a name that another domain or client has', async () => {
        const ids = [
          (await enrol('Ana', vector())).personId,
          (await enrol('Ana', vector(), serbia)).personId,
          (await enrol('Ana', vector(), slovenia, otherClient)).personId,
        ]
        expect(new Set(ids).size).toBe(3)
      })

      test('are deleted all or none', async () => {
        const { personId, faceId } = await enrol('Ana', vector())
        await expect(gallery.deletePersons([personId, nobody], context)).rejects.toMatchObject({
          code: 'not-found',
        })
        expect((await gallery.person(personId)).name).toBe('Ana')
        await gallery.deletePersons([personId], context)
        await expect(gallery.person(personId)).rejects.toMatchObject({ code: 'not-found' })
        await expect(gallery.crop(faceId)).rejects.toMatchObject({ code: 'not-found' })
        expect((await gallery.clients())[0]!.domains[0]).toMatchObject({ persons: 0, photos: 0, faces: 0 })
      })
    })

    describe('domains', () => {
      test('are listed when empty, and keep their label', async () => {
        await gallery.ensureDomain(client, serbia)
        await gallery.ensureDomain(client, slovenia, { sample: true })
        await gallery.ensureDomain(client, slovenia)
        await gallery.ensureDomain(client, serbia, { sample: true })
        const [{ domains }] = (await gallery.clients()) as [
          Awaited<ReturnType<GalleryStore['clients']>>[number],
        ]
        expect(domains.map(({ domain, sample, persons }) => ({ domain, sample, persons }))).toEqual([
          { domain: serbia, sample: false, persons: 0 },
          { domain: slovenia, sample: true, persons: 0 },
        ])
      })

      test('are deleted with what they hold, and only that', async () => {
        const embedding = vector()
        await enrol('Ana', embedding)
        await enrol('Jelena', embedding, serbia)
        await gallery.deleteDomain(client, slovenia, context)
        expect(await namesFound(embedding, { domains: 'all' })).toEqual(['Jelena'])
        expect((await gallery.clients())[0]!.domains.map(({ domain }) => domain)).toEqual([serbia])
        await expect(gallery.deleteDomain(client, slovenia, context)).rejects.toMatchObject({
          code: 'not-found',
        })
      })
    })

    describe('what is known of photos', () => {
      test('rejects are stored, once, and withdrawn by assigning', async () => {
        const { personId, photo, face, faceId } = await enrol('Ana', vector())
        const stranger = { photo: madePhoto('elsewhere'), face: madeFace(vector()), personId }
        const first = await gallery.rejectFace(client, model, stranger, context)
        const second = await gallery.rejectFace(client, model, stranger, context)
        expect(second).toEqual({ value: first.value })
        const known = await gallery.knownFaces(client, [
          stranger.photo.sha256,
          photo.sha256,
          madeSha256('never seen'),
        ])
        expect([...known.keys()].sort()).toEqual([stranger.photo.sha256, photo.sha256].sort())
        expect(known.get(stranger.photo.sha256)).toMatchObject([
          { faceId: first.value, rejected: [personId] },
        ])
        expect(known.get(stranger.photo.sha256)![0]).not.toHaveProperty('person')
        expect(known.get(photo.sha256)).toMatchObject([{ faceId, box: face.box, rejected: [] }])

        await gallery.assignFaces(
          client,
          slovenia,
          model,
          [{ ...stranger, person: { personId }, source: 'confirmed' }],
          context,
        )
        expect(
          (await gallery.knownFaces(client, [stranger.photo.sha256])).get(stranger.photo.sha256),
        ).toMatchObject([{ faceId: first.value, person: { personId }, rejected: [] }])
        expect((await gallery.knownFaces(otherClient, [photo.sha256])).size).toBe(0)
      })

      test('a rejected face that was the person’s is taken from them', async () => {
        const embedding = vector()
        const { personId, photo, face } = await enrol('Ana', embedding)
        await gallery.rejectFace(client, model, { photo, face, personId }, context)
        expect(await namesFound(embedding)).toEqual([])
        expect(await gallery.person(personId)).toMatchObject({ faces: 0, facesList: [] })
        await expect(
          gallery.rejectFace(client, model, { photo, face, personId: nobody }, context),
        ).rejects.toMatchObject({ code: 'not-found' })
        await expect(
          gallery.rejectFace(otherClient, model, { photo, face, personId }, context),
        ).rejects.toMatchObject({ code: 'not-found' })
      })

      test('enrolled photos are told with whom they hold', async () => {
        const photo = madePhoto('pair')
        const left = { person: { name: 'Ana' }, photo, face: madeFace(vector()), source: 'enrolled' as const }
        const right = {
          ...left,
          person: { name: 'Eva' },
          face: madeFace(vector(), { ...defaultBox, x: 600 }),
        }
        await gallery.assignFaces(client, slovenia, model, [left, right], context)
        await enrol('Jelena', vector(), serbia)
        const enrolled = await gallery.enrolledPhotos(client, slovenia, model)
        expect([...enrolled.keys()]).toEqual([photo.sha256])
        expect([...enrolled.get(photo.sha256)!].sort()).toEqual(['Ana', 'Eva'])
        expect((await gallery.enrolledPhotos(client, slovenia, otherModel)).size).toBe(0)
      })

      test('the crop is the face’s reference picture', async () => {
        const { faceId, face } = await enrol('Ana', vector())
        expect(new Uint8Array(await gallery.crop(faceId))).toEqual(face.crop)
        await expect(gallery.crop(faceIdSchema.parse(nobody))).rejects.toMatchObject({ code: 'not-found' })
      })
    })

    describe('undo', () => {
      /** All that can be seen of the gallery, but for times. */
      async function seen(photos: readonly string[] = []) {
        const { persons } = await gallery.persons({
          clientId: client,
          domain: null,
          text: '',
          ...plain,
          offset: 0,
          limit: 500,
        })
        const known = await gallery.knownFaces(client, photos.map(madeSha256))
        return {
          clients: await gallery.clients(),
          persons: persons.map(({ updatedAt: _, ...person }) => person),
          known: [...known],
          size: await gallery.gallerySize(client, 'all', model),
        }
      }

      test('takes back an enrolment, and nothing else', async () => {
        const kept = vector()
        await enrol('Ana', kept)
        const before = await seen()
        const embedding = vector()
        const { ledgerId } = await gallery.assignFaces(
          client,
          slovenia,
          model,
          [madeAssignment('Jelena', embedding, 'one'), madeAssignment('Ana', vector(kept, 0.3), 'two')],
          context,
        )
        expect(await gallery.undo(ledgerId!, context)).toEqual({ summary: context.summary })
        expect(await seen(['one', 'two'])).toEqual(before)
        expect(await namesFound(embedding)).toEqual(['Ana'])
        await expect(gallery.undo(ledgerId!, context)).rejects.toMatchObject({ code: 'conflict' })
      })

      test('takes back a move and the withdrawn reject', async () => {
        const embedding = vector()
        const { photo, face } = await enrol('Ana', embedding)
        const jelena = await enrol('Jelena', vector())
        await gallery.rejectFace(client, model, { photo, face, personId: jelena.personId }, context)
        const before = await gallery.knownFaces(client, [photo.sha256])
        const { ledgerId } = await gallery.assignFaces(
          client,
          slovenia,
          model,
          [{ person: { personId: jelena.personId }, photo, face, source: 'confirmed' }],
          context,
        )
        expect(await namesFound(embedding, { topPersons: 1 })).toEqual(['Jelena'])
        await gallery.undo(ledgerId!, context)
        expect(await namesFound(embedding, { topPersons: 1 })).toEqual(['Ana'])
        expect(await gallery.knownFaces(client, [photo.sha256])).toEqual(before)
      })

      test('takes back a reject', async () => {
        const embedding = vector()
        const { personId, photo, face } = await enrol('Ana', embedding)
        const own = await gallery.rejectFace(client, model, { photo, face, personId }, context)
        await gallery.undo(own.ledgerId!, context)
        expect(await namesFound(embedding)).toEqual(['Ana'])
        const strange = { photo: madePhoto('elsewhere'), face: madeFace(vector()), personId }
        const other = await gallery.rejectFace(client, model, strange, context)
        await gallery.undo(other.ledgerId!, context)
        expect((await gallery.knownFaces(client, [strange.photo.sha256])).size).toBe(0)
      })

      test('takes back a rename', async () => {
        const { personId } = await enrol('Ana', vector())
        const { ledgerId } = await gallery.updatePerson(personId, { name: 'Čarna' }, context)
        await gallery.undo(ledgerId!, context)
        expect(
          (
            await gallery.persons({
              clientId: client,
              domain: null,
              text: 'ana',
              ...plain,
              offset: 0,
              limit: 9,
            })
          ).total,
        ).toBe(1)
      })

      test('brings deleted people back, with faces, crops and embeddings', async () => {
        const embedding = vector()
        const { personId, faceId, face } = await enrol('Ana', embedding)
        await enrol('Jelena', vector())
        const before = await seen()
        const { ledgerId } = await gallery.deletePersons([personId], context)
        expect(await namesFound(embedding)).toEqual(['Jelena'])
        await gallery.undo(ledgerId!, context)
        expect(await seen()).toEqual(before)
        expect((await search(embedding)).probes[0]!.persons[0]).toMatchObject({
          personId,
          nearestFaceId: faceId,
        })
        expect(new Uint8Array(await gallery.crop(faceId))).toEqual(face.crop)
      })

      test('brings a deleted domain back', async () => {
        await gallery.ensureDomain(client, slovenia, { sample: true })
        const embedding = vector()
        await enrol('Ana', embedding)
        await enrol('Jelena', embedding, serbia)
        const before = await seen()
        const { ledgerId } = await gallery.deleteDomain(client, slovenia, context)
        await gallery.undo(ledgerId!, context)
        expect(await seen()).toEqual(before)
        expect((await namesFound(embedding, { domains: 'all' })).sort()).toEqual(['Ana', 'Jelena'])
      })

      test('refuses, and changes nothing, where later changes stand on it', async () => {
        const embedding = vector()
        const first = await enrol('Ana', embedding)
        const refused = { code: 'conflict' }
        // A second face of the person that the first enrolment made.
        const second = await enrol('Ana', vector(embedding, 0.3))
        await expect(gallery.undo(first.ledgerId, context)).rejects.toMatchObject(refused)
        // Another name since.
        const renamed = await gallery.updatePerson(first.personId, { name: 'Anita' }, context)
        await gallery.updatePerson(first.personId, { name: 'Anja' }, context)
        await expect(gallery.undo(renamed.ledgerId!, context)).rejects.toMatchObject(refused)
        // The face was given to somebody else since.
        await gallery.assignFaces(
          client,
          slovenia,
          model,
          [{ person: { name: 'Jelena' }, photo: second.photo, face: second.face, source: 'manual' }],
          context,
        )
        await expect(gallery.undo(second.ledgerId, context)).rejects.toMatchObject(refused)
        // The name was taken since.
        const deleted = await gallery.deletePersons([first.personId], context)
        await enrol('Anja', vector())
        await expect(gallery.undo(deleted.ledgerId!, context)).rejects.toMatchObject(refused)
        // The domain they were in is gone.
        const jelena = await gallery.persons({
          clientId: client,
          domain: null,
          text: 'jelena',
          ...plain,
          offset: 0,
          limit: 1,
        })
        const removed = await gallery.deletePersons([jelena.persons[0]!.personId], context)
        await gallery.deleteDomain(client, slovenia, context)
        await expect(gallery.undo(removed.ledgerId!, context)).rejects.toMatchObject(refused)
        expect(await namesFound(embedding, { domains: 'all' })).toEqual([])
      })

      test('refuses where the same face was enrolled again meanwhile', async () => {
        const { personId, photo, face } = await enrol('Ana', vector())
        const { ledgerId } = await gallery.deletePersons([personId], context)
        await gallery.assignFaces(
          client,
          slovenia,
          model,
          [{ person: { name: 'Eva' }, photo, face, source: 'manual' }],
          context,
        )
        await expect(gallery.undo(ledgerId!, context)).rejects.toMatchObject({ code: 'conflict' })
        expect(await namesFound(face.embedding)).toEqual(['Eva'])
      })

      test('knows no entry that was never made', async () => {
        await expect(gallery.undo(ledgerIdSchema.parse(nobody), context)).rejects.toMatchObject({
          code: 'not-found',
        })
      })
    })
  })
}
