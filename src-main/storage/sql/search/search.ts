/** A search: the flat index finds, the database tells who and where. Store worker thread. */
import { z } from 'zod'
import { faceIdSchema, sha256Schema } from '../../../../src-shared/ids'
import type { SearchAnswer, SearchQuery } from '../../search-records'
import type { Connection } from '../connection'
import { personRow } from '../rows'
import type { FlatIndexes } from './flat-indexes'

const faceOfEmbeddingRow = z.object({ id: z.number().int(), faceId: faceIdSchema, sha256: sha256Schema })
const personNameRow = personRow.pick({ id: true, domain: true, name: true })

export const selectFacesOfEmbeddings = `
  SELECT e.id, e.face_id AS faceId, ph.sha256
  FROM numbers(?) hit CROSS JOIN embeddings e ON e.id = hit.value
  CROSS JOIN faces f ON same_client(f, e) AND f.id = e.face_id
  CROSS JOIN photos ph ON same_client(ph, f) AND ph.id = f.photo_id`
export const selectNames =
  'SELECT p.id, p.domain, p.name FROM ids(?) hit CROSS JOIN persons p ON p.id = hit.value'

/** The body of `GalleryStore.search`. */
export async function search(
  connection: Connection,
  indexes: FlatIndexes,
  { clientId, modelId, ...query }: SearchQuery,
): Promise<SearchAnswer> {
  const index = await indexes.get(clientId, modelId)
  const startedAt = performance.now()
  const answers = index.search(query)
  const { persons: galleryPersons, embeddings: galleryEmbeddings } = index.counts(query.domains)

  const embeddings = answers.flatMap(({ persons, faces }) => [
    ...persons.map((hit) => hit.nearestEmbedding),
    ...faces.map((hit) => hit.embedding),
  ])
  const faceRows = connection.rows(
    faceOfEmbeddingRow,
    selectFacesOfEmbeddings,
    JSON.stringify([...new Set(embeddings)]),
  )
  const faceOf = new Map(faceRows.map((row) => [row.id, row]))
  const personIds = new Set(answers.flatMap(({ persons }) => persons.map((hit) => hit.personId)))
  const personRows = connection.rows(personNameRow, selectNames, JSON.stringify([...personIds]))
  const personOf = new Map(personRows.map((row) => [row.id, row]))
  return {
    probes: answers.map(({ persons, faces }) => ({
      persons: persons.map(({ nearestEmbedding, ...hit }) => {
        const { name, domain } = personOf.get(hit.personId)!
        const { faceId, sha256 } = faceOf.get(nearestEmbedding)!
        return { ...hit, name, domain, nearestFaceId: faceId, nearestPhotoSha256: sha256 }
      }),
      faces: faces.map(({ embedding, personId, distance }) => ({
        faceId: faceOf.get(embedding)!.faceId,
        personId,
        distance,
      })),
    })),
    galleryPersons,
    galleryEmbeddings,
    method: index.kind,
    elapsedMs: performance.now() - startedAt,
  }
}
