/** Which column holds which field, changed one at a time. Pure. Renderer. */
import { type ColumnMapping, columnMappingSchema } from '../../../../src-shared/import'

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
