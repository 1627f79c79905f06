/** What the embeddings of a source are of: what it says itself, or the model in use. Renderer. */
import { Select, Text } from '@mantine/core'
import { modelIdSchema } from '../../../../src-shared/ids'
import type { Inspection } from '../../../../src-shared/import'
import { type ImportDraft, modelChoices } from '../../../state/import-draft'
import { useActions, useVisor } from '../../../state/use-visor'
import { Section } from '../page-parts'

interface ModelChoiceProps {
  readonly draft: ImportDraft
  readonly found: Inspection
}

export function ModelChoice({ draft, found }: ModelChoiceProps) {
  const { changeImport } = useActions()
  const active = useVisor((state) => state.status?.vision.modelId)
  if (found.models.length === 0) return null
  const claimed = found.models.map(({ modelId }) => modelId ?? 'nothing').join(', ')
  const chosen = draft.options.modelId
  const isActive =
    chosen === null ? found.models.every(({ modelId }) => modelId === active) : chosen === active
  const isUnnamed = chosen === null && found.models.some(({ modelId }) => modelId === null)
  const meaning = isActive
    ? 'They are compared with the faces that Visor finds. Say so only where you know that the same model made them, aligned in the same way.'
    : `They are kept under ${isUnnamed ? '“legacy/unknown”' : 'the name of their model'}, and never compared with faces of another: searches find these people only once their photos were embedded anew.`
  return (
    <Section title="The model">
      <Select
        label="The embeddings are of"
        maw={480}
        allowDeselect={false}
        data={modelChoices(found, active).map(({ modelId, why }) => ({
          value: modelId ?? '',
          label: why === 'claimed' ? `what the source says: ${claimed}` : `the model in use: ${modelId}`,
        }))}
        value={chosen ?? ''}
        onChange={(value) => changeImport({ modelId: modelIdSchema.safeParse(value).data ?? null })}
      />
      <Text size="sm" c="dimmed" mt={6}>
        {meaning}
      </Text>
    </Section>
  )
}
