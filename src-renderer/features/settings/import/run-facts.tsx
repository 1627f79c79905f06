/** What a run was begun with. Renderer. */
import type { ImportRun } from '../../../../src-shared/import-run'
import { foundNow, type ImportDraft } from '../../../state/import-draft'
import { moment } from '../../../wording'
import { Facts, Section } from '../page-parts'
import { FoundFacts, FoundProblems } from './found-facts'
import styles from './import-lists.module.css'
import { intoText, kindWord, ruleText, sourceText } from './import-words'

interface RunFactsProps {
  readonly run: ImportRun
  /** Where it was begun since Visor was opened. */
  readonly draft: ImportDraft | undefined
}

export function RunFacts({ run, draft }: RunFactsProps) {
  const found = draft === undefined ? undefined : foundNow(draft)
  const { options } = run
  return (
    <>
      <Section title="How it was imported">
        <Facts
          facts={[
            ['Source', sourceText(run.source)],
            ['Kind', kindWord[run.kind]],
            ['Into', `${run.clientId}: ${intoText(options)}`],
            ...(run.kind === 'deepface-pkl' || run.kind === 'folder'
              ? [['Who it is', ruleText(options)] as const]
              : []),
            ['One name, several people', options.namesakes === 'apart' ? 'kept apart' : 'made one'],
            ['The model', options.modelId ?? 'as the source says'],
            ...(options.modelReason === undefined
              ? []
              : [['Though photos say another, because', options.modelReason] as const]),
            ...(options.embedPhotos === true
              ? [['Embeddings that cannot be used', 'embedded anew from the photos'] as const]
              : []),
            ...(options.fromClient === null ? [] : [['Client of the source', options.fromClient] as const]),
            ['Begun', `${moment(run.startedAt)} by ${run.actor}`],
            [
              'Fingerprint',
              <span key="fingerprint" className={styles.fixed}>
                {run.fingerprint}
              </span>,
            ],
          ]}
        />
      </Section>
      {found !== undefined && <FoundFacts found={found} isCurrent />}
      {found !== undefined && found.problems.length > 0 && <FoundProblems found={found} />}
    </>
  )
}
