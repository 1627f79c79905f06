/** What was found in a source, and what is to become of it. Renderer. */
import { Text, TextInput } from '@mantine/core'
import { byRule, foundNow, type ImportDraft } from '../../../state/import-draft'
import { useActions, useVisor } from '../../../state/use-visor'
import { Section } from '../page-parts'
import { ColumnChoice } from './column-choice'
import { DomainTargets } from './domain-targets'
import { EmbedChoice } from './embed-choice'
import { FoundFacts, FoundProblems } from './found-facts'
import { MappingByHand } from './mapping-by-hand'
import { ModelChoice } from './model-choice'
import { NamesakeChoice } from './namesake-choice'
import { PersonRuleChoice } from './person-rule-choice'

export function DraftInspect({ draft }: { readonly draft: ImportDraft }) {
  const { changeImport } = useActions()
  const problem = useVisor((state) => state.importProblem)
  const found = draft.found?.value
  if (problem?.code === 'tables-unknown' && found === undefined) {
    return <MappingByHand tables={problem.detail} />
  }
  if (found === undefined) {
    return (
      <Text size="sm" c="dimmed" maw={640} mb={24}>
        The source is read once from end to end: how many rows and people it has, which models made its
        embeddings, what in it cannot be used. Nothing in it is carried out, and nothing is written.
      </Text>
    )
  }
  const isCurrent = foundNow(draft) !== undefined
  return (
    <>
      <FoundFacts found={found} isCurrent={isCurrent} />
      <DomainTargets draft={draft} found={found} />
      {byRule(found.kind) && <PersonRuleChoice draft={draft} found={found} />}
      {found.problems.length > 0 && <FoundProblems found={found} />}
      {found.kind !== 'visor' && <EmbedChoice draft={draft} found={found} />}
      {found.duplicateNames.length > 0 && <NamesakeChoice draft={draft} found={found} />}
      {found.kind !== 'visor' && <ModelChoice draft={draft} found={found} />}
      {found.mapping !== null && <ColumnChoice draft={draft} found={found} />}
      {found.mapping?.persons.columns.clientId !== undefined && (
        <Section title="Clients of the source">
          <TextInput
            label="Only people of this client of the source"
            description="Where the source holds people of several clients, they are imported one by one, so that they are never mixed."
            placeholder="all of them: there is one"
            maw={420}
            maxLength={200}
            value={draft.options.fromClient ?? ''}
            onChange={({ currentTarget: { value } }) =>
              changeImport({ fromClient: value === '' ? null : value })
            }
          />
        </Section>
      )}
    </>
  )
}
