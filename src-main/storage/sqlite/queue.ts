/** The Identify queue in SQLite: `QueueStore` as it runs in the store worker thread. */
import { z } from 'zod'
import { VisorError, wireErrorSchema } from '../../../src-shared/errors'
import {
  bytesSchema,
  detectedFaceSchema,
  type EmbeddedFace,
  embeddingLength,
  unitEmbeddingSchema,
} from '../../../src-shared/face'
import { type ItemId, itemIdSchema, modelIdSchema, sha256Schema } from '../../../src-shared/ids'
import { perceptualHashSchema } from '../../../src-shared/perceptual-hash'
import { itemStateSchema } from '../../../src-shared/queue'
import { type AnalyseResult, analyseResultSchema } from '../../../src-shared/vision-protocol'
import type { DeskItem } from '../erasure-store'
import type { QueueStore, StoredAnalysis, StoredItem } from '../queue-store'
import { countRow } from '../sql/rows'
import { deleteItemsGone } from './queue-desk'
import type { SqliteConnection } from './sqlite-connection'

const vectorBytes = embeddingLength * Float32Array.BYTES_PER_ELEMENT

const itemRow = z
  .object({
    itemId: itemIdSchema,
    position: z.number().int(),
    path: z.string(),
    state: itemStateSchema.exclude(['working']),
    crashes: z.number().int(),
    elapsedMs: z.number().nullable(),
    error: z
      .string()
      .transform((text) => wireErrorSchema.parse(JSON.parse(text)))
      .nullable(),
    sha256: sha256Schema.nullable(),
    faces: z.number().int().nullable(),
  })
  .transform(
    ({ elapsedMs, error, sha256, faces, ...item }): StoredItem => ({
      ...item,
      ...(elapsedMs === null ? {} : { elapsedMs }),
      ...(error === null ? {} : { error }),
      ...(sha256 === null ? {} : { sha256 }),
      ...(faces === null ? {} : { faces }),
    }),
  )

/** An analysis as it is kept: pictures and embeddings are kept beside it. */
const keptAnalysisSchema = analyseResultSchema
  .omit({ thumbnail: true, faces: true })
  .extend({ faces: z.array(detectedFaceSchema), perceptualHash: perceptualHashSchema.optional() })

const analysisRow = z.object({
  itemId: itemIdSchema,
  analysis: z.string().transform((text) => keptAnalysisSchema.parse(JSON.parse(text))),
  embeddings: bytesSchema,
})
const pictureRow = z.object({ bytes: bytesSchema })

const itemsJoined = `
  SELECT id AS itemId, position, path, state, crashes, elapsed_ms AS elapsedMs, error, sha256,
    length(embeddings) / ${vectorBytes} AS faces
  FROM queue_items LEFT JOIN queue_analyses ON item_id = id`
export const selectItems = `${itemsJoined} ORDER BY position`
export const selectRestored = `${itemsJoined} WHERE id IN (SELECT value FROM ids(?)) ORDER BY position`
export const selectAnalyses = `
  SELECT item_id AS itemId, analysis, embeddings
  FROM ids(?) asked CROSS JOIN queue_analyses ON item_id = asked.value`
export const selectPicture = 'SELECT bytes FROM queue_pictures WHERE item_id = ? AND part = ?'
export const selectDesk = `
  SELECT id AS itemId, path, sha256, json_extract(analysis, '$.modelId') AS modelId, embeddings
  FROM queue_items LEFT JOIN queue_analyses ON item_id = id`
export const countPictures =
  'SELECT item_id AS itemId, count(*) AS count FROM queue_pictures GROUP BY item_id'
export const deleteCrops =
  "DELETE FROM queue_pictures WHERE item_id = ? AND part NOT IN ('pasted', 'thumbnail')"
export const markRemoved = 'UPDATE queue_items SET removed_at = ? WHERE id = ?'
export const deleteRemoved = 'DELETE FROM queue_items WHERE removed_at IS NOT NULL'

const deskRow = z.object({
  itemId: itemIdSchema,
  path: z.string(),
  sha256: sha256Schema.nullable(),
  modelId: modelIdSchema.nullable(),
  embeddings: bytesSchema.nullable(),
})
const picturesRow = countRow.extend({ itemId: itemIdSchema })

export class SqliteQueue implements QueueStore {
  readonly #connection: SqliteConnection

  constructor(connection: SqliteConnection) {
    this.#connection = connection
  }

  async load(): Promise<StoredItem[]> {
    this.#connection.run(deleteRemoved)
    return this.#connection.rows(itemRow, selectItems)
  }

  async analyses(itemIds: readonly ItemId[]): Promise<Map<ItemId, StoredAnalysis>> {
    const rows = this.#connection.rows(analysisRow, selectAnalyses, JSON.stringify(itemIds))
    return new Map(
      rows.map(({ itemId, analysis, embeddings }) => [
        itemId,
        {
          ...analysis,
          faces: analysis.faces.map((face, index) => ({
            ...face,
            embedding: embeddingAt(embeddings, index),
          })),
        },
      ]),
    )
  }

  async append(items: Parameters<QueueStore['append']>[0]): Promise<void> {
    this.#connection.inTransaction(() => {
      for (const { itemId, position, path, pasted } of items) {
        this.#connection.run(
          "INSERT INTO queue_items (id, position, path, state) VALUES (?, ?, ?, 'waiting')",
          itemId,
          position,
          path,
        )
        if (pasted !== undefined) this.#keepPicture(itemId, 'pasted', pasted)
      }
    })
  }

  async setState(
    itemIds: readonly ItemId[],
    state: StoredItem['state'],
    { error, crashes }: Parameters<QueueStore['setState']>[2] = {},
  ): Promise<void> {
    this.#connection.inTransaction(() => {
      for (const itemId of itemIds) {
        this.#connection.run(
          'UPDATE queue_items SET state = ?, error = ?, crashes = coalesce(?, crashes) WHERE id = ?',
          state,
          error === undefined ? null : JSON.stringify(error),
          crashes ?? null,
          itemId,
        )
      }
    })
  }

  async complete(itemId: ItemId, result: AnalyseResult, elapsedMs: number): Promise<void> {
    const { thumbnail, ...analysis } = result
    // An item that was removed meanwhile has nothing to keep.
    this.#connection.inTransaction(() => {
      const kept = this.#connection.run(
        "UPDATE queue_items SET state = 'done', error = NULL, elapsed_ms = ?, sha256 = ? WHERE id = ?",
        elapsedMs,
        analysis.sha256,
        itemId,
      )
      if (kept === 0) return
      const faces = analysis.faces.map(({ embedding: _embedding, crop: _crop, ...face }) => face)
      this.#connection.run(
        'INSERT OR REPLACE INTO queue_analyses (item_id, analysis, embeddings) VALUES (?, ?, ?)',
        itemId,
        JSON.stringify({ ...analysis, faces }),
        bytesOf(analysis.faces.map(({ embedding }) => embedding)),
      )
      this.#connection.run("DELETE FROM queue_pictures WHERE item_id = ? AND part <> 'pasted'", itemId)
      if (thumbnail !== undefined) this.#keepPicture(itemId, 'thumbnail', thumbnail)
      this.#keepCrops(itemId, analysis.faces)
    })
  }

  async setFaces(itemId: ItemId, faces: readonly EmbeddedFace[]): Promise<void> {
    this.#connection.inTransaction(() => {
      const [row] = this.#connection.rows(analysisRow, selectAnalyses, JSON.stringify([itemId]))
      if (row === undefined) throw new VisorError('not-found', 'This photo has no answer any more.')
      const kept = faces.map(({ embedding: _embedding, crop: _crop, ...face }) => face)
      this.#connection.run(
        'UPDATE queue_analyses SET analysis = ?, embeddings = ? WHERE item_id = ?',
        JSON.stringify({ ...row.analysis, faces: kept }),
        bytesOf(faces.map(({ embedding }) => embedding)),
        itemId,
      )
      this.#connection.run(deleteCrops, itemId)
      this.#keepCrops(itemId, faces)
    })
  }

  async remove(itemIds: readonly ItemId[]): Promise<void> {
    this.#connection.inTransaction(() => {
      for (const itemId of itemIds) this.#connection.run(markRemoved, Date.now(), itemId)
    })
  }

  async restore(itemIds: readonly ItemId[]): Promise<StoredItem[]> {
    return this.#connection.inTransaction(() => {
      for (const itemId of itemIds) this.#connection.run(markRemoved, null, itemId)
      return this.#connection.rows(itemRow, selectRestored, JSON.stringify(itemIds))
    })
  }

  async desk(): Promise<DeskItem[]> {
    const pictures = new Map(
      this.#connection.rows(picturesRow, countPictures).map(({ itemId, count }) => [itemId, count]),
    )
    return this.#connection
      .rows(deskRow, selectDesk)
      .map(({ itemId, path, sha256, modelId, embeddings }) => ({
        itemId,
        path,
        ...(sha256 === null ? {} : { sha256 }),
        ...(modelId === null ? {} : { modelId }),
        embeddings: Array.from({ length: (embeddings?.byteLength ?? 0) / vectorBytes }, (_, face) =>
          embeddingAt(embeddings!, face),
        ),
        pictures: pictures.get(itemId) ?? 0,
      }))
  }

  async forget(itemIds: readonly ItemId[]): Promise<void> {
    this.#connection.run(deleteItemsGone, JSON.stringify(itemIds))
  }

  async thumbnail(itemId: ItemId): Promise<Uint8Array | undefined> {
    return this.#picture(itemId, 'thumbnail')
  }

  async faceCrop(itemId: ItemId, faceIndex: number): Promise<Uint8Array | undefined> {
    return this.#picture(itemId, String(faceIndex))
  }

  async pasted(itemId: ItemId): Promise<Uint8Array | undefined> {
    return this.#picture(itemId, 'pasted')
  }

  #keepCrops(itemId: ItemId, faces: readonly EmbeddedFace[]): void {
    for (const [index, { crop }] of faces.entries()) {
      if (crop !== undefined) this.#keepPicture(itemId, String(index), crop)
    }
  }

  #keepPicture(itemId: ItemId, part: string, bytes: Uint8Array): void {
    this.#connection.run(
      'INSERT INTO queue_pictures (item_id, part, bytes) VALUES (?, ?, ?)',
      itemId,
      part,
      bytes,
    )
  }

  #picture(itemId: ItemId, part: string): Uint8Array | undefined {
    return this.#connection.row(pictureRow, selectPicture, itemId, part)?.bytes
  }
}

/** The vectors one after the other, little-endian. */
function bytesOf(vectors: readonly Float32Array[]): Uint8Array {
  const bytes = new Uint8Array(vectors.length * vectorBytes)
  for (const [index, vector] of vectors.entries()) {
    bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), index * vectorBytes)
  }
  return bytes
}

function embeddingAt(bytes: Uint8Array, index: number): z.infer<typeof unitEmbeddingSchema> {
  // A copy, aligned to four bytes whatever the row's own place in memory.
  const copy = bytes.slice(index * vectorBytes, (index + 1) * vectorBytes)
  return unitEmbeddingSchema.parse(new Float32Array(copy.buffer, copy.byteOffset, copy.byteLength / 4))
}
