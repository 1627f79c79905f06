/**
 * Flat search through the local store, against one native read of as many bytes: `Buffer.indexOf` of a byte that is absent.
 * Options: `--sizes 23640,100000,1000000` embeddings (the last takes 3 GB of disk and minutes to enrol). Electron's Node.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { GalleryStore, SearchAnswer } from '../../src-main/storage/gallery-store'
import { type LocalStore, openLocalStore } from '../../src-main/storage/sqlite/local-store'
import { embeddingLength, type UnitEmbedding } from '../../src-shared/face'
import { clientIdSchema, domainSchema, modelIdSchema, sha256Schema } from '../../src-shared/ids'
import { median, printFigure } from './figure'

const benchmark = 'search'
const clientId = clientIdSchema.parse('bench')
const domain = domainSchema.parse('bench')
const modelId = modelIdSchema.parse('bench/embedder')

/** Runs of each kind that a median is taken of, in turn, so that noise meets them all. */
const runs = 41
const batchSize = 16
const facesPerPerson = 9
const probeCount = 200
const enrolledAtOnce = 2000

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { sizes: { type: 'string', default: '23640,100000,1000000' } },
  })
  for (const size of values.sizes.split(',').map(Number)) await measureSize(size)
}

async function measureSize(size: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'visor-search-'))
  try {
    const probes = await fill(folder, size)
    const exact = await measureKind(folder, size, 'float32', probes)
    const coded = await measureKind(folder, size, 'int8', probes)
    const details = { embeddings: size, probes: probeCount }
    printFigure({
      benchmark,
      figure: 'recall@10 of int8 against float32, faces',
      value: recall(exact.answers, coded.answers),
      goal: '>= 0.999',
      details,
    })
    printFigure({
      benchmark,
      figure: 'resident memory of int8 ÷ that of float32',
      value: coded.residentBytes / exact.residentBytes,
      ...(size >= 1_000_000 ? { goal: '<= 0.334' } : {}),
      details: { ...details, int8Bytes: coded.residentBytes, float32Bytes: exact.residentBytes },
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Enrols made-up people; gives probes, half of them of people who are there. */
async function fill(folder: string, size: number): Promise<UnitEmbedding[]> {
  const store = await openLocalStore({ folder, builtFolder: import.meta.dirname })
  try {
    const probes: UnitEmbedding[] = []
    let centre = unitVector()
    let enrolMs = 0
    for (let first = 0; first < size; first += enrolledAtOnce) {
      const assignments = Array.from({ length: Math.min(enrolledAtOnce, size - first) }, (_, offset) => {
        const number = first + offset
        if (number % facesPerPerson === 0) centre = unitVector()
        return assignment(number, unitVector(centre, 0.8))
      })
      if (probes.length < probeCount) probes.push(unitVector(centre, 0.8), unitVector())
      const startedAt = performance.now()
      await store.gallery.assignFaces(clientId, domain, modelId, assignments, {
        actor: 'bench',
        summary: 'fill',
      })
      enrolMs += performance.now() - startedAt
    }
    while (probes.length < probeCount) probes.push(unitVector())
    printFigure({
      benchmark,
      figure: 'faces stored a second, in transactions of 2,000',
      value: (size / enrolMs) * 1000,
      details: { embeddings: size },
    })
    return probes
  } finally {
    await store.close()
  }
}

async function measureKind(
  folder: string,
  size: number,
  kind: SearchAnswer['method'],
  probes: readonly UnitEmbedding[],
): Promise<{ answers: SearchAnswer['probes']; residentBytes: number }> {
  const bytes = Buffer.alloc(size * embeddingLength * 4, 1)
  const residentBefore = process.memoryUsage.rss()
  const startedAt = performance.now()
  const store = await openLocalStore({
    folder,
    builtFolder: import.meta.dirname,
    int8FromRows: kind === 'int8' ? 0 : Number.MAX_SAFE_INTEGER,
  })
  try {
    const openedAt = performance.now()
    const search = searcher(store)
    await search(probes.slice(0, 1))
    printFigure({
      benchmark,
      figure: `${kind}: loading, vectors a second`,
      value: (size / (performance.now() - openedAt)) * 1000,
      details: { embeddings: size, openMs: openedAt - startedAt, loadMs: performance.now() - openedAt },
    })
    await search(probes.slice(0, batchSize))
    const residentBytes = process.memoryUsage.rss() - residentBefore

    const times = {
      read: [] as number[],
      one: [] as number[],
      inWorker: [] as number[],
      batch: [] as number[],
    }
    for (let number = 0; number < runs; number++) {
      const probe = probes[number % probes.length]!
      times.read.push(await timed(() => bytes.indexOf(7)))
      times.one.push(
        await timed(async () => {
          times.inWorker.push((await search([probe])).elapsedMs)
        }),
      )
      times.batch.push(await timed(() => search(probes.slice(number, number + batchSize))))
    }
    const readMs = median(times.read)
    const oneMs = median(times.one)
    const batchMs = median(times.batch) / batchSize
    const details = { embeddings: size, readMs, runs }
    const oneGoal = kind === 'int8' ? 0.5 : size < 50_000 ? 2.5 : 1.5
    printFigure({
      benchmark,
      figure: `${kind}: one query (top 10) ÷ native read of the float32 bytes`,
      value: oneMs / readMs,
      ...(kind === 'float32' || size >= 1_000_000 ? { goal: `<= ${oneGoal}` } : {}),
      details: { ...details, queryMs: oneMs, inWorkerMs: median(times.inWorker) },
    })
    printFigure({
      benchmark,
      figure: `${kind}: a batch of 16, per probe ÷ native read of the float32 bytes`,
      value: batchMs / readMs,
      ...(kind === 'float32' ? { goal: '<= 0.3' } : {}),
      details: { ...details, probeMs: batchMs },
    })
    return { answers: (await search(probes)).probes, residentBytes }
  } finally {
    await store.close()
  }
}

function searcher({ gallery }: Pick<LocalStore, 'gallery'>) {
  return (probes: readonly UnitEmbedding[]): ReturnType<GalleryStore['search']> =>
    gallery.search({
      clientId,
      domains: [domain],
      modelId,
      probes,
      topPersons: 10,
      topFaces: 10,
      withinDistance: 0.6,
    })
}

async function timed(work: () => unknown): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** The share of the true ten nearest faces that were found. */
function recall(exact: SearchAnswer['probes'], found: SearchAnswer['probes']): number {
  let same = 0
  let all = 0
  for (const [number, { faces }] of exact.entries()) {
    const hits = new Set(found[number]!.faces.map((face) => face.faceId))
    same += faces.filter((face) => hits.has(face.faceId)).length
    all += faces.length
  }
  return same / all
}

let state = 20_240_521

/** 0 … 1, the same in every run (xorshift). */
function random(): number {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return (state >>> 0) / 4_294_967_296
}

/** A unit vector in any direction, or near another one: `spread` is the length of what is added to it. */
function unitVector(near?: Float32Array, spread = 1): UnitEmbedding {
  const vector = new Float32Array(embeddingLength)
  let squared = 0
  for (let i = 0; i < embeddingLength; i++) {
    const noise = (random() + random() - 1) * Math.sqrt(6 / embeddingLength)
    vector[i] = (near?.[i] ?? 0) + spread * noise
    squared += vector[i]! ** 2
  }
  const length = Math.sqrt(squared)
  for (let i = 0; i < embeddingLength; i++) vector[i]! /= length
  return vector as UnitEmbedding
}

type Assignment = Parameters<GalleryStore['assignFaces']>[3][number]

function assignment(number: number, embedding: UnitEmbedding): Assignment {
  const point = { x: 50, y: 50 }
  return {
    person: { name: `Person ${Math.floor(number / facesPerPerson)}` },
    photo: {
      sha256: sha256Schema.parse(number.toString(16).padStart(64, '0')),
      path: `/photos/${number}.jpg`,
      format: 'jpeg',
      width: 1000,
      height: 1000,
    },
    face: {
      box: { x: 10, y: 10, w: 100, h: 100 },
      landmarks: [point, point, point, point, point],
      score: 0.99,
      quality: {
        value: 0.8,
        size: 0.8,
        sharpness: 0.8,
        pose: 0.8,
        exposure: 0.8,
        sizePx: 100,
        yawDegrees: 0,
        rollDegrees: 0,
      },
      embedding,
    },
    source: 'enrolled',
  }
}
