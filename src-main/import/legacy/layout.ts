/**
 * Which table and column of a legacy database holds what, told by their names. Import worker thread.
 *
 * [Note: Legacy layouts] `persons(id, name, domain, wikidata_id, occupation, …)` with `face_embeddings(id, person_id, image_path, embedding, confidence,
 * …)`, and `persons(id, name, region, client_id, description, …)` with `face_encodings(id, person_id, embedding, image_path, image_data, face_bbox,
 * confidence, quality_score, …)`. A `region` is a domain. Other names for the same are known where they are plain.
 */
import { VisorError } from '../../../src-shared/errors'
import type { ColumnMapping, FaceField, Inspection, PersonField } from '../../../src-shared/import'

export interface LegacyColumn {
  readonly name: string
  /** As the database calls it. */
  readonly type: string
}

export interface LegacyTable {
  /** As it is shown and mapped; of another schema than `public` with that before it. */
  readonly name: string
  /** As it is written in a statement. */
  readonly sql: string
  readonly columns: readonly LegacyColumn[]
}

/** A mapping with the tables that it speaks of. */
export interface LegacyLayout {
  readonly mapping: ColumnMapping
  readonly persons: LegacyTable
  readonly faces: LegacyTable
}

const personTables = ['persons', 'people', 'person']
const faceTables = ['face_embeddings', 'face_encodings', 'embeddings', 'encodings', 'faces']

const personNames: Readonly<Record<PersonField, readonly string[]>> = {
  id: ['id', 'person_id'],
  name: ['name', 'full_name', 'person_name'],
  domain: ['domain', 'region'],
  clientId: ['client_id', 'client'],
  wikidataId: ['wikidata_id', 'wikidata'],
  occupation: ['occupation', 'profession'],
  description: ['description', 'bio', 'notes'],
  createdAt: ['created_at', 'created'],
}

const faceNames: Readonly<Record<FaceField, readonly string[]>> = {
  id: ['id', 'face_id', 'encoding_id'],
  personId: ['person_id'],
  embedding: ['embedding', 'encoding', 'face_encoding', 'vector'],
  photoPath: ['image_path', 'photo_path', 'file_path', 'path'],
  image: ['image_data', 'image'],
  box: ['face_bbox', 'bbox', 'face_box', 'box'],
  confidence: ['confidence', 'detection_confidence', 'score'],
  model: ['model_name', 'model', 'model_id'],
  createdAt: ['created_at', 'created'],
}

/** Of another system's measure, which is no use here. */
const qualityNames: ReadonlySet<string> = new Set(['quality_score', 'quality', 'face_quality'])

export function qualityColumn({ columns }: LegacyTable): string | undefined {
  return columns.find(({ name }) => qualityNames.has(name.toLowerCase()))?.name
}

/** Without these there is nothing to read. */
const neededOfPersons: readonly PersonField[] = ['id', 'name']
const neededOfFaces: readonly FaceField[] = ['personId', 'embedding']

/** What the names say. Raises `tables-unknown` where there are no such tables. */
export function findLayout(tables: readonly LegacyTable[]): LegacyLayout {
  const persons = tableOf(tables, personTables, personNames, neededOfPersons)
  const faces = tableOf(tables, faceTables, faceNames, neededOfFaces)
  if (persons === undefined || faces === undefined) {
    const found = tables.map(({ name }) => name).join(', ')
    throw new VisorError(
      'tables-unknown',
      'No table of people or no table of faces was found in this database.',
      {
        consequence: 'Nothing was read.',
        remedy: 'Say which tables and columns hold them.',
        detail: `Tables: ${found === '' ? 'none' : found.slice(0, 2000)}`,
      },
    )
  }
  return {
    mapping: { persons: persons.mapped, faces: faces.mapped },
    persons: persons.table,
    faces: faces.table,
  }
}

/** A mapping that was given, looked up. Raises `invalid-argument` where a table or column is not there or is needed and not named. */
export function lookUpLayout(tables: readonly LegacyTable[], mapping: ColumnMapping): LegacyLayout {
  const persons = mappedTable(tables, mapping.persons, neededOfPersons)
  const faces = mappedTable(tables, mapping.faces, neededOfFaces)
  return { mapping, persons, faces }
}

/** Every column of the two tables, with what it is used for. */
export function columnsOf({ mapping, persons, faces }: LegacyLayout): Inspection['columns'] {
  const used = (table: LegacyTable, columns: Readonly<Partial<Record<string, string>>>) => {
    const fields = new Map(Object.entries(columns).map(([field, column]) => [column, field]))
    return table.columns.map(({ name, type }) => ({
      table: table.name,
      column: name,
      type,
      field: fields.get(name) ?? null,
    }))
  }
  return [...used(persons, mapping.persons.columns), ...used(faces, mapping.faces.columns)]
}

interface FoundTable<F extends string> {
  readonly table: LegacyTable
  readonly mapped: { table: string; columns: Partial<Record<F, string>> }
}

/** The first of the tables with a known name and what is needed. */
function tableOf<F extends string>(
  tables: readonly LegacyTable[],
  known: readonly string[],
  names: Readonly<Record<F, readonly string[]>>,
  needed: readonly F[],
): FoundTable<F> | undefined {
  for (const name of known) {
    for (const table of tables) {
      if ((table.name.split('.').at(-1) ?? '').toLowerCase() !== name) continue
      const columns = columnsByName(table, names)
      if (needed.every((field) => columns[field] !== undefined))
        return { table, mapped: { table: table.name, columns } }
    }
  }
  return undefined
}

function columnsByName<F extends string>(
  { columns }: LegacyTable,
  names: Readonly<Record<F, readonly string[]>>,
): Partial<Record<F, string>> {
  const found: Partial<Record<F, string>> = {}
  for (const [field, known] of Object.entries(names) as [F, readonly string[]][]) {
    for (const name of known) {
      const column = columns.find((one) => one.name.toLowerCase() === name)
      if (column === undefined) continue
      found[field] = column.name
      break
    }
  }
  return found
}

function mappedTable<F extends string>(
  tables: readonly LegacyTable[],
  { table: name, columns }: { table: string; columns: Readonly<Partial<Record<F, string>>> },
  needed: readonly F[],
): LegacyTable {
  const refused = (why: string) =>
    new VisorError('invalid-argument', `The columns cannot be read as they are mapped: ${why}.`, {
      consequence: 'Nothing was read.',
    })
  const table = tables.find((one) => one.name === name)
  if (table === undefined) throw refused(`there is no table “${name}”`)
  for (const column of Object.values<string | undefined>(columns)) {
    if (column !== undefined && !table.columns.some((one) => one.name === column)) {
      throw refused(`the table “${name}” has no column “${column}”`)
    }
  }
  const missing = needed.find((field) => columns[field] === undefined)
  if (missing !== undefined) throw refused(`no column of “${name}” is named for ${missing}`)
  return table
}
