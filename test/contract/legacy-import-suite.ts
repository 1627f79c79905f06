/** What imports promise of what only legacy databases have: photos of their own, and times. Tests. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { Imports } from '../../src-main/services/import/imports'
import { fingerprint } from '../../src-main/services/photo-files'
import { VisorError } from '../../src-shared/errors'
import { inUse, lookerAt } from '../fixtures/made-source'
import { client, slovenia } from './curated-store'
import { box, elsewhere, type LookedStore, lookFrame, near, wantedWith } from './look-frame'

export function describeLegacyImports(name: string, open: () => Promise<LookedStore>): void {
  describe(`${name}: import of a legacy database`, () => {
    const { frame, found, file, image, vector, face, importsOf, run, gallery, nearest, unfound } =
      lookFrame(open)

    test('a photo whose file is not there is looked at where the source itself holds it', async () => {
      const [ana, bor, cene] = [face(), face(elsewhere), face()]
      const here = file('ana.jpg', [ana])
      const rows = [
        { name: 'Ana', photoPath: here, box, embedding: vector(), image: image('not used', [face()]) },
        {
          name: 'Bor',
          photoPath: '/gone/2.jpg',
          box: elsewhere,
          embedding: vector(),
          image: image('two', [bor]),
        },
        { name: 'Cene', embedding: vector(), image: image('three', [cene]) },
        { name: 'Dušan', photoPath: '/gone/4.jpg', embedding: vector() },
        { name: 'Eva', photoPath: '/gone/5.jpg', box, embedding: vector(), image: image('five', []) },
      ]
      const { imports, runId } = await run(rows)
      const before = await gallery()
      expect(await imports.look(runId, null)).toEqual({ seen: 3, joined: 0, unfound: 2 })
      const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
      expect(await gallery()).toMatchObject({
        Ana: [{ path: here, sha256: await fingerprint(here), seen: true, hasCrop: true }],
        Bor: [{ path: '/gone/2.jpg', sha256: sha256('two'), seen: true, measured: true, hasCrop: true }],
        Cene: [{ path: '', sha256: sha256('three'), x: near.x, seen: true, hasCrop: true }],
        Dušan: [{ seen: false }],
        Eva: [{ seen: false }],
      })
      expect(await nearest(inUse, bor.embedding)).toBe('Bor')
      expect((await unfound(runId)).unfound.map(({ person, reason }) => [person, reason])).toEqual([
        ['Dušan', 'photo-missing'],
        ['Eva', 'no-face'],
      ])
      expect((await imports.validate(runId)).validation).toMatchObject({ passed: true, rows: { equal: 5 } })
      await imports.undo(runId)
      expect(await gallery()).toEqual({})
      expect(Object.keys(before)).toHaveLength(5)
    })

    test('since when there are people and faces is what the source says, as far as it can be', async () => {
      const [older, newer, future] = [Date.UTC(2019, 4, 6), Date.UTC(2021, 1, 3), Date.UTC(2099, 0, 1)]
      const began = Date.now()
      const rows = [
        { name: 'Ana', personSince: newer, createdAt: older, embedding: vector() },
        { name: 'Bor', personSince: older, createdAt: newer, embedding: vector() },
        { name: 'Cene', personSince: future, createdAt: -5, embedding: vector() },
        { name: 'Dušan', embedding: vector() },
      ]
      const { imports, runId } = await run(rows)
      const query = { clientId: client, domain: slovenia, text: '', flags: [], tag: null } as const
      const ids = await frame.store.gallery.personIds({ ...query, sort: 'newest' })
      const people = await Promise.all(ids.map((personId) => frame.store.gallery.person(personId)))
      expect(people.slice(2).map(({ name }) => name)).toEqual(['Ana', 'Bor'])
      const since = new Map(people.map(({ name, facesList }) => [name, Date.parse(facesList[0]!.createdAt)]))
      expect([since.get('Ana'), since.get('Bor')]).toEqual([older, newer])
      for (const name of ['Cene', 'Dušan']) expect(since.get(name)).toBeGreaterThanOrEqual(began)
      await imports.undo(runId)
      expect(await gallery()).toEqual({})
    })

    test('a source that cannot be asked any more is said to be so', async () => {
      const rows = [{ name: 'Ana', photoPath: '/gone/1.jpg', embedding: vector() }]
      const { runId } = await run(rows)
      const imports = new Imports({
        target: frame.store,
        openSource: () => Promise.reject(new VisorError('file-missing', 'The file is not there any more.')),
        openGallery: () => Promise.reject(new Error('There is none.')),
        openLooker: lookerAt(found),
        actor: 'tester',
      })
      expect(await imports.look(runId, null)).toEqual({ seen: 0, joined: 0, unfound: 1 })
      expect((await unfound(runId)).unfound[0]?.detail).toBe(
        'The photo is not there. The source, which may have it, cannot be read: The file is not there any more.',
      )
    })

    test('embeddings that cannot be used are made from the pictures of the source, and compared with it', async () => {
      const [ana, bor] = [face(), face(near)]
      const rows = [
        { name: 'Ana', photoPath: '/gone/1.jpg', embedding: new Float32Array(3), image: image('one', [ana]) },
        {
          name: 'Bor',
          box,
          image: image('two', [face(elsewhere), bor]),
          problem: { reason: 'no-embedding' as const, detail: 'The embedding is NULL.' },
        },
        { name: 'Cene', photoPath: '/gone/3.jpg', embedding: new Float32Array(3) },
      ]
      const imports = importsOf(rows)
      const wanted = wantedWith({ embedPhotos: true })
      expect(await imports.tryOut(wanted)).toMatchObject({ imported: 2, rejected: 1 })
      const { runId } = await imports.begin(wanted)
      const done = await imports.resume(runId)
      expect(done).toMatchObject({ read: 3, imported: 2, rejected: 1 })
      expect(await nearest(inUse, ana.embedding)).toBe('Ana')
      expect(await nearest(inUse, bor.embedding)).toBe('Bor')
      expect((await imports.validate(runId)).validation).toMatchObject({
        passed: true,
        rows: { read: 3, kept: 2, rejected: 1 },
      })
      const again = await imports.begin(wanted)
      expect(await imports.resume(again.runId)).toMatchObject({ imported: 0, alreadyThere: 2, rejected: 1 })
    })

    test('the model is told by pictures of the source where no photo is at hand', async () => {
      const embedding = vector()
      const rows = [{ name: 'Ana', embedding, image: image('one', [face(near, embedding)]) }]
      const wanted = wantedWith({})
      expect(await importsOf(rows).checkModel(wanted, null)).toMatchObject({ compared: 1, verdict: 'same' })
    })
  })
}
