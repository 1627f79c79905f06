/** The first line of the page of imports: in what state things are, and the one next step. Renderer. */
import { Button } from '@mantine/core'
import type { ImportRunId, JobId } from '../../../../src-shared/ids'
import { request } from '../../../api'
import { triedNow } from '../../../state/import-draft'
import { useActions, useMayDo, useVisorStore } from '../../../state/use-visor'
import { count } from '../../../wording'
import { StateLine } from '../page-parts'
import { lineOf, type NextStep } from './move-sentence'
import type { MoveStepId, MoveView } from './move-steps'

interface MoveLineProps {
  readonly view: MoveView
  /** The one that is shown. */
  readonly step: MoveStepId
  readonly onShow: (step: MoveStepId) => void
}

export function MoveLine({ view, step, onShow }: MoveLineProps) {
  const { tone, text, next } = lineOf(view)
  // The step has the button that begins it.
  const isShown = next === 'photos' && step === 'photos'
  const action = isShown ? null : <NextButton view={view} next={next} onShow={onShow} />
  return (
    <StateLine tone={tone} action={action}>
      {text}
    </StateLine>
  )
}

interface NextButtonProps extends Pick<MoveLineProps, 'view' | 'onShow'> {
  readonly next: NextStep
}

function NextButton({ view, next, onShow }: NextButtonProps) {
  const curates = useMayDo('curate')
  const actions = useActions()
  const { listed, draft, job } = view
  const store = useVisorStore()
  const typed = () => store.getState().importPassword || null
  if (next === 'open-last') {
    const last = view.last?.run.runId
    return last === undefined ? null : <Button onClick={() => actions.showImport(last)}>Show it</Button>
  }
  if (!curates) return null
  const onRun = (act: (runId: ImportRunId) => Promise<{ readonly jobId: JobId } | undefined>) => () => {
    const runId = listed?.run.runId
    if (runId !== undefined) void actions.actOnImport(runId, () => act(runId))
  }
  switch (next) {
    case 'choose':
      return <Button onClick={() => void actions.chooseSource('file')}>Choose a file…</Button>
    case 'inspect':
      return (
        <Button onClick={() => void actions.inspectSource()}>
          {draft?.found === undefined ? 'Inspect' : 'Inspect again'}
        </Button>
      )
    case 'stop':
      return (
        <Button variant="default" onClick={() => void actions.stopLooking()}>
          Stop
        </Button>
      )
    case 'try':
      return <Button onClick={() => void actions.tryImport()}>Dry run</Button>
    case 'begin': {
      const rows = draft === undefined ? 0 : (triedNow(draft)?.imported ?? 0)
      return <Button onClick={() => void actions.beginImport()}>Import {count(rows)} rows</Button>
    }
    case 'pause':
      return (
        <Button
          variant="default"
          onClick={onRun(async (runId) => void (await request('import.pause', { runId })))}
        >
          Pause
        </Button>
      )
    case 'cancel-job':
      return job === undefined ? null : (
        <Button variant="default" onClick={() => void actions.cancelJob(job.jobId)}>
          Stop
        </Button>
      )
    case 'resume':
      return (
        <Button onClick={onRun((runId) => request('import.resume', { runId, password: typed() }))}>
          Resume
        </Button>
      )
    case 'validate':
      return (
        <Button onClick={onRun((runId) => request('import.validate', { runId, password: typed() }))}>
          Validate
        </Button>
      )
    case 'photos':
      return <Button onClick={() => onShow('photos')}>Look at the photos…</Button>
    case 'another':
      return (
        <Button variant="default" onClick={actions.closeImport}>
          Import something else
        </Button>
      )
    case 'none':
      return null
    default:
      return null
  }
}
