/** The flat indexes in memory, one a client, model and kind of face, kept equal to the database. Store worker thread. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ClientId, Domain, ModelId, PersonId } from '../../../src-shared/ids'
import { FlatIndex } from '../flat/flat-index'
import type { IndexKind } from '../flat/layout'
import type { ScanPool } from '../flat/scan-pool'
import type { Connection } from './connection'
import { countRow, embeddingStateRow, vectorRow } from './rows'

/** Indexes kept at once: each reserves 4 GiB of addresses, of which the runtime has about a hundred to give. */
const indexesKept = 16
/** Embeddings read in one turn of the worker; others are served in between. */
const rowsPerTurn = 4096

/** Embeddings whose face a write touched, by model. */
type TouchedEmbeddings = ReadonlyMap<ModelId, ReadonlySet<number>>

export const selectVectors = `
  SELECT e.id, f.person_id, f.domain, floats(e.vector) AS vector
  FROM embeddings e CROSS JOIN faces f ON f.id = e.face_id
  WHERE e.client_id = ? AND e.model_id = ? AND e.id > ? AND f.person_id IS NOT NULL AND f.removed_by IS NULL
  ORDER BY e.id LIMIT ${rowsPerTurn}`
export const selectVector = 'SELECT floats(vector) AS vector FROM embeddings WHERE id = ?'
/** Of people's faces, the unknown ones aside, whose index is another. */
export const countEmbeddings = `
  WITH scope (client_id, model_id) AS (VALUES (?, ?))
  SELECT (SELECT count(*) FROM embeddings e WHERE e.client_id = scope.client_id AND e.model_id = scope.model_id)
    - (SELECT count(*) FROM unknown_faces u WHERE u.client_id = scope.client_id AND u.model_id = scope.model_id) AS count
  FROM scope`
export const selectEmbeddingStates = `
  SELECT e.id, f.person_id AS personId, f.domain
  FROM numbers(?) touched CROSS JOIN embeddings e ON e.id = touched.value CROSS JOIN faces f ON f.id = e.face_id
  WHERE f.person_id IS NOT NULL AND f.removed_by IS NULL`

export const selectUnknownVectors = `
  SELECT e.id, f.id, f.domain, floats(e.vector) AS vector
  FROM unknown_faces u CROSS JOIN embeddings e ON e.id = u.embedding_id CROSS JOIN faces f ON f.id = u.face_id
  WHERE u.client_id = ? AND u.model_id = ? AND u.embedding_id > ? AND f.person_id IS NULL AND f.removed_by IS NULL
  ORDER BY u.embedding_id LIMIT ${rowsPerTurn}`
export const countUnknown = 'SELECT count(*) AS count FROM unknown_faces WHERE client_id = ? AND model_id = ?'
export const selectUnknownStates = `
  SELECT u.embedding_id AS id, f.id AS personId, f.domain
  FROM numbers(?) touched CROSS JOIN unknown_faces u ON u.embedding_id = touched.value
  CROSS JOIN faces f ON f.id = u.face_id
  WHERE f.person_id IS NULL AND f.removed_by IS NULL`

/**
 * Which faces an index holds: `named`, those of people, or `unknown`, those of nobody. In the latter every face stands
 * for somebody of its own: its id is where the person's would be.
 */
type IndexedFaces = 'named' | 'unknown'

const statements = {
  named: { vectors: selectVectors, states: selectEmbeddingStates, count: countEmbeddings },
  unknown: { vectors: selectUnknownVectors, states: selectUnknownStates, count: countUnknown },
} as const

/** What a write did to embeddings, and to a domain's name. */
interface IndexChanges {
  readonly touched: TouchedEmbeddings
  readonly renamedDomain: { readonly from: Domain; readonly to: Domain } | undefined
}

interface Entry {
  readonly clientId: ClientId
  readonly modelId: ModelId
  readonly faces: IndexedFaces
  readonly index: FlatIndex
}

export class FlatIndexes {
  readonly #connection: Connection
  readonly #pool: ScanPool
  readonly #int8FromRows: number
  /** The one used last is last. */
  readonly #entries = new Map<string, Entry>()
  readonly #loading = new Map<string, Promise<FlatIndex>>()
  #following: Promise<void> | undefined

  /**
   * Galleries of `int8FromRows` embeddings and more are kept as int8 codes. `connection` reads what was committed, also
   * while a long write is in work on another.
   */
  constructor(connection: Connection, pool: ScanPool, int8FromRows: number) {
    this.#connection = connection
    this.#pool = pool
    this.#int8FromRows = int8FromRows
  }

  /** The index of a client and model, loaded where it is not in memory yet. */
  async get(clientId: ClientId, modelId: ModelId, faces: IndexedFaces = 'named'): Promise<FlatIndex> {
    while (this.#following !== undefined) await this.#following
    const key = JSON.stringify([clientId, modelId, faces])
    const entry = this.#entries.get(key)
    if (entry !== undefined) {
      this.#entries.delete(key)
      this.#entries.set(key, entry)
      return entry.index
    }
    const begun = this.#loading.get(key)
    if (begun !== undefined) return begun
    const loading = this.#load(key, clientId, modelId, faces).finally(() => this.#loading.delete(key))
    this.#loading.set(key, loading)
    return loading
  }

  /** Resolves when nothing is being loaded: a write in the middle of a load would be seen in part. */
  async settled(): Promise<void> {
    while (this.#loading.size > 0) await Promise.allSettled(this.#loading.values())
  }

  /**
   * Makes room for `count` more embeddings of each model of the client, before the write that adds them is on disk.
   * An index that outgrows its kind is dropped, and loaded as the other kind when it is next searched. Raises
   * `capacity-exceeded`.
   */
  reserve(clientId: ClientId, count: number): void {
    if (count === 0) return
    for (const [key, entry] of this.#entries) {
      if (entry.clientId !== clientId) continue
      if (entry.index.kind === this.#kindFor(entry.index.size + count)) entry.index.reserve(count)
      else this.#drop(key)
    }
  }

  /** Brings the client's indexes to what the database now says. Call right after the commit. */
  follow(clientId: ClientId, { touched, renamedDomain }: IndexChanges): void {
    if (renamedDomain !== undefined) this.#renameDomain(clientId, renamedDomain)
    for (const [modelId, embeddings] of touched) this.#sync(clientId, modelId, [...embeddings])
  }

  /** The same after a long write. Whoever searches waits until it is done. */
  async followInTurns(clientId: ClientId, { touched, renamedDomain }: IndexChanges): Promise<void> {
    const over = Promise.withResolvers<void>()
    this.#following = over.promise
    try {
      if (renamedDomain !== undefined) this.#renameDomain(clientId, renamedDomain)
      for (const [modelId, embeddings] of touched) {
        const all = [...embeddings]
        for (let first = 0; first < all.length; first += rowsPerTurn) {
          this.#sync(clientId, modelId, all.slice(first, first + rowsPerTurn))
          await nextTurn()
        }
      }
    } finally {
      this.#following = undefined
      over.resolve()
    }
  }

  #sync(clientId: ClientId, modelId: ModelId, embeddings: readonly number[]): void {
    const list = JSON.stringify(embeddings)
    for (const { clientId: owner, modelId: of, faces, index } of this.#entries.values()) {
      if (owner !== clientId || of !== modelId) continue
      const gone = new Set(embeddings)
      for (const { id, personId, domain } of this.#connection.rows(
        embeddingStateRow,
        statements[faces].states,
        list,
      )) {
        gone.delete(id)
        index.put(id, personId, domain, () => this.#vector(id))
      }
      for (const id of gone) index.remove(id)
    }
  }

  #renameDomain(clientId: ClientId, { from, to }: { readonly from: Domain; readonly to: Domain }): void {
    for (const entry of this.#entries.values()) {
      if (entry.clientId === clientId) entry.index.renameDomain(from, to)
    }
  }

  /** An index of its own, for at most `rows` embeddings that `readVector` gives; whoever asked closes it. */
  apart(rows: number, readVector: (embedding: number) => Float32Array): FlatIndex {
    return new FlatIndex(this.#kindFor(rows), this.#pool, readVector)
  }

  /** Clears the client's indexes from memory; and the last search from all of them: it was for anybody. */
  forget(clientId: ClientId | undefined): void {
    for (const [key, entry] of this.#entries) {
      if (entry.clientId === clientId) {
        entry.index.wipe()
        this.#drop(key)
      } else {
        entry.index.forgetProbes()
      }
    }
  }

  #kindFor(rows: number): IndexKind {
    return rows < this.#int8FromRows ? 'float32' : 'int8'
  }

  #drop(key: string): void {
    this.#entries.get(key)?.index.close()
    this.#entries.delete(key)
  }

  async #load(key: string, clientId: ClientId, modelId: ModelId, faces: IndexedFaces): Promise<FlatIndex> {
    const { vectors, count: counting } = statements[faces]
    const { count } = this.#connection.row(countRow, counting, clientId, modelId)!
    const index = new FlatIndex(this.#kindFor(count), this.#pool, (id) => this.#vector(id))
    try {
      await this.#fill(index, vectors, clientId, modelId, count)
    } catch (error) {
      index.close()
      throw error
    }
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size < indexesKept) break
      this.#drop(oldest)
    }
    this.#entries.set(key, { clientId, modelId, faces, index })
    return index
  }

  async #fill(
    index: FlatIndex,
    vectors: string,
    clientId: ClientId,
    modelId: ModelId,
    count: number,
  ): Promise<void> {
    index.reserve(count)
    for (let last = 0; ; ) {
      const rows = this.#connection.columns(vectors, clientId, modelId, last)
      for (const row of rows) {
        const [id, personId, domain, vector] = parseVectorRow(row)
        index.put(id, personId, domain, () => floatsOf(vector))
        last = id
      }
      if (rows.length < rowsPerTurn) return
      await nextTurn()
    }
  }

  #vector(id: number): Float32Array {
    return floatsOf(this.#connection.row(vectorRow, selectVector, id)!.vector)
  }
}

/** The numbers of a vector's bytes; every platform of Visor is little-endian. */
export function floatsOf(bytes: Uint8Array): Float32Array {
  if (bytes.byteOffset % 4 !== 0) return floatsOf(bytes.slice())
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
}

/** A zod schema would cost more than the search that this feeds; the table's own checks stand behind it. */
function parseVectorRow(row: unknown): [number, PersonId, Domain, Uint8Array] {
  if (!Array.isArray(row)) throw new TypeError('Not a row of columns.')
  const [id, personId, domain, vector] = row as unknown[]
  if (
    typeof id !== 'number' ||
    typeof personId !== 'string' ||
    typeof domain !== 'string' ||
    !(vector instanceof Uint8Array)
  ) {
    throw new TypeError('Not a row of an embedding.')
  }
  return [id, personId as PersonId, domain as Domain, vector]
}
