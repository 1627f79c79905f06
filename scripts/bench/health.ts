/**
 * The first pass of gallery health over a crowd, in the background as the window runs it: people looked at per second, what
 * searches, lists and main's event loop take meanwhile beside what they take alone, and how long a change is until it is
 * followed. Options: `--persons 50000` (nine faces each), `--seconds 120` at most of the first pass; with more it ends by
 * itself and the figure is no estimate. Electron's Node.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { GalleryHealth } from '../../src-main/services/health/gallery-health'
import { databaseFile } from '../../src-main/storage/sqlite/open-database'
import { type LocalStore, openLocalStore } from '../../src-main/storage/threads/local-store'
import { embeddingLength, type UnitEmbedding } from '../../src-shared/face'
import type { PersonId } from '../../src-shared/ids'
import { type ModelPack, manifestSchema, modelIdOf } from '../../src-shared/model-pack'
import { clientId, domain, facesPerPerson, fillCrowd, madeVector, modelId } from './crowd'
import { median, printFigure } from './figure'

const benchmark = 'health'
/** Searches, lists and people asked for, one after the other with a pause between. */
const asked = 60
const pauseMs = 40

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      persons: { type: 'string', default: '50000' },
      seconds: { type: 'string', default: '120' },
    },
  })
  const persons = Number(values.persons)
  const folder = mkdtempSync(join(tmpdir(), 'visor-health-'))
  try {
    const open = () => openLocalStore({ folder, builtFolder: import.meta.dirname })
    // Made and migrated by the store itself.
    await (await open()).close()
    const people = fillCrowd(databaseFile(folder), persons, [], true)
    const store = await open()
    try {
      await measure(store, people, persons, Number(values.seconds))
    } finally {
      await store.close()
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function measure(
  store: LocalStore,
  people: readonly PersonId[],
  persons: number,
  seconds: number,
): Promise<void> {
  const size = { persons, faces: persons * facesPerPerson }
  // Loads the index, as the first search of a day does.
  await store.gallery.gallerySize(clientId, 'all', modelId)
  const alone = await answers(store, people)
  const health = new GalleryHealth({
    health: store.health,
    gallery: store.gallery,
    pack: () => benchPack,
    settings: () => ({ thresholds: [], healthPaused: false }),
    onError: (error) => {
      throw error
    },
  })
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const startedAt = performance.now()
  const elapsed = () => (performance.now() - startedAt) / 1000
  health.wake()
  await sleep(2000)
  delay.enable()
  const meanwhile = await answers(store, people)
  delay.disable()
  // Only what nobody disturbs is the rate: every write above was followed first.
  const before = { looked: health.state.looked, at: elapsed() }
  while (!health.state.finished && elapsed() < before.at + seconds) await sleep(200)
  const { finished } = health.state
  const looked = health.state.looked - before.looked
  const took = elapsed() - before.at
  await health.stop()
  printFigure({
    benchmark,
    figure: 'people looked at per second, in the background',
    value: looked / took,
    details: {
      ...size,
      looked,
      finished: String(finished),
      firstPassMinutes: (persons * took) / Math.max(1, looked) / 60,
    },
  })
  for (const kind of ['search', 'list', 'person', 'write'] as const) {
    printFigure({
      benchmark,
      figure: `${kind} during the first pass, of what it takes alone`,
      value: median(meanwhile[kind]) / median(alone[kind]),
      details: {
        ...size,
        aloneMs: median(alone[kind]),
        meanwhileMs: median(meanwhile[kind]),
        worstAloneMs: Math.max(...alone[kind]),
        worstMeanwhileMs: Math.max(...meanwhile[kind]),
      },
    })
  }
  printFigure({
    benchmark,
    figure: 'delay of main’s event loop during the first pass, 99th percentile, ms',
    value: delay.percentile(99) / 1e6,
    details: { ...size, worstMs: delay.max / 1e6 },
  })
  const counts = await store.health.counts(clientId)
  const openedAt = performance.now()
  const { total } = await store.health.findings({
    clientId,
    domain: null,
    kind: null,
    dismissed: false,
    offset: 0,
    limit: 60,
  })
  printFigure({
    benchmark,
    figure: 'opening the queue, ms',
    value: performance.now() - openedAt,
    details: { ...size, findings: total, kinds: counts.length },
  })
}

/** How long each kind of request takes, ms. */
async function answers({ gallery }: LocalStore, people: readonly PersonId[]) {
  const times = {
    search: [] as number[],
    list: [] as number[],
    person: [] as number[],
    write: [] as number[],
  }
  const timed = async (kind: keyof typeof times, work: () => Promise<unknown>) => {
    const startedAt = performance.now()
    await work()
    times[kind].push(performance.now() - startedAt)
    await sleep(pauseMs)
  }
  const list = { domain, clientId, sort: 'name', flags: [], tag: null, offset: 0, limit: 200 } as const
  for (let number = 0; number < asked; number++) {
    const personId = people[number % people.length]!
    await timed('search', () =>
      gallery.search({
        clientId,
        domains: [domain],
        modelId,
        probes: [probe()],
        topPersons: 5,
        topFaces: 0,
        withinDistance: 0.5,
      }),
    )
    await timed('list', () => gallery.persons({ ...list, text: 'mar' }))
    await timed('person', () => gallery.person(personId))
    await timed('write', () =>
      gallery.updatePerson(
        personId,
        { occupation: `Number ${number} ${performance.now()}` },
        { actor: 'bench', summary: 'bench' },
      ),
    )
  }
  return times
}

function probe(): UnitEmbedding {
  const bytes = madeVector()
  return new Float32Array(bytes.buffer, bytes.byteOffset, embeddingLength) as UnitEmbedding
}

/** The default pack's thresholds under the crowd's model. */
const benchPack: ModelPack = (() => {
  const file = join(import.meta.dirname, '../../models/manifest.json')
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const pack = manifest.packs.find(({ id }) => id === manifest.defaultPack)!
  const embedderFile = { ...pack.embedder.file, sha256: '0'.repeat(64) }
  const bench = { ...pack, id: 'bench', embedder: { ...pack.embedder, name: 'embedder', file: embedderFile } }
  if (modelIdOf(bench) !== modelId) throw new Error('The crowd’s model is not the pack’s.')
  return bench
})()
