/** The isolation check over the real vision process and real stores, and over a process that dies. Electron's Node. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { constants, getPriority, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { folderToDiagnose, serverToDiagnose } from '../../../src-main/diagnosed-stores'
import { childProcessLauncher } from '../../../src-main/host/child-process'
import { isolationParts } from '../../../src-main/isolation-parts'
import type { DiagnosedStore } from '../../../src-main/services/diagnostics/diagnose'
import {
  diagnoseIsolation,
  type IsolationOptions,
  type IsolationParts,
} from '../../../src-main/services/diagnostics/isolation/isolation'
import type { VisionToTry } from '../../../src-main/services/diagnostics/isolation/tried-vision'
import { openLocalStore } from '../../../src-main/storage/threads/local-store'
import { openServerStore } from '../../../src-main/storage/threads/server-store'
import { checksOf, type Diagnosis } from '../../../src-shared/diagnosis'
import { diagnosisJson, diagnosisReport } from '../../../src-shared/diagnosis-report'
import { clientIdSchema, domainSchema, modelIdSchema } from '../../../src-shared/ids'
import { manifestSchema } from '../../../src-shared/model-pack'
import { madeAssignment, randomNumbers, unitVector } from '../../contract/made-faces'
import { enrolMadeGallery } from '../../fixtures/made-gallery'
import { hasServer, serverAt } from '../../postgres/databases'
import { type MigratedDatabase, migratedDatabase } from '../../postgres/migrated'
import { configuration as faultyConfiguration, faultyHost, isAlive } from '../host/harness'

const root = resolve(import.meta.dirname, '../../..')
const builtFolder = join(root, 'out/main')
const entry = join(builtFolder, 'vision.js')
const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(root, 'models/manifest.json'), 'utf8')))
const pack = manifest.packs.find(({ id }) => id === manifest.defaultPack)!
const packFolder = join(root, 'models', pack.id)
const needed = [entry, join(packFolder, pack.detector.file.name), join(packFolder, pack.embedder.file.name)]

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'visor-isolation-'))
  await enrolMadeGallery(folder, { domain: 'slovenia', persons: 5, photosEach: 2, spread: 0.3, seed: 1 })
})
afterAll(() => rmSync(folder, { recursive: true }))

const local = (): DiagnosedStore =>
  folderToDiagnose({
    folder,
    builtFolder,
    openGallery: async () => {
      const store = await openLocalStore({ folder, builtFolder, threads: 1 })
      return { ...store.gallery, close: () => store.close() }
    },
  })

const run = (parts: IsolationParts, options: Partial<IsolationOptions> = {}) =>
  diagnoseIsolation(parts, {
    version: '1.2.3',
    signal: new AbortController().signal,
    rounds: 10,
    kill: true,
    ...options,
  })

/** Of all its threads, where each has one of its own. */
const prioritiesOf = (pid: number): number[] => {
  const threads = process.platform === 'linux' ? readdirSync(`/proc/${pid}/task`).map(Number) : [pid]
  return [...new Set(threads.map((thread) => getPriority(thread)))]
}
const states = ({ checks }: Diagnosis) => Object.fromEntries(checks.map(({ id, state }) => [id, state]))
const checkOf = ({ checks }: Diagnosis, id: string) => checks.find((check) => check.id === id)!

describe.runIf(needed.every(existsSync))('the real vision process', () => {
  const realParts = (
    places: Parameters<typeof isolationParts>[0]['places'],
    toDiagnose: (side: 'local' | 'server') => Promise<DiagnosedStore>,
  ) =>
    isolationParts({
      launch: childProcessLauncher(entry),
      configuration: () => ({ pack, packFolder, provider: 'cpu', threads: 1 }),
      places,
      toDiagnose,
    })

  test('beside this machine’s store: nothing dies by itself, and what is killed costs nothing', async () => {
    const parts = realParts([{ diagnosed: 'local', place: folder }], async () => local())
    const pids: number[] = []
    const watched: IsolationParts = {
      ...parts,
      startVision: async (signal) => {
        const vision = await parts.startVision(signal)
        vision.onStatus(({ state, pid }) => {
          if (state === 'ready' && pid !== undefined) pids.push(pid)
        })
        expect(prioritiesOf(vision.status.pid!)).toEqual([constants.priority.PRIORITY_LOW])
        return vision
      },
    }
    const told: number[] = []
    const found = await run(watched, { onRounds: (done, total) => told.push(done / total) })
    expect(states(found)).toEqual(Object.fromEntries(checksOf('isolation').map((id) => [id, 'pass'])))
    expect(checkOf(found, 'interleaved').table?.rows.map(([, times]) => Number(times))).toEqual([11, 20])
    expect(checkOf(found, 'killed').sentence).toMatch(
      /with [1-3] photos? in work.*all 9 were answered, none was lost\. Search went on: [1-9]/,
    )
    expect(checkOf(found, 'crashes')).toMatchObject({ figure: '0' })
    expect(told).toHaveLength(40)
    expect(told.at(-1)).toBe(1)
    // The one that was killed, and the one after it: both gone.
    expect(pids.filter(isAlive)).toEqual([])
  }, 120_000)

  describe.runIf(hasServer())('and a server', () => {
    let database: MigratedDatabase
    beforeAll(async () => {
      database = await migratedDatabase()
      const store = await openServerStore({ ...serverAt(database.url), builtFolder, threads: 1 })
      const random = randomNumbers(1)
      await store.gallery.assignFaces(
        clientIdSchema.parse('default'),
        domainSchema.parse('serbia'),
        modelIdSchema.parse('test/model'),
        Array.from({ length: 5 }, (_, person) =>
          madeAssignment(`Person ${person}`, unitVector(random), `serbia ${person}`),
        ),
        { actor: 'tester', summary: 'Made a gallery' },
      )
      await store.close()
    })
    afterAll(() => database.drop())

    const toDiagnose = async (side: 'local' | 'server') =>
      side === 'local'
        ? local()
        : serverToDiagnose({ ...serverAt(database.url), place: database.host, builtFolder })

    test('both are searched, and the report names nobody', async () => {
      const parts = realParts(
        [
          { diagnosed: 'local', place: folder },
          { diagnosed: 'server', place: database.host },
        ],
        toDiagnose,
      )
      const found = await run(parts, { kill: false })
      expect(states(found)).toMatchObject({ search: 'pass', interleaved: 'pass', killed: 'unchecked' })
      expect(checkOf(found, 'interleaved').table?.rows.map(([what]) => what)).toEqual([
        'photo embedded',
        'search, this machine',
        `search, server ${database.host}`,
      ])
      const text = diagnosisReport(found)
      expect(text).toContain('# Isolation check')
      for (const report of [text, JSON.stringify(diagnosisJson(found))]) {
        expect(report).not.toMatch(/Person \d|-?0\.\d{4,}/)
        expect(report).not.toContain(database.password)
      }
    }, 120_000)

    test('a server that is away is left out, and said so', async () => {
      const parts = realParts(
        [
          { diagnosed: 'local', place: folder },
          { diagnosed: 'server', place: 'nowhere' },
        ],
        async (side) =>
          side === 'local'
            ? local()
            : serverToDiagnose({
                ...serverAt('postgresql://nobody@127.0.0.1:1/none'),
                place: 'nowhere',
                builtFolder,
              }),
      )
      const found = await run(parts, { kill: false })
      expect(checkOf(found, 'search')).toMatchObject({
        state: 'warn',
        sentence: expect.stringContaining('Left out: server nowhere.'),
      })
      expect(states(found)).toMatchObject({ interleaved: 'pass', crashes: 'pass' })
    }, 120_000)
  })

  test('nobody enrolled: what embeds is tried all the same', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'visor-isolation-empty-'))
    try {
      await (await openLocalStore({ folder: empty, builtFolder, threads: 1 })).close()
      const parts = realParts([{ diagnosed: 'local', place: empty }], async () =>
        folderToDiagnose({
          folder: empty,
          builtFolder,
          openGallery: async () => {
            throw new Error('Nobody is there to be searched for.')
          },
        }),
      )
      expect(states(await run(parts))).toEqual({
        embed: 'pass',
        search: 'unchecked',
        'embed-then-search': 'unchecked',
        interleaved: 'unchecked',
        memory: 'pass',
        killed: 'pass',
        crashes: 'pass',
      })
    } finally {
      rmSync(empty, { recursive: true })
    }
  }, 120_000)

  test('stopped in the middle: what was found until then, and no process is left', async () => {
    const stop = new AbortController()
    const parts = realParts([{ diagnosed: 'local', place: folder }], async () => local())
    let vision: VisionToTry | undefined
    let pid: number | undefined
    const found = await run(
      {
        ...parts,
        startVision: async (signal) => {
          vision = await parts.startVision(signal)
          pid = vision.status.pid
          return vision
        },
      },
      { rounds: 10_000, signal: stop.signal, onRounds: (done) => done === 3 && stop.abort() },
    )
    expect(found).toMatchObject({ cancelled: true, checks: [] })
    expect(isAlive(pid!)).toBe(false)
  }, 120_000)
})

describe('a vision process that dies', () => {
  /** `commands`: what the process does with each photo; the last of them from then on. */
  const dyingParts = (commands: string[]): IsolationParts => ({
    place: folder,
    stores: [{ name: 'this machine', open: async () => local() }],
    startVision: async () => {
      const { host } = faultyHost()
      await host.configure(faultyConfiguration())
      return {
        get status() {
          return host.status
        },
        onStatus: (listener) => host.onStatus(listener),
        stop: () => host.stop(),
        request: (method, params, options) => {
          if (method !== 'embedBoxes') return host.request(method, params, options)
          const path = commands.length > 1 ? commands.shift()! : commands[0]!
          return host.request(method, { ...params, source: { path } }, options)
        },
      }
    },
  })

  test('once: searches go on, the photo is tried again, and the check fails', async () => {
    const found = await run(dyingParts([...Array(5).fill('ok'), 'abort', 'ok']), { kill: false })
    expect(checkOf(found, 'embed')).toMatchObject({
      state: 'fail',
      sentence: 'The vision process died once; its photos were tried again.',
    })
    expect(states(found)).toMatchObject({ search: 'pass', interleaved: 'pass', crashes: 'fail' })
    expect(checkOf(found, 'crashes')).toMatchObject({ figure: '1' })
  })

  test('with the same photo twice: told, and the stores are searched all the same', async () => {
    const found = await run(dyingParts(['abort']), { kill: false })
    expect(states(found)).toMatchObject({
      embed: 'fail',
      search: 'pass',
      interleaved: 'fail',
      crashes: 'fail',
    })
  })

  test('a step ends when its time is up', async () => {
    const found = await run(dyingParts(['slow:100']), {
      kill: false,
      limits: { shortMs: 150, longMs: 250 },
    })
    expect(checkOf(found, 'embed')).toMatchObject({
      state: 'warn',
      sentence: expect.stringMatching(/^Its time was up after [1-3] of 10 rounds\.$/),
    })
    expect(states(found)).toMatchObject({ search: 'pass', interleaved: 'warn', crashes: 'pass' })
  })
})
