/**
 * Flat search through the local store, against one native read of as many bytes: `Buffer.indexOf` of a byte that is absent.
 * Options: `--sizes 23640,100000,1000000` embeddings (the last takes 3 GB of disk and minutes to enrol). Electron's Node.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { IndexKind } from '../../src-main/storage/flat/layout'
import type { GalleryStore } from '../../src-main/storage/gallery-store'
import type { SearchAnswer } from '../../src-main/storage/search-records'
import { type LocalStore, openLocalStore } from '../../src-main/storage/threads/local-store'
import { embeddingLength, type UnitEmbedding } from '../../src-shared/face'
import { clientIdSchema, domainSchema, type FaceId, modelIdSchema, sha256Schema } from '../../src-shared/ids'
import { median, printFigure } from './figure'

const benchmark = 'search'
const clientId = clientIdSchema.parse('bench')
const domain = domainSchema.parse('bench')
const modelId = modelIdSchema.parse('bench/embedder')

/** Batches that are not measured, so that the code is compiled. */
const warmUps = 20
/** Runs of each kind that a median is taken of, in turn, so that noise meets them all. */
const runs = 41
const batchSize = 16
const facesPerPerson = 9
const probeCount = 128
/** Probes whose true answer is worked out by hand. */
const truthCount = 20
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
    const { probes, truth } = await fill(folder, size)
    const resident = { float32: 0, int8: 0 }
    for (const kind of ['float32', 'int8'] as const) {
      const { answers, residentBytes } = await measureKind(folder, size, kind, probes)
      resident[kind] = residentBytes
      printFigure({
        benchmark,
        figure: `${kind}: recall@10 against products of all vectors, one after the other`,
        value: recall(truth, answers),
        goal: '>= 0.999',
        details: { embeddings: size, probes: truth.length },
      })
    }
    printFigure({
      benchmark,
      figure: 'memory that int8 gives back when closed ÷ the bytes of the vectors',
      value: resident.int8 / (size * embeddingLength * 4),
      ...(size >= 1_000_000 ? { goal: '<= 0.334' } : {}),
      details: { embeddings: size, int8Bytes: resident.int8, float32Bytes: resident.float32 },
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

interface Neighbour {
  readonly faceId: FaceId
  readonly similarity: number
}

/** Enrols made-up people; gives probes, half of them of people who are there, and the true nearest faces of some. */
async function fill(
  folder: string,
  size: number,
): Promise<{ probes: UnitEmbedding[]; truth: readonly Neighbour[][] }> {
  const centres = Array.from({ length: probeCount }, () => unitVector())
  const probes = centres.map((centre, number) => (number % 2 === 0 ? unitVector(centre, 0.8) : unitVector()))
  const truth: Neighbour[][] = Array.from({ length: truthCount }, () => [])
  const store = await openLocalStore({ folder, builtFolder: import.meta.dirname })
  try {
    let enrolMs = 0
    for (let first = 0; first < size; first += enrolledAtOnce) {
      const assignments = Array.from({ length: Math.min(enrolledAtOnce, size - first) }, (_, offset) => {
        const person = Math.floor((first + offset) / facesPerPerson)
        if (centres[person] === undefined) centres[person] = unitVector()
        const embedding = unitVector(centres[person], 0.8)
        return assignment(first + offset, embedding)
      })
      const startedAt = performance.now()
      const context = { actor: 'bench', summary: 'fill' }
      const { value } = await store.gallery.assignFaces(clientId, domain, modelId, assignments, context)
      enrolMs += performance.now() - startedAt
      for (const [number, nearest] of truth.entries()) {
        for (const [index, { face }] of assignments.entries()) {
          offer(nearest, value[index]!.faceId, similarity(probes[number]!, face.embedding))
        }
      }
    }
    printFigure({
      benchmark,
      figure: `faces stored a second, in transactions of ${enrolledAtOnce}`,
      value: (size / enrolMs) * 1000,
      details: { embeddings: size },
    })
    return { probes, truth }
  } finally {
    await store.close()
  }
}

/** Keeps the ten most similar. */
function offer(nearest: Neighbour[], faceId: FaceId, similarity: number): void {
  if (nearest.length === 10 && nearest[9]!.similarity >= similarity) return
  nearest.push({ faceId, similarity })
  nearest.sort((a, b) => b.similarity - a.similarity)
  nearest.length = Math.min(10, nearest.length)
}

function similarity(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < embeddingLength; i++) sum += a[i]! * b[i]!
  return sum
}

async function measureKind(
  folder: string,
  size: number,
  kind: IndexKind,
  probes: readonly UnitEmbedding[],
): Promise<{ answers: SearchAnswer['probes']; residentBytes: number }> {
  const bytes = Buffer.alloc(size * embeddingLength * 4, 1)
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
    for (let number = 0; number < warmUps; number++) await search(probes.slice(number, number + batchSize))

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
      figure: `${kind}: one query (top 10 people) ÷ native read of the float32 bytes`,
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
    const answers = (await search(probes.slice(0, truthCount), 10)).probes
    const residentOpen = process.memoryUsage.rss()
    await store.close()
    return { answers, residentBytes: residentOpen - process.memoryUsage.rss() }
  } finally {
    // A second time where all went well, which does nothing.
    await store.close()
  }
}

function searcher({ gallery }: Pick<LocalStore, 'gallery'>) {
  // The console asks for people; raw faces are asked for where recall is counted.
  return (probes: readonly UnitEmbedding[], topFaces = 0): ReturnType<GalleryStore['search']> =>
    gallery.search({
      clientId,
      domains: [domain],
      modelId,
      probes,
      topPersons: 10,
      topFaces,
      withinDistance: 0.6,
    })
}

async function timed(work: () => unknown): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** The share of the true ten nearest faces that were found. */
function recall(truth: readonly Neighbour[][], answers: SearchAnswer['probes']): number {
  let found = 0
  let all = 0
  for (const [number, nearest] of truth.entries()) {
    const hits = new Set(answers[number]!.faces.map((face) => face.faceId))
    found += nearest.filter(({ faceId }) => hits.has(faceId)).length
    all += nearest.length
  }
  return found / all
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
