/**
 * The tables of which a cache holds the live rows of chosen domains, and how they are asked for. Store worker thread.
 *
 * [Note: Owners] Every row belongs to a person, a photo or a face, which is what the change feed names, and goes with it. What is
 * not live on the server (removed, or what a box was before) is not in a cache.
 */

/** How a column travels and is kept: flags are numbers; vectors are big-endian on the wire, with a header. */
type ColumnKind = 'text' | 'number' | 'flag' | 'bytes' | 'vector'

export interface CachedColumn {
  readonly name: string
  readonly kind: ColumnKind
}

export type OwnerKind = 'person' | 'photo' | 'face'

export interface CachedTable {
  readonly name: string
  readonly owner: OwnerKind
  /** Holds the owner's id: `id` where the table is the owner's own. */
  readonly ownerColumn: string
  /** Holds the id of a second person without whom the row is nothing. */
  readonly otherPersonColumn?: string
  /** Of the owner `o`: only such rows are compared; all unless given. */
  readonly comparedWhere?: string
  /** Comes with its owner, and is nothing that both sides have to agree on. */
  readonly notCompared?: true
  readonly columns: readonly CachedColumn[]
}

export const ownerTables = { person: 'persons', photo: 'photos', face: 'faces' } as const

const columnsOf = (kind: ColumnKind, names: string): CachedColumn[] =>
  names.split(' ').map((name) => ({ name, kind }))
/** Columns of a kind, by their names, apart by spaces. */
export const text = (names: string) => columnsOf('text', names)
/** The same for numbers. */
export const number = (names: string) => columnsOf('number', names)

const persons: CachedTable = {
  name: 'persons',
  owner: 'person',
  ownerColumn: 'id',
  columns: [
    ...text('id client_id domain name folded wikidata_id occupation description cover_face_id'),
    ...number('created_at updated_at'),
  ],
}
const personTags: CachedTable = {
  name: 'person_tags',
  owner: 'person',
  ownerColumn: 'person_id',
  columns: text('person_id key tag client_id'),
}
const personAliases: CachedTable = {
  name: 'person_aliases',
  owner: 'person',
  ownerColumn: 'person_id',
  columns: text('person_id name folded client_id'),
}
const peopleApart: CachedTable = {
  name: 'people_apart',
  owner: 'person',
  ownerColumn: 'person_id',
  otherPersonColumn: 'other_id',
  columns: [...text('person_id other_id'), ...number('created_at')],
}
const photos: CachedTable = {
  name: 'photos',
  owner: 'photo',
  ownerColumn: 'id',
  columns: [
    ...text('id client_id domain sha256 path format perceptual_hash'),
    ...number('width height created_at'),
    ...columnsOf('flag', 'repeats_people seen'),
  ],
}
const faces: CachedTable = {
  name: 'faces',
  owner: 'face',
  ownerColumn: 'id',
  columns: [
    ...text('id photo_id client_id domain person_id landmarks source'),
    ...number('box_x box_y box_w box_h detection_score quality quality_size quality_sharpness quality_pose'),
    ...number('quality_exposure size_px yaw_degrees roll_degrees created_at'),
    ...columnsOf('flag', 'manual measured'),
  ],
}
const embeddings: CachedTable = {
  name: 'embeddings',
  owner: 'face',
  ownerColumn: 'face_id',
  columns: [...number('id'), ...text('face_id model_id client_id'), ...columnsOf('vector', 'vector')],
}
const crops: CachedTable = {
  name: 'crops',
  owner: 'face',
  ownerColumn: 'face_id',
  columns: [...text('face_id'), ...columnsOf('bytes', 'jpeg')],
}
const rejections: CachedTable = {
  name: 'rejections',
  owner: 'face',
  ownerColumn: 'face_id',
  otherPersonColumn: 'person_id',
  columns: [...text('face_id person_id'), ...number('created_at')],
}

/** In the order in which a domain is filled in. */
export const cachedTables: readonly CachedTable[] = [
  persons,
  personTags,
  personAliases,
  photos,
  faces,
  embeddings,
  crops,
  peopleApart,
  rejections,
]

/** A column of a server's row `t` as it travels: numbers as float8, `-0` as 0, which is what SQLite makes of it. */
export function travelling({ name, kind }: CachedColumn, row: string): string {
  switch (kind) {
    case 'text':
      return `${row}.${name}::text`
    case 'number':
      return `${row}.${name}::float8 + 0`
    case 'flag':
      return `${row}.${name}::int::float8`
    case 'bytes':
    case 'vector':
      return `${row}.${name}`
  }
}

/** The bytes of a column as they travel. */
function bytesOf(column: CachedColumn, row: string): string {
  const value = travelling(column, row)
  switch (column.kind) {
    case 'text':
      return `convert_to(${value}, 'UTF8')`
    case 'number':
    case 'flag':
      return `float8send(${value})`
    case 'bytes':
      return value
    case 'vector':
      return `vector_send(${value})`
  }
}

const rowOf = ({ ownerColumn }: CachedTable) => (ownerColumn === 'id' ? 'o' : 't')

/**
 * What is asked for: parameters of a COPY are settings of its transaction. Looked up once, before rows are read; the planner does
 * not know them, and takes indexes.
 */
export const asked = (name: string, type = 'text') =>
  `(SELECT current_setting('visor.cache_${name}')::${type})`
const held = `(SELECT value FROM texts(${asked('domains')}))`

/**
 * Rows by what is asked: a domain's owners with ids after `from` and up to `to`, all of a domain, or those of the named owners.
 * `others-…`: by the second person of a row instead.
 */
export type Scope = 'range' | 'domain' | 'owners' | 'others-domain' | 'others'

const inDomain = (row: string) => `${row}.domain = ${asked('domain')}`
const isHeld = (row: string) => `${row}.domain IN ${held}`
const isNamed = (row: string) => `${row}.id IN (SELECT value FROM ids(${asked('ids')}))`
/** Where row security applies, no index takes a condition that has a conversion in it, which may fail. */
const inRange = (id: string) => `${id} > ${asked('from', 'uuid')} AND ${id} <= ${asked('to', 'uuid')}`

/** What a scope asks of the owner, `o`, and of a second person, `p`. */
const scopes: Readonly<Record<Scope, readonly string[]>> = {
  range: [inDomain('o'), inRange('o.id')],
  domain: [inDomain('o')],
  owners: [isHeld('o'), isNamed('o')],
  'others-domain': [isHeld('o'), inDomain('p')],
  others: [isHeld('o'), isNamed('p')],
}

/** The live rows of a table on the server, from `FROM` on; settings `visor.cache_…`. */
function liveRows({ name, owner, ownerColumn, otherPersonColumn }: CachedTable, scope: Scope): string {
  const own =
    ownerColumn === 'id' ? '' : `JOIN ${name} t ON t.${ownerColumn} = o.id AND t.client_id = o.client_id`
  const other =
    otherPersonColumn === undefined
      ? ''
      : `JOIN persons p ON p.id = t.${otherPersonColumn} AND p.client_id = t.client_id AND p.removed_by IS NULL
         AND ${isHeld('p')}`
  const conditions = [
    `o.client_id = ${asked('client')}`,
    ...(owner === 'photo' ? [] : ['o.removed_by IS NULL']),
    ...scopes[scope],
    // Otherwise all of the table would be read for each range.
    ...(scope === 'range' && ownerColumn !== 'id' ? [inRange(`t.${ownerColumn}`)] : []),
  ]
  return `FROM ${ownerTables[owner]} o ${own} ${other} WHERE ${conditions.join(' AND ')}`
}

/** The rows of a table in the binary format. */
export function copyStatement(table: CachedTable, scope: Scope): string {
  const columns = table.columns.map((column) => travelling(column, rowOf(table)))
  return `COPY (SELECT ${columns.join(', ')} ${liveRows(table, scope)}) TO STDOUT (FORMAT binary)`
}

/** A row's hash: the first 64 bits of the SHA-256 of its fields as they travel, each with its length before it. */
function hashOf(table: CachedTable): string {
  const fields = table.columns.map((column) => {
    const bytes = bytesOf(column, rowOf(table))
    return `coalesce(int4send(octet_length(${bytes})) || ${bytes}, '\\xffffffff'::bytea)`
  })
  return `('x' || encode(substring(sha256(${fields.join(' || ')}) FROM 1 FOR 8), 'hex'))::bit(64)::bigint`
}

function comparedRows(table: CachedTable): string {
  const where = table.comparedWhere === undefined ? '' : `AND ${table.comparedWhere}`
  return `${liveRows(table, 'domain')} ${where}`
}

/** How many rows a domain has in a table, and their hashes, combined: `visor.cache_client`, `_domain`, `_domains`. */
export function printStatement(table: CachedTable): string {
  return `SELECT count(*)::float8, coalesce(bit_xor(${hashOf(table)}), 0)::text ${comparedRows(table)}`
}

/** The same for each owner. */
export function ownerPrintsStatement(table: CachedTable): string {
  return `SELECT o.id::text, bit_xor(${hashOf(table)})::text ${comparedRows(table)} GROUP BY o.id`
}

/** The id of the owner at which a portion of a domain ends that begins after another (client, domain, id); null after the last. */
export function portionEndStatement(owner: OwnerKind, rows: number): string {
  const live = owner === 'photo' ? '' : 'AND removed_by IS NULL'
  return `
    SELECT max(id::text) FROM (
      SELECT id FROM ${ownerTables[owner]}
      WHERE client_id = $1 AND domain = $2 AND id > $3::uuid ${live} ORDER BY id LIMIT ${rows}) portion`
}

/** Owners of each kind in a domain. */
export const countsStatement = `
  SELECT (SELECT count(*) FROM persons WHERE client_id = $1 AND domain = $2 AND removed_by IS NULL)
    + (SELECT count(*) FROM photos WHERE client_id = $1 AND domain = $2)
    + (SELECT count(*) FROM faces WHERE client_id = $1 AND domain = $2 AND removed_by IS NULL)`

const insertInto = ({ name, columns }: CachedTable, otherwise: 'IGNORE' | 'REPLACE') =>
  `INSERT OR ${otherwise} INTO ${name} (${columns.map((column) => column.name).join(', ')})
    VALUES (${columns.map(() => '?').join(', ')})`

/** Puts a row into the cache, unless one is in its way. */
export const insertStatement = (table: CachedTable): string => insertInto(table, 'IGNORE')

/** Puts a row into the cache in place of those that are in its way. For all rows it would take more than twice the time. */
export const replaceStatement = (table: CachedTable): string => insertInto(table, 'REPLACE')

/** The cache's rows of owners (a JSON list of ids), the owner before the columns. */
export function localRowsStatement({ name, ownerColumn, columns }: CachedTable): string {
  return `SELECT ${ownerColumn}, ${columns.map((column) => column.name).join(', ')}
    FROM ${name} WHERE ${ownerColumn} IN (SELECT value FROM json_each(?))`
}

/** The ids of a kind in a domain of the cache. */
export const localOwnersStatement = (kind: OwnerKind): string =>
  `SELECT id FROM ${ownerTables[kind]} WHERE client_id = ? AND domain = ?`
