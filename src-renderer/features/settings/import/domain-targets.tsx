/** Which domain the rows of each domain of a source go to. Renderer. */
import { Autocomplete, Select, Text } from '@mantine/core'
import { domainSchema } from '../../../../src-shared/ids'
import type { Inspection } from '../../../../src-shared/import'
import type { ImportDraft } from '../../../state/import-draft'
import { useActions, useVisor } from '../../../state/use-visor'
import { count, counted } from '../../../wording'
import { Section } from '../page-parts'
import styles from './import-lists.module.css'

interface DomainTargetsProps {
  readonly draft: ImportDraft
  readonly found: Inspection
}

export function DomainTargets({ draft, found }: DomainTargetsProps) {
  const only = found.domains.length === 1 ? found.domains[0] : undefined
  if (found.rows === 0) return null
  if (found.kind === 'visor') return <DomainOfVisor draft={draft} found={found} />
  return (
    <Section title="Where it goes">
      {only?.domain === null ? (
        <TargetField draft={draft} from={null} label="Domain that all of them come into" wide />
      ) : (
        <table className={styles.table} aria-label="Domains of the source">
          <thead>
            <tr>
              <th scope="col">Domain in the source</th>
              <th scope="col" className={styles.number}>
                Rows
              </th>
              <th scope="col" className={styles.number}>
                People
              </th>
              <th scope="col">Comes into</th>
            </tr>
          </thead>
          <tbody>
            {found.domains.map(({ domain, rows, persons }) => (
              <tr key={domain ?? '\0'}>
                <td>
                  {domain ?? (
                    <Text span size="sm" c="dimmed">
                      none said
                    </Text>
                  )}
                </td>
                <td className={styles.number}>{count(rows)}</td>
                <td className={styles.number}>{count(persons)}</td>
                <td className={styles.choice}>
                  <TargetField
                    draft={draft}
                    from={domain}
                    label={`Where ${domain ?? 'the rest'} comes into`}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  )
}

interface TargetFieldProps {
  readonly draft: ImportDraft
  readonly from: string | null
  readonly label: string
  /** The label is shown, and what it means. */
  readonly wide?: boolean
}

function TargetField({ draft, from, label, wide = false }: TargetFieldProps) {
  const { setImportTarget } = useActions()
  const clients = useVisor((state) => state.clients)
  const clientId = useVisor((state) => state.settings.search.clientId)
  const known = clients?.find((client) => client.clientId === clientId)?.domains.map(({ domain }) => domain)
  return (
    <Autocomplete
      size="xs"
      maxLength={200}
      spellCheck={false}
      {...(wide
        ? { label, description: 'One that is there, or a new name: it is made with the first row.', maw: 360 }
        : { 'aria-label': label })}
      placeholder={wide ? 'a domain' : 'left out'}
      data={[...new Set<string>(known ?? [])]}
      value={draft.targets.get(from) ?? ''}
      onChange={(value) => setImportTarget(from, value)}
    />
  )
}

/** Of another Visor, all domains or one, each under its own name: ids stay what they are. */
function DomainOfVisor({ draft, found }: DomainTargetsProps) {
  const { changeImport } = useActions()
  const data = found.domains.flatMap(({ domain, persons }) =>
    domain === null ? [] : [{ value: domain, label: `${domain}: ${counted(persons, 'person', 'people')}` }],
  )
  return (
    <Section title="What is copied">
      <Select
        label="Domains"
        maw={360}
        allowDeselect={false}
        data={[{ value: '', label: `all of them: ${counted(found.persons, 'person', 'people')}` }, ...data]}
        value={draft.options.domain ?? ''}
        onChange={(value) => changeImport({ domain: domainSchema.safeParse(value).data ?? null })}
      />
    </Section>
  )
}
