/** A store, files in which made faces are found, and imports over both: what tests of looks at photos have in common. Tests. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { Imports } from '../../src-main/services/import/imports'
import type { OpenStore } from '../../src-main/storage/open-store'
import type { EmbeddedFace, UnitEmbedding } from '../../src-shared/face'
import type { ImportRunId, ModelId } from '../../src-shared/ids'
import type { ImportOptions } from '../../src-shared/import-run'
import { lookerAt, type MadeRow, MadeSource, madeRow, plainOptions } from '../fixtures/made-source'
import { client, slovenia } from './curated-store'
import { madeFace, randomNumbers, unitVector } from './made-faces'

export type LookedStore = Pick<OpenStore, 'gallery' | 'imports' | 'close'>

export const box = { x: 100, y: 100, w: 100, h: 120 }
export const near = { ...box, x: 104 }
export const elsewhere = { ...box, x: 500 }

/** What is asked for, of a source that {@link LookFrame.importsOf} opens. */
export const wantedWith = (options: Partial<ImportOptions>) => ({
  clientId: client,
  place: { at: 'path' as const, path: '/legacy/faces.db' },
  kind: 'legacy-sqlite' as const,
  options: { ...plainOptions, domain: slovenia, ...options },
})

/** Call within `describe`. */
export function lookFrame(open: () => Promise<LookedStore>) {
  const random = randomNumbers(9)
  const found = new Map<string, readonly EmbeddedFace[]>()
  const frame = { store: undefined as unknown as LookedStore, folder: '' }
  beforeEach(async () => {
    frame.store = await open()
    frame.folder = mkdtempSync(join(tmpdir(), 'visor-look-'))
    found.clear()
  })
  afterEach(async () => {
    await frame.store.close()
    rmSync(frame.folder, { recursive: true })
  })
  /** A file in which these faces are found; its bytes are its name, or `bytes`. */
  const file = (path: string, faces: readonly EmbeddedFace[], bytes = path) => {
    const at = join(frame.folder, path)
    mkdirSync(join(at, '..'), { recursive: true })
    writeFileSync(at, bytes)
    found.set(at, faces)
    return at
  }
  /** A picture that the source holds, in which these faces are found. */
  const image = (text: string, faces: readonly EmbeddedFace[]) => {
    found.set(text, faces)
    return Buffer.from(text)
  }
  const vector = () => unitVector(random)
  const face = (at = near, embedding = vector()) => madeFace(embedding, at)
  const importsOf = (rows: readonly MadeRow[]) =>
    new Imports({
      target: frame.store,
      openSource: async () => new MadeSource(rows.map(madeRow), { rowsInPortion: 2 }),
      openGallery: () => Promise.reject(new Error('There is none.')),
      openLooker: lookerAt(found),
      actor: 'tester',
    })
  const run = async (rows: readonly MadeRow[], options: Partial<ImportOptions> = {}) => {
    const imports = importsOf(rows)
    const { runId } = await imports.begin(wantedWith(options))
    return { imports, runId, done: await imports.resume(runId) }
  }
  /** Everybody's faces: of which photo, where, measured or not, of which models. */
  const gallery = async () => {
    const query = { clientId: client, domain: null, text: '', sort: 'name', flags: [], tag: null } as const
    const people: Record<string, unknown> = {}
    for (const personId of await frame.store.gallery.personIds(query)) {
      const { detail, faces } = await frame.store.gallery.wholePerson(personId)
      people[detail.name] = faces
        .map(({ box: at, measured, photo, embeddings, hasCrop }) => ({
          x: at.x,
          measured: measured !== false,
          seen: photo.seen !== false,
          path: photo.path,
          sha256: photo.sha256,
          models: [...embeddings.keys()].toSorted(),
          hasCrop,
        }))
        .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    }
    return people
  }
  const nearest = async (modelId: ModelId, probe: UnitEmbedding) => {
    const { probes } = await frame.store.gallery.search({
      clientId: client,
      domains: [slovenia],
      modelId,
      probes: [probe],
      topPersons: 1,
      topFaces: 0,
      withinDistance: 0.2,
    })
    return probes[0]?.persons[0]?.name
  }
  const unfound = (runId: ImportRunId) => frame.store.imports.unfound(runId, { offset: 0, limit: 10 })
  return { frame, found, file, image, vector, face, importsOf, run, gallery, nearest, unfound }
}
