/** Galleries as they are read to be copied into another store of Visor: whole people and photos, ids and all. Store's reading threads. */
import { z } from 'zod'
import type { ClientId, Domain } from '../../../../src-shared/ids'
import type { CopiedGallery, CopyMark, CopyPage, CopyRows } from '../../import-store'
import type { ColumnType, Connection, SqlValue, Table } from '../connection'
import { beforeAllIds } from '../rows'
import { cropsTable, embeddingsTable, facesTable, personsTable, photosTable } from '../tables'

/** People, or photos with their faces, in one page. */
const personsInPage = 1000
const photosInPage = 250

/** With what only some have. */
export const wholePersonsTable: Table = {
  name: 'persons',
  columns: {
    ...personsTable.columns,
    wikidata_id: 'text',
    occupation: 'text',
    description: 'text',
    cover_face_id: 'id',
  },
}
export const personTagsTable: Table = {
  name: 'person_tags',
  columns: { person_id: 'id', key: 'text', tag: 'text', client_id: 'text' },
}
export const personAliasesTable: Table = {
  name: 'person_aliases',
  columns: { person_id: 'id', name: 'text', folded: 'text', client_id: 'text' },
}
export const peopleApartTable: Table = {
  name: 'people_apart',
  columns: { person_id: 'id', other_id: 'id', created_at: 'bigint' },
}
export const rejectionsTable: Table = {
  name: 'rejections',
  columns: { face_id: 'id', person_id: 'id', created_at: 'bigint' },
}
/** Without what is worked out from them: groups and neighbours. */
export const unknownFacesTable: Table = {
  name: 'unknown_faces',
  columns: { face_id: 'id', model_id: 'text', kept_at: 'bigint', ignored: 'flag' },
}

const columnsOf = ({ columns }: Pick<Table, 'columns'>, row: string) =>
  Object.entries(columns)
    .map(([name, type]) => (type === 'vector' ? `floats(${row}.${name})` : `${row}.${name}`))
    .join(', ')

/** `?`: client, domain twice (`null`: all), the id before, how many. Live ones. */
export const selectCopiedPersons = `
  SELECT ${columnsOf(wholePersonsTable, 'p')} FROM persons p
  WHERE unindexed(p.client_id) = ? AND (CAST(? AS text) IS NULL OR p.domain = ?) AND p.id > ? AND p.removed_by IS NULL
  ORDER BY p.id LIMIT ?`
export const selectCopiedPhotos = `
  SELECT ${columnsOf(photosTable, 'p')} FROM photos p
  WHERE unindexed(p.client_id) = ? AND (CAST(? AS text) IS NULL OR p.domain = ?) AND p.id > ?
    AND EXISTS (SELECT 1 FROM faces f WHERE same_client(f, p) AND f.photo_id = p.id AND f.removed_by IS NULL)
  ORDER BY p.id LIMIT ?`
const ofOwner = (table: Table, column: string) => `
  SELECT ${columnsOf(table, 'o')} FROM ids(?) owner CROSS JOIN ${table.name} o ON o.${column} = owner.value`
export const selectCopiedTags = ofOwner(personTagsTable, 'person_id')
export const selectCopiedAliases = ofOwner(personAliasesTable, 'person_id')
/** By the later of the two, so that both are there. */
export const selectCopiedApart = ofOwner(peopleApartTable, 'other_id')
export const selectCopiedFaces = `${ofOwner(facesTable, 'photo_id')} AND o.removed_by IS NULL ORDER BY o.id`
export const selectCopiedCrops = ofOwner(cropsTable, 'face_id')
export const selectCopiedRejections = `${ofOwner(rejectionsTable, 'face_id')}
  AND EXISTS (SELECT 1 FROM persons p WHERE same_client(p, o) AND p.id = o.person_id AND p.removed_by IS NULL)`
export const selectCopiedUnknown = ofOwner(unknownFacesTable, 'face_id')
export const selectCopiedEmbeddings = `
  SELECT ${columnsOf(embeddingsTable, 'o')}, f.domain, f.person_id
  FROM ids(?) owner CROSS JOIN faces f ON f.id = owner.value
  CROSS JOIN embeddings o ON same_client(o, f) AND o.face_id = f.id`
export const selectCopiedSize = `
  SELECT (SELECT count(*) FROM persons p WHERE p.client_id = ? AND p.removed_by IS NULL
      AND (CAST(? AS text) IS NULL OR p.domain = ?)) AS persons,
    (SELECT count(*) FROM faces f WHERE f.client_id = ? AND f.removed_by IS NULL
      AND (CAST(? AS text) IS NULL OR f.domain = ?)) AS faces,
    (SELECT coalesce(max(e.sequence), 0) FROM ledger e WHERE e.client_id = ?) AS sequence`

const sizeRow = z.object({ persons: z.number(), faces: z.number(), sequence: z.number() })

/** The body of `ImportStore.copySize`. */
export function copiedSize(connection: Connection, clientId: ClientId, domain: Domain | null): CopiedGallery {
  const of = [clientId, domain, domain] as const
  return connection.row(sizeRow, selectCopiedSize, ...of, ...of, clientId)!
}

/** The body of `ImportStore.copyPage`. */
export function copiedPage(
  connection: Connection,
  clientId: ClientId,
  domain: Domain | null,
  from: CopyMark,
): CopyPage {
  const read = (table: Table, sql: string, ...values: SqlValue[]): CopyRows => ({
    table: table.name,
    rows: (connection.columns(sql, ...values) as unknown[][]).map((row) => asValues(table, row)),
  })
  const isPersons = from.part === 'persons'
  const most = isPersons ? personsInPage : photosInPage
  const owners = read(
    isPersons ? wholePersonsTable : photosTable,
    isPersons ? selectCopiedPersons : selectCopiedPhotos,
    ...[clientId, domain, domain, from.after ?? beforeAllIds, most],
  )
  const ids = owners.rows.map(([id]) => String(id))
  const list = JSON.stringify(ids)
  const more = ids.length === most
  if (isPersons) {
    const next: CopyMark = more ? { part: 'persons', after: ids.at(-1)! } : { part: 'photos', after: null }
    const tables = [
      owners,
      read(personTagsTable, selectCopiedTags, list),
      read(personAliasesTable, selectCopiedAliases, list),
      read(peopleApartTable, selectCopiedApart, list),
    ]
    return { tables, count: ids.length, next }
  }
  const faces = read(facesTable, selectCopiedFaces, list)
  const faceIds = JSON.stringify(faces.rows.map(([id]) => id))
  const tables = [
    owners,
    faces,
    read(embeddingsTable, selectCopiedEmbeddings, faceIds),
    read(cropsTable, selectCopiedCrops, faceIds),
    read(rejectionsTable, selectCopiedRejections, faceIds),
    read(unknownFacesTable, selectCopiedUnknown, faceIds),
  ]
  return { tables, count: faces.rows.length, next: more ? { part: 'photos', after: ids.at(-1)! } : null }
}

const columnValue = z.union([z.string(), z.number(), z.null(), z.instanceof(Uint8Array)])

/** Values as they are written: vectors as numbers, flags as 0 and 1. */
function asValues({ columns, onServer = {} }: Table, row: readonly unknown[]): SqlValue[] {
  const types: readonly ColumnType[] = [...Object.values(columns), ...Object.values(onServer)]
  return row.map((raw, index) => {
    const value = columnValue.parse(typeof raw === 'boolean' ? Number(raw) : raw)
    // A copy: the bytes of a row need not lie where a float32 may.
    return types[index] === 'vector' && value instanceof Uint8Array
      ? new Float32Array(value.slice().buffer)
      : value
  })
}
