/** The steps of an import as a path: what each found, and which is next. Renderer. */
import { Loader, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconChevronRight, IconCircle } from '@tabler/icons-react'
import { type MoveStep, type MoveStepId, type MoveView, stepsOf } from './move-steps'
import styles from './step-path.module.css'

const titles: Record<MoveStepId, string> = {
  inspect: 'Inspect',
  try: 'Dry run',
  run: 'Run',
  validate: 'Validate',
  photos: 'Photos',
}

const words: Record<MoveStep['state'], string> = {
  done: 'done',
  now: 'next',
  busy: 'goes on',
  failed: 'needs a look',
  later: 'later',
}

interface StepPathProps {
  readonly view: MoveView
  readonly shown: MoveStepId
  readonly onShow: (step: MoveStepId) => void
}

export function StepPath({ view, shown, onShow }: StepPathProps) {
  return (
    <ol className={styles.path} aria-label="Steps of the import">
      {stepsOf(view).map((step) => (
        <li key={step.id} data-state={step.state} data-testid={`move-${step.id}`}>
          <UnstyledButton
            className={styles.step}
            data-shown={step.id === shown || undefined}
            aria-current={step.id === shown ? 'step' : undefined}
            disabled={!canShow(view, step)}
            onClick={() => onShow(step.id)}
          >
            <Mark state={step.state} />
            <strong>{titles[step.id]}</strong>
            <span className={styles.figure}>{step.figure}</span>
          </UnstyledButton>
        </li>
      ))}
    </ol>
  )
}

/** A step is there to be looked at as soon as it found something, or is next. */
function canShow({ listed, draft, unseen }: MoveView, { id, state }: MoveStep): boolean {
  // What waits can be looked at before it is next.
  if (id === 'photos') return state !== 'later' || unseen !== undefined
  return state !== 'later' && (id !== 'try' || draft !== undefined || listed === undefined)
}

function Mark({ state }: { readonly state: MoveStep['state'] }) {
  const label = words[state]
  switch (state) {
    case 'busy':
      return <Loader size={14} role="img" aria-label={label} />
    case 'done':
      return <IconCheck size={15} stroke={2.2} role="img" aria-label={label} />
    case 'failed':
      return <IconAlertTriangle size={15} stroke={2} role="img" aria-label={label} />
    case 'now':
      return <IconChevronRight size={15} stroke={2.2} role="img" aria-label={label} />
    case 'later':
      return <IconCircle size={13} stroke={1.6} role="img" aria-label={label} />
  }
}
