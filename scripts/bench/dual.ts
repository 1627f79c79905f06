/**
 * A server on trial: what it costs the analyst, with the server up, slow and dead. The gallery is on both sides, paired. Each round
 * searches for five faces in one mode, then for the same five in the other: so most searches follow one of their own mode, and bear what
 * that leaves to be done. Lots decide which mode comes first: by turns, searches of one mode would fall together with whatever else
 * happens at regular times. Told is the median of all ratios of the same face, and how sure it is. On a busy machine the processor's time
 * says more: of a search and all that follows it, in this process. Options: `--faces 23640`, `--rounds 60`. Electron's Node.
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
/** Photos come no faster: decoding and embedding one takes longer. And one right after the other. */
const pausesMs = [60, 0] as const
/** Between one mode and the other, where there is no other pause. */
const restMs = 100
/** Searches of one mode, one after the other. */
const inARow = 5
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

/** The same face in both modes. */
type Pair = Readonly<Record<Mode, Taken>>

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { faces: { type: 'string', default: '23640' }, rounds: { type: 'string', default: '60' } },
  })
  const [faces, rounds] = [Number(values.faces), Number(values.rounds)]
  await withPairedGallery(builtFolder, faces, (gallery) => measure(gallery, faces, rounds))
}

async function measure({ folder, line, url }: PairedGallery, faces: number, rounds: number): Promise<void> {
  const local = await openLocalStore({ folder, builtFolder })
  const alone = await PairedStore.open({ local, onError: fail })
  const { connection, password } = serverAt(url)
  const { store, side, run } = await openDual({
    connection: { ...connection, pool: { ...connection.pool, connectTimeoutMs: 60_000 } },
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
    for (const pauseMs of pausesMs) {
      const measured = await inRounds({ local: alone.gallery, dual }, probes, rounds, pauseMs)
      const times = measured.flat()
      const ratios = times.map(ratioOf)
      const [least, most] = spreadOfMedian(measured)
      const of = (mode: Mode, what: keyof Taken, part: number) =>
        percentile(
          times.map((time) => time[mode][what]),
          part,
        )
      printFigure({
        benchmark,
        figure: `the analyst’s search in mode dual ÷ that in mode local, the server ${condition}, one ${pauseMs === 0 ? 'right' : `${pauseMs} ms`} after the other`,
        value: median(ratios),
        ...(condition === 'not asked' ? {} : { goal: '<= 1.05' }),
        details: {
          faces,
          searches: times.length,
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
  }
  line.heal()
  await store.close()
  await local.close()
}

/** The pairs of each round. */
async function inRounds(
  galleries: Readonly<Record<Mode, Searcher>>,
  probes: readonly UnitEmbedding[],
  rounds: number,
  pauseMs: number,
): Promise<Pair[][]> {
  const localFirst = lots(rounds)
  const measured: Pair[][] = []
  for (let round = 0; round < rounds; round++) {
    const searched = Array.from(
      { length: inARow },
      (_, index) => probes[(round * inARow + index) % probes.length]!,
    )
    const inMode = async (mode: Mode): Promise<Taken[]> => {
      const taken: Taken[] = []
      for (const probe of searched) taken.push(await takenBy(galleries[mode], probe, pauseMs))
      if (pauseMs === 0) await sleep(restMs)
      return taken
    }
    const order: readonly Mode[] = localFirst[round] === true ? ['local', 'dual'] : ['dual', 'local']
    const taken: Record<Mode, Taken[]> = { local: [], dual: [] }
    for (const mode of order) taken[mode] = await inMode(mode)
    measured.push(searched.map((_, index) => ({ local: taken.local[index]!, dual: taken.dual[index]! })))
  }
  return measured
}

/** As many of each, in any order: the second of two searches for a face finds more of it in memory. */
function lots(count: number): boolean[] {
  const random = randomNumbers(13)
  return Array.from({ length: count }, (_, index) => ({ at: random(), lot: index % 2 === 0 }))
    .sort((a, b) => a.at - b.at)
    .map(({ lot }) => lot)
}

async function takenBy(gallery: Searcher, probe: UnitEmbedding, pauseMs: number): Promise<Taken> {
  const before = process.cpuUsage()
  const ms = await timeOf(gallery, probe)
  if (pauseMs > 0) await sleep(pauseMs)
  const { user, system } = process.cpuUsage(before)
  return { ms, processorMs: (user + system) / 1000 }
}

const ratioOf = ({ local, dual }: Pair): number => dual.ms / local.ms

/** Between which the median would lie in 95 of 100 such runs (bootstrap, by rounds: what disturbs one search disturbs its neighbours). */
function spreadOfMedian(rounds: readonly (readonly Pair[])[]): readonly [number, number] {
  const random = randomNumbers(11)
  const medians = Array.from({ length: resamples }, () =>
    median(rounds.flatMap(() => rounds[Math.floor(random() * rounds.length)]!.map(ratioOf))),
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
