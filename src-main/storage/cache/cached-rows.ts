/** The rows of a cache as they are put there and taken away; see [Note: Owners]. Store worker thread. */
import { z } from 'zod'
import type { ClientId, ModelId } from '../../../src-shared/ids'
import { modelIdSchema } from '../../../src-shared/ids'
import type { SqliteConnection } from '../sqlite/sqlite-connection'
import { CopiedRows } from './copied-rows'
import { forgetEntries } from './forget-entries'
import { noteEdits, stopNoting } from './local-edits'
import type { Copied } from './server-snapshot'
import type { Kept, Owners, ServerRows, Syncing } from './syncing'
import {
  type CachedTable,
  cachedTables,
  insertStatement,
  localOwnersStatement,
  localRowsStatement,
  type OwnerKind,
  replaceStatement,
} from './tables'

const embeddingRow = z.object({ id: z.number().int(), modelId: modelIdSchema })
const selectEmbeddings = `
  SELECT e.id, e.model_id AS modelId FROM json_each(?) gone CROSS JOIN embeddings e ON e.face_id = gone.value`

/** What goes with an owner that is gone, and is no row of the server's. */
export const dependants: Readonly<Record<OwnerKind, readonly string[]>> = {
  person: [
    'DELETE FROM name_keys WHERE person_id = ?',
    'DELETE FROM suggestions WHERE person_id = ?',
    'DELETE FROM findings WHERE person_id = ?',
    'DELETE FROM findings WHERE other_id = ?',
    'DELETE FROM settled_people WHERE person_id = ?',
  ],
  photo: [],
  face: [
    'DELETE FROM suggestions WHERE own_face_id = ?',
    'DELETE FROM suggestions WHERE embedding_id IN (SELECT embedding_id FROM unknown_faces WHERE face_id = ?)',
    'DELETE FROM unknown_faces WHERE face_id = ?',
    'DELETE FROM told_apart WHERE face_id = ?',
    'DELETE FROM own_faces WHERE face_id = ?',
  ],
}

/** A cache has what the server has live, and nothing else. */
export class CachedRows implements ServerRows {
  readonly #connection: SqliteConnection
  readonly touched = new Map<ModelId, Set<number>>()
  owners = 0

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  async take(table: CachedTable, copied: Copied): Promise<void> {
    const insert = this.#connection.each(insertStatement(table))
    const replace = this.#connection.each(replaceStatement(table))
    const rows = new CopiedRows(table.columns)
    const isOwner = table.ownerColumn === 'id'
    await copied((piece) =>
      rows.push(piece, (row) => {
        if (insert(row) === 0) replace(row)
        if (isOwner) this.owners++
        if (table.name === 'embeddings') this.touch(Number(row[0]), row[2] as ModelId)
      }),
    )
    rows.end()
  }

  /** Takes away all rows of these people, photos and faces. */
  remove({ person, photo, face }: Owners): void {
    const faces = JSON.stringify([...face])
    for (const { id, modelId } of this.#connection.rows(embeddingRow, selectEmbeddings, faces)) {
      this.touch(id, modelId)
    }
    const lists = { person: JSON.stringify([...person]), photo: JSON.stringify([...photo]), face: faces }
    for (const { name, owner, ownerColumn, otherPersonColumn } of cachedTables) {
      const deleteBy = (column: string, list: string) =>
        this.#connection.run(`DELETE FROM ${name} WHERE ${column} IN (SELECT value FROM json_each(?))`, list)
      deleteBy(ownerColumn, lists[owner])
      if (otherPersonColumn !== undefined) deleteBy(otherPersonColumn, lists.person)
    }
  }

  /** Takes away what hung on those that are not there any more. */
  async settle(owners: Owners): Promise<number> {
    let gone = 0
    for (const kind of ['person', 'photo', 'face'] as const) {
      const table = `${kind}s`
      const missing = this.#connection.ids<string>(
        `SELECT value FROM json_each(?) asked WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE id = asked.value)`,
        JSON.stringify([...owners[kind]]),
      )
      gone += missing.length
      for (const sql of dependants[kind]) for (const id of missing) this.#connection.run(sql, id)
    }
    return gone
  }

  touch(id: number, modelId: ModelId): void {
    const touched = this.touched.get(modelId) ?? new Set<number>()
    this.touched.set(modelId, touched.add(id))
  }
}

/** As a cache keeps the server's rows. */
export const keptInCache: Kept = {
  tables: cachedTables,
  localOwners: localOwnersStatement,
  localRows: localRowsStatement,
  checksRows: false,
  begin: ({ connection }) => new CachedRows(connection),
  forgetEntries,
}

/**
 * Runs `work` as one transaction that nobody writes beside, then brings the client's indexes to it. What `work` changes is the
 * server's: it is no edit.
 */
export async function copying<T>(
  syncing: Syncing,
  clientId: ClientId,
  work: (rows: ServerRows) => Promise<T>,
): Promise<T> {
  const { connection, indexes, kept } = syncing
  const { gate } = connection
  await gate.enter()
  try {
    return await gate.alone(async () => {
      stopNoting(connection)
      try {
        const rows = kept.begin(syncing, clientId)
        const value = await connection.copying(kept.checksRows, async (commit) => {
          const done = await work(rows)
          await indexes.settled()
          indexes.reserve(
            clientId,
            [...rows.touched.values()].reduce((sum, ids) => sum + ids.size, 0),
          )
          commit()
          return done
        })
        await indexes.followInTurns(clientId, { touched: rows.touched, renamedDomain: undefined })
        return value
      } finally {
        noteEdits(connection)
      }
    })
  } finally {
    gate.leave()
  }
}

/** One short transaction, once no long write has the store to itself. */
export async function inTurn<T>(connection: SqliteConnection, work: () => T): Promise<T> {
  await connection.gate.enter()
  try {
    return connection.inTransaction(work)
  } finally {
    connection.gate.leave()
  }
}
