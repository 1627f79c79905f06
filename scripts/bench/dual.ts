/**
 * A server on trial: what it costs the analyst, with the server up, slow and dead; and how long a cut-over and a roll-back take. The
 * gallery is on both sides, paired. Options: `--faces 23640`. Electron's Node.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openDual } from '../../src-main/dual'
import type { GalleryStore } from '../../src-main/storage/gallery-store'
import { PairedStore } from '../../src-main/storage/team/paired-store'
import { openCache, openLocalStore } from '../../src-main/storage/threads/local-store'
import { openServerStore } from '../../src-main/storage/threads/server-store'
import type { UnitEmbedding } from '../../src-shared/face'
import { sha256Schema } from '../../src-shared/ids'
import { FaultyLine } from '../../test/chaos/faulty-line'
import { client, model, slovenia } from '../../test/contract/curated-store'
import { madeAssignment, randomNumbers, unitVector } from '../../test/contract/made-faces'
import { openConsole } from '../../test/integration/services/moving-console'
import { pairStores } from '../../test/integration/storage/team/paired-console'
import { serverAt } from '../../test/postgres/databases'
import { migratedDatabase } from '../../test/postgres/migrated'
import { median, printFigure } from './figure'

const benchmark = 'dual'
const builtFolder = import.meta.dirname
const context = { actor: 'bench', summary: 'bench' }
/** A search counts as a probe where it is of a photo. */
const sha256 = sha256Schema.parse('5'.repeat(64))
/** In each mode. */
const searches = 150
/** Photos come no faster: decoding and embedding one takes longer. */
const betweenMs = 60
const moves = 5

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: { faces: { type: 'string', default: '23640' } } })
  const faces = Number(values.faces)
  const database = await migratedDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'visor-dual-'))
  const line = await FaultyLine.to(database)
  try {
    await fillBoth(folder, database.url, faces)
    await measureSearches(folder, line, line.through(database.url), faces)
    await measureMoves(folder, line, line.through(database.url), faces)
  } finally {
    await line.close()
    await database.drop()
    rmSync(folder, { recursive: true })
  }
}

/** The same made-up people on the server and in a folder, paired. */
async function fillBoth(folder: string, url: string, faces: number): Promise<void> {
  const server = await openServerStore({ ...serverAt(url), builtFolder })
  const random = randomNumbers(1)
  const assignments = Array.from({ length: faces }, (_, index) =>
    madeAssignment(`Person ${Math.floor(index / 9)}`, unitVector(random)),
  )
  await server.gallery.assignFaces(client, slovenia, model, assignments, context)
  const copy = await openCache({ folder, builtFolder })
  await copy.cache.choose(client, slovenia, true)
  await copy.cache.sync(server.snapshots(), {})
  await copy.close()
  const local = await openLocalStore({ folder, builtFolder })
  await pairStores(local, server)
  await local.close()
  await server.close()
}

async function measureSearches(folder: string, line: FaultyLine, url: string, faces: number): Promise<void> {
  const local = await openLocalStore({ folder, builtFolder })
  const alone = await PairedStore.open({ local, onError: fail })
  const { connection, password } = serverAt(url)
  const { store, side, run } = await openDual({
    connection: { ...connection, pool: { ...connection.pool, connectTimeoutMs: 1000 } },
    ...(password === undefined ? {} : { password }),
    builtFolder,
    local,
    onLink: () => undefined,
    onCache: () => undefined,
    onError: () => undefined,
  })
  await side.tryNow()
  const probes = Array.from({ length: 64 }, () => unitVector(randomNumbers(7)))
  for (const probe of probes.slice(0, 16)) await timeOf(alone.gallery, probe)
  const conditions = [
    // Twice the same: how much of a ratio is the machine's noise.
    ['not asked', () => undefined],
    ['up', () => undefined],
    ['slow (2 s)', () => line.delay(2000)],
    ['dead', () => line.cut()],
  ] as const
  for (const [condition, begin] of conditions) {
    line.heal()
    begin()
    const times: { readonly [mode in 'local' | 'dual']: number[] } = { local: [], dual: [] }
    // One of each in turn: the machine is as busy for the one as for the other.
    for (let count = 0; count < searches; count++) {
      const probe = probes[count % probes.length]!
      const inTurn = [
        ['local', alone.gallery],
        ['dual', condition === 'not asked' ? alone.gallery : store.gallery],
      ] as const
      for (const [mode, gallery] of count % 2 === 0 ? inTurn : inTurn.toReversed()) {
        times[mode].push(await timeOf(gallery, probe))
        await sleep(betweenMs)
      }
    }
    const [localMs, dualMs] = [lowerQuartile(times.local), lowerQuartile(times.dual)]
    printFigure({
      benchmark,
      figure: `the analyst’s search in mode dual ÷ that in mode local, the server ${condition}`,
      value: dualMs / localMs,
      ...(condition === 'not asked' ? {} : { goal: '<= 1.05' }),
      details: {
        faces,
        localMs,
        dualMs,
        medians: median(times.dual) / median(times.local),
        leftOut: run.dropped,
      },
    })
  }
  line.heal()
  await store.close()
  await local.close()
}

/** Of the searches that the machine's other work disturbed least. */
function lowerQuartile(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 4)]!
}

/** How long a search took, ms. */
async function timeOf(gallery: Pick<GalleryStore, 'search'>, probe: UnitEmbedding): Promise<number> {
  const startedAt = performance.now()
  await gallery.search({
    clientId: client,
    domains: [slovenia],
    modelId: model,
    probes: [probe],
    origins: [{ sha256, face: 0 }],
    topPersons: 37,
    topFaces: 0,
    withinDistance: 0.5,
  })
  return performance.now() - startedAt
}

async function measureMoves(folder: string, line: FaultyLine, url: string, faces: number): Promise<void> {
  const here = await openConsole(builtFolder, folder, url, { connectTimeoutMs: 1000 })
  const reaches = async (state: string) => {
    while (here.modes.current.server?.state !== state) await sleep(5)
  }
  const [over, back, backDead]: [number[], number[], number[]] = [[], [], []]
  for (let time = 0; time < moves; time++) {
    await here.moves.go('dual')
    await reaches('up')
    over.push((await here.moves.go('server', 'bench')).elapsedMs)
    await sleep(1000)
    const dead = time % 2 === 1
    if (dead) {
      line.cut()
      await here.store.gallery.gallerySize(client, [slovenia], model)
      await reaches('gone')
    }
    const { elapsedMs } = await here.moves.go('local')
    ;(dead ? backDead : back).push(elapsedMs)
    line.heal()
  }
  await here.close()
  for (const [what, times] of [
    ['a cut-over', over],
    ['a roll-back', back],
    ['a roll-back with the server dead', backDead],
  ] as const) {
    printFigure({
      benchmark,
      figure: `${what}, seconds`,
      value: median(times) / 1000,
      goal: '<= 1',
      details: { faces, longestMs: Math.max(...times), times: times.length },
    })
  }
}

function fail(error: unknown): never {
  throw error
}
