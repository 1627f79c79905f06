/**
 * What a curator waits for in a gallery of 50,000 people and 450,000 faces: search as you type, opening a person, merging two
 * people of 100 photos and undoing it. The gallery is written with SQL in one transaction, past the store, because enrolling
 * it would take an hour. Options: `--persons 50000` (nine faces each). Electron's Node.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { v7 as uuid } from 'uuid'
import type { GalleryStore } from '../../src-main/storage/gallery-store'
import { type LocalStore, openLocalStore } from '../../src-main/storage/sqlite/local-store'
import { databaseFile } from '../../src-main/storage/sqlite/open-database'
import { embeddingLength } from '../../src-shared/face'
import {
  clientIdSchema,
  domainSchema,
  modelIdSchema,
  type PersonId,
  personIdSchema,
} from '../../src-shared/ids'
import { foldText } from '../../src-shared/text'
import { median, printFigure } from './figure'

const benchmark = 'curation'
const clientId = clientIdSchema.parse('bench')
const domain = domainSchema.parse('bench')
const modelId = modelIdSchema.parse('bench/embedder')
const context = { actor: 'bench', summary: 'bench' }

const facesPerPerson = 9
/** People of 100 photos, to open and to merge two by two. */
const large = 40
const facesOfLarge = 100
const runs = 15
let state = 20_240_521

/** 0 … 1, the same in every run (xorshift). */
function random(): number {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return (state >>> 0) / 4_294_967_296
}

/** Parts of names; any three letters of theirs are typed by somebody. */
const syllables = [
  'an',
  'bo',
  'ri',
  'na',
  'je',
  'le',
  'mar',
  'ko',
  'ži',
  'va',
  'lu',
  'ka',
  'đor',
  'ste',
  'fan',
  'ne',
]

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { persons: { type: 'string', default: '50000' } },
  })
  const folder = mkdtempSync(join(tmpdir(), 'visor-curation-'))
  try {
    const open = () => openLocalStore({ folder, builtFolder: import.meta.dirname })
    // Made and migrated by the store itself.
    await (await open()).close()
    const startedAt = performance.now()
    const people = fill(databaseFile(folder), Number(values.persons))
    const size = {
      persons: Number(values.persons),
      faces: Number(values.persons) * facesPerPerson + large * (facesOfLarge - facesPerPerson),
      fillMs: performance.now() - startedAt,
    }
    const store = await open()
    try {
      await measure(store, people, size)
    } finally {
      await store.close()
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measure(
  { gallery }: Pick<LocalStore, 'gallery'>,
  people: readonly PersonId[],
  size: Readonly<Record<string, number>>,
): Promise<void> {
  const list = (text: string, query: Partial<Parameters<GalleryStore['persons']>[0]> = {}) =>
    gallery.persons({
      clientId,
      domain,
      text,
      sort: 'name',
      flags: [],
      tag: null,
      offset: 0,
      limit: 200,
      ...query,
    })
  const tell = (figure: string, times: readonly number[], goalMs?: number) =>
    printFigure({
      benchmark,
      figure: `${figure}, ms`,
      value: median(times),
      ...(goalMs === undefined ? {} : { goal: `< ${goalMs}` }),
      details: { ...size, worstMs: Math.max(...times), runs: times.length },
    })
  const many = async (work: (number: number) => Promise<unknown>) => {
    const times: number[] = []
    for (let number = 0; number < runs; number++) times.push(await timed(() => work(number)))
    return times
  }
  // The first read of a page comes from the disk: it is among those that are measured.
  const texts = ['ana', 'mar', 'ste', 'živ', 'luk', 'ern', 'xyz']
  const text = (number: number) => texts[number % texts.length]!
  tell('a page of people as you type, 3 letters', await many((number) => list(text(number))), 50)
  tell('the same in all domains', await many((number) => list(text(number), { domain: null })), 50)
  tell('the first page of everybody', await many(() => list('')), 50)
  tell('the first page of the last changed', await many(() => list('', { sort: 'changed' })), 50)
  tell('the first page of those with most faces', await many(() => list('', { sort: 'faces' })))
  tell('opening a person of 100 photos', await many((number) => gallery.person(people[number]!)), 100)

  // Loads the index, which every act below has to keep right.
  const loadedAt = performance.now()
  await gallery.gallerySize(clientId, 'all', modelId)
  const loadMs = performance.now() - loadedAt
  tell(
    'who looks like a person of 100 photos',
    await many((number) => gallery.lookalikes(people[number]!, modelId, 8)),
  )
  const merges: number[] = []
  const undos: number[] = []
  for (let number = 0; number + 1 < people.length; number += 2) {
    const entry = { ledgerId: '' }
    const [target, source] = [people[number]!, people[number + 1]!]
    merges.push(
      await timed(async () => {
        const { ledgerId } = await gallery.mergePersons(target, [source], context)
        Object.assign(entry, { ledgerId })
      }),
    )
    undos.push(
      await timed(() => gallery.undo(entry.ledgerId as Parameters<GalleryStore['undo']>[0], context)),
    )
  }
  tell('merging two people of 100 photos', merges, 100)
  tell('undoing that', undos, 100)
  const renamed = domainSchema.parse('renamed')
  tell('giving the domain another name', [
    await timed(() => gallery.renameDomain(clientId, domain, renamed, context)),
  ])
  printFigure({
    benchmark,
    figure: 'the ledger holds, entries',
    value: (await gallery.verifyLedger()).entries,
    details: { ...size, loadMs },
  })
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** Writes the gallery; gives the people of 100 photos. */
function fill(file: string, persons: number): PersonId[] {
  const database = new Database(file)
  database.pragma('synchronous = OFF')
  const insert = {
    person: database.prepare(
      `INSERT INTO persons (id, client_id, domain, name, folded, created_at, updated_at)
       VALUES (?, '${clientId}', '${domain}', ?, ?, ?, ?)`,
    ),
    photo: database.prepare(
      `INSERT INTO photos (id, client_id, domain, sha256, path, format, width, height, created_at)
       VALUES (?, '${clientId}', '${domain}', ?, ?, 'jpeg', 1000, 1000, 1)`,
    ),
    face: database.prepare(
      `INSERT INTO faces (id, photo_id, client_id, domain, person_id, box_x, box_y, box_w, box_h, landmarks,
         detection_score, quality, quality_size, quality_sharpness, quality_pose, quality_exposure, size_px,
         yaw_degrees, roll_degrees, source, created_at)
       VALUES (?, ?, '${clientId}', '${domain}', ?, 10, 10, 100, 100, '[[1,1],[2,2],[3,3],[4,4],[5,5]]',
         0.99, ?, 0.8, 0.8, 0.8, 0.8, 100, 0, 0, 'enrolled', 1)`,
    ),
    embedding: database.prepare(
      `INSERT INTO embeddings (face_id, model_id, client_id, vector) VALUES (?, '${modelId}', '${clientId}', ?)`,
    ),
  }
  const largeOnes: PersonId[] = []
  let photoNumber = 0
  database.transaction(() => {
    database.exec(`
      INSERT INTO clients (id, created_at) VALUES ('${clientId}', 1);
      INSERT INTO domains (client_id, name, sample, created_at) VALUES ('${clientId}', '${domain}', 0, 1);
      INSERT INTO models (id, created_at) VALUES ('${modelId}', 1)`)
    for (let number = 0; number < persons; number++) {
      const personId = uuid()
      const name = `${madeName()} ${madeName()} ${number}`
      insert.person.run(personId, name, foldText(name), number, number)
      const isLarge = number < large
      if (isLarge) largeOnes.push(personIdSchema.parse(personId))
      for (let face = 0; face < (isLarge ? facesOfLarge : facesPerPerson); face++) {
        const [photoId, faceId] = [uuid(), uuid()]
        insert.photo.run(
          photoId,
          (++photoNumber).toString(16).padStart(64, '0'),
          `/photos/${photoNumber}.jpg`,
        )
        insert.face.run(faceId, photoId, personId, 0.3 + 0.7 * random())
        insert.embedding.run(faceId, madeVector())
      }
    }
  })()
  database.close()
  return largeOnes
}

function madeName(): string {
  const parts = Array.from(
    { length: 2 + Math.floor(random() * 2) },
    () => syllables[Math.floor(random() * syllables.length)]!,
  )
  const name = parts.join('')
  return name[0]!.toUpperCase() + name.slice(1)
}

const pool = new Float32Array(1 << 16).map(() => random() + random() - 1)

/** A unit vector, from a pool of random numbers: 230 million drawn one by one would take the minute. */
function madeVector(): Uint8Array {
  const start = Math.floor(random() * (pool.length - embeddingLength))
  const vector = pool.slice(start, start + embeddingLength)
  vector[0] = random() * 4
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return new Uint8Array(vector.map((value) => value / length).buffer)
}
