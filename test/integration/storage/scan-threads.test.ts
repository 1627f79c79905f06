/** The scan threads: started by the first search that is worth them, and then they take their share. */
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { FlatIndex } from '../../../src-main/storage/flat/flat-index'
import type { Kernel } from '../../../src-main/storage/flat/kernel'
import { rowsPerSegment } from '../../../src-main/storage/flat/layout'
import type { ScanJob } from '../../../src-main/storage/flat/scan-job'
import { ScanPool } from '../../../src-main/storage/flat/scan-pool'
import { domainSchema, personIdSchema } from '../../../src-shared/ids'
import { type BuiltStore, buildStore } from '../../contract/built-store'
import { randomNumbers, unitVector } from '../../contract/made-faces'

let built: BuiltStore
beforeAll(async () => {
  built = await buildStore()
})
afterAll(() => built.remove())

/** Counts the segments that all of its threads scan, and those that the calling one does. */
class Counting extends ScanPool {
  all = 0
  own = 0
  #scanning = false
  override kernel(number: number): Kernel {
    if (this.#scanning) this.own++
    return super.kernel(number)
  }
  override scan(job: ScanJob): void {
    this.all += job.segments
    this.#scanning = true
    super.scan(job)
    this.#scanning = false
  }
}

const pools: ScanPool[] = []
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())))

function poolOf(threads: number): Counting {
  const pool = new Counting(threads, pathToFileURL(`${built.folder}/scan.js`))
  pools.push(pool)
  return pool
}

const domain = domainSchema.parse('slovenia')
const random = randomNumbers(5)
const vectors = Array.from({ length: 5 * rowsPerSegment }, () => unitVector(random))
const probes = vectors.slice(0, 8)
const query = { topPersons: 3, topFaces: 3, withinDistance: 0.5, domains: 'all' as const }

function indexIn(pool: ScanPool): FlatIndex {
  const index = new FlatIndex('float32', pool, (embedding) => vectors[embedding - 1]!)
  for (const [position, vector] of vectors.entries()) {
    const id = `00000000-0000-7000-8000-${String(position).padStart(12, '0')}`
    index.put(position + 1, personIdSchema.parse(id), domain, () => vector)
  }
  return index
}

test('take their share of a long search, and the answer is the same', async () => {
  const alone = indexIn(poolOf(1)).search({ ...query, probes })
  const pool = poolOf(3)
  const index = indexIn(pool)
  // The first one is answered while they start.
  do {
    expect(index.search({ ...query, probes })).toEqual(alone)
    await sleep(5)
  } while (pool.own === pool.all)
})

test('know the memories that came and went before they were started, and after', async () => {
  const pool = poolOf(2)
  const [gone, kept] = [indexIn(pool), indexIn(pool)]
  gone.close()
  const wanted = kept.search({ ...query, probes })
  while (pool.own === pool.all) {
    expect(kept.search({ ...query, probes })).toEqual(wanted)
    await sleep(5)
  }
  const later = indexIn(pool)
  const [ownBefore, allBefore] = [pool.own, pool.all]
  do {
    expect(later.search({ ...query, probes })).toEqual(wanted)
    await sleep(5)
  } while (pool.own - ownBefore === pool.all - allBefore)
})
