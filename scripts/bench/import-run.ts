/**
 * A pickle as long as a system's that was replaced, imported into SQLite and into PostgreSQL, against the bare bulk write of the same
 * rows into the same tables; and the memory of a process that does nothing but import it. Options: `--rows 23661`; `--import FILE`
 * (into a store of its own, or of the server at VISOR_BENCH_SERVER, in this process). Electron's Node.
 */
import { execFileSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import pg from 'pg'
import { from } from 'pg-copy-streams'
import { z } from 'zod'
import { SourceThread } from '../../src-main/import/thread/source-thread'
import { Imports } from '../../src-main/services/import/imports'
import { PersonNames } from '../../src-main/services/import/person-names'
import { SourceRows } from '../../src-main/services/import/source-rows'
import type { OpenStore } from '../../src-main/storage/open-store'
import { binaryRows } from '../../src-main/storage/postgres/binary-rows'
import type { SqlValue, Table } from '../../src-main/storage/sql/connection'
import { measuredValues } from '../../src-main/storage/sql/faces/add-faces'
import { embeddingsTable, facesTable, personsTable, photosTable } from '../../src-main/storage/sql/tables'
import { databaseFile } from '../../src-main/storage/sqlite/open-database'
import { openLocalStore } from '../../src-main/storage/threads/local-store'
import { openServerStore } from '../../src-main/storage/threads/server-store'
import { clientIdSchema, domainSchema } from '../../src-shared/ids'
import type { SourceSpec } from '../../src-shared/import'
import { foldText } from '../../src-shared/text'
import { randomNumbers, unitVector } from '../../test/contract/made-faces'
import { noPhotos, plainOptions } from '../../test/fixtures/made-source'
import { serverAt } from '../../test/postgres/databases'
import { migratedDatabase } from '../../test/postgres/migrated'
import { pickledList } from '../../test/unit/import/pickle-writer'
import { median, printFigure } from './figure'

const benchmark = 'import-run'
const rounds = 3
const facesPerPerson = 9
const domain = domainSchema.parse('bench')
/** With what a trigger fills in. */
const filledEmbeddings: Table = {
  name: 'embeddings',
  columns: { ...embeddingsTable.columns, ...embeddingsTable.onServer },
}

const options = { ...plainOptions, domain }
const { personRule } = options

const openSource = (spec: SourceSpec) => new SourceThread(spec, { builtFolder: import.meta.dirname })

const personOf = (index: number) => `Person ${Math.floor(index / facesPerPerson)}`

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { rows: { type: 'string', default: '23661' }, import: { type: 'string' } },
  })
  const count = Number(values.rows)
  if (values.import !== undefined) {
    process.stdout.write(`${JSON.stringify(await importedAlone(values.import, count))}\n`)
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'visor-bench-import-'))
  const pickle = join(folder, 'ds_model_arcface_detector_retinaface.pkl')
  const random = randomNumbers(4)
  const vectors = Array.from({ length: count }, () => unitVector(random))
  const rows = vectors.map((vector, index) => ({
    identity: `faces/${personOf(index)}/${index}.jpg`,
    // As DeepFace has them: Python floats.
    embedding: Array.from(vector),
  }))
  await pipeline(Readable.from(pickledList(rows, { protocol: 5 })), createWriteStream(pickle))
  const database = await migratedDatabase()
  const superuser = new pg.Client(database.superuserUrl)
  await superuser.connect()
  await superuser.query('SET search_path = visor, public')
  const local = await openLocalStore({ folder: join(folder, 'data'), builtFolder: import.meta.dirname })
  const server = await openServerStore({ ...serverAt(database.url), builtFolder: import.meta.dirname })
  try {
    const sqlite = await measured(async (round) => [
      await imported(local, pickle, `run ${round}`, count),
      await inSqlite(join(folder, 'data'), `bare ${round}`, pickle),
    ])
    tell('SQLite', count, { ...sqlite, megabytes: memoryOfRun(pickle, count, {}) })
    const postgres = await measured(async (round) => [
      await imported(server, pickle, `run ${round}`, count),
      await byCopy(superuser, `bare ${round}`, pickle),
    ])
    const megabytes = memoryOfRun(pickle, count, { VISOR_BENCH_SERVER: database.url })
    tell('PostgreSQL', count, { ...postgres, megabytes }, '>= 0.7')
  } finally {
    await local.close()
    await server.close()
    await superuser.end()
    await database.drop()
    rmSync(folder, { recursive: true })
  }
}

interface Run {
  readonly ms: number
  /** Of main's event loop: 99th percentile, and longest. */
  readonly delayMs: number
  readonly longestDelayMs: number
  /** Of the process, all threads: the most. */
  readonly megabytes: number
}

interface Times {
  readonly runMs: number
  readonly bareMs: number
  readonly runs: readonly Run[]
}

/** Medians; the first round warms up. */
async function measured(work: (round: number) => Promise<readonly [Run, number]>): Promise<Times> {
  const times: (readonly [Run, number])[] = []
  for (let round = 0; round <= rounds; round++) {
    const both = await work(round)
    if (round > 0) times.push(both)
  }
  const runs = times.map(([run]) => run)
  return { runMs: median(runs.map(({ ms }) => ms)), bareMs: median(times.map(([, bare]) => bare)), runs }
}

function tell(
  engine: string,
  rows: number,
  { runMs, bareMs, runs, megabytes }: Times & { readonly megabytes: number },
  goal?: string,
): void {
  printFigure({
    benchmark,
    figure: `rows per second of a pickle into ${engine} ÷ the bare bulk write of the same rows`,
    value: bareMs / runMs,
    ...(goal === undefined ? {} : { goal }),
    details: {
      rows,
      rowsPerSecond: (rows / runMs) * 1000,
      bareRowsPerSecond: (rows / bareMs) * 1000,
      runMs,
      bareMs,
      mainDelayMs: median(runs.map(({ delayMs }) => delayMs)),
      longestMainDelayMs: Math.max(...runs.map(({ longestDelayMs }) => longestDelayMs)),
      'memory of a process that only imports, MB': megabytes,
    },
  })
}

/** MB, of a process of its own: this one holds the vectors. */
function memoryOfRun(path: string, rows: number, environment: NodeJS.ProcessEnv): number {
  const [runner = ''] = process.argv.slice(1)
  const args = [runner, benchmark, '--import', path, '--rows', String(rows)]
  const env = { ...process.env, ...environment }
  const printed = execFileSync(process.execPath, args, { encoding: 'utf8', env })
  return importedRun.parse(JSON.parse(printed)).megabytes
}

const importedRun = z.object({ megabytes: z.number() })

async function importedAlone(path: string, count: number): Promise<Run> {
  const url = process.env.VISOR_BENCH_SERVER
  const folder = mkdtempSync(join(tmpdir(), 'visor-bench-import-'))
  const builtFolder = import.meta.dirname
  const store =
    url === undefined
      ? await openLocalStore({ folder, builtFolder })
      : await openServerStore({ ...serverAt(url), builtFolder })
  try {
    return await imported(store, path, 'alone', count)
  } finally {
    await store.close()
    rmSync(folder, { recursive: true })
  }
}

/** The run: all is read and written. */
async function imported(store: OpenStore, path: string, clientName: string, count: number): Promise<Run> {
  const imports = new Imports({
    target: store,
    openSource: async (spec) => openSource(spec),
    openGallery: () => Promise.reject(new Error('There is none.')),
    openLooker: noPhotos,
    actor: 'bench',
  })
  const clientId = clientIdSchema.parse(clientName)
  const place = { at: 'path', path } as const
  const { runId } = await imports.begin({ clientId, place, kind: null, options })
  let megabytes = 0
  const looking = setInterval(() => {
    megabytes = Math.max(megabytes, process.memoryUsage.rss() / 1e6)
  }, 50)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const startedAt = performance.now()
  const done = await imports.resume(runId, {}, { justBegun: true })
  const ms = performance.now() - startedAt
  delay.disable()
  clearInterval(looking)
  if (done.imported !== count) throw new Error(`${done.imported} of ${count} rows were imported.`)
  return { ms, delayMs: delay.percentile(99) / 1e6, longestDelayMs: delay.max / 1e6, megabytes }
}

interface Rows {
  readonly table: Table
  readonly rows: SqlValue[][]
}

/** The very rows that a run writes for a client, ids and all, in its order. */
async function bareRows(clientName: string, path: string): Promise<Rows[]> {
  const clientId = clientIdSchema.parse(clientName)
  const source = openSource({ place: { at: 'path', path }, kind: null, personRule, mapping: null })
  const prepared = new SourceRows({ clientId, options, names: new PersonNames(false) })
  const persons = new Set<string>()
  const tables: Rows[] = [personsTable, photosTable, facesTable, filledEmbeddings].map((table) => ({
    table,
    rows: [],
  }))
  const [ofPersons, ofPhotos, ofFaces, ofEmbeddings] = tables.map(({ rows }) => rows)
  for await (const portion of source.rows()) {
    for (const { ids, person, photo, face, modelId } of prepared.portion(portion, 0).faces) {
      const { personId, photoId, faceId } = ids
      if (!persons.has(personId)) {
        ofPersons!.push([personId, clientId, domain, person.name, foldText(person.name), 1, 1])
      }
      persons.add(personId)
      const { sha256, path, format, width, height } = photo
      ofPhotos!.push([photoId, clientId, domain, sha256, path, format, width, height, null, 0, 0, 1])
      ofFaces!.push([
        ...[faceId, photoId, clientId, domain, personId],
        ...measuredValues(face),
        ...['imported', 0, 0, 1],
      ])
      ofEmbeddings!.push([faceId, modelId, clientId, face.embedding, domain, personId])
    }
  }
  await source.close()
  return tables
}

/** Milliseconds of one transaction of prepared statements, row after row. */
async function inSqlite(folder: string, clientId: string, path: string): Promise<number> {
  const database = new Database(databaseFile(folder))
  try {
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    const tables = await bareRows(clientId, path)
    database.prepare('INSERT INTO clients (id, created_at) VALUES (?, 1)').run(clientId)
    database
      .prepare('INSERT INTO domains (client_id, name, sample, created_at) VALUES (?, ?, 0, 1)')
      .run(clientId, domain)
    const startedAt = performance.now()
    database.transaction(() => {
      for (const { table, rows } of tables) {
        const names = Object.keys(table.name === 'embeddings' ? embeddingsTable.columns : table.columns)
        const statement = database.prepare(
          `INSERT INTO ${table.name} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
        )
        for (const row of rows) statement.run(row.slice(0, names.length).map(bindable))
      }
    })()
    return performance.now() - startedAt
  } finally {
    database.close()
  }
}

function bindable(value: SqlValue) {
  if (!(value instanceof Float32Array)) return value
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}

/** Milliseconds of binary COPY, from the first byte to the commit: the rows are encoded before. */
async function byCopy(client: pg.Client, clientId: string, path: string): Promise<number> {
  const tables = await bareRows(clientId, path)
  await client.query('BEGIN')
  await client.query('SELECT write_for($1)', [clientId])
  await client.query('INSERT INTO domains (client_id, name, sample, created_at) VALUES ($1, $2, false, 0)', [
    clientId,
    domain,
  ])
  const encoded = tables.map(({ table, rows }) => ({
    table,
    bytes: binaryRows(Object.values(table.columns), rows),
  }))
  const startedAt = performance.now()
  for (const { table, bytes } of encoded) {
    const columns = Object.keys(table.columns).join(', ')
    const stream = client.query(from(`COPY ${table.name} (${columns}) FROM STDIN WITH (FORMAT binary)`))
    stream.end(bytes)
    await finished(stream)
  }
  await client.query('COMMIT')
  return performance.now() - startedAt
}
