/** Moving another system’s people over: the source, what is in it, a trial, the run, and the comparison afterwards. Renderer. */
import { Skeleton } from '@mantine/core'
import { useState } from 'react'
import { ErrorNote } from '../../../components/error-note'
import { WithoutRight } from '../../../components/without-right'
import { useActions, useMayDo, useVisor } from '../../../state/use-visor'
import { DraftInspect } from './draft-inspect'
import { EarlierRuns } from './earlier-runs'
import styles from './import-page.module.css'
import { MoveLine } from './move-line'
import { currentStep, type MoveStepId, type MoveView } from './move-steps'
import { RunFacts } from './run-facts'
import { RunReport } from './run-report'
import { SourceChoice } from './source-choice'
import { SourceLine } from './source-line'
import { StepPath } from './step-path'
import { TriedReport } from './tried-report'
import { useMoveView } from './use-move-view'
import { ValidationFigures } from './validation-figures'

export function ImportPage() {
  const view = useMoveView()
  const curates = useMayDo('curate')
  const problem = useVisor((state) => state.importProblem)
  if (!view.loaded) return <Skeleton height={240} />
  const isEmpty = view.draft === undefined && view.listed === undefined
  return (
    <div className={styles.page}>
      <MoveLine view={view} />
      <WithoutRight may="look at imports" />
      {problem !== undefined && (
        <div className={styles.problem}>
          <ErrorNote error={problem} />
        </div>
      )}
      {!isEmpty && <OpenMove view={view} />}
      {isEmpty && curates && <SourceChoice />}
      <EarlierRuns />
    </div>
  )
}

/** A draft or a run: its source, the path, and one step of it. */
function OpenMove({ view }: { readonly view: MoveView }) {
  const current = currentStep(view)
  const about = view.listed?.run.runId ?? JSON.stringify(view.draft?.place)
  // What was opened by hand stays open until another step is the next one, or another source.
  const [opened, setOpened] = useState<{ readonly step: MoveStepId; readonly at: string }>()
  const at = `${about} ${current}`
  const step = opened?.at === at ? opened.step : current
  return (
    <>
      <SourceLine view={view} />
      <StepPath view={view} shown={step} onShow={(wanted) => setOpened({ step: wanted, at })} />
      <section aria-label="The step that is shown">
        <ShownStep view={view} step={step} />
      </section>
    </>
  )
}

function ShownStep({ view, step }: { readonly view: MoveView; readonly step: MoveStepId }) {
  const { draft, listed } = view
  switch (step) {
    case 'inspect':
      if (listed !== undefined) return <RunFacts run={listed.run} draft={draft} />
      return draft === undefined ? null : <DraftInspect draft={draft} />
    case 'try':
      return draft === undefined ? null : <TriedReport draft={draft} />
    case 'run':
      return listed === undefined ? <BeforeRun /> : <RunReport listed={listed} job={view.job} />
    case 'validate':
      return listed === undefined ? null : <ValidationFigures listed={listed} job={view.job} />
  }
}

function BeforeRun() {
  const { settings } = useActions()
  return (
    <p>
      A run writes portion by portion into the galleries of {settings.search.clientId}. It can be paused and
      goes on exactly where it stood, also after a crash; run twice, it adds nothing; and all that it brought
      can be taken back.
    </p>
  )
}
