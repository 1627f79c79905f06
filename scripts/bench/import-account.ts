/**
 * Every row of a pickle as long as a system's that was replaced is accounted for: 23,661 = 23,640 + 21, the report names the 21, and
 * mended they are brought alone; into SQLite and into PostgreSQL. Fails where a row is lost. Options: `--rows 23661`. Electron's Node.
 */
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { SourceThread } from '../../src-main/import/thread/source-thread'
import { Imports } from '../../src-main/services/import/imports'
import type { OpenStore } from '../../src-main/storage/open-store'
import { openLocalStore } from '../../src-main/storage/threads/local-store'
import { openServerStore } from '../../src-main/storage/threads/server-store'
import { clientIdSchema, domainSchema, type ImportRunId } from '../../src-shared/ids'
import { randomNumbers, unitVector } from '../../test/contract/made-faces'
import { noPhotos, plainOptions } from '../../test/fixtures/made-source'
import { serverAt } from '../../test/postgres/databases'
import { migratedDatabase } from '../../test/postgres/migrated'
import { type Python, pickledList } from '../../test/unit/import/pickle-writer'
import { printFigure } from './figure'

const benchmark = 'import-account'
const facesPerPerson = 9
const clientId = clientIdSchema.parse('default')
const domain = domainSchema.parse('bench')

/** What a row has that cannot be used: in turn, 21 in all; made anew for each, as one object twice is a fault of its own. */
const faults: readonly { readonly reason: string; readonly made: () => Python }[] = [
  { reason: 'no-embedding', made: () => null },
  { reason: 'wrong-dimension', made: () => [0.5, 0.25, 0.125] },
  { reason: 'zero-length', made: () => Array<number>(512).fill(0) },
  { reason: 'not-finite', made: () => [Number.NaN, ...Array<number>(511).fill(0.1)] },
  { reason: 'not-a-vector', made: () => 'none' },
]
const broken = 21

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: { rows: { type: 'string', default: '23661' } } })
  const rows = Number(values.rows)
  const folder = mkdtempSync(join(tmpdir(), 'visor-bench-account-'))
  const pickles = { asFound: join(folder, 'found.pkl'), mended: join(folder, 'mended.pkl') }
  const faulty = new Map(
    Array.from({ length: broken }, (_, fault) => [
      Math.floor(((fault + 0.5) * rows) / broken),
      faults[fault % faults.length]!,
    ]),
  )
  await write(pickles.asFound, rows, faulty)
  await write(pickles.mended, rows, new Map())
  const named = [...faulty].map(([index, { reason }]) => `row ${index}: ${reason}`)
  const database = await migratedDatabase()
  const local = await openLocalStore({ folder: join(folder, 'data'), builtFolder: import.meta.dirname })
  const server = await openServerStore({ ...serverAt(database.url), builtFolder: import.meta.dirname })
  try {
    await account('SQLite', local, pickles, rows, named)
    await account('PostgreSQL', server, pickles, rows, named)
  } finally {
    await local.close()
    await server.close()
    await database.drop()
    rmSync(folder, { recursive: true })
  }
}

async function write(
  path: string,
  rows: number,
  faulty: ReadonlyMap<number, (typeof faults)[number]>,
): Promise<void> {
  const pieces = pickledList(madeRows(rows, faulty), { protocol: 4 })
  await pipeline(Readable.from(pieces), createWriteStream(path))
}

function* madeRows(rows: number, faulty: ReadonlyMap<number, (typeof faults)[number]>): Generator<Python> {
  const random = randomNumbers(5)
  for (let index = 0; index < rows; index++) {
    const vector = unitVector(random)
    const fault = faulty.get(index)
    yield {
      identity: `faces/Person ${Math.floor(index / facesPerPerson)}/${index}.jpg`,
      embedding: fault === undefined ? [...vector] : fault.made(),
    }
  }
}

async function account(
  engine: string,
  store: OpenStore,
  { asFound, mended }: { readonly asFound: string; readonly mended: string },
  rows: number,
  named: readonly string[],
): Promise<void> {
  const imports = new Imports({
    target: store,
    openSource: async (spec) => new SourceThread(spec, { builtFolder: import.meta.dirname }),
    openGallery: () => Promise.reject(new Error('There is none.')),
    openLooker: noPhotos,
    actor: 'bench',
  })
  const brought = async (path: string, onlyRejectedOf: ImportRunId | null) => {
    const place = { at: 'path', path } as const
    const options = { ...plainOptions, domain, onlyRejectedOf }
    const { runId } = await imports.begin({ clientId, place, kind: null, options })
    const { read, imported, alreadyThere, rejected } = await imports.resume(runId, {}, { justBegun: true })
    return { runId, counts: { read, imported, alreadyThere, rejected } }
  }
  const startedAt = performance.now()
  const first = await brought(asFound, null)
  expected('the first run', first.counts, {
    read: rows,
    imported: rows - broken,
    alreadyThere: 0,
    rejected: broken,
  })
  const { rejects } = await imports.report(first.runId)
  expected(
    'its report',
    rejects.map(({ key, reason }) => `${key}: ${reason}`),
    named,
  )
  const second = await brought(mended, first.runId)
  expected('the run of the mended rows', second.counts, {
    read: broken,
    imported: broken,
    alreadyThere: 0,
    rejected: 0,
  })
  const { validation } = await imports.validate(second.runId)
  expected('the comparison', validation?.passed, true)
  const [{ domains } = { domains: [] }] = await store.gallery.clients()
  expected(
    'the gallery',
    domains.map(({ faces }) => faces),
    [rows],
  )
  printFigure({
    benchmark,
    figure: `rows of a pickle whose fate is told, of all, into ${engine}`,
    value: (first.counts.imported + rejects.length) / rows,
    goal: '= 1',
    // As they are: numbers are printed rounded.
    details: {
      rows: String(rows),
      imported: String(first.counts.imported),
      named: rejects.length,
      ms: performance.now() - startedAt,
    },
  })
}

function expected(what: string, found: unknown, wanted: unknown): void {
  if (isDeepStrictEqual(found, wanted)) return
  throw new Error(`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`)
}
