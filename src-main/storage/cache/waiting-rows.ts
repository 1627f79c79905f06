/**
 * What waits for a curator on the server, as a paired gallery keeps it: unknown faces and reviews of enrolments. Store worker thread.
 *
 * What was worked out of unknown faces (groups, neighbours, suggestions) is worked out here anew; what somebody told apart there is told
 * apart here. A review that was decided here stays decided; those that the server never had are nobody else's, and stay. So does what
 * was told apart here.
 */
import { z } from 'zod'
import { type ClientId, modelIdSchema } from '../../../src-shared/ids'
import { beforeAllIds } from '../sql/rows'
import type { SqliteConnection } from '../sqlite/sqlite-connection'
import { type CachedValue, CopiedRows } from './copied-rows'
import type { Copied } from './server-snapshot'
import type { ServerRows, Syncing, Waiting } from './syncing'
import { asked, type CachedColumn, type CachedTable, copyStatement, number, text, travelling } from './tables'

/** Ids asked for in one statement. */
const idsAtOnce = 4096

/** Marks of faces that are nobody's. */
export const unknownFaces: CachedTable = {
  name: 'unknown_faces',
  owner: 'face',
  ownerColumn: 'face_id',
  columns: [...text('face_id model_id client_id'), ...number('kept_at'), { name: 'ignored', kind: 'flag' }],
  notCompared: true,
}
const reviews: readonly CachedColumn[] = [
  ...text('id client_id domain person_id person_name model_id sha256 path format'),
  ...number('width height'),
  ...text('perceptual_hash'),
  ...number('faces_in_photo'),
  ...text('choice kinds'),
  ...number('created_at'),
]
const reviewFaces: readonly CachedColumn[] = [
  ...text('review_id'),
  ...number('position'),
  ...text('face'),
  { name: 'vector', kind: 'vector' },
  { name: 'jpeg', kind: 'bytes' },
]

const toldApart: readonly CachedColumn[] = [...text('client_id face_id ledger_id'), ...number('side')]

const embeddingRow = z.object({ id: z.number().int(), modelId: modelIdSchema })
const idOnServerRow = z.tuple([z.string()])

/** A face that is nobody's here either. */
const putUnknown = `
  INSERT INTO unknown_faces (embedding_id, face_id, client_id, model_id, kept_at, ignored)
  SELECT e.id, e.face_id, e.client_id, e.model_id, ?, ?
  FROM embeddings e JOIN faces f ON f.id = e.face_id AND f.person_id IS NULL AND f.removed_by IS NULL
  WHERE e.face_id = ? AND e.model_id = ? AND e.client_id = ?
  ON CONFLICT (embedding_id) DO UPDATE SET kept_at = excluded.kept_at, ignored = excluded.ignored
  RETURNING embedding_id AS id, model_id AS modelId`
/** From then on people are compared with it. */
const putMark = `
  INSERT INTO suggestion_marks (client_id, model_id, updated_at, person_id) VALUES (?, ?, ?, '${beforeAllIds}')
  ON CONFLICT DO NOTHING`
const selectUnknownOf = `
  SELECT u.embedding_id AS id, u.model_id AS modelId
  FROM json_each(?) told CROSS JOIN unknown_faces u ON u.face_id = told.value WHERE u.client_id = ?`

const marks = (columns: readonly CachedColumn[]) => columns.map(() => '?').join(', ')
const names = (columns: readonly CachedColumn[]) => columns.map(({ name }) => name).join(', ')
const putReview = `
  INSERT INTO enrolment_reviews (${names(reviews)}) VALUES (${marks(reviews)})
  ON CONFLICT (id) DO UPDATE SET ${reviews.map(({ name }) => `${name} = excluded.${name}`).join(', ')}
  WHERE settled_by IS NULL`
const putReviewFace = `
  INSERT OR REPLACE INTO enrolment_review_faces (${names(reviewFaces)}) VALUES (${marks(reviewFaces)})`
const deleteWaiting = `
  DELETE FROM enrolment_reviews
  WHERE client_id = ? AND settled_by IS NULL AND id IN (SELECT value FROM json_each(?))`

/** A face that is here. */
const putToldApart = `
  INSERT OR IGNORE INTO told_apart (${names(toldApart)}) SELECT ${marks(toldApart)} WHERE EXISTS (SELECT 1 FROM faces WHERE id = ?)`
/** Not what this gallery's own history says. */
const deleteToldApart = `
  DELETE FROM told_apart
  WHERE face_id IN (SELECT value FROM json_each(?)) AND NOT EXISTS (SELECT 1 FROM ledger e WHERE e.id = ledger_id)`
const selectToldApart = 'SELECT DISTINCT face_id::text FROM told_apart WHERE client_id = $1'
const copyToldApart = `
  COPY (SELECT ${toldApart.map((column) => travelling(column, 't')).join(', ')}
    FROM told_apart t JOIN faces f ON f.id = t.face_id AND f.client_id = t.client_id
    WHERE t.client_id = ${asked('client')} AND t.face_id IN (SELECT value FROM ids(${asked('ids')}))
      AND f.removed_by IS NULL AND f.domain IN (SELECT value FROM texts(${asked('domains')}))) TO STDOUT (FORMAT binary)`

const isWaiting = `r.client_id = ${asked('client')} AND r.settled_by IS NULL
  AND r.domain IN (SELECT value FROM texts(${asked('domains')}))`
const isAsked = `r.id IN (SELECT value FROM ids(${asked('ids')}))`
const copyReviews = `
  COPY (SELECT ${reviews.map((column) => travelling(column, 'r')).join(', ')}
    FROM enrolment_reviews r WHERE ${isWaiting} AND ${isAsked}) TO STDOUT (FORMAT binary)`
const copyReviewFaces = `
  COPY (SELECT ${reviewFaces.map((column) => travelling(column, 't')).join(', ')}
    FROM enrolment_reviews r JOIN enrolment_review_faces t ON t.review_id = r.id AND t.client_id = r.client_id
    WHERE ${isWaiting} AND ${isAsked}) TO STDOUT (FORMAT binary)`
const selectWaiting = 'SELECT id::text FROM enrolment_reviews WHERE client_id = $1 AND settled_by IS NULL'
const selectSettled = `
  SELECT id::text FROM enrolment_reviews
  WHERE client_id = $1 AND settled_by IS NOT NULL AND id IN (SELECT value FROM ids($2))`

/** Takes the marks of unknown faces, once their faces are here; gives whose they are. Call within `copying`. */
export async function takeUnknown(
  connection: SqliteConnection,
  rows: Pick<ServerRows, 'touch'>,
  clientId: ClientId,
  copied: Copied,
): Promise<ReadonlySet<string>> {
  const given = new Set<string>()
  await takeRows(copied, unknownFaces.columns, (row) => {
    const [faceId, modelId, , keptAt, ignored] = row
    const put = connection.row(
      embeddingRow,
      putUnknown,
      ...[Number(keptAt), Number(ignored), String(faceId), String(modelId), clientId],
    )
    if (put === undefined) return
    given.add(String(faceId))
    rows.touch(put.id, put.modelId)
    connection.run(putMark, clientId, put.modelId, Number(keptAt))
  })
  return given
}

/** Brings what waits to what the server has. `all`: nobody was told what changed. Call within `copying`, after the faces. */
export async function renewWaiting(
  syncing: Syncing,
  rows: ServerRows,
  clientId: ClientId,
  waiting: Waiting | 'all',
): Promise<void> {
  if (waiting !== 'all') {
    await renewUnknown(syncing, rows, clientId, waiting.unknown)
    await renewToldApart(syncing, waiting.unknown)
    return renewReviews(syncing, clientId, waiting.review)
  }
  const { connection, server } = syncing
  const apart = await server.rows(idOnServerRow, selectToldApart, clientId)
  await renewToldApart(syncing, new Set(apart.map(([id]) => id)))
  const there = await server.rows(idOnServerRow, selectWaiting, clientId)
  const here = connection.ids<string>(
    'SELECT id FROM enrolment_reviews WHERE client_id = ? AND settled_by IS NULL',
    clientId,
  )
  // One that the server does not have may have been made here.
  const settled = await server.rows(idOnServerRow, selectSettled, clientId, JSON.stringify(here))
  await renewReviews(syncing, clientId, new Set([...there, ...settled].map(([id]) => id)))
}

async function renewUnknown(
  syncing: Syncing,
  rows: ServerRows,
  clientId: ClientId,
  told: ReadonlySet<string>,
): Promise<void> {
  const { connection, server } = syncing
  for (const some of portions(told)) {
    await server.set({ ids: JSON.stringify(some) })
    const given = await takeUnknown(
      connection,
      rows,
      clientId,
      server.copy(copyStatement(unknownFaces, 'owners')),
    )
    const gone = JSON.stringify(some.filter((id) => !given.has(id)))
    for (const { id, modelId } of connection.rows(embeddingRow, selectUnknownOf, gone, clientId)) {
      rows.touch(id, modelId)
      connection.run('DELETE FROM suggestions WHERE embedding_id = ?', id)
      connection.run('DELETE FROM unknown_faces WHERE embedding_id = ?', id)
    }
  }
}

/** After the faces. */
async function renewToldApart({ connection, server }: Syncing, told: ReadonlySet<string>): Promise<void> {
  for (const some of portions(told)) {
    const ids = JSON.stringify(some)
    await server.set({ ids })
    connection.run(deleteToldApart, ids)
    await takeRows(server.copy(copyToldApart), toldApart, (row) => {
      connection.run(putToldApart, ...row, row[1]!)
    })
  }
}

async function renewReviews(syncing: Syncing, clientId: ClientId, told: ReadonlySet<string>): Promise<void> {
  const { connection, server } = syncing
  for (const some of portions(told)) {
    const ids = JSON.stringify(some)
    await server.set({ ids })
    const given = new Set<string>()
    await takeRows(server.copy(copyReviews), reviews, (row) => {
      if (connection.run(putReview, ...row) > 0) given.add(String(row[0]))
    })
    await takeRows(server.copy(copyReviewFaces), reviewFaces, (row) => {
      if (given.has(String(row[0]))) connection.run(putReviewFace, ...row)
    })
    connection.run(deleteWaiting, clientId, JSON.stringify(some.filter((id) => !given.has(id))))
  }
}

async function takeRows(
  copied: Copied,
  columns: readonly CachedColumn[],
  take: (row: readonly CachedValue[]) => void,
): Promise<void> {
  const rows = new CopiedRows(columns)
  await copied((piece) => rows.push(piece, take))
  rows.end()
}

function* portions(ids: ReadonlySet<string>): Generator<string[]> {
  const all = [...ids]
  for (let first = 0; first < all.length; first += idsAtOnce) yield all.slice(first, first + idsAtOnce)
}
