/** Several people of one name in a source: kept apart, or made one. Renderer. */
import { SegmentedControl, Text } from '@mantine/core'
import type { Inspection } from '../../../../src-shared/import'
import type { ImportDraft } from '../../../state/import-draft'
import { useActions } from '../../../state/use-visor'
import { count, counted } from '../../../wording'
import { Section } from '../page-parts'
import styles from './import-lists.module.css'

/** Names that are shown; the others follow the same choice. */
const shownNames = 50

interface NamesakeChoiceProps {
  readonly draft: ImportDraft
  readonly found: Inspection
}

export function NamesakeChoice({ draft, found: { duplicateNames } }: NamesakeChoiceProps) {
  const { changeImport } = useActions()
  const { namesakes } = draft.options
  const first = duplicateNames[0]
  return (
    <Section title="The same name more than once">
      <Text size="sm">
        {counted(duplicateNames.length, 'name is', 'names are')} borne by several people of one domain in the
        source.
        {namesakes === 'apart'
          ? ` They are kept apart: ${first?.name ?? 'Name'}, ${first?.name ?? 'Name'} (2), in the order of their numbers there. They can be merged later.`
          : ' They become one person with the faces of all. That cannot be told apart again but by taking the import back.'}
      </Text>
      <SegmentedControl
        aria-label="People of one name"
        mb={10}
        data={[
          { value: 'apart', label: 'Keep apart' },
          { value: 'one', label: 'Make one' },
        ]}
        value={namesakes}
        onChange={(value) => changeImport({ namesakes: value === 'one' ? 'one' : 'apart' })}
      />
      <details>
        <summary>Show the names</summary>
        <table className={styles.table} aria-label="Names that several people have">
          <tbody>
            {duplicateNames.slice(0, shownNames).map(({ domain, name, persons }) => (
              <tr key={`${domain} ${name}`}>
                <td>{name}</td>
                <td className={styles.dim}>{domain ?? ''}</td>
                <td className={styles.number}>{counted(persons, 'person', 'people')}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {duplicateNames.length > shownNames && (
          <Text size="sm" c="dimmed">
            And {count(duplicateNames.length - shownNames)} more.
          </Text>
        )}
      </details>
    </Section>
  )
}
