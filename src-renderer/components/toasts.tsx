/** Short messages over the window: what was done (with Undo), what failed, what ended. Renderer. */
import { Button, CopyButton, Group, Text } from '@mantine/core'
import { type NotificationData, notifications } from '@mantine/notifications'
import type { Act } from '../../src-shared/act'
import type { VisorError } from '../../src-shared/errors'
import type { Job } from '../../src-shared/status'
import { counted } from '../wording'
import { ErrorNote } from './error-note'

const seconds = { act: 8, notice: 4, refusal: 12 } as const

/** Of these kinds only the newest is shown: who confirms twenty faces in a row wants the photo, not twenty messages. */
type Slot = 'act' | 'notice' | 'refusal'
const shown = new Map<Slot, string>()

function showNewest(slot: Slot, message: Omit<NotificationData, 'id' | 'autoClose'>): string {
  const before = shown.get(slot)
  if (before !== undefined) notifications.hide(before)
  const id = notifications.show({ ...message, withBorder: true, autoClose: seconds[slot] * 1000 })
  shown.set(slot, id)
  return id
}

/** What was just done, with the way back. Earlier acts are taken back with Ctrl+Z. */
export function showAct(act: Pick<Act, 'summary'>, undo: () => void): void {
  const id = showNewest('act', {
    message: (
      <WithButton
        text={act.summary}
        button="Undo"
        onClick={() => {
          notifications.hide(id)
          undo()
        }}
      />
    ),
  })
}

/** What was done last has been taken back elsewhere: its *Undo* would only be refused. */
export function hideAct(): void {
  const id = shown.get('act')
  if (id !== undefined) notifications.hide(id)
}

export function showNotice(title: string, message?: string): void {
  showNewest('notice', message === undefined ? { message: title } : { title, message })
}

/** What was typed into a field that is gone: it stays until it is copied or closed. */
export function showUnsaved(label: string, text: string): void {
  const id = `unsaved-${label}`
  notifications.show({
    id,
    autoClose: false,
    withBorder: true,
    color: 'yellow',
    title: `What you typed under “${label}” was not saved.`,
    message: (
      <CopyButton value={text}>
        {({ copied, copy }) => <WithButton text={text} button={copied ? 'Copied' : 'Copy'} onClick={copy} />}
      </CopyButton>
    ),
  })
}

/** What changed by itself, and matters to whoever goes on working. */
export function showWarning(title: string, message: string): void {
  showNewest('refusal', { color: 'yellow', title, message })
}

/** What merely was not possible goes by itself; what is broken stays until it is closed, so that it is seen. */
export function showError(error: VisorError): void {
  const message = { color: 'red', message: <ErrorNote error={error} /> }
  if (error.fault === 'input') showNewest('refusal', message)
  else {
    const id = `${error.code}: ${error.message}`
    notifications.show({ id, autoClose: false, withBorder: true, ...message })
  }
}

/** What was not possible, with the way to make it so. */
export function showRefusal(error: VisorError, button: string, onClick: () => void): void {
  const id = showNewest('refusal', {
    color: 'red',
    message: (
      <>
        <ErrorNote error={error} />
        <Button
          size="compact-xs"
          variant="light"
          mt={8}
          onClick={() => {
            notifications.hide(id)
            onClick()
          }}
        >
          {button}
        </Button>
      </>
    ),
  })
}

/** What came of a long piece of work. */
export function showJobEnd(job: Job, showJobs: () => void, review: () => void): void {
  // Whoever asked for it is told there.
  if (job.kind === 'curate') return
  const id = `job-${job.jobId}`
  const skipped = job.skipped?.length ?? 0
  if (job.state === 'failed' && job.error !== undefined) {
    notifications.show({
      id,
      autoClose: false,
      withBorder: true,
      color: 'red',
      title: job.title,
      message: <ErrorNote error={job.error} />,
    })
    return
  }
  const outcome = job.outcome ?? `${job.title}: ${job.state === 'cancelled' ? 'cancelled' : 'done'}.`
  const next =
    job.needsLook !== undefined
      ? { button: 'Look', go: review }
      : skipped > 0
        ? { button: `${counted(skipped, 'file')} left out`, go: showJobs }
        : undefined
  if (next !== undefined) {
    notifications.show({
      id,
      autoClose: seconds.act * 1000,
      withBorder: true,
      message: (
        <WithButton
          text={outcome}
          button={next.button}
          onClick={() => {
            notifications.hide(id)
            next.go()
          }}
        />
      ),
    })
  } else if (job.kind !== 'add-files') showNotice(outcome)
}

interface WithButtonProps {
  readonly text: string
  readonly button: string
  readonly onClick: () => void
}

function WithButton({ text, button, onClick }: WithButtonProps) {
  return (
    <Group gap={8} justify="space-between" wrap="nowrap">
      <Text size="sm">{text}</Text>
      <Button size="compact-xs" variant="light" flex="none" onClick={onClick}>
        {button}
      </Button>
    </Group>
  )
}
