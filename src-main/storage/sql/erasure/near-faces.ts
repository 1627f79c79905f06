/** Faces that lie near those of people who are to be erased: in the Identify queue, and nobody's. Store worker thread. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import {
  type ClientId,
  type Domain,
  type FaceId,
  faceIdSchema,
  type ItemId,
  type ModelId,
  modelIdSchema,
  type ReviewId,
  reviewIdSchema,
} from '../../../../src-shared/ids'
import type { FlatIndex } from '../../flat/flat-index'
import type { Connection } from '../connection'
import { faceIdRow, vectorRow } from '../rows'
import { type FlatIndexes, floatsOf } from '../search/flat-indexes'
import type { Desk } from './desk'
import type { ErasedPeople } from './erased-people'

/** Faces compared in one turn of the worker; others are served in between. */
const facesPerTurn = 512
/** All of them are somebody who is to be erased; which of them does not matter. */
const place = 'erased' as Domain

const ownRow = z.object({ id: z.number().int(), modelId: modelIdSchema })
const namelessRow = vectorRow.extend({ faceId: faceIdSchema, modelId: modelIdSchema })

export const selectOwnEmbeddings = `
  SELECT e.id, e.model_id AS modelId
  FROM ids(?) erased CROSS JOIN faces f ON f.person_id = erased.value
  CROSS JOIN embeddings e ON same_client(e, f) AND e.face_id = f.id`
export const selectEmbeddingVector = 'SELECT floats(vector) AS vector FROM embeddings WHERE id = ?'
/** Faces without a person, live or removed; a face's former state goes with the face. */
export const selectNameless =
  'SELECT id FROM faces WHERE person_id IS NULL AND former_of IS NULL AND client_id = ?'
export const selectNamelessVectors = `
  SELECT e.face_id AS faceId, e.model_id AS modelId, floats(e.vector) AS vector
  FROM ids(?) asked CROSS JOIN embeddings e ON e.face_id = asked.value`

/** Faces of enrolments that wait or were decided. */
export const selectReviewVectors = `
  SELECT f.review_id AS reviewId, r.model_id AS modelId, floats(f.vector) AS vector
  FROM enrolment_reviews r
  CROSS JOIN enrolment_review_faces f ON same_client(f, r) AND f.review_id = r.id WHERE r.client_id = ?`

const reviewRow = vectorRow.extend({ reviewId: reviewIdSchema, modelId: modelIdSchema })

/** The faces of those who are to be erased, to be searched among. */
export class NearFaces {
  readonly #byModel = new Map<ModelId, FlatIndex>()
  readonly #possible: ReadonlyMap<ModelId, number>
  readonly #widest: number

  private constructor(possible: ReadonlyMap<ModelId, number>) {
    this.#possible = possible
    this.#widest = Math.max(0, ...possible.values())
  }

  /** Call {@link close} when done. Raises `capacity-exceeded`. */
  static async of(
    connection: Connection,
    indexes: FlatIndexes,
    { all }: ErasedPeople,
    possible: ReadonlyMap<ModelId, number>,
  ): Promise<NearFaces> {
    const near = new NearFaces(possible)
    try {
      const own = connection.rows(ownRow, selectOwnEmbeddings, JSON.stringify([...all]))
      const vector = (id: number) => floatsOf(connection.row(vectorRow, selectEmbeddingVector, id)!.vector)
      const [somebody] = all
      for (const [count, { id, modelId }] of own.entries()) {
        const index = near.#byModel.get(modelId) ?? indexes.apart(own.length, vector)
        near.#byModel.set(modelId, index)
        index.put(id, somebody!, place, () => vector(id))
        if (count % facesPerTurn === facesPerTurn - 1) await nextTurn()
      }
      return near
    } catch (error) {
      near.close()
      throw error
    }
  }

  /** Lets the memory go, with nothing in it. */
  close(): void {
    for (const index of this.#byModel.values()) index.wipe()
    for (const index of this.#byModel.values()) index.close()
    this.#byModel.clear()
  }

  /** Photos of the queue with a face that may be theirs. */
  async inQueue(desk: Desk): Promise<ItemId[]> {
    const found: ItemId[] = []
    for (const some of desk.faces()) {
      for (const { itemId, modelId, embeddings } of some) {
        if (this.#near(modelId, embeddings).includes(true)) found.push(itemId)
      }
      await nextTurn()
    }
    return found
  }

  /** Faces of nobody, of this client, that may be theirs. */
  async nameless(connection: Connection, clientId: ClientId): Promise<FaceId[]> {
    const found = new Set<FaceId>()
    const faceIds = connection.rows(faceIdRow, selectNameless, clientId).map(({ id }) => id)
    for (const some of portionsOf(faceIds, facesPerTurn)) {
      const rows = connection.rows(namelessRow, selectNamelessVectors, JSON.stringify(some))
      for (const modelId of new Set(rows.map((row) => row.modelId))) {
        const ofModel = rows.filter((row) => row.modelId === modelId)
        const near = this.#near(
          modelId,
          ofModel.map(({ vector }) => floatsOf(vector)),
        )
        for (const [index, { faceId }] of ofModel.entries()) if (near[index] === true) found.add(faceId)
      }
      await nextTurn()
    }
    return [...found]
  }

  /** Enrolments of this client, waiting or decided, with a face that may be theirs. */
  async inReviews(connection: Connection, clientId: ClientId): Promise<ReviewId[]> {
    const found = new Set<ReviewId>()
    const faces = connection.rows(reviewRow, selectReviewVectors, clientId)
    for (const some of portionsOf(faces, facesPerTurn)) {
      for (const modelId of new Set(some.map((face) => face.modelId))) {
        const ofModel = some.filter((face) => face.modelId === modelId)
        const near = this.#near(
          modelId,
          ofModel.map(({ vector }) => floatsOf(vector)),
        )
        for (const [index, { reviewId }] of ofModel.entries()) if (near[index] === true) found.add(reviewId)
      }
      await nextTurn()
    }
    return [...found]
  }

  #near(modelId: ModelId, probes: readonly Float32Array[]): boolean[] {
    const index = this.#byModel.get(modelId)
    if (index === undefined || probes.length === 0) return probes.map(() => false)
    const within = this.#possible.get(modelId) ?? this.#widest
    const query = { domains: [place], probes, topPersons: 1, topFaces: 1, withinDistance: 0 }
    return index.search(query).map(({ faces }) => (faces[0]?.distance ?? Number.POSITIVE_INFINITY) <= within)
  }
}

function* portionsOf<T>(list: readonly T[], size: number): Generator<T[]> {
  for (let first = 0; first < list.length; first += size) yield list.slice(first, first + size)
}
