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
import { PhotosStep } from './photos-step'
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
  const [step, show] = useShownStep(view)
  const curates = useMayDo('curate')
  const problem = useVisor((state) => state.importProblem)
  if (!view.loaded) return <Skeleton height={240} />
  // A run that failed says so itself.
  const error = problem ?? (view.listed?.run.state === 'failed' ? undefined : view.ended?.error)
  const isEmpty = view.draft === undefined && view.listed === undefined
  return (
    <div className={styles.page}>
      <MoveLine view={view} step={step} onShow={show} />
      <div className={styles.right}>
        <WithoutRight may="look at imports" />
      </div>
      {error !== undefined && (
        <div className={styles.problem}>
          <ErrorNote error={error} />
        </div>
      )}
      {!isEmpty && <OpenMove view={view} step={step} onShow={show} />}
      {isEmpty && curates && <SourceChoice />}
      <EarlierRuns />
    </div>
  )
}

/** What was opened by hand stays open until another step is the next one, the run is in another state, or it is another source. */
function useShownStep(view: MoveView): readonly [MoveStepId, (step: MoveStepId) => void] {
  const current = currentStep(view)
  const about = view.listed?.run.runId ?? JSON.stringify(view.draft?.place)
  const [opened, setOpened] = useState<{ readonly step: MoveStepId; readonly at: string }>()
  const at = `${about} ${current} ${view.listed?.run.state}`
  return [opened?.at === at ? opened.step : current, (step) => setOpened({ step, at })]
}

interface OpenMoveProps {
  readonly view: MoveView
  readonly step: MoveStepId
  readonly onShow: (step: MoveStepId) => void
}

/** A draft or a run: its source, the path, and one step of it. */
function OpenMove({ view, step, onShow }: OpenMoveProps) {
  return (
    <>
      <SourceLine view={view} />
      <StepPath view={view} shown={step} onShow={onShow} />
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
    case 'photos':
      return listed === undefined ? null : <PhotosStep listed={listed} view={view} />
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
