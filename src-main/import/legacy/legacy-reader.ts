/**
 * Reads a legacy database, whichever engine. Import worker thread.
 *
 * [Note: One state] A reading is one statement (SQLite) or one transaction (PostgreSQL, REPEATABLE READ, read-only), in the order of the
 * faces' ids: it sees one state of the database and the rows in the same order every time, and holds a few hundred of them.
 */
import { z } from 'zod'
import type { ColumnMapping, ImportKind } from '../../../src-shared/import'
import type { Reader, ReaderFacts } from '../reader'
import { claimedModel, longestPath, rowOf } from '../row'
import type { SourcePerson, SourceRow } from '../source'
import { readBox, readImage, readNumber, readText, readTime } from './details'
import { type FloatBytes, floatBytesOf, longestEmbedding, readEmbedding } from './embedding'
import {
  columnsOf,
  findLayout,
  type LegacyLayout,
  type LegacyTable,
  lookUpLayout,
  qualityColumn,
} from './layout'

export type LegacyRow = Readonly<Record<string, unknown>>

/** A database as this reader asks it: statements with double-quoted names, without parameters. */
export interface LegacyDatabase {
  readonly kind: Extract<ImportKind, 'legacy-sqlite' | 'legacy-postgres'>
  /** `SQLite`, `PostgreSQL 15.2`. */
  readonly engine: string
  tables(): Promise<LegacyTable[]>
  /** All rows of a small answer. */
  all(sql: string): Promise<LegacyRow[]>
  /** Rows of a large one, some at a time, of one state of the database. */
  stream(
    sql: string,
    rowsAtATime: number,
  ): AsyncIterable<readonly LegacyRow[]> | Iterable<readonly LegacyRow[]>
  close(): Promise<void>
}

const rowsAtATime = 500
/** With their photos. */
const photosAtATime = 16
/** A path has the most; whatever is longer is cut off by the database, and a name refused. */
const longestText = longestPath + 1
const largestImageBytes = 64 * 1024 * 1024
const sampledBlobs = 200

const totals = z.object({ faces: z.coerce.number(), persons: z.coerce.number(), used: z.coerce.number() })

export class LegacyReader implements Reader {
  readonly kind: LegacyDatabase['kind']
  readonly #database: LegacyDatabase
  readonly #given: ColumnMapping | null
  #layout: LegacyLayout | undefined
  #floatBytes: FloatBytes = 4
  #total = 0
  #read = 0
  #otherTables: string[] = []
  /** Boxes that were a list of four numbers. */
  #listedBoxes = false

  constructor(database: LegacyDatabase, mapping: ColumnMapping | null) {
    this.kind = database.kind
    this.#database = database
    this.#given = mapping
  }

  async *batches({ withImages }: { readonly withImages: boolean }): AsyncGenerator<readonly SourceRow[]> {
    const layout = await this.#open()
    this.#read = 0
    const amount =
      withImages && layout.mapping.faces.columns.image !== undefined ? photosAtATime : rowsAtATime
    for await (const rows of this.#database.stream(statement(layout, this.kind, withImages), amount)) {
      yield rows.map((row) => this.#row(row, layout))
    }
  }

  async holdsImages(): Promise<boolean> {
    return (await this.#open()).mapping.faces.columns.image !== undefined
  }

  share(): number {
    return this.#total === 0 ? 0 : Math.min(1, this.#read / this.#total)
  }

  async facts(): Promise<ReaderFacts> {
    const layout = await this.#open()
    const { persons, faces, used } = await this.#totals(layout)
    const unused = persons - used
    const notes: string[] = []
    const { columns } = layout.mapping.faces
    if (unused > 0) {
      notes.push(
        `${unused.toLocaleString('en-GB')} of ${persons.toLocaleString('en-GB')} people have no face and are not moved.`,
      )
    }
    const quality = qualityColumn(layout.faces)
    if (quality !== undefined) {
      notes.push(
        `“${quality}” is not kept: it is another system’s measure. Visor measures a face once it sees the photo.`,
      )
    }
    if (columns.model === undefined) notes.push('No column says which model the embeddings are of.')
    if (this.#listedBoxes) notes.push('Boxes that are four numbers are taken for x, y, width, height.')
    if (this.#otherTables.length > 0)
      notes.push(`Other tables are not read: ${this.#otherTables.join(', ').slice(0, 500)}.`)
    return {
      layout: `${this.#database.engine}: ${layout.persons.name} and ${layout.faces.name}`,
      fingerprint: `${persons} in ${layout.persons.name}, ${faces} in ${layout.faces.name}, last ${await this.#lastId(layout)}`,
      columns: columnsOf(layout),
      mapping: layout.mapping,
      notes,
    }
  }

  async close(): Promise<void> {
    await this.#database.close()
  }

  async #open(): Promise<LegacyLayout> {
    if (this.#layout !== undefined) return this.#layout
    const tables = await this.#database.tables()
    const layout = this.#given === null ? findLayout(tables) : lookUpLayout(tables, this.#given)
    this.#otherTables = tables
      .filter((table) => table !== layout.persons && table !== layout.faces)
      .map(({ name }) => name)
    const column = layout.mapping.faces.columns.embedding ?? ''
    const value = selected('embedding', quoted(column), typeOf(layout.faces, column), this.kind)
    const sample = await this.#database.all(
      `SELECT ${value} AS embedding FROM ${layout.faces.sql} WHERE ${quoted(column)} IS NOT NULL LIMIT ${sampledBlobs}`,
    )
    this.#floatBytes = floatBytesOf(
      sample.map(({ embedding }) => embedding).filter((blob) => blob instanceof Uint8Array),
    )
    this.#total = (await this.#totals(layout)).faces
    this.#layout = layout
    return layout
  }

  async #totals({ mapping, persons, faces }: LegacyLayout): Promise<z.infer<typeof totals>> {
    const [personId, ofFace] = [
      quoted(mapping.persons.columns.id ?? ''),
      quoted(mapping.faces.columns.personId ?? ''),
    ]
    const [row] = await this.#database.all(
      `SELECT (SELECT count(*) FROM ${faces.sql}) AS faces, (SELECT count(*) FROM ${persons.sql}) AS persons,
         (SELECT count(DISTINCT p.${personId}) FROM ${persons.sql} AS p
          JOIN ${faces.sql} AS f ON f.${ofFace} = p.${personId}) AS used`,
    )
    return totals.parse(row)
  }

  async #lastId({ mapping, persons, faces }: LegacyLayout): Promise<string> {
    const last = async (table: LegacyTable, column: string | undefined) => {
      if (column === undefined) return '–'
      const [row] = await this.#database.all(
        `SELECT CAST(${quoted(column)} AS TEXT) AS last FROM ${table.sql} ORDER BY ${quoted(column)} DESC LIMIT 1`,
      )
      return String(row?.last ?? '–')
    }
    return `${await last(persons, mapping.persons.columns.id)}, ${await last(faces, mapping.faces.columns.id)}`
  }

  #row(row: LegacyRow, { faces, persons }: LegacyLayout): SourceRow {
    const position = this.#read
    this.#read += 1
    const id = readText(row.face_id)
    const photoPath = readText(row.face_photopath)
    const { embedding, problem } = readEmbedding(row.face_embedding, this.#floatBytes)
    const box = readBox(row.face_box)
    if (box !== null && /^\s*[[{]\s*-?\d/.test(String(row.face_box))) this.#listedBoxes = true
    const model = readText(row.face_model)
    return rowOf({
      position,
      key: id === null ? `${faces.name}, row ${position + 1}` : `${faces.name} ${id}`,
      person: personOf(row, persons.name),
      photoPath,
      image: readImage(row.face_image),
      box,
      confidence: readNumber(row.face_confidence),
      createdAt: readTime(row.face_createdat),
      modelId: model === null ? null : claimedModel(model),
      embedding,
      problem,
    })
  }
}

function personOf(row: LegacyRow, table: string): SourcePerson | null {
  const id = readText(row.person_id)
  if (id === null) return null
  return {
    key: `${table} ${id}`,
    name: readText(row.person_name) ?? '',
    domain: readText(row.person_domain),
    clientId: readText(row.person_clientid),
    wikidataId: readText(row.person_wikidataid),
    occupation: readText(row.person_occupation),
    description: readText(row.person_description),
    createdAt: readTime(row.person_createdat),
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

const typeOf = ({ columns }: LegacyTable, column: string): string =>
  columns.find(({ name }) => name === column)?.type ?? ''

/** All faces with their people; both engines understand it. */
function statement({ mapping, persons, faces }: LegacyLayout, kind: ImportKind, withImages: boolean): string {
  const columns = (
    prefix: 'f' | 'p',
    table: LegacyTable,
    mapped: Readonly<Partial<Record<string, string>>>,
  ): string[] =>
    Object.entries(mapped).flatMap(([field, column]) => {
      if (column === undefined || (field === 'image' && !withImages)) return []
      const value = selected(field, `${prefix}.${quoted(column)}`, typeOf(table, column), kind)
      return [`${value} AS ${prefix === 'f' ? 'face' : 'person'}_${field.toLowerCase()}`]
    })
  const { id, personId = '' } = mapping.faces.columns
  const all = [
    ...columns('f', faces, mapping.faces.columns),
    ...columns('p', persons, mapping.persons.columns),
  ]
  return `SELECT ${all.join(', ')}
    FROM ${faces.sql} AS f
    LEFT JOIN ${persons.sql} AS p ON p.${quoted(mapping.persons.columns.id ?? '')} = f.${quoted(personId)}
    ORDER BY f.${quoted(id ?? personId)}`
}

/** A column, cut off where it is longer than what it is taken for may be: nothing in a row is of unbounded size. */
function selected(field: string, value: string, type: string, kind: ImportKind): string {
  // SQLite puts anything into any column; PostgreSQL cuts off nothing but texts and bytes.
  const hasLength = kind === 'legacy-sqlite' || /^(?:text|character|bytea)/.test(type)
  if (field === 'image') {
    return hasLength ? `CASE WHEN octet_length(${value}) <= ${largestImageBytes} THEN ${value} END` : 'NULL'
  }
  if (field !== 'embedding') return `substr(CAST(${value} AS TEXT), 1, ${longestText})`
  if (/^json/.test(type)) return `substr(CAST(${value} AS TEXT), 1, ${longestEmbedding + 1})`
  return hasLength ? `substr(${value}, 1, ${longestEmbedding + 1})` : value
}
