/** What a dry run says would become of the rows. Renderer. */
import { Text } from '@mantine/core'
import { type ImportDraft, triedNow } from '../../../state/import-draft'
import { Section } from '../page-parts'
import { AccountBar } from './account-bar'
import { reasonWord } from './import-words'
import { ReasonTable } from './reason-table'

export function TriedReport({ draft }: { readonly draft: ImportDraft }) {
  const tried = triedNow(draft)
  if (tried === undefined) {
    return (
      <Text size="sm" c="dimmed" maw={640} mb={24}>
        A dry run does all that a run does but the writing: it says of each row whether it would be imported,
        is already there, or would be rejected and why.
      </Text>
    )
  }
  return (
    <Section title="What would become of it">
      <AccountBar account={tried} total={tried.read} label="What would become of the rows" />
      {tried.rejected === 0 ? (
        <Text size="sm">Not one row would be rejected.</Text>
      ) : (
        <ReasonTable
          rows={tried.rejects}
          reasons={tried.reasons}
          total={tried.rejected}
          label="Rejected rows"
          noun="row"
          words={reasonWord}
        />
      )}
    </Section>
  )
}
