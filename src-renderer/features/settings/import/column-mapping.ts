/** Which column holds which field, changed one at a time. Pure. Renderer. */
import {
  type ColumnMapping,
  columnMappingSchema,
  type FaceField,
  type PersonField,
} from '../../../../src-shared/import'

export function fieldOfColumn(
  mapping: ColumnMapping,
  part: keyof ColumnMapping,
  column: string,
): string | undefined {
  return Object.entries(mapping[part].columns).find(([, name]) => name === column)?.[0]
}

/** A column holds one field, and a field is in one column: what was said of either before goes. `''`: the column is not read. */
export function withColumn(
  mapping: ColumnMapping,
  part: keyof ColumnMapping,
  column: string,
  field: string,
): ColumnMapping {
  const { table, columns } = mapping[part]
  const others = Object.entries(columns).filter(([name, held]) => name !== field && held !== column)
  const changed = Object.fromEntries(field === '' ? others : [...others, [field, column]])
  return columnMappingSchema.parse({ ...mapping, [part]: { table, columns: changed } })
}

/** What is asked for where nothing was found; the others are mapped once the columns are known. */
export const personsByHand: readonly PersonField[] = ['id', 'name', 'domain']
export const faceByHand: readonly FaceField[] = ['personId', 'embedding', 'photoPath']

const needed = ['persons', 'persons.id', 'persons.name', 'faces', 'faces.personId', 'faces.embedding']

/** A mapping as it is typed, by `persons`, `persons.name` …; `undefined` as long as something is missing that nothing can be read without. */
export function mappingOf(typed: Readonly<Record<string, string>>): ColumnMapping | undefined {
  const text = (name: string) => typed[name]?.trim() ?? ''
  if (needed.some((name) => text(name) === '')) return undefined
  const columns = (part: string, fields: readonly string[]) =>
    Object.fromEntries(
      fields.flatMap((field) => {
        const column = text(`${part}.${field}`)
        return column === '' ? [] : [[field, column]]
      }),
    )
  return columnMappingSchema.parse({
    persons: { table: text('persons'), columns: columns('persons', personsByHand) },
    faces: { table: text('faces'), columns: columns('faces', faceByHand) },
  })
}
