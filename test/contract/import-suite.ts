/** What an import promises: each row dealt with once, whatever happens, and all of them accounted for. Tests. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SourceRow } from '../../src-main/import/source'
import { standInSha256 } from '../../src-main/services/import/identity'
import { Imports, type WantedImport } from '../../src-main/services/import/imports'
import type { OpenStore } from '../../src-main/storage/open-store'
import { domainSchema } from '../../src-shared/ids'
import type { ImportOptions, RejectedRow } from '../../src-shared/import-run'
import { arcface, lookerAt, MadeSource, madeRow, noPhotos, plainOptions } from '../fixtures/made-source'
import { client, context, slovenia } from './curated-store'
import { madeFace, madePhoto, randomNumbers, unitVector } from './made-faces'

const random = randomNumbers(5)
/** A vector as other systems keep them: of any length. */
const rawVector = (length = 512) => {
  const scale = 1 + 20 * random()
  return length === 512
    ? unitVector(random).map((value) => value * scale)
    : new Float32Array(length).map(() => random())
}
const never = () => {
  throw new Error('There is none.')
}
const photo = (name: string) => ({ photoPath: `/legacy/${name}.jpg`, embedding: rawVector() })

type Opened = Pick<OpenStore, 'gallery' | 'imports' | 'close'>

export function describeImports(name: string, open: () => Promise<Opened>): void {
  describe(`${name}: imports`, () => {
    let store: Opened
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())
    const importsFrom = (source: () => MadeSource, openLooker = noPhotos) =>
      new Imports({
        target: { imports: store.imports, gallery: store.gallery },
        openSource: async () => source(),
        openGallery: async () => {
          throw new Error('There is none.')
        },
        openLooker,
        actor: 'tester',
      })
    const wanted = (options: Partial<ImportOptions> = {}): WantedImport => ({
      clientId: client,
      place: { at: 'path', path: '/legacy/ds_model_arcface.pkl' },
      kind: 'legacy-sqlite',
      options: { ...plainOptions, domain: slovenia, ...options },
    })
    const numbers = ({
      read,
      imported,
      alreadyThere,
      rejected,
    }: Record<'read' | 'imported' | 'alreadyThere' | 'rejected', number>) => ({
      read,
      imported,
      alreadyThere,
      rejected,
    })
    const run = async (rows: readonly SourceRow[], options: Partial<ImportOptions> = {}) => {
      const imports = importsFrom(() => new MadeSource(rows, { rowsInPortion: 7 }))
      const { runId } = await imports.begin(wanted(options))
      return imports.resume(runId)
    }
    const reasons = (rejects: readonly RejectedRow[]) => rejects.map(({ key, reason }) => [key, reason])
    const people = async () => {
      const query = { clientId: client, domain: null, text: '', sort: 'name', flags: [], tag: null } as const
      const { persons } = await store.gallery.persons({ ...query, offset: 0, limit: 500 })
      return persons.map(({ name, faces, domain }) => `${name}, ${domain}: ${faces}`)
    }

    /** One of each kind, in the order of the source. */
    const mixed = () => {
      const again = rawVector()
      const box = { x: 10, y: 20, w: 100, h: 120 }
      return [
        { name: 'Ana', ...photo('ana/1') },
        { name: 'Ana', ...photo('ana/2'), confidence: 0.9, box },
        { name: 'Bor', photoPath: '/legacy/bor/1.jpg', embedding: again },
        { name: 'Bor', photoPath: '/legacy/bor/1.jpg', embedding: again },
        { name: null, ...photo('nobody/1') },
        { name: 'Cene', ...photo('cene/1'), embedding: rawVector(128) },
        { name: 'Cene', ...photo('cene/2'), embedding: rawVector().fill(0) },
        { name: 'Cene', ...photo('cene/3'), embedding: rawVector().fill(Number.NaN, 3, 4) },
        { name: 'Cene', ...photo('cene/4'), embedding: null },
        { name: 'x'.repeat(10_000_000), ...photo('long') },
        { name: '\u0000', ...photo('nothing') },
        { name: 'Ana', ...photo('ana/2'), box: { ...box, x: 400 } },
        { name: 'Bor', ...photo('ana/2'), box: { ...box, x: 12 } },
        {
          name: 'Dušan',
          ...photo('\uD800dusan'),
          problem: { reason: 'unreadable', detail: 'Broken.' } as const,
        },
        { name: 'Dušan', ...photo('dusan/2') },
      ].map(madeRow)
    }
    const mixedReasons = [
      ['row 4', 'duplicate'],
      ['row 5', 'no-person'],
      ['row 6', 'wrong-dimension'],
      ['row 7', 'zero-length'],
      ['row 8', 'not-finite'],
      ['row 9', 'no-embedding'],
      ['row 10', 'name-too-long'],
      ['row 11', 'invalid-text'],
      ['row 12', 'person-twice'],
      ['row 13', 'other-person'],
      ['row 14', 'unreadable'],
    ]

    test('every row is imported, already there, or rejected with a reason', async () => {
      const rows = mixed()
      const done = await run(rows)
      expect(done.state).toBe('done')
      expect(numbers(done)).toEqual({ read: 15, imported: 4, alreadyThere: 0, rejected: 11 })
      const { total, rejects } = await store.imports.rejects(done.runId, { offset: 0, limit: 100 })
      expect(total).toBe(11)
      expect(reasons(rejects)).toEqual(mixedReasons)
      expect(rejects[0]?.detail).toBe('The same as row 3.')
      expect(rejects[6]?.person).toHaveLength(500)
      expect(await people()).toEqual(['Ana, slovenia: 2', 'Bor, slovenia: 1', 'Dušan, slovenia: 1'])
    })

    test('trying it says the same, and writes nothing', async () => {
      const rows = mixed()
      const imports = importsFrom(() => new MadeSource(rows, { rowsInPortion: 4 }))
      const outcome = await imports.tryOut(wanted())
      expect(numbers(outcome)).toEqual({ read: 15, imported: 4, alreadyThere: 0, rejected: 11 })
      expect(reasons(outcome.rejects)).toEqual(mixedReasons)
      expect(await people()).toEqual([])
      expect(await store.imports.runs(client)).toEqual([])
    })

    test('run twice, it adds nothing', async () => {
      const rows = mixed()
      await run(rows)
      const before = await people()
      const again = await run(rows)
      expect(numbers(again)).toEqual({ read: 15, imported: 0, alreadyThere: 4, rejected: 11 })
      expect(await people()).toEqual(before)
      expect(await store.imports.entries(again.runId)).toEqual([])
    })

    test('what is found is what the source has, and was never measured', async () => {
      const embedding = rawVector()
      const box = { x: 10.5, y: 20, w: 100, h: 120 }
      await run([madeRow({ name: 'Ana', photoPath: '/legacy/1.jpg', embedding, box, confidence: 0.75 }, 0)])
      const [personId] = await store.gallery.personIds({
        clientId: client,
        domain: slovenia,
        text: 'ana',
        sort: 'name',
        flags: [],
        tag: null,
      })
      const { faces } = await store.gallery.wholePerson(personId!)
      expect(faces).toMatchObject([
        {
          box,
          score: 0.75,
          measured: false,
          source: 'imported',
          photo: { path: '/legacy/1.jpg', format: 'unknown', width: 111, height: 140, seen: false },
        },
      ])
      const [[modelId, kept] = never()] = [...faces[0]!.embeddings]
      expect(modelId).toBe('deepface/arcface')
      const length = Math.sqrt(embedding.reduce((sum, value) => sum + value * value, 0))
      expect(kept).toEqual(embedding.map((value) => value / length))
      const { probes } = await store.gallery.search({
        clientId: client,
        domains: [slovenia],
        modelId,
        probes: [kept],
        topPersons: 1,
        topFaces: 0,
        withinDistance: 0.5,
      })
      expect(probes[0]?.persons[0]).toMatchObject({ name: 'Ana' })
    })

    test('the rejected ones, mended, are imported alone: 40 = 36 + 4, then 4 more', async () => {
      const good = Array.from({ length: 40 }, (_, index) => ({
        name: `Person ${index}`,
        ...photo(`${index}`),
      }))
      const broken = good.map((row, index) => (index % 10 === 3 ? { ...row, embedding: rawVector(7) } : row))
      const first = await run(broken.map(madeRow))
      expect(numbers(first)).toEqual({ read: 40, imported: 36, alreadyThere: 0, rejected: 4 })
      const second = await run(good.map(madeRow), { onlyRejectedOf: first.runId })
      expect(numbers(second)).toEqual({ read: 4, imported: 4, alreadyThere: 0, rejected: 0 })
      expect(await people()).toHaveLength(40)
    })

    test('it goes on where it stood, whatever stopped it', async () => {
      const rows = mixed()
      for (const stopAt of [0, 4, 8, 12]) {
        const imports = importsFrom(
          () =>
            new MadeSource(rows, {
              kind: 'deepface-pkl',
              rowsInPortion: 4,
              before: (from) => {
                if (from === stopAt && stopAt !== -1 && !stopped.has(stopAt)) {
                  stopped.add(stopAt)
                  throw new Error('The disk was pulled out.')
                }
              },
            }),
        )
        const stopped = new Set<number>([-1])
        const options = wanted({ domain: domainSchema.parse(`stopped at ${stopAt}`) })
        const { runId } = await imports.begin(options)
        await expect(imports.resume(runId)).rejects.toThrow('The disk was pulled out.')
        const failed = await store.imports.run(runId)
        expect(failed).toMatchObject({ state: 'failed', position: stopAt, error: { code: 'internal' } })
        const done = await imports.resume(runId)
        expect(numbers(done)).toEqual({ read: 15, imported: 4, alreadyThere: 0, rejected: 11 })
        const { rejects } = await store.imports.rejects(runId, { offset: 0, limit: 100 })
        expect(reasons(rejects)).toEqual(mixedReasons)
      }
    })

    test('a portion is brought once, and only where the run stands', async () => {
      const rows = mixed()
      const imports = importsFrom(() => new MadeSource(rows))
      const { runId } = await imports.begin(wanted())
      const portion = { from: 0, to: 5, faces: [], rejects: [] }
      const first = await store.imports.importPortion(runId, portion, context)
      expect(first.value).toMatchObject({ position: 5, read: 0 })
      const again = await store.imports.importPortion(runId, portion, context)
      expect(again.value.position).toBe(5)
      await expect(
        store.imports.importPortion(runId, { ...portion, from: 7, to: 9 }, context),
      ).rejects.toMatchObject({ code: 'conflict' })
    })

    test('another source is not gone on with', async () => {
      let rows = mixed()
      const imports = importsFrom(() => new MadeSource(rows))
      const { runId } = await imports.begin(wanted())
      rows = rows.slice(1)
      await expect(imports.resume(runId)).rejects.toMatchObject({ code: 'conflict' })
      expect(await people()).toEqual([])
    })

    test('people of one name are kept apart in the order of their ids, or made one', async () => {
      const rows = [
        { name: 'Ana Novak', personKey: 'persons 10', ...photo('10') },
        { name: 'Ana Novak', personKey: 'persons 9', ...photo('9') },
        { name: 'Ana  Novak ', personKey: 'persons 11', ...photo('11') },
        { name: 'Ana Novak', personKey: 'persons 10', ...photo('10b') },
      ].map(madeRow)
      await run(rows)
      expect(await people()).toEqual([
        'Ana  Novak, slovenia: 1',
        'Ana Novak, slovenia: 1',
        'Ana Novak (2), slovenia: 2',
      ])
      await run(rows, { domain: domainSchema.parse('as one'), namesakes: 'one' })
      expect((await people()).filter((line) => line.includes('as one'))).toEqual([
        'Ana  Novak, as one: 1',
        'Ana Novak, as one: 3',
      ])
    })

    test('each row goes to the domain of its own, or only those of one', async () => {
      const rows = [
        { name: 'Ana', domain: 'serbia', ...photo('1') },
        { name: 'Bor', domain: 'slovenia', ...photo('2') },
        { name: 'Cene', domain: 'slovenia', ...photo('3') },
      ].map(madeRow)
      const one = await run(rows)
      expect(numbers(one)).toEqual({ read: 2, imported: 2, alreadyThere: 0, rejected: 0 })
      const all = await run(rows, { domain: null })
      expect(numbers(all)).toEqual({ read: 3, imported: 1, alreadyThere: 2, rejected: 0 })
      expect(await people()).toEqual(['Ana, serbia: 1', 'Bor, slovenia: 1', 'Cene, slovenia: 1'])
    })

    test('somebody who is there gets the faces; what a curator decided stays', async () => {
      const rows = [
        { name: 'Ana', ...photo('1') },
        { name: 'Ana', ...photo('2') },
        { name: 'Bor', ...photo('3') },
      ].map(madeRow)
      await store.gallery.addPerson(client, slovenia, 'Ana', { aliases: [] }, context)
      await run(rows)
      expect(await people()).toEqual(['Ana, slovenia: 2', 'Bor, slovenia: 1'])
      const query = { clientId: client, domain: slovenia, sort: 'name', flags: [], tag: null } as const
      const [ana] = await store.gallery.personIds({ ...query, text: 'Ana' })
      const [bor] = await store.gallery.personIds({ ...query, text: 'Bor' })
      await store.gallery.updatePerson(bor!, { name: 'Boris' }, context)
      const { facesList } = await store.gallery.person(ana!)
      await store.gallery.deleteFaces([facesList[0]!.faceId], context)
      await store.gallery.moveFaces([facesList[1]!.faceId], slovenia, { name: 'Cene' }, context)
      const again = await run(rows)
      expect(numbers(again)).toEqual({ read: 3, imported: 0, alreadyThere: 2, rejected: 1 })
      expect(await people()).toEqual(['Ana, slovenia: 0', 'Boris, slovenia: 1', 'Cene, slovenia: 1'])
    })

    test('a run is taken back as a whole, and can be run again', async () => {
      const details = { wikidataId: 'Q42', occupation: ' writer ', description: 'x'.repeat(5000) }
      const rows = mixed().map((row) => ({ ...row, person: row.person && { ...row.person, ...details } }))
      const first = await run(rows)
      const query = { clientId: client, domain: slovenia, sort: 'name', flags: [], tag: null } as const
      const [ana] = await store.gallery.personIds({ ...query, text: 'Ana' })
      expect(await store.gallery.person(ana!)).toMatchObject({ wikidataId: 'Q42', occupation: 'writer' })
      await importsFrom(() => new MadeSource(rows)).undo(first.runId)
      expect(await people()).toEqual([])
      expect(await store.imports.run(first.runId)).toMatchObject({ state: 'undone' })
      expect(numbers(await run(rows))).toEqual({ read: 15, imported: 4, alreadyThere: 0, rejected: 11 })
    })

    test('what was brought is compared with the source, bit for bit', async () => {
      const rows = mixed()
      const imports = importsFrom(() => new MadeSource(rows, { rowsInPortion: 4 }))
      const { runId } = await imports.begin(wanted())
      await expect(imports.validate(runId)).rejects.toMatchObject({ code: 'conflict' })
      await imports.resume(runId)
      const same = await imports.validate(runId)
      expect(same.state).toBe('validated')
      expect(same.validation).toMatchObject({
        passed: true,
        rows: { read: 15, equal: 4, kept: 0, rejected: 11, missing: 0, different: 0 },
        domains: [{ domain: slovenia, persons: 3, faces: 4, foundPersons: 3, foundFaces: 4 }],
        persons: [],
        searches: { asked: 4, agreed: 4, differences: [] },
      })
      const query = { clientId: client, domain: slovenia, sort: 'name', flags: [], tag: null } as const
      const [dusan] = await store.gallery.personIds({ ...query, text: 'Dušan' })
      const [bor] = await store.gallery.personIds({ ...query, text: 'Bor' })
      await store.gallery.mergePersons(dusan!, [bor!], context)
      const moved = await imports.validate(runId)
      expect(moved.validation).toMatchObject({
        passed: true,
        persons: [{ domain: slovenia, name: 'Bor', faces: 1, foundFaces: 0 }],
      })
      await store.gallery.deletePersons([dusan!], context)
      const gone = await imports.validate(runId)
      expect(gone.state).toBe('done')
      expect(gone.validation).toMatchObject({
        passed: false,
        rows: { read: 15, equal: 2, rejected: 11, missing: 2, different: 0 },
        differences: [
          { key: 'row 3', detail: 'It is not in the gallery.' },
          { key: 'row 15', detail: 'It is not in the gallery.' },
        ],
      })
    })

    test('a face that Visor had enrolled itself keeps its own embedding', async () => {
      const { box } = madeFace(unitVector(random))
      const path = '/legacy/1.jpg'
      const row = madeRow({ name: 'Ana', photoPath: path, embedding: rawVector(), box }, 0)
      const sha256 = standInSha256(path, box, '')
      const face = madeFace(unitVector(random), box)
      const photoOfPath = { ...madePhoto('1'), sha256, path }
      const assigned = [{ person: { name: 'Ana' }, photo: photoOfPath, face, source: 'enrolled' as const }]
      await store.gallery.assignFaces(client, slovenia, arcface, assigned, context)
      const imports = importsFrom(() => new MadeSource([row]))
      const { runId } = await imports.begin(wanted())
      expect(numbers(await imports.resume(runId))).toEqual({
        read: 1,
        imported: 0,
        alreadyThere: 1,
        rejected: 0,
      })
      const { validation } = await imports.validate(runId)
      expect(validation).toMatchObject({ passed: true, rows: { equal: 0, kept: 1 } })
    })

    test('embeddings that cannot be used are made from the photos where that is asked for', async () => {
      const here = import.meta.filename
      const rows = [
        { name: 'Ana', photoPath: here, embedding: rawVector(128) },
        { name: 'Bor', photoPath: '/legacy/gone.jpg', embedding: rawVector(128) },
        { name: 'Cene', ...photo('3') },
        {
          name: 'Dušan',
          photoPath: here,
          problem: { reason: 'not-a-vector', detail: 'It is a word.' } as const,
        },
      ].map(madeRow)
      expect(numbers(await run(rows))).toEqual({ read: 4, imported: 1, alreadyThere: 0, rejected: 3 })
      const looker = lookerAt(new Map([[here, [madeFace(unitVector(random))]]]))
      const imports = importsFrom(() => new MadeSource(rows), looker)
      const { runId } = await imports.begin(wanted({ embedPhotos: true }))
      expect(numbers(await imports.resume(runId))).toEqual({
        read: 4,
        imported: 1,
        alreadyThere: 1,
        rejected: 2,
      })
      const { rejects } = await store.imports.rejects(runId, { offset: 0, limit: 10 })
      // The photo has one face, and that is Ana's by now.
      expect(reasons(rejects)).toEqual([
        ['row 2', 'photo-missing'],
        ['row 4', 'other-person'],
      ])
      const { validation } = await imports.validate(runId)
      expect(validation).toMatchObject({ passed: true, rows: { equal: 1, kept: 1, rejected: 2 } })
    })

    test('embeddings of several models of one face', async () => {
      const box = { x: 10, y: 20, w: 100, h: 120 }
      const other = 'deepface/facenet512' as never
      const rows = [
        { name: 'Ana', ...photo('1'), box, key: 'row 1 (arcface)' },
        { name: 'Ana', ...photo('1'), box, key: 'row 1 (facenet512)', modelId: other },
      ].map(madeRow)
      expect(numbers(await run(rows))).toEqual({ read: 2, imported: 2, alreadyThere: 0, rejected: 0 })
      expect(await people()).toEqual(['Ana, slovenia: 1'])
      expect(numbers(await run(rows))).toEqual({ read: 2, imported: 0, alreadyThere: 2, rejected: 0 })
    })
  })
}
