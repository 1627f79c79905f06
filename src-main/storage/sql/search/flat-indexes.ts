/** The flat indexes in memory, one a client, model and kind of face, kept equal to the database. Store worker thread. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import type { ClientId, Domain, ModelId, PersonId } from '../../../../src-shared/ids'
import { FlatIndex } from '../../flat/flat-index'
import type { IndexKind } from '../../flat/layout'
import type { ScanPool } from '../../flat/scan-pool'
import type { Connection } from '../connection'
import { countRow, embeddingStateRow, vectorRow } from '../rows'
import type { Feed } from './feed'

/** Indexes kept at once: each reserves 4 GiB of addresses, of which the runtime has about a hundred to give. */
const indexesKept = 16
/** Embeddings read in one turn of the worker; others are served in between. */
const rowsPerTurn = 4096

/** Embeddings whose face a write touched, by model. */
type TouchedEmbeddings = ReadonlyMap<ModelId, ReadonlySet<number>>

export const selectVectors = `
  SELECT e.id, f.person_id, f.domain, floats(e.vector) AS vector
  FROM embeddings e CROSS JOIN faces f ON same_client(f, e) AND f.id = e.face_id
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
  FROM numbers(?) touched
  CROSS JOIN embeddings e ON e.id = touched.value CROSS JOIN faces f ON same_client(f, e) AND f.id = e.face_id
  WHERE f.person_id IS NOT NULL AND f.removed_by IS NULL`

/** Of those that an index does not have yet. */
export const selectVectorsOf = `
  SELECT e.id, floats(e.vector) AS vector FROM numbers(?) wanted CROSS JOIN embeddings e ON e.id = wanted.value`
export const selectEmbeddingsOfTouched = `
  SELECT e.id FROM ids(?) touched CROSS JOIN embeddings e ON e.face_id = touched.value WHERE e.model_id = ?`

export const selectUnknownVectors = `
  SELECT e.id, f.id, f.domain, floats(e.vector) AS vector
  FROM unknown_faces u
  CROSS JOIN embeddings e ON same_client(e, u) AND e.id = u.embedding_id
  CROSS JOIN faces f ON same_client(f, u) AND f.id = u.face_id
  WHERE u.client_id = ? AND u.model_id = ? AND u.embedding_id > ? AND f.person_id IS NULL AND f.removed_by IS NULL
  ORDER BY u.embedding_id LIMIT ${rowsPerTurn}`
export const countUnknown = 'SELECT count(*) AS count FROM unknown_faces WHERE client_id = ? AND model_id = ?'
export const selectUnknownStates = `
  SELECT u.embedding_id AS id, f.id AS personId, f.domain
  FROM numbers(?) touched CROSS JOIN unknown_faces u ON u.embedding_id = touched.value
  CROSS JOIN faces f ON same_client(f, u) AND f.id = u.face_id
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
  /** The client's revision that the index is at. */
  revision: number
  /** While it is brought to a later one. */
  catchingUp: Promise<boolean> | undefined
}

const embeddingRow = z.object({ id: z.number().int() })
const newVectorRow = vectorRow.extend({ id: z.number().int() })

/**
 * [Note: Others' writes] Where others write to the database as well, an index is at a revision of its client. Whoever asks for
 * it has the feed read from there first, own writes and those of others alike: so none is missed, and there is one way to
 * follow them. Where nobody else writes, each write tells what it touched (`follow`).
 */
export class FlatIndexes {
  readonly #connection: Connection
  readonly #pool: ScanPool
  readonly #int8FromRows: number
  readonly #feed: Feed | undefined
  /** The one used last is last. */
  readonly #entries = new Map<string, Entry>()
  readonly #loading = new Map<string, Promise<Entry>>()
  #following: Promise<void> | undefined

  /**
   * Galleries of `int8FromRows` embeddings and more are kept as int8 codes. `connection` reads what was committed, also
   * while a long write is in work on another. `feed`: of what others write; see [Note: Others' writes].
   */
  constructor(connection: Connection, pool: ScanPool, int8FromRows: number, feed?: Feed) {
    this.#connection = connection
    this.#pool = pool
    this.#int8FromRows = int8FromRows
    this.#feed = feed
  }

  /** The index of a client and model as the database is now, loaded where it is not in memory yet. */
  async get(clientId: ClientId, modelId: ModelId, faces: IndexedFaces = 'named'): Promise<FlatIndex> {
    const key = JSON.stringify([clientId, modelId, faces])
    for (;;) {
      while (this.#following !== undefined) await this.#following
      const entry = this.#entries.get(key) ?? (await this.#loadOnce(key, clientId, modelId, faces))
      if (!(await this.#caughtUp(key, entry))) continue
      this.#entries.delete(key)
      this.#entries.set(key, entry)
      return entry.index
    }
  }

  #loadOnce(key: string, clientId: ClientId, modelId: ModelId, faces: IndexedFaces): Promise<Entry> {
    const begun = this.#loading.get(key)
    if (begun !== undefined) return begun
    const loading = this.#load(key, clientId, modelId, faces).finally(() => this.#loading.delete(key))
    this.#loading.set(key, loading)
    return loading
  }

  /** Brings the entry to what the database now says; `false` where it is not there any more. */
  async #caughtUp(key: string, entry: Entry): Promise<boolean> {
    const feed = this.#feed
    if (feed === undefined) return true
    // What somebody else began may have looked before the last write.
    while (entry.catchingUp !== undefined) await entry.catchingUp
    if (this.#entries.get(key) !== entry) return false
    entry.catchingUp = this.#catchUp(feed, key, entry).finally(() => {
      entry.catchingUp = undefined
    })
    return entry.catchingUp
  }

  async #catchUp(feed: Feed, key: string, entry: Entry): Promise<boolean> {
    const changes = feed.since(entry.clientId, entry.revision)
    if (changes === undefined) {
      this.#drop(key)
      return false
    }
    const touched = new Set(changes.goneEmbeddings)
    for (const faces of portionsOf(changes.faces)) {
      const list = JSON.stringify(faces)
      const rows = this.#connection.rows(embeddingRow, selectEmbeddingsOfTouched, list, entry.modelId)
      for (const { id } of rows) touched.add(id)
    }
    for (const embeddings of portionsOf([...touched])) {
      if (entry.index.kind !== this.#kindFor(entry.index.size + embeddings.length)) {
        this.#drop(key)
        return false
      }
      this.#syncEntry(entry, embeddings)
      await nextTurn()
      if (this.#entries.get(key) !== entry) return false
    }
    entry.revision = changes.revision
    return true
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
    if (this.#feed !== undefined) return
    if (renamedDomain !== undefined) this.#renameDomain(clientId, renamedDomain)
    for (const [modelId, embeddings] of touched) this.#sync(clientId, modelId, [...embeddings])
  }

  /** The same after a long write. Whoever searches waits until it is done. */
  async followInTurns(clientId: ClientId, { touched, renamedDomain }: IndexChanges): Promise<void> {
    if (this.#feed !== undefined) return
    const over = Promise.withResolvers<void>()
    this.#following = over.promise
    try {
      if (renamedDomain !== undefined) this.#renameDomain(clientId, renamedDomain)
      for (const [modelId, embeddings] of touched) {
        for (const portion of portionsOf([...embeddings])) {
          this.#sync(clientId, modelId, portion)
          await nextTurn()
        }
      }
    } finally {
      this.#following = undefined
      over.resolve()
    }
  }

  #sync(clientId: ClientId, modelId: ModelId, embeddings: readonly number[]): void {
    for (const entry of this.#entries.values()) {
      if (entry.clientId === clientId && entry.modelId === modelId) this.#syncEntry(entry, embeddings)
    }
  }

  #syncEntry({ faces, index }: Entry, embeddings: readonly number[]): void {
    const list = JSON.stringify(embeddings)
    const states = this.#connection.rows(embeddingStateRow, statements[faces].states, list)
    const missing = states.filter(({ id }) => !index.has(id)).map(({ id }) => id)
    const vectors = new Map(
      (missing.length === 0
        ? []
        : this.#connection.rows(newVectorRow, selectVectorsOf, JSON.stringify(missing))
      ).map(({ id, vector }) => [id, vector]),
    )
    const gone = new Set(embeddings)
    for (const { id, personId, domain } of states) {
      const vector = vectors.get(id)
      // Gone between the two statements: what took it is read next.
      if (vector === undefined && !index.has(id)) continue
      gone.delete(id)
      index.put(id, personId, domain, () => floatsOf(vector!))
    }
    for (const id of gone) index.remove(id)
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

  async #load(key: string, clientId: ClientId, modelId: ModelId, faces: IndexedFaces): Promise<Entry> {
    // What is written while it is loaded is read again.
    const revision = this.#feed?.head(clientId) ?? 0
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
    const entry = { clientId, modelId, faces, index, revision, catchingUp: undefined }
    this.#entries.set(key, entry)
    return entry
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

/** A list in pieces of what is read in one turn. */
function* portionsOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let first = 0; first < all.length; first += rowsPerTurn) yield all.slice(first, first + rowsPerTurn)
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
