/** kill -9 during merges and their undos leaves each of them done or not done, and a ledger that holds. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GalleryStore } from '../../../src-main/storage/gallery-store'
import { openLocalStore } from '../../../src-main/storage/threads/local-store'
import type { LedgerEntry } from '../../../src-shared/gallery'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { madeAssignment, randomNumbers, unitVector } from '../../contract/made-faces'
import { StoreChild } from './child-process'

const rounds = 6
const longestRoundMs = 120
const people = 400
const facesEach = 3
const clientId = clientIdSchema.parse('default')
const domain = domainSchema.parse('crash')
const modelId = modelIdSchema.parse('pack/embedder')

let built: BuiltStore
let folder: string
beforeAll(async () => {
  built = await buildStore({ child: 'test/integration/storage/store-child.ts' })
  folder = mkdtempSync(join(tmpdir(), 'visor-crash-merge-'))
})
afterAll(() => {
  built.remove()
  rmSync(folder, { recursive: true, force: true })
})

test(`${rounds} kills at random moments`, async () => {
  const seed = Date.now() >>> 0
  console.info(`crash test: seed ${seed}`)
  const random = randomNumbers(seed)
  const opened = await openLocalStore({ folder, builtFolder: built.folder, threads: 1 })
  const assignments = Array.from({ length: people * facesEach }, (_, index) => {
    const name = `Person ${String(Math.floor(index / facesEach)).padStart(3, '0')}`
    return madeAssignment(name, unitVector(random), `${name} ${index}`)
  })
  await opened.gallery.assignFaces(clientId, domain, modelId, assignments, { actor: 'test', summary: 'fill' })
  await opened.close()

  let acknowledged = 0
  for (let round = 0; round < rounds; round++) {
    const child = new StoreChild(built.folder, 'merge', folder)
    expect(await child.line('open')).toBe('open')
    // The moments are random from the first merge on: a busy machine may take a while to get there.
    await child.line('merged ')
    await sleep(random() * longestRoundMs)
    await child.kill()
    acknowledged += child.lines.filter((line) => line.startsWith('merged ')).length
    await check(child.lines)
  }
  expect(acknowledged).toBeGreaterThan(0)

  async function wholeLedger({ ledger }: Pick<GalleryStore, 'ledger'>): Promise<LedgerEntry[]> {
    const entries: LedgerEntry[] = []
    for (let before = Number.MAX_SAFE_INTEGER; ; before = entries.at(-1)!.sequence) {
      const some = await ledger({ clientId, before, limit: 500 })
      entries.push(...some)
      if (some.length < 500) return entries
    }
  }

  async function check(lines: readonly string[]): Promise<void> {
    const { gallery, close } = await openLocalStore({ folder, builtFolder: built.folder, threads: 1 })
    try {
      const page = { sort: 'name', flags: [], tag: null, offset: 0, limit: 500 } as const
      const { persons } = await gallery.persons({ clientId, domain, text: '', ...page })
      // Merged or not: nobody is in between, and no face is lost.
      for (const { faces } of persons) expect(faces % facesEach).toBe(0)
      expect(persons.reduce((sum, { faces }) => sum + faces, 0)).toBe(people * facesEach)
      const { probes } = await gallery.search({
        clientId,
        domains: [domain],
        modelId,
        probes: [assignments[0]!.face.embedding],
        topPersons: people,
        topFaces: 0,
        withinDistance: 2,
      })
      expect(new Map(probes[0]!.persons.map((hit) => [hit.personId, hit.occurrences]))).toEqual(
        new Map(persons.map(({ personId, faces }) => [personId, faces])),
      )
      const history = await wholeLedger(gallery)
      const merges = history.filter(({ action }) => action === 'merge-persons')
      const standing = merges.filter(({ undoneBy }) => undoneBy === undefined)
      expect(persons.length).toBe(people - standing.length)
      const undos = history.filter(({ action }) => action === 'undo')
      expect(undos.length).toBe(merges.length - standing.length)
      expect(merges.length).toBeGreaterThanOrEqual(lines.filter((line) => line.startsWith('merged ')).length)
      expect(await gallery.verifyLedger()).toEqual({ entries: 1 + merges.length + undos.length })
    } finally {
      await close()
    }
  }
})
