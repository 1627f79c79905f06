/**
 * The rows of a local gallery that is paired with a server, as they are put there. Store worker thread.
 *
 * [Note: Following of a paired gallery] Where the local gallery follows the server, it takes the server's rows and gives up none of
 * its own. A row keeps what hangs on it: it is changed where it lies. Who is removed on the server, or was never there (an edit that
 * waits for a decision), goes to the bin here, under an entry of the ledger that can be undone; only what the server itself no longer
 * has, and says so in its feed (an erasure, a bin that was emptied, an undone enrolment), goes for good. The ledger says each
 * time who was changed; queue, bin and the ledger itself are never touched, and of what waits for a curator only what the server
 * has or had (`waiting-rows.ts`). Numbers of embeddings are the gallery's own.
 */
import { z } from 'zod'
import type { ClientId, LedgerId, ModelId, PersonId } from '../../../src-shared/ids'
import { appendEntry, newLedgerId } from '../sql/ledger/ledger'
import type { SqliteConnection } from '../sqlite/sqlite-connection'
import { dependants } from './cached-rows'
import { type CachedValue, CopiedRows } from './copied-rows'
import { forgetErased } from './erased-there'
import type { Copied } from './server-snapshot'
import type { Kept, Owners, ServerRows, Syncing } from './syncing'
import { type CachedTable, cachedTables, ownerTables, replaceStatement } from './tables'
import { renewWaiting, takeUnknown, unknownFaces } from './waiting-rows'

/** Photos of which only the bin knows faces may be on one side alone. */
const hasLiveFace = 'EXISTS (SELECT 1 FROM faces f WHERE f.photo_id = o.id AND f.removed_by IS NULL)'

/** Of a cache, without what is the gallery's own. */
const pairedTables: readonly CachedTable[] = [...cachedTables, unknownFaces].map((table) => {
  if (table.name === 'photos') return { ...table, comparedWhere: hasLiveFace }
  if (table.name !== 'embeddings') return table
  return { ...table, columns: table.columns.filter(({ name }) => name !== 'id') }
})

const onlyChain = ''
const idRow = z.object({ id: z.number().int() })
const embeddingRow = z.object({ id: z.number().int(), faceId: z.string(), modelId: z.string() })
const thereRow = z.tuple([z.string()])

const selectEmbeddings = `
  SELECT e.id, e.face_id AS faceId, e.model_id AS modelId
  FROM json_each(?) touched CROSS JOIN embeddings e ON e.face_id = touched.value`
/** What was unknown is somebody's now. */
const forgetKnown = [
  `DELETE FROM suggestions WHERE embedding_id IN (
     SELECT u.embedding_id FROM json_each(?) given CROSS JOIN unknown_faces u ON u.face_id = given.value
     CROSS JOIN faces f ON f.id = u.face_id WHERE f.person_id IS NOT NULL)`,
  `DELETE FROM unknown_faces WHERE face_id IN (
     SELECT f.id FROM json_each(?) given CROSS JOIN faces f ON f.id = given.value WHERE f.person_id IS NOT NULL)`,
]
const selectPeopleOfFaces = `
  SELECT DISTINCT f.person_id FROM json_each(?) touched CROSS JOIN faces f ON f.id = touched.value WHERE f.person_id IS NOT NULL`

/** Whom only this console found: nobody removed it on the server. */
const keepOwnUnknown = `
  UPDATE faces SET removed_by = NULL
  WHERE removed_by = ? AND person_id IS NULL AND id NOT IN (SELECT value FROM json_each(?))
    AND EXISTS (SELECT 1 FROM unknown_faces u WHERE u.face_id = faces.id)`

/** Removable kinds: a photo is there or not. */
const removable = ['person', 'face'] as const

function upsert({ name, columns }: CachedTable, key: string, besides: readonly string[]): string {
  const names = columns.map((column) => column.name)
  const set = [...names.map((column) => `${column} = excluded.${column}`), ...besides]
  return `INSERT INTO ${name} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
    ON CONFLICT (${key}) DO UPDATE SET ${set.join(', ')}`
}

/** How a row is put there, in place of the one that is the same. */
function putStatement(table: CachedTable): string {
  switch (table.name) {
    case 'persons':
      return upsert(table, 'id', ['removed_by = NULL'])
    case 'faces':
      return upsert(table, 'id', ['removed_by = NULL', 'former_of = NULL'])
    case 'photos':
      return upsert(table, 'id', [])
    case 'embeddings':
      return `${upsert(table, 'face_id, model_id', [])} RETURNING id`
    default:
      return replaceStatement(table)
  }
}

export class PairedRows implements ServerRows {
  readonly touched = new Map<ModelId, Set<number>>()
  owners = 0
  readonly #connection: SqliteConnection
  readonly #syncing: Syncing
  readonly #clientId: ClientId
  /** Under which those are removed that the server does not have live. */
  readonly #entry: LedgerId = newLedgerId()
  readonly #facesGiven = new Set<string>()
  readonly #cropsGiven = new Set<string>()
  readonly #photosGiven = new Set<string>()
  /** Embeddings of the faces that are read anew and did not come again: by face and model. */
  readonly #embeddings = new Map<string, number>()

  constructor(syncing: Syncing, clientId: ClientId) {
    this.#syncing = syncing
    this.#connection = syncing.connection
    this.#clientId = clientId
  }

  async take(table: CachedTable, copied: Copied): Promise<void> {
    if (table === unknownFaces) {
      await takeUnknown(this.#connection, this, this.#clientId, copied)
      return
    }
    const put = putStatement(table)
    const insert = table.name === 'embeddings' ? undefined : this.#connection.each(put)
    const at = (name: string) => table.columns.findIndex((column) => column.name === name)
    const [id, sha256, domain, face, model] = ['id', 'sha256', 'domain', 'face_id', 'model_id'].map(
      at,
    ) as number[]
    const rows = new CopiedRows(table.columns)
    await copied((piece) =>
      rows.push(piece, (row) => {
        if (table.name === 'photos') this.#makeWay(row[id!], row[sha256!], row[domain!])
        if (table.name === 'photos') this.#photosGiven.add(String(row[id!]))
        if (insert === undefined) this.#putEmbedding(put, row, String(row[face!]), String(row[model!]))
        else insert(row)
        if (table.name === 'faces') this.#facesGiven.add(String(row[id!]))
        if (table.name === 'crops') this.#cropsGiven.add(String(row[face!]))
        if (table.ownerColumn === 'id') this.owners++
      }),
    )
    rows.end()
  }

  remove({ person, photo: _, face }: Owners): void {
    const connection = this.#connection
    const lists = { person: JSON.stringify([...person]), photo: '[]', face: JSON.stringify([...face]) }
    for (const { id, faceId, modelId } of connection.rows(embeddingRow, selectEmbeddings, lists.face)) {
      this.#embeddings.set(`${faceId} ${modelId}`, id)
      this.touch(id, modelId)
    }
    for (const { name, owner, ownerColumn, otherPersonColumn } of pairedTables) {
      if (ownerColumn === 'id' || name === 'embeddings' || name === 'unknown_faces') continue
      const deleteBy = (column: string, list: string) =>
        connection.run(`DELETE FROM ${name} WHERE ${column} IN (SELECT value FROM json_each(?))`, list)
      // The picture of a face that is only removed stays with it.
      if (name !== 'crops') deleteBy(ownerColumn, lists[owner])
      if (otherPersonColumn !== undefined) deleteBy(otherPersonColumn, lists.person)
    }
    // Out of the way, so that names may go round; those whom the server has come back.
    for (const kind of removable) {
      connection.run(
        `UPDATE ${ownerTables[kind]} SET removed_by = ? WHERE removed_by IS NULL AND id IN (SELECT value FROM json_each(?))`,
        this.#entry,
        lists[kind],
      )
    }
  }

  async settle(owners: Owners, told: Owners): Promise<number> {
    const connection = this.#connection
    for (const [key, id] of this.#embeddings) {
      if (this.#facesGiven.has(key.slice(0, key.indexOf(' ')))) this.#deleteEmbedding(id)
    }
    connection.run(keepOwnUnknown, this.#entry, JSON.stringify([...told.face]))
    const given = JSON.stringify([...this.#facesGiven])
    for (const sql of forgetKnown) connection.run(sql, given)
    const bare = JSON.stringify([...this.#facesGiven].filter((id) => !this.#cropsGiven.has(id)))
    connection.run('DELETE FROM crops WHERE face_id IN (SELECT value FROM json_each(?))', bare)
    const people = new Set([
      ...owners.person,
      ...connection.ids<string>(selectPeopleOfFaces, JSON.stringify([...owners.face])),
    ])
    let gone = 0
    for (const kind of ['face', 'photo', 'person'] as const) {
      const missing = this.#missing(kind, owners[kind])
      gone += missing.length
      await this.#deleteForGood(
        kind,
        missing.filter((id) => told[kind].has(id)),
      )
    }
    this.#tell(owners, people)
    return gone
  }

  /** Of these, who did not come. */
  #missing(kind: 'person' | 'photo' | 'face', ids: ReadonlySet<string>): string[] {
    if (kind === 'photo') return [...ids].filter((id) => !this.#photosGiven.has(id))
    return this.#connection.ids<string>(
      `SELECT value FROM json_each(?) asked
       WHERE NOT EXISTS (SELECT 1 FROM ${ownerTables[kind]} WHERE id = asked.value AND removed_by IS NULL)`,
      JSON.stringify([...ids]),
    )
  }

  /** Those that the server does not have in any form. */
  async #deleteForGood(kind: 'person' | 'photo' | 'face', ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return
    const connection = this.#connection
    const list = JSON.stringify(ids)
    const there = await this.#syncing.server.rows(
      thereRow,
      `SELECT id::text FROM ${ownerTables[kind]} WHERE client_id = $1 AND id IN (SELECT value FROM ids($2))`,
      this.#clientId,
      list,
    )
    const kept = new Set(there.map(([id]) => id))
    const gone = JSON.stringify(ids.filter((id) => !kept.has(id)))
    for (const { name, owner, ownerColumn, otherPersonColumn } of pairedTables) {
      const columns = [
        ...(owner === kind ? [ownerColumn] : []),
        ...(kind === 'person' ? [otherPersonColumn] : []),
      ]
      for (const column of columns) {
        if (column === undefined || column === 'id') continue
        connection.run(`DELETE FROM ${name} WHERE ${column} IN (SELECT value FROM json_each(?))`, gone)
      }
    }
    for (const sql of dependants[kind]) {
      for (const id of JSON.parse(gone) as string[]) connection.run(sql, id)
    }
    const bare = kind === 'photo' ? 'AND NOT EXISTS (SELECT 1 FROM faces WHERE photo_id = photos.id)' : ''
    connection.run(
      `DELETE FROM ${ownerTables[kind]} WHERE id IN (SELECT value FROM json_each(?)) ${bare}`,
      gone,
    )
  }

  /** Writes into the history who was changed, and who was removed. */
  #tell(owners: Owners, people: ReadonlySet<string>): void {
    const connection = this.#connection
    const at = Date.now()
    const counts = { persons: owners.person.size, photos: owners.photo.size, faces: owners.face.size }
    if (counts.persons + counts.photos + counts.faces === 0) return
    const add = (
      ledgerId: LedgerId,
      whom: ReadonlySet<string>,
      summary: string,
      details: Parameters<typeof appendEntry>[3],
    ) =>
      appendEntry(
        connection,
        {
          clientId: this.#clientId,
          chain: onlyChain,
          ledgerId,
          at,
          people: whom as ReadonlySet<PersonId> as Set<PersonId>,
        },
        { actor: 'Server', summary },
        details,
      )
    const removed = new Set(
      connection.ids<string>(
        `SELECT id FROM persons WHERE removed_by = ?
         UNION SELECT person_id FROM faces WHERE removed_by = ? AND person_id IS NOT NULL`,
        this.#entry,
        this.#entry,
      ),
    )
    const faces = connection.row(idRow, 'SELECT count(*) AS id FROM faces WHERE removed_by = ?', this.#entry)!
    if (removed.size + faces.id > 0) {
      add(this.#entry, removed, 'Removed what the server does not have', { action: 'delete-persons' })
    }
    add(newLedgerId(), people, 'Followed what was changed on the server', {
      action: 'follow-server',
      ...counts,
    })
  }

  /** Another record of the same photo becomes this one. */
  #makeWay(
    id: CachedValue | undefined,
    sha256: CachedValue | undefined,
    domain: CachedValue | undefined,
  ): void {
    const connection = this.#connection
    const [other] = connection.ids<string>(
      'SELECT id FROM photos WHERE client_id = ? AND sha256 = ? AND domain = ? AND id <> ?',
      this.#clientId,
      String(sha256),
      String(domain),
      String(id),
    )
    if (other === undefined) return
    connection.run('UPDATE faces SET photo_id = ? WHERE photo_id = ?', String(id), other)
    connection.run('DELETE FROM photos WHERE id = ?', other)
  }

  #putEmbedding(put: string, row: readonly CachedValue[], faceId: string, modelId: string): void {
    const { id } = this.#connection.row(idRow, put, ...row)!
    this.#embeddings.delete(`${faceId} ${modelId}`)
    this.touch(id, modelId)
  }

  #deleteEmbedding(id: number): void {
    for (const table of ['suggestions', 'unknown_faces']) {
      this.#connection.run(`DELETE FROM ${table} WHERE embedding_id = ?`, id)
    }
    this.#connection.run('DELETE FROM embeddings WHERE id = ?', id)
  }

  touch(id: number, modelId: string): void {
    const touched = this.touched.get(modelId as ModelId) ?? new Set<number>()
    this.touched.set(modelId as ModelId, touched.add(id))
  }
}

/** As a gallery that is paired keeps the server's rows: those that are live are the same on both sides. */
export const keptInPair: Kept = {
  tables: pairedTables,
  localOwners: (kind) =>
    `SELECT id FROM ${ownerTables[kind]} o WHERE client_id = ? AND domain = ? AND ${kind === 'photo' ? hasLiveFace : 'removed_by IS NULL'}`,
  localRows: ({ name, ownerColumn, otherPersonColumn, columns }) => `
    SELECT ${ownerColumn}, ${columns.map((column) => column.name).join(', ')} FROM ${name} t
    WHERE ${ownerColumn} IN (SELECT value FROM json_each(?)) ${
      otherPersonColumn === undefined
        ? ''
        : `AND EXISTS (SELECT 1 FROM persons p WHERE p.id = t.${otherPersonColumn} AND p.removed_by IS NULL)`
    }`,
  checksRows: true,
  begin: (syncing, clientId) => new PairedRows(syncing, clientId),
  forgetErased,
  renewWaiting,
}
