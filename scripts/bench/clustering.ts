/**
 * Grouping unknown faces: time, memory, how long main is held, how well the groups fit labels, and what a few more faces
 * cost, beside a plain DBSCAN over all pairs of the same faces, or of a part of them. The faces are written with SQL in one
 * transaction, past the store. Options: `--faces 100000`, `--plain 20000` (faces of the plain one, which takes their square:
 * all of 100,000 take it minutes). Electron's Node.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { v7 as uuid } from 'uuid'
import { Grouping } from '../../src-main/services/clustering/grouping'
import { clusterParametersOf } from '../../src-main/services/clustering/parameters'
import { databaseFile } from '../../src-main/storage/sqlite/open-database'
import { openLocalStore } from '../../src-main/storage/threads/local-store'
import type { UnknownScope, UnknownStore } from '../../src-main/storage/unknown-store'
import { clientIdSchema, type Domain, domainSchema, modelIdSchema } from '../../src-shared/ids'
import { manifestSchema } from '../../src-shared/model-pack'
import { type Figure, printFigure } from './figure'
import { type LabelledFace, labelledFaces, type PairwiseScore, pairwiseScore } from './labelled-faces'
import { plainDbscan } from './plain-dbscan'

const clientId = clientIdSchema.parse('bench')
const modelId = modelIdSchema.parse('bench/embedder')
const everybody: UnknownScope = { clientId, modelId, domain: domainSchema.parse('everybody') }
const aPart: UnknownScope = { clientId, modelId, domain: domainSchema.parse('part') }
/** Faces that come when the others are grouped. */
const lateFaces = 100
/** Faces whose groups are read at once. */
const readAtOnce = 256
const never = new AbortController().signal
let state = 20_240_521

/** 0 … 1, the same in every run (xorshift). */
function random(): number {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return (state >>> 0) / 4_294_967_296
}

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { faces: { type: 'string', default: '100000' }, plain: { type: 'string', default: '20000' } },
  })
  const made = labelledFaces(Number(values.faces) + lateFaces, random)
  const [faces, late] = [made.slice(0, -lateFaces), made.slice(-lateFaces)]
  const part = faces.slice(0, Math.min(faces.length, Number(values.plain)))
  const folder = mkdtempSync(join(tmpdir(), 'visor-clustering-'))
  try {
    await measure(folder, faces, late, part)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measure(
  folder: string,
  faces: readonly LabelledFace[],
  late: readonly LabelledFace[],
  part: readonly LabelledFace[],
): Promise<void> {
  const { thresholds } = defaultPack()
  const parameters = clusterParametersOf(thresholds)
  const details = { faces: faces.length, ...parameters }
  const tell = (figure: string, value: number, more: Partial<Pick<Figure, 'goal' | 'details'>> = {}) =>
    printFigure({
      benchmark: 'clustering',
      figure,
      value,
      ...(more.goal === undefined ? {} : { goal: more.goal }),
      details: { ...details, ...more.details },
    })
  const open = () => openLocalStore({ folder, builtFolder: import.meta.dirname })
  // Made and migrated by the store itself.
  await (await open()).close()
  fill(databaseFile(folder), everybody.domain, faces)
  if (part.length < faces.length) fill(databaseFile(folder), aPart.domain, part)
  const store = await open()
  try {
    const grouping = new Grouping(store.unknown, everybody, parameters)
    const all = await timed(grouping)
    const score = scoreOf(faces, await groupsOf(store.unknown, everybody, parameters.maxDistance))
    tell('pairwise F-score', score.f, {
      goal: '>= 0.95',
      details: { precision: score.precision, recall: score.recall },
    })
    tell('grouping all of them, s', all.ms / 1000, {
      details: { msPerFace: all.ms / faces.length, cpuMs: all.cpuMs },
    })
    tell('memory that it took, MB', all.memoryBytes / 1e6)
    tell('main is held for at most, ms', all.heldMs, { goal: '<= 20' })

    const listedAt = performance.now()
    await store.unknown.groups({ ...everybody, ignored: false, offset: 0, limit: 100 })
    tell('the first page of groups, ms', performance.now() - listedAt)

    fill(databaseFile(folder), everybody.domain, late)
    await store.close()
    const again = await open()
    try {
      const whole = new Grouping(again.unknown, everybody, parameters)
      const reopened = await timed(whole)
      tell(`${late.length} more faces after a restart, share of the time of all`, reopened.ms / all.ms, {
        details: { ms: reopened.ms },
      })
      const own =
        part.length === faces.length
          ? { ...all, score }
          : {
              ...(await timed(new Grouping(again.unknown, aPart, parameters))),
              score: scoreOf(part, await groupsOf(again.unknown, aPart, parameters.maxDistance)),
            }
      comparePlain(part, parameters, own, { ms: all.ms, faces: faces.length }, tell)
    } finally {
      await again.close()
    }
  } finally {
    await store.close()
  }
}

function comparePlain(
  part: readonly LabelledFace[],
  { maxDistance, minPoints }: { readonly maxDistance: number; readonly minPoints: number },
  own: { readonly ms: number; readonly cpuMs: number; readonly score: PairwiseScore },
  all: { readonly ms: number; readonly faces: number },
  tell: (figure: string, value: number, more?: Partial<Pick<Figure, 'goal' | 'details'>>) => void,
): void {
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  const groups = plainDbscan(
    part.map(({ vector }) => vector),
    maxDistance,
    minPoints,
  )
  const ms = performance.now() - startedAt
  const cpuMs = cpuSince(cpuBefore)
  const score = scoreOf(part, groups)
  const details = { part: part.length }
  tell('F-score of plain DBSCAN over ours, of a part', score.f / own.score.f, {
    goal: '<= 1.005',
    details: { ...details, plain: score.f, own: own.score.f },
  })
  tell('time of plain DBSCAN over ours, of a part', ms / own.ms, {
    details: { ...details, plainMs: ms, ownMs: own.ms, plainCpuMs: cpuMs, ownCpuMs: own.cpuMs },
  })
  tell(
    'time of plain DBSCAN (the part’s, by the square) over ours, of all',
    (ms * (all.faces / part.length) ** 2) / all.ms,
    { details },
  )
}

async function timed(grouping: Grouping) {
  const before = process.memoryUsage.rss()
  const startedAt = performance.now()
  const cpuBefore = process.cpuUsage()
  let heldMs = 0
  const update = grouping.update(never)
  // What main's thread worked between two looks, not how long it waited for a processor that others had.
  for (let isDone = false; !isDone; ) {
    const worked = process.threadCpuUsage()
    isDone = await Promise.race([update.then(() => true), sleep(1, false)])
    const { user, system } = process.threadCpuUsage(worked)
    heldMs = Math.max(heldMs, (user + system) / 1000)
  }
  return {
    ms: performance.now() - startedAt,
    cpuMs: cpuSince(cpuBefore),
    heldMs,
    memoryBytes: process.memoryUsage.rss() - before,
  }
}

/** Milliseconds that all threads of this process worked: what others did meanwhile is not in them. */
function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** The group of each face, in the order in which they were written. */
async function groupsOf(
  store: UnknownStore,
  scope: UnknownScope,
  withinDistance: number,
): Promise<(number | undefined)[]> {
  const groups: (number | undefined)[] = []
  for (let after = 0; ; ) {
    const ids = await store.ids(scope, after)
    const last = ids.at(-1)
    if (last === undefined) return groups
    after = last
    for (let first = 0; first < ids.length; first += readAtOnce) {
      const some = ids.slice(first, first + readAtOnce)
      const linked = await store.link({ ...scope, ids: some, withinDistance, nearest: 1 })
      groups.push(...linked.map(({ group }) => group))
    }
  }
}

function scoreOf(faces: readonly LabelledFace[], groups: readonly (number | undefined)[]): PairwiseScore {
  return pairwiseScore(
    faces.map(({ label }) => label),
    groups,
  )
}

function defaultPack() {
  const file = join(import.meta.dirname, '../../models/manifest.json')
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  return manifest.packs.find(({ id }) => id === manifest.defaultPack)!
}

/** Writes faces as the store keeps them, in their order. */
function fill(file: string, domain: Domain, faces: readonly LabelledFace[]): void {
  const database = new Database(file)
  database.pragma('synchronous = OFF')
  const photo = database.prepare(
    `INSERT INTO photos (id, client_id, domain, sha256, path, format, width, height, created_at)
     VALUES (?, '${clientId}', '${domain}', ?, '/photo.jpg', 'jpeg', 1000, 1000, 1)`,
  )
  const face = database.prepare(
    `INSERT INTO faces (id, photo_id, client_id, domain, person_id, box_x, box_y, box_w, box_h, landmarks,
       detection_score, quality, quality_size, quality_sharpness, quality_pose, quality_exposure, size_px,
       yaw_degrees, roll_degrees, source, created_at)
     VALUES (?, ?, '${clientId}', '${domain}', NULL, 10, 10, 100, 100, '[[1,1],[2,2],[3,3],[4,4],[5,5]]',
       0.99, 0.8, 0.8, 0.8, 0.8, 0.8, 100, 0, 0, 'manual', 1)`,
  )
  const embedding = database.prepare(
    `INSERT INTO embeddings (face_id, model_id, client_id, vector) VALUES (?, '${modelId}', '${clientId}', ?)`,
  )
  const unknown = database.prepare(
    `INSERT INTO unknown_faces (embedding_id, face_id, client_id, model_id, kept_at)
     VALUES (?, ?, '${clientId}', '${modelId}', 1)`,
  )
  const photoIds = new Map<string, string>()
  database.transaction(() => {
    database.exec(`
      INSERT OR IGNORE INTO clients (id, created_at) VALUES ('${clientId}', 1);
      INSERT OR IGNORE INTO domains (client_id, name, sample, created_at) VALUES ('${clientId}', '${domain}', 0, 1);
      INSERT OR IGNORE INTO models (id, created_at) VALUES ('${modelId}', 1)`)
    for (const made of faces) {
      let photoId = photoIds.get(made.photo)
      if (photoId === undefined) {
        photoId = uuid()
        photoIds.set(made.photo, photoId)
        photo.run(photoId, photoId.replaceAll('-', '').padStart(64, '0'))
      }
      const faceId = uuid()
      face.run(faceId, photoId)
      const { buffer, byteOffset, byteLength } = made.vector
      const { lastInsertRowid } = embedding.run(faceId, new Uint8Array(buffer, byteOffset, byteLength))
      unknown.run(lastInsertRowid, faceId)
    }
  })()
  database.close()
}
