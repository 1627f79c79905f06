/** Which column of a legacy database holds what: found by looking, and changed by hand. Renderer. */
import { Select, Text } from '@mantine/core'
import { type ColumnMapping, faceFields, type Inspection, personFields } from '../../../../src-shared/import'
import type { ImportDraft } from '../../../state/import-draft'
import { useActions } from '../../../state/use-visor'
import { Section } from '../page-parts'
import { fieldOfColumn, withColumn } from './column-mapping'
import styles from './import-lists.module.css'
import { faceFieldWord, personFieldWord } from './import-words'

interface ColumnChoiceProps {
  readonly draft: ImportDraft
  readonly found: Inspection
}

const words = { persons: personFieldWord, faces: faceFieldWord } as const
const fields = { persons: personFields, faces: faceFields } as const

export function ColumnChoice({ draft, found }: ColumnChoiceProps) {
  const mapping = draft.options.mapping ?? found.mapping
  if (mapping === null) return null
  return (
    <Section title="Columns">
      <Text size="sm">
        What each column holds, as it was found. A column that is not read stays behind; the import says
        nothing more of it.
      </Text>
      {(['persons', 'faces'] as const).map((part) => (
        <PartColumns key={part} part={part} mapping={mapping} found={found} />
      ))}
    </Section>
  )
}

interface PartColumnsProps {
  readonly part: keyof ColumnMapping
  readonly mapping: ColumnMapping
  readonly found: Inspection
}

function PartColumns({ part, mapping, found }: PartColumnsProps) {
  const { changeImport } = useActions()
  const { table } = mapping[part]
  const columns = found.columns.filter((one) => one.table === table)
  const word = (field: string) => (words[part] as Record<string, string>)[field] ?? field
  return (
    <table className={`${styles.table} ${styles.fixedTable}`} aria-label={`Columns of ${table}`}>
      <thead>
        <tr>
          <th scope="col">{table}</th>
          <th scope="col">Type</th>
          <th scope="col" className={styles.choice}>
            Holds
          </th>
        </tr>
      </thead>
      <tbody>
        {columns.map(({ column, type }) => (
          <tr key={column}>
            <td className={styles.fixed}>{column}</td>
            <td className={styles.dim}>{type}</td>
            <td className={styles.choice}>
              <Select
                aria-label={`What ${table}.${column} holds`}
                allowDeselect={false}
                data={[
                  { value: '', label: 'not read' },
                  ...fields[part].map((field) => ({ value: field, label: word(field) })),
                ]}
                value={fieldOfColumn(mapping, part, column) ?? ''}
                onChange={(field) =>
                  changeImport({ mapping: withColumn(mapping, part, column, field ?? '') })
                }
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
