/**
 * A server on trial: what it costs the analyst, with the server up, slow and dead. The gallery is on both sides, paired. Each round
 * searches for the same face in both modes, one right after the other; told is the median of the rounds' ratios, and how sure it is. On
 * a busy machine the processor's time says more: of a search and all that follows it, in this process.
 * Options: `--faces 23640`, `--rounds 300`. Electron's Node.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openDual } from '../../src-main/dual'
import type { GalleryStore } from '../../src-main/storage/gallery-store'
import { PairedStore } from '../../src-main/storage/team/paired-store'
import { openLocalStore } from '../../src-main/storage/threads/local-store'
import type { UnitEmbedding } from '../../src-shared/face'
import { sha256Schema } from '../../src-shared/ids'
import { client, model, slovenia } from '../../test/contract/curated-store'
import { randomNumbers, unitVector } from '../../test/contract/made-faces'
import { serverAt } from '../../test/postgres/databases'
import { median, percentile, printFigure } from './figure'
import { type PairedGallery, withPairedGallery } from './paired-gallery'

const benchmark = 'dual'
const builtFolder = import.meta.dirname
/** A search counts as a probe where it is of a photo. */
const sha256 = sha256Schema.parse('5'.repeat(64))
/** Photos come no faster: decoding and embedding one takes longer. */
const betweenMs = 60
/** Of the rounds, taken with replacement: how far their median is from that of other rounds. */
const resamples = 1000

type Searcher = Pick<GalleryStore, 'search'>
type Mode = 'local' | 'dual'

/** What a search took. */
interface Taken {
  /** Until its answer was here. */
  readonly ms: number
  /** With what follows it, of all threads. */
  readonly processorMs: number
}

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { faces: { type: 'string', default: '23640' }, rounds: { type: 'string', default: '300' } },
  })
  const [faces, rounds] = [Number(values.faces), Number(values.rounds)]
  await withPairedGallery(builtFolder, faces, (gallery) => measure(gallery, faces, rounds))
}

async function measure({ folder, line, url }: PairedGallery, faces: number, rounds: number): Promise<void> {
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
  const random = randomNumbers(7)
  const probes = Array.from({ length: 64 }, () => unitVector(random))
  for (const probe of probes.slice(0, 16)) await timeOf(alone.gallery, probe)
  const conditions = [
    // Twice the same: how much of a ratio is the machine's noise.
    ['not asked', alone.gallery, () => undefined],
    ['up', store.gallery, () => undefined],
    ['slow (2 s)', store.gallery, () => line.delay(2000)],
    ['dead', store.gallery, () => line.cut()],
  ] as const
  for (const [condition, dual, begin] of conditions) {
    line.heal()
    await side.tryNow()
    begin()
    const times = await inPairs(alone.gallery, dual, probes, rounds)
    const ratios = times.map((time) => time.dual.ms / time.local.ms)
    const [least, most] = spreadOfMedian(ratios)
    const of = (mode: Mode, what: keyof Taken, part: number) =>
      percentile(
        times.map((time) => time[mode][what]),
        part,
      )
    printFigure({
      benchmark,
      figure: `the analyst’s search in mode dual ÷ that in mode local, the server ${condition}`,
      value: median(ratios),
      ...(condition === 'not asked' ? {} : { goal: '<= 1.05' }),
      details: {
        faces,
        rounds,
        medianAtLeast: least,
        medianAtMost: most,
        lowerQuartile: percentile(ratios, 0.25),
        upperQuartile: percentile(ratios, 0.75),
        localMs: of('local', 'ms', 0.5),
        dualMs: of('dual', 'ms', 0.5),
        localP95Ms: of('local', 'ms', 0.95),
        dualP95Ms: of('dual', 'ms', 0.95),
        localProcessorMs: of('local', 'processorMs', 0.5),
        dualProcessorMs: of('dual', 'processorMs', 0.5),
        leftOut: run.dropped,
      },
    })
  }
  line.heal()
  await store.close()
  await local.close()
}

/** The same probes in both modes, now the one first and now the other: the machine is as busy for the one as for the other. */
async function inPairs(
  local: Searcher,
  dual: Searcher,
  probes: readonly UnitEmbedding[],
  rounds: number,
): Promise<Readonly<Record<Mode, Taken>>[]> {
  const times: Record<Mode, Taken>[] = []
  for (let round = 0; round < rounds; round++) {
    const probe = probes[round % probes.length]!
    const takenBy = async (gallery: Searcher): Promise<Taken> => {
      const before = process.cpuUsage()
      const ms = await timeOf(gallery, probe)
      await sleep(betweenMs)
      const { user, system } = process.cpuUsage(before)
      return { ms, processorMs: (user + system) / 1000 }
    }
    if (round % 2 === 0) times.push({ local: await takenBy(local), dual: await takenBy(dual) })
    else {
      const first = await takenBy(dual)
      times.push({ local: await takenBy(local), dual: first })
    }
  }
  return times
}

/** Between which the median would lie in 95 of 100 such runs (bootstrap). */
function spreadOfMedian(values: readonly number[]): readonly [number, number] {
  const random = randomNumbers(11)
  const medians = Array.from({ length: resamples }, () =>
    median(values.map(() => values[Math.floor(random() * values.length)]!)),
  )
  return [percentile(medians, 0.025), percentile(medians, 0.975)]
}

/** How long a search took, ms. */
async function timeOf(gallery: Searcher, probe: UnitEmbedding): Promise<number> {
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

function fail(error: unknown): never {
  throw error
}
