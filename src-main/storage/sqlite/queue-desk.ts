/** The Identify queue of the same database, as an erasure looks through it. Store worker thread; called within a write. */
import { z } from 'zod'
import { bytesSchema, embeddingLength } from '../../../src-shared/face'
import { type ItemId, itemIdSchema, modelIdSchema, sha256Schema } from '../../../src-shared/ids'
import type { Connection } from '../sql/connection'
import type { Desk } from '../sql/erasure/desk'
import { countRow } from '../sql/rows'
import { floatsOf } from '../sql/search/flat-indexes'

/** Photos whose faces are read in one turn of the worker; others are served in between. */
const photosPerTurn = 64
const vectorBytes = embeddingLength * Float32Array.BYTES_PER_ELEMENT

const placeRow = z.object({ itemId: itemIdSchema, path: z.string(), sha256: sha256Schema.nullable() })
const itemIdRow = z.object({ itemId: itemIdSchema })
const analysisRow = z.object({ itemId: itemIdSchema, modelId: modelIdSchema, embeddings: bytesSchema })

export const selectQueuePlaces = 'SELECT id AS itemId, path, sha256 FROM queue_items'
export const selectAnalysisIds = 'SELECT item_id AS itemId FROM queue_analyses'
export const selectAnalysisVectors = `
  SELECT item_id AS itemId, json_extract(analysis, '$.modelId') AS modelId, embeddings
  FROM ids(?) asked CROSS JOIN queue_analyses ON item_id = asked.value`
export const countQueuePictures = `
  SELECT count(*) AS count FROM ids(?) gone CROSS JOIN queue_pictures p ON p.item_id = gone.value`
export const deleteItemsGone = 'DELETE FROM queue_items WHERE id IN (SELECT value FROM ids(?))'

export class QueueDesk implements Desk {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  places() {
    return this.#connection.rows(placeRow, selectQueuePlaces)
  }

  *faces() {
    const all = this.#connection.rows(itemIdRow, selectAnalysisIds).map(({ itemId }) => itemId)
    for (let first = 0; first < all.length; first += photosPerTurn) {
      const some = JSON.stringify(all.slice(first, first + photosPerTurn))
      yield this.#connection
        .rows(analysisRow, selectAnalysisVectors, some)
        .map(({ itemId, modelId, embeddings }) => ({
          itemId,
          modelId,
          embeddings: Array.from({ length: embeddings.byteLength / vectorBytes }, (_, face) =>
            floatsOf(embeddings.subarray(face * vectorBytes, (face + 1) * vectorBytes)),
          ),
        }))
    }
  }

  countPictures(itemIds: readonly ItemId[]): number {
    return this.#connection.row(countRow, countQueuePictures, JSON.stringify(itemIds))!.count
  }

  remove(itemIds: readonly ItemId[]): void {
    this.#connection.run(deleteItemsGone, JSON.stringify(itemIds))
  }
}
