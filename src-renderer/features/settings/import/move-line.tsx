/** The first line of the page of imports: in what state things are, and the one next step. Renderer. */
import { Button } from '@mantine/core'
import { request } from '../../../api'
import { triedNow } from '../../../state/import-draft'
import { useActions, useMayDo, useVisorStore } from '../../../state/use-visor'
import { count } from '../../../wording'
import { StateLine } from '../page-parts'
import { lineOf, type MoveView, type NextStep } from './move-steps'

export function MoveLine({ view }: { readonly view: MoveView }) {
  const { tone, text, next } = lineOf(view)
  return (
    <StateLine tone={tone} action={<NextButton view={view} next={next} />}>
      {text}
    </StateLine>
  )
}

function NextButton({ view, next }: { readonly view: MoveView; readonly next: NextStep }) {
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
  const onRun = (act: (runId: NonNullable<typeof listed>['run']['runId']) => Promise<unknown>) => () => {
    if (listed !== undefined) void actions.actOnImport(() => act(listed.run.runId))
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
        <Button variant="default" onClick={onRun((runId) => request('import.pause', { runId }))}>
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
