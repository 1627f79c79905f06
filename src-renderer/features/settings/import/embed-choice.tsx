/** Rows whose embedding cannot be used: rejected, or embedded anew from their photos. Renderer. */
import { SegmentedControl, Text } from '@mantine/core'
import type { Inspection } from '../../../../src-shared/import'
import { type ImportDraft, unusableEmbeddings } from '../../../state/import-draft'
import { useActions, useVisor } from '../../../state/use-visor'
import { count, counted } from '../../../wording'
import { Section } from '../page-parts'
import { reasonWord } from './import-words'

interface EmbedChoiceProps {
  readonly draft: ImportDraft
  readonly found: Inspection
}

/** Nothing where every embedding can be used. */
export function EmbedChoice({ draft, found }: EmbedChoiceProps) {
  const { changeImport } = useActions()
  const active = useVisor((state) => state.status?.vision.packTitle)
  const unusable = unusableEmbeddings(found)
  const rows = unusable.reduce((sum, one) => sum + one.rows, 0)
  if (rows === 0) return null
  const why = unusable.map((one) => `${count(one.rows)} ${reasonWord[one.reason].toLowerCase()}`).join(', ')
  const holdsPhotos = found.mapping?.faces.columns.image !== undefined
  const embeds = draft.options.embedPhotos === true
  return (
    <Section title="Embeddings that cannot be used">
      <Text size="sm" maw={720}>
        {counted(rows, 'row has', 'rows have')} no embedding that a search could use: {why}.
        {embeds
          ? ` Where the photo of such a row is at its path${holdsPhotos ? ', or in the source itself' : ''}, its face is embedded under the model in use${active === undefined ? '' : `, ${active}`}: the one in the row’s box, else the only one or the one that dominates. Rows without such a photo are rejected.`
          : ' They are rejected, and told by name.'}
      </Text>
      <SegmentedControl
        aria-label="Rows whose embedding cannot be used"
        data={[
          { value: 'reject', label: 'Reject them' },
          { value: 'embed', label: 'Embed the photos anew' },
        ]}
        value={embeds ? 'embed' : 'reject'}
        onChange={(value) => changeImport({ embedPhotos: value === 'embed' })}
      />
      {embeds && (
        <Text size="sm" c="dimmed" mt={6} maw={720}>
          The dry run and the run each look at up to {counted(rows, 'photo')}: that takes as long as
          identifying so many. The run can be paused.
        </Text>
      )}
    </Section>
  )
}
