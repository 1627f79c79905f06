/** Short messages in the corner: what was done (with Undo), what failed, what ended. Renderer. */
import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { VisorError } from '../../src-shared/errors'
import type { Act } from '../../src-shared/ipc'
import type { Job } from '../../src-shared/status'
import { counted } from '../wording'
import { ErrorNote } from './error-note'

const actSeconds = 8
const noticeSeconds = 4
const inputErrorSeconds = 12

/** What was just done, with the way back. */
export function showAct(act: Act, undo: () => void): void {
  const id = `act-${act.ledgerId}`
  notifications.show({
    id,
    autoClose: actSeconds * 1000,
    withBorder: true,
    message: (
      <Group gap={8} justify="space-between" wrap="nowrap">
        <Text size="sm">{act.summary}</Text>
        <Button
          size="compact-xs"
          variant="light"
          onClick={() => {
            notifications.hide(id)
            undo()
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  })
}

export function showNotice(title: string, message?: string): void {
  notifications.show({
    autoClose: noticeSeconds * 1000,
    withBorder: true,
    ...(message === undefined ? { message: title } : { title, message }),
  })
}

/** Stays until it is closed, as an error that went by unseen helps nobody; what merely was not possible goes by itself. */
export function showError(error: VisorError): void {
  notifications.show({
    id: `error-${error.code}-${error.message}`,
    autoClose: error.fault === 'input' ? inputErrorSeconds * 1000 : false,
    withBorder: true,
    color: 'red',
    message: <ErrorNote error={error} />,
  })
}

/** What came of a long piece of work. */
export function showJobEnd(job: Job, showJobs: () => void): void {
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
  if (job.kind === 'add-files' && skipped === 0) return
  notifications.show({
    id,
    autoClose: (skipped > 0 ? actSeconds : noticeSeconds) * 1000,
    withBorder: true,
    message: (
      <Group gap={8} justify="space-between" wrap="nowrap">
        <Text size="sm">
          {job.outcome ?? `${job.title}: ${job.state === 'cancelled' ? 'cancelled' : 'done'}.`}
        </Text>
        {skipped > 0 && (
          <Button
            size="compact-xs"
            variant="light"
            onClick={() => {
              notifications.hide(id)
              showJobs()
            }}
          >
            {counted(skipped, 'file')} left out
          </Button>
        )}
      </Group>
    ),
  })
}
