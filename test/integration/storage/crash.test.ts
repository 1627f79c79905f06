/** kill -9 at any moment loses nothing that was acknowledged and leaves no half person. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLocalStore } from '../../../src-main/storage/threads/local-store'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { randomNumbers, unitVector } from '../../contract/made-faces'
import { StoreChild } from './child-process'

const rounds = 10
const longestRoundMs = 250
const clientId = clientIdSchema.parse('default')
const domain = domainSchema.parse('crash')
const modelId = modelIdSchema.parse('pack/embedder')

let built: BuiltStore
let folder: string
beforeAll(async () => {
  built = await buildStore({ child: 'test/integration/storage/store-child.ts' })
  folder = mkdtempSync(join(tmpdir(), 'visor-crash-'))
})
afterAll(() => {
  built.remove()
  rmSync(folder, { recursive: true, force: true })
})

test(`${rounds} kills at random moments`, async () => {
  const seed = Date.now() >>> 0
  console.info(`crash test: seed ${seed}`)
  const random = randomNumbers(seed)
  let acknowledged = 0
  for (let round = 0; round < rounds; round++) {
    // Names go on behind what may have been written without being acknowledged.
    const child = new StoreChild(built.folder, 'write', folder, String(acknowledged + round + 1))
    expect(await child.line('open')).toBe('open')
    await sleep(random() * longestRoundMs)
    await child.kill()
    const done = child.lines.filter((line) => line.startsWith('done ')).map((line) => Number(line.slice(5)))
    const last = done.at(-1)
    if (last !== undefined) acknowledged = last - round
    await check(done)
  }
  expect(acknowledged).toBeGreaterThan(rounds)

  async function check(done: readonly number[]): Promise<void> {
    const store = await openLocalStore({ folder, builtFolder: built.folder, threads: 1 })
    try {
      const all = await everybody(store.gallery)
      // No half person: both photos or none, whoever was the last.
      for (const person of all.values()) expect(person).toMatchObject({ faces: 2, photos: 2 })
      const items = new Set((await store.queue.load()).map((item) => item.position))
      for (const number of done) {
        const person = all.get(`Person ${number}`)
        expect(person, `Person ${number} was acknowledged`).toBeDefined()
        expect(items.has(number), `item ${number} was acknowledged`).toBe(true)
      }
      const last = done.at(-1)
      if (last === undefined) return
      const { probes } = await store.gallery.search({
        clientId,
        domains: [domain],
        modelId,
        probes: [unitVector(randomNumbers(last))],
        topPersons: 1,
        topFaces: 0,
        withinDistance: 0.5,
      })
      expect(probes[0]!.persons[0]).toMatchObject({ name: `Person ${last}`, occurrences: 1 })
    } finally {
      await store.close()
    }
  }

  async function everybody({
    persons,
  }: Pick<Awaited<ReturnType<typeof openLocalStore>>['gallery'], 'persons'>) {
    const found = new Map<string, { faces: number; photos: number }>()
    for (let offset = 0; ; offset += 500) {
      const page = await persons({
        clientId,
        domain: null,
        text: '',
        sort: 'name',
        flags: [],
        tag: null,
        offset,
        limit: 500,
      })
      for (const { name, faces, photos } of page.persons) found.set(name, { faces, photos })
      if (page.persons.length < 500) return found
    }
  }
})
