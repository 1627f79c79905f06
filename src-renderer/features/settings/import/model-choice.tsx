/** What the embeddings of a source are of: what it says itself, or the model in use; and whether that is so. Renderer. */
import { Select, Text, TextInput } from '@mantine/core'
import { embeddingLength } from '../../../../src-shared/face'
import { modelIdSchema } from '../../../../src-shared/ids'
import type { Inspection } from '../../../../src-shared/import'
import { checkedNow, type ImportDraft, modelChoices } from '../../../state/import-draft'
import { useActions, useVisor } from '../../../state/use-visor'
import { Section } from '../page-parts'
import { ModelCheck } from './model-check'

interface ModelChoiceProps {
  readonly draft: ImportDraft
  readonly found: Inspection
}

export function ModelChoice({ draft, found }: ModelChoiceProps) {
  const { changeImport, setModelReason } = useActions()
  const active = useVisor((state) => state.status?.vision.modelId)
  const title = useVisor((state) => state.status?.vision.packTitle)
  if (found.models.length === 0) return null
  const claimed = [...new Set(found.models.map(({ modelId }) => modelId ?? 'no name'))].join(', ')
  const chosen = draft.options.modelId
  const isActive =
    chosen === null ? found.models.every(({ modelId }) => modelId === active) : chosen === active
  const isUnnamed = chosen === null && found.models.some(({ modelId }) => modelId === null)
  const check = checkedNow(draft)
  const words = {
    claimed: found.models.every(({ modelId }) => modelId === null)
      ? 'a model that the source does not name'
      : `what the source says: ${claimed}`,
    active: `the model in use: ${title ?? active}`,
    unnamed: 'another model, that has no name here',
  }
  const meaning = isActive
    ? 'They are compared with the faces that Visor finds. Say so only where you know that the same model made them, aligned in the same way.'
    : `They are kept under ${isUnnamed ? '“legacy/unknown”' : 'the name of their model'}, and never compared with faces of another: searches find these people once their photos were looked at, after the run.`
  return (
    <Section title="The model">
      <Select
        label="The embeddings are of"
        maw={480}
        allowDeselect={false}
        data={modelChoices(found, active).map(({ modelId, why }) => ({
          value: modelId ?? '',
          label: words[why],
        }))}
        value={chosen ?? ''}
        onChange={(value) => changeImport({ modelId: modelIdSchema.safeParse(value).data ?? null })}
      />
      <Text size="sm" c="dimmed" mt={6} maw={720}>
        {meaning}
      </Text>
      {found.models.some(({ dimension }) => dimension === embeddingLength) && (
        <ModelCheck check={check} found={found} isActive={isActive} isChosen={chosen !== null} />
      )}
      {isActive && chosen !== null && check?.verdict === 'another' && (
        <TextInput
          label="Why they are of the model in use all the same"
          description="It is kept with the import. Without a reason nothing is tried or imported under this model."
          mt={8}
          maw={720}
          maxLength={500}
          required
          value={draft.modelReason}
          onChange={({ currentTarget: { value } }) => setModelReason(value)}
        />
      )}
    </Section>
  )
}
