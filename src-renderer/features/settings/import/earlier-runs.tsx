/** The imports that there were, newest first. Renderer. */
import { UnstyledButton } from '@mantine/core'
import type { ImportRun } from '../../../../src-shared/import-run'
import { FileName } from '../../../components/file-name'
import { useActions, useVisor } from '../../../state/use-visor'
import { moment } from '../../../wording'
import { Section } from '../page-parts'
import styles from './import-lists.module.css'
import { type Account, kindWord, runState, sourceText } from './import-words'
import { accountWords } from './move-sentence'

export function EarlierRuns() {
  const runs = useVisor((state) => state.importRuns)
  const openId = useVisor((state) => state.openImport)
  const { showImport } = useActions()
  if (runs === undefined || runs.length === 0) return null
  return (
    <Section title="Imports">
      <ul className={styles.runs}>
        {runs.map(({ run, jobId }) => (
          <li key={run.runId}>
            <UnstyledButton
              className={styles.run}
              data-open={run.runId === openId || undefined}
              aria-current={run.runId === openId ? 'true' : undefined}
              onClick={() => showImport(run.runId)}
            >
              <FileName name={sourceText(run.source)} />
              <span className={styles.dim}>{moment(run.startedAt)}</span>
              <span className={styles.dim}>
                {kindWord[run.kind]} · {accountWords(soFar(run))}
              </span>
              <span className={styles.dim}>{runState(run, jobId !== null)}</span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** Of a run that was not brought to its end the rows that are still to come count as well. */
const soFar = (run: ImportRun): Account =>
  run.position < run.total ? { ...run, read: Math.max(run.total, run.read) } : run
