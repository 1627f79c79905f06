/**
 * Bulk load on PostgreSQL: faces with their people, photos and embeddings through the store, against bare binary COPY of as
 * many rows into the same tables; and what the tables' triggers and foreign keys cost that COPY.
 * Options: `--faces 20000`, `--call 5000` faces in one call. Electron's Node.
 */
import { finished } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { from } from 'pg-copy-streams'
import { v7 as uuid } from 'uuid'
import type { FaceAssignment } from '../../src-main/storage/gallery-records'
import type { OpenStore } from '../../src-main/storage/open-store'
import { binaryRows } from '../../src-main/storage/postgres/binary-rows'
import type { SqlValue, Table } from '../../src-main/storage/sql/connection'
import { measuredValues } from '../../src-main/storage/sql/faces/add-faces'
import { embeddingsTable, facesTable, personsTable, photosTable } from '../../src-main/storage/sql/tables'
import { openServerStore } from '../../src-main/storage/threads/server-store'
import { clientIdSchema, domainSchema, modelIdSchema, sha256Schema } from '../../src-shared/ids'
import { madeFace, randomNumbers, unitVector } from '../../test/contract/made-faces'
import { serverAt } from '../../test/postgres/databases'
import { migratedDatabase } from '../../test/postgres/migrated'
import { median, printFigure } from './figure'

const benchmark = 'bulk-load'
const rounds = 3
const facesPerPerson = 9
const domain = domainSchema.parse('bench')
const modelId = modelIdSchema.parse('bench/embedder')
const context = { actor: 'bench', summary: 'bench' }
/** With what a trigger fills in. */
const filledEmbeddings: Table = {
  name: 'embeddings',
  columns: { ...embeddingsTable.columns, ...embeddingsTable.onServer },
}
const tables = [personsTable, photosTable, facesTable, filledEmbeddings]

interface Rows {
  readonly table: Table
  readonly rows: SqlValue[][]
}

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { faces: { type: 'string', default: '20000' }, call: { type: 'string', default: '5000' } },
  })
  const [faces, call] = [Number(values.faces), Number(values.call)]
  const random = randomNumbers(4)
  const vectors = Array.from({ length: 500 }, () => unitVector(random))
  const assignments = Array.from({ length: faces }, (_, index): FaceAssignment => {
    const sha256 = sha256Schema.parse(index.toString(16).padStart(64, '0'))
    const { crop: _crop, ...face } = madeFace(vectors[index % vectors.length]!)
    return {
      person: { name: `Person ${Math.floor(index / facesPerPerson)}` },
      photo: { sha256, path: `/photos/${index}.jpg`, format: 'jpeg', width: 1200, height: 800 },
      face,
      source: 'imported',
    }
  })
  const database = await migratedDatabase()
  const superuser = new pg.Client(database.superuserUrl)
  await superuser.connect()
  const store = await openServerStore({ ...serverAt(database.url), builtFolder: import.meta.dirname })
  try {
    await superuser.query('SET search_path = visor, public')
    const times: Record<'store' | 'copy' | 'plain', number[]> = { store: [], copy: [], plain: [] }
    for (let round = 0; round <= rounds; round++) {
      const measured = {
        store: await throughStore(store, `store ${round}`, assignments, call),
        copy: await byCopy(superuser, `copy ${round}`, assignments, 'origin'),
        // Neither triggers nor foreign keys: as on a replica.
        plain: await byCopy(superuser, `plain ${round}`, assignments, 'replica'),
      }
      // The first warms up the server and the threads.
      if (round > 0) for (const way of ['store', 'copy', 'plain'] as const) times[way].push(measured[way])
    }
    const [storeMs, copyMs, plainMs] = [median(times.store), median(times.copy), median(times.plain)]
    const rows = 3 * faces + Math.ceil(faces / facesPerPerson)
    const perSecond = (ms: number) => (rows / ms) * 1000
    printFigure({
      benchmark,
      figure: 'rows per second through the store ÷ bare binary COPY into the same tables',
      value: copyMs / storeMs,
      goal: '>= 0.7',
      details: {
        faces,
        facesInACall: call,
        rows,
        storeRowsPerSecond: perSecond(storeMs),
        copyRowsPerSecond: perSecond(copyMs),
        storeFacesPerSecond: (faces / storeMs) * 1000,
      },
    })
    printFigure({
      benchmark,
      figure: 'bare binary COPY with triggers and foreign keys ÷ without',
      value: copyMs / plainMs,
      details: { rows, withMs: copyMs, withoutMs: plainMs },
    })
  } finally {
    await store.close()
    await superuser.end()
    await database.drop()
  }
}

/** Milliseconds. */
async function throughStore(
  { gallery }: OpenStore,
  clientName: string,
  assignments: readonly FaceAssignment[],
  call: number,
): Promise<number> {
  const clientId = clientIdSchema.parse(clientName)
  await gallery.ensureDomain(clientId, domain)
  const startedAt = performance.now()
  for (let first = 0; first < assignments.length; first += call) {
    await gallery.assignFaces(clientId, domain, modelId, assignments.slice(first, first + call), context)
  }
  return performance.now() - startedAt
}

/** Milliseconds, from the first byte to the commit: the rows are encoded before. */
async function byCopy(
  client: pg.Client,
  clientName: string,
  assignments: readonly FaceAssignment[],
  role: 'origin' | 'replica',
): Promise<number> {
  await client.query('BEGIN')
  await client.query('SELECT write_for($1)', [clientName])
  await client.query('INSERT INTO domains (client_id, name, sample, created_at) VALUES ($1, $2, false, 0)', [
    clientName,
    domain,
  ])
  await client.query(`SET LOCAL session_replication_role = ${role}`)
  const encoded = rowsOf(clientName, assignments).map(({ table, rows }) => ({
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

/** The rows that the store would write. */
function rowsOf(clientId: string, assignments: readonly FaceAssignment[]): Rows[] {
  const rows = new Map(tables.map((table) => [table, [] as SqlValue[][]]))
  let personId = ''
  for (const [index, { photo, face, source }] of assignments.entries()) {
    if (index % facesPerPerson === 0) {
      personId = uuid()
      const name = `Person ${index / facesPerPerson}`
      rows.get(personsTable)!.push([personId, clientId, domain, name, name.toLowerCase(), 0, 0])
    }
    const [photoId, faceId] = [uuid(), uuid()]
    const { sha256, path, format, width, height } = photo
    rows
      .get(photosTable)!
      .push([photoId, clientId, domain, sha256, path, format, width, height, null, 0, 1, 0])
    rows
      .get(facesTable)!
      .push([faceId, photoId, clientId, domain, personId, ...measuredValues(face), source, 0, 1, 0])
    rows.get(filledEmbeddings)!.push([faceId, modelId, clientId, face.embedding, domain, personId])
  }
  return tables.map((table) => ({ table, rows: rows.get(table)! }))
}
