/** Who is in a photo, by its path: the rule, and whom it makes of the first rows. Renderer. */
import { Box, Button, SegmentedControl, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import type { Inspection, PersonRule } from '../../../../src-shared/import'
import { asVisorError, request } from '../../../api'
import { FileName } from '../../../components/file-name'
import { foundNow, type ImportDraft } from '../../../state/import-draft'
import { useActions } from '../../../state/use-visor'
import { counted } from '../../../wording'
import { Section } from '../page-parts'
import { FolderChoice } from './folder-choice'
import styles from './import-lists.module.css'
import { mostFoldersUp, pathsForRule, ruleOfKind, withGroup } from './person-rules'

interface PersonRuleChoiceProps {
  readonly draft: ImportDraft
  readonly found: Inspection
}

const kinds: readonly { readonly value: PersonRule['by']; readonly label: string }[] = [
  { value: 'parent-folder', label: 'Folder' },
  { value: 'file-name', label: 'File name' },
  { value: 'regex', label: 'Regular expression' },
  { value: 'csv', label: 'List (CSV)' },
]

export function PersonRuleChoice({ draft, found }: PersonRuleChoiceProps) {
  const { changeImport, attempt } = useActions()
  const rule = draft.options.personRule
  const { people, error } = useTriedRule(draft, found)
  const change = (personRule: PersonRule) => changeImport({ personRule })
  const chooseList = () =>
    attempt(async () => {
      const path = await request('import.choose', { what: 'person-list' })
      if (path !== null) change({ by: 'csv', path })
    })
  return (
    <Section title="Who is in a photo">
      <SegmentedControl
        aria-label="What says who it is"
        data={[...kinds]}
        value={rule.by}
        onChange={(by) => {
          const next = ruleOfKind(by)
          if (next === undefined) void chooseList()
          else change(next)
        }}
      />
      <div className={styles.rule}>
        {rule.by === 'parent-folder' && (
          <FolderChoice
            example={pathsForRule(draft.place, found).find((path) => path !== '')}
            up={rule.up}
            onChoose={(up) => change({ by: 'parent-folder', up: Math.min(mostFoldersUp, up) })}
          />
        )}
        {rule.by === 'file-name' && (
          <TextInput
            label="Pattern of the file’s name"
            description="{person} is the name, * anything; without the ending."
            spellCheck={false}
            maxLength={200}
            error={error}
            value={rule.pattern}
            onChange={({ currentTarget: { value } }) =>
              value !== '' && change({ by: 'file-name', pattern: value })
            }
          />
        )}
        {rule.by === 'regex' && (
          <>
            <TextInput
              label="Regular expression over the whole path"
              description="RE2: without looking ahead or behind."
              spellCheck={false}
              maxLength={1000}
              error={error}
              value={rule.pattern}
              onChange={({ currentTarget: { value } }) => value !== '' && change({ ...rule, pattern: value })}
            />
            <TextInput
              label="Group"
              description="Number or name."
              spellCheck={false}
              maxLength={32}
              defaultValue={String(rule.group)}
              onChange={({ currentTarget: { value } }) => change(withGroup(rule, value))}
            />
          </>
        )}
        {rule.by === 'csv' && (
          <div>
            <FileName name={rule.path} />
            <Button mt={6} variant="default" onClick={() => void chooseList()}>
              Another list…
            </Button>
          </div>
        )}
      </div>
      <Preview draft={draft} found={found} people={people} />
    </Section>
  )
}

const typingMs = 200

/** Whom the rule makes of the first rows, as it stands there; of a list as it was when the source was read. */
function useTriedRule(draft: ImportDraft, found: Inspection) {
  const [rule] = useDebouncedValue(draft.options.personRule, typingMs)
  const [tried, setTried] = useState<{
    readonly people?: readonly (string | null)[]
    readonly error?: string
  }>({})
  useEffect(() => {
    if (rule.by === 'csv') return
    let current = true
    request('import.tryRule', { rule, paths: pathsForRule(draft.place, found) }).then(
      (people) => current && setTried({ people }),
      (problem: unknown) => current && setTried({ error: asVisorError(problem).message }),
    )
    return () => {
      current = false
    }
  }, [rule, draft.place, found])
  if (rule.by === 'csv') {
    return {
      people: foundNow(draft) === undefined ? undefined : found.preview.map(({ person }) => person),
      error: undefined,
    }
  }
  return { people: tried.people, error: tried.error }
}

interface PreviewProps extends PersonRuleChoiceProps {
  readonly people: readonly (string | null)[] | undefined
}

function Preview({ found, people }: PreviewProps) {
  if (people === undefined) {
    return (
      <Text size="sm" c="dimmed">
        The list is read with the source: inspect again to see whom it names.
      </Text>
    )
  }
  const nobody = people.filter((name) => name === null).length
  return (
    <>
      <Text size="sm" c="dimmed" mb={6} aria-live="polite">
        Of the first {counted(people.length, 'row')}:{' '}
        {nobody === 0
          ? 'each has a name.'
          : `${counted(nobody, 'has', 'have')} no name, and would be rejected.`}
      </Text>
      <Box className={styles.scroller} role="region" aria-label="First rows" tabIndex={0}>
        <table className={styles.table} aria-label="Whom the rule names">
          <thead>
            <tr>
              <th scope="col">Photo</th>
              <th scope="col">Person</th>
            </tr>
          </thead>
          <tbody>
            {found.preview.map((row, index) => (
              <tr key={row.key}>
                <td className={styles.path} title={row.photo ?? ''}>
                  {row.photo === null ? (
                    <span className={styles.dim}>no photo named</span>
                  ) : (
                    <FileName name={row.photo} />
                  )}
                </td>
                <td>{people[index] ?? <span className={styles.dim}>– nobody</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Box>
    </>
  )
}
