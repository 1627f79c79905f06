/** kill -9 during erasures leaves each of them not done, or done and known to be due; the next start ends it, and no byte is left. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDataFolder } from '../../../src-main/data-folder'
import { Calibrations } from '../../../src-main/services/calibration/calibrations'
import { Erasures } from '../../../src-main/services/erasure/erasures'
import { filePlaces } from '../../../src-main/services/erasure/file-places'
import { SettingsFile } from '../../../src-main/services/settings-file'
import { openLocalStore } from '../../../src-main/storage/threads/local-store'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { madeAssignment, randomNumbers, unitVector } from '../../contract/made-faces'
import { Traces } from '../../fixtures/traces'
import { StoreChild } from './child-process'

const people = 240
const facesEach = 3
const clientId = clientIdSchema.parse('default')
const domain = domainSchema.parse('crash')
const modelId = modelIdSchema.parse('pack/embedder')
/** Killed so long after the child said so, at most: in the transaction, before the clearing, in it, before the report. */
const moments = [
  ['begun ', 30],
  ['removed ', 2],
  ['clearing ', 60],
  ['clearing ', 5],
  ['erased ', 1],
] as const
const rounds = 2

let built: BuiltStore
let path: string
beforeAll(async () => {
  built = await buildStore({ child: 'test/integration/storage/store-child.ts' })
  path = mkdtempSync(join(tmpdir(), 'visor-crash-erasure-'))
})
afterAll(() => {
  built.remove()
  rmSync(path, { recursive: true, force: true })
})

test(`kills at ${rounds * moments.length} moments`, async () => {
  const seed = Date.now() >>> 0
  console.info(`crash test: seed ${seed}`)
  const random = randomNumbers(seed)
  const folder = openDataFolder(path)
  const names = Array.from({ length: people }, (_, index) => `Oseba${String(index).padStart(3, '0')}a`)
  const faces = names.map((name) =>
    Array.from({ length: facesEach }, (_, index) =>
      madeAssignment(name, unitVector(random), `${name} ${index}`),
    ),
  )
  const opened = await openLocalStore({ folder: path, builtFolder: built.folder, threads: 1 })
  const context = { actor: 'test', summary: 'fill' }
  for (const assignments of faces) {
    await opened.gallery.assignFaces(clientId, domain, modelId, assignments, {
      ...context,
      summary: `Enrolled ${assignments[0]!.photo.path}`,
    })
  }
  await opened.close()
  const tracesOf = (index: number) => {
    const traces = new Traces().text('name', names[index]!)
    for (const { photo, face } of faces[index]!) {
      traces.text('path', photo.path).hash('hash', photo.sha256).embedding('embedding', face.embedding)
    }
    return traces
  }
  expect(tracesOf(0).foundIn(path).size).toBeGreaterThan(3)

  let ended = 0
  /** Once for each who is gone: it takes a while. */
  const looked = new Set<string>()
  for (let round = 0; round < rounds; round++) {
    for (const [line, longestMs] of moments) {
      const child = new StoreChild(built.folder, 'erase', path)
      expect(await child.line('open')).toBe('open')
      await child.line(line)
      await sleep(random() * longestMs)
      await child.kill()
      ended += await check(child.lines)
    }
  }
  // The kills did catch some of them in the middle.
  expect(ended).toBeGreaterThan(0)

  /** Ends what is due; how many that were. */
  async function check(lines: readonly string[]): Promise<number> {
    const store = await openLocalStore({ folder: path, builtFolder: built.folder, threads: 1 })
    try {
      const erasures = new Erasures({
        store: store.erasure,
        places: filePlaces({
          calibrations: new Calibrations(folder.calibrationsFolder),
          settings: new SettingsFile(folder.settingsFile),
          folder,
        }),
        reportsFolder: folder.erasuresFolder,
        possible: async () => new Map(),
        actor: 'test',
      })
      const removed = lines.filter((said) => said.startsWith('removed ')).length
      const reports = await erasures.finish()
      expect(await erasures.isDue()).toBe(false)
      const page = { sort: 'name', flags: [], tag: null, offset: 0, limit: 500 } as const
      const { persons } = await store.gallery.persons({ clientId, domain, text: '', ...page })
      const left = new Set(persons.map(({ name }) => name))
      // Three at a time, whole: nobody is half gone.
      expect((people - left.size) % 3).toBe(0)
      for (const { faces: count } of persons) expect(count).toBe(facesEach)
      const history = await store.gallery.ledger({ clientId, limit: 500 })
      const erased = history.filter(({ action }) => action === 'erase')
      expect(erased.length * 3).toBe(people - left.size)
      expect(erased.length).toBeGreaterThanOrEqual(removed)
      expect((await erasures.reports()).length).toBe(erased.length)
      expect(await store.gallery.verifyLedger()).toEqual({ entries: people + erased.length })
      for (const [index, name] of names.entries()) {
        if (left.has(name) || looked.has(name)) continue
        looked.add(name)
        expect([...tracesOf(index).foundIn(path)], name).toEqual([])
      }
      return reports.length
    } finally {
      await store.close()
    }
  }
}, 180_000)
