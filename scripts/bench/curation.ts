/**
 * What a curator waits for in a gallery of 50,000 people and 450,000 faces: search as you type, opening a person, merging two
 * people of 100 photos and undoing it, each alone and while 10,000 photos' faces are being imported.
 * Options: `--persons 50000` (nine faces each), `--import 10000`. Electron's Node.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { FaceAssignment } from '../../src-main/storage/gallery-records'
import type { GalleryStore } from '../../src-main/storage/gallery-store'
import { databaseFile } from '../../src-main/storage/sqlite/open-database'
import { type LocalStore, openLocalStore } from '../../src-main/storage/threads/local-store'
import type { UnitEmbedding } from '../../src-shared/face'
import { domainSchema, type LedgerId, type PersonId, sha256Schema } from '../../src-shared/ids'
import {
  clientId,
  domain,
  facesOfLarge,
  facesPerPerson,
  fillCrowd,
  large,
  madeVector,
  makePictures,
  modelId,
  random,
} from './crowd'
import { median, printFigure } from './figure'

const benchmark = 'curation'
const context = { actor: 'bench', summary: 'bench' }
const runs = 15
/** People whom an enrolment writes at once. */
const importedAtOnce = 2
/** Pause between the acts of a quick curator, ms. */
const betweenActsMs = 20

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      persons: { type: 'string', default: '50000' },
      import: { type: 'string', default: '10000' },
    },
  })
  const folder = mkdtempSync(join(tmpdir(), 'visor-curation-'))
  try {
    const open = () => openLocalStore({ folder, builtFolder: import.meta.dirname })
    // Made and migrated by the store itself.
    await (await open()).close()
    const startedAt = performance.now()
    const pictures = await makePictures()
    const people = fillCrowd(databaseFile(folder), Number(values.persons), pictures)
    const size = {
      persons: Number(values.persons),
      faces: Number(values.persons) * facesPerPerson + large * (facesOfLarge - facesPerPerson),
      fillMs: performance.now() - startedAt,
    }
    const store = await open()
    try {
      const alone = await measure(store, people, size)
      await measureWhileImporting(store, people, { size, alone }, Number(values.import), pictures[0]!)
    } finally {
      await store.close()
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Medians of the acts while nothing else is written, ms. */
type Alone = Readonly<Record<'type' | 'open' | 'merge' | 'undo', number>>

async function measure(
  { gallery }: Pick<LocalStore, 'gallery'>,
  people: readonly PersonId[],
  size: Readonly<Record<string, number>>,
): Promise<Alone> {
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
  const typing = await many((number) => list(text(number)))
  tell('a page of people as you type, 3 letters', typing, 50)
  tell('the same in all domains', await many((number) => list(text(number), { domain: null })), 50)
  tell('the first page of everybody', await many(() => list('')), 50)
  tell('the first page of the last changed', await many(() => list('', { sort: 'changed' })), 50)
  tell('the first page of those with most faces', await many(() => list('', { sort: 'faces' })))
  const opening = await many((number) => gallery.person(people[number]!))
  tell('opening a person of 100 photos', opening, 100)

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
  tell('counting everything for the domain list', [await timed(() => gallery.clients())])
  const renamed = domainSchema.parse('renamed')
  tell('giving the domain another name', [
    await timed(() => gallery.renameDomain(clientId, domain, renamed, context)),
  ])
  await gallery.renameDomain(clientId, renamed, domain, context)
  printFigure({
    benchmark,
    figure: 'the ledger holds, entries',
    value: (await gallery.verifyLedger()).entries,
    details: { ...size, loadMs },
  })
  return {
    type: median(typing),
    open: median(opening),
    merge: median(merges),
    undo: median(undos),
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

/** The same acts, again and again, for as long as an import is writing. */
async function measureWhileImporting(
  { gallery }: Pick<LocalStore, 'gallery'>,
  people: readonly PersonId[],
  { size, alone }: { readonly size: Readonly<Record<string, number>>; readonly alone: Alone },
  photos: number,
  crop: Uint8Array,
): Promise<void> {
  const texts = ['ana', 'mar', 'ste', 'živ', 'luk', 'ern', 'xyz']
  const times = { type: [] as number[], open: [] as number[], merge: [] as number[], undo: [] as number[] }
  const startedAt = performance.now()
  let over = false
  const importing = importFaces(gallery, photos, crop).finally(() => {
    over = true
  })
  let counting: Promise<unknown> | undefined
  const page = { clientId, domain, sort: 'name', flags: [], tag: null, offset: 0, limit: 120 } as const
  for (let round = 0; !over; round++) {
    const text = texts[round % texts.length]!
    const first = (2 * round) % people.length
    const [target, source] = [people[first]!, people[first + 1]!]
    times.type.push(await timed(() => gallery.persons({ ...page, text })))
    times.open.push(await timed(() => gallery.person(target)))
    let entry: LedgerId | undefined
    times.merge.push(
      await timed(async () => {
        entry = (await gallery.mergePersons(target, [source], context)).ledgerId
      }),
    )
    // As the window does after every act; only one such question is under way.
    counting ??= gallery.clients().finally(() => {
      counting = undefined
    })
    times.undo.push(await timed(() => gallery.undo(entry!, context)))
    await sleep(betweenActsMs)
  }
  await Promise.all([importing, counting])
  const importMs = performance.now() - startedAt
  const tell = (figure: string, act: keyof Alone, goalMs: number) => {
    const sorted = times[act].toSorted((a, b) => a - b)
    printFigure({
      benchmark,
      figure: `${figure} while ${photos} photos’ faces are imported, ms, 95th percentile`,
      value: sorted[Math.floor(0.95 * sorted.length)]!,
      goal: `< ${goalMs}`,
      details: {
        ...size,
        medianMs: median(sorted),
        medianTimesAlone: median(sorted) / alone[act],
        worstMs: sorted.at(-1)!,
        runs: sorted.length,
        importMs,
      },
    })
  }
  tell('a page of people as you type', 'type', 50)
  tell('opening a person of 100 photos', 'open', 100)
  tell('merging two people of 100 photos', 'merge', 100)
  tell('undoing that', 'undo', 100)
}

/** Writes new people as an enrolment does, but as fast as the store takes them: no photo has to be looked at. */
async function importFaces(gallery: GalleryStore, photos: number, crop: Uint8Array): Promise<void> {
  const numbers = Array.from({ length: Math.ceil(photos / facesPerPerson) }, (_, number) => number).values()
  const writer = async () => {
    for (const number of numbers) {
      const assignments = Array.from({ length: facesPerPerson }, (_, photo) =>
        madeAssignment(`Imported ${number}`, number * facesPerPerson + photo, crop),
      )
      const known = assignments.map(({ photo }) => photo.sha256)
      await gallery.knownFaces(clientId, known)
      await gallery.assignFaces(clientId, domain, modelId, assignments, context)
    }
  }
  await Promise.all(Array.from({ length: importedAtOnce }, writer))
}

function madeAssignment(name: string, number: number, crop: Uint8Array): FaceAssignment {
  const at = { x: 1, y: 1 }
  const sha256 = sha256Schema.parse((number + 1).toString(16).padStart(64, 'f'))
  const embedding = new Float32Array(madeVector().buffer) as UnitEmbedding
  return {
    person: { name },
    photo: { sha256, path: `/import/${number}.jpg`, format: 'jpeg', width: 1000, height: 1000 },
    face: {
      box: { x: 10, y: 10, w: 100, h: 100 },
      landmarks: [at, at, at, at, at],
      score: 0.99,
      quality: {
        value: 0.3 + 0.7 * random(),
        size: 0.8,
        sharpness: 0.8,
        pose: 0.8,
        exposure: 0.8,
        sizePx: 100,
        yawDegrees: 0,
        rollDegrees: 0,
      },
      embedding,
      crop,
    },
    source: 'imported',
  }
}
