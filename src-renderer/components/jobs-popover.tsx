/** Long work: what runs, how far it is, what was left out. Renderer. */
import { ActionIcon, Button, CopyButton, Popover, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { Job } from '../../src-shared/status'
import { useActions, useVisor } from '../state/use-visor'
import { counted } from '../wording'
import { ErrorNote } from './error-note'
import { JobProgress, jobPercent, progressLine } from './job-progress'
import styles from './jobs-popover.module.css'

export function JobsButton() {
  const jobs = useVisor((state) => state.jobs)
  const opened = useVisor((state) => state.overlay === 'jobs')
  const { openOverlay } = useActions()
  const running = [...jobs.values()].filter((job) => job.state === 'running')
  const first = running[0]
  const leftOut = useVisor((state) => state.filesLeftOut)
  const work =
    first === undefined
      ? 'Activity'
      : running.length === 1
        ? `${first.title} ${jobPercent(first)}`
        : `${counted(running.length, 'piece')} of work running`
  const summary = leftOut === 0 ? work : `${work} · ${counted(leftOut, 'file')} left out`
  return (
    <Popover
      trapFocus
      returnFocus
      opened={opened}
      onChange={(open) => openOverlay(open ? 'jobs' : null)}
      position="top-end"
      width={420}
    >
      <Popover.Target>
        <Button
          size="compact-xs"
          variant={first === undefined ? 'subtle' : 'light'}
          color={first === undefined ? 'gray' : 'blue'}
          data-left-out={leftOut > 0 || undefined}
          className={styles.button}
          onClick={() => openOverlay(opened ? null : 'jobs')}
        >
          {summary}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.list} aria-label="Running and finished work">
        {jobs.size === 0 ? (
          <Text size="sm" c="dimmed">
            Enrolments, downloads and exports are listed here while Visor is open.
          </Text>
        ) : (
          [...jobs.values()]
            .reverse()
            .map((job, place) => <JobRow key={job.jobId} job={job} isNewest={place === 0} />)
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

function JobRow({ job, isNewest }: { readonly job: Job; readonly isNewest: boolean }) {
  const { cancelJob } = useActions()
  const skipped = job.skipped ?? []
  return (
    <section className={styles.job} aria-label={job.title}>
      <div className={styles.head}>
        <Text size="sm" fw={600} truncate title={job.title}>
          {job.title}
        </Text>
        {job.state === 'running' && (
          <ActionIcon aria-label={`Cancel: ${job.title}`} size={22} onClick={() => void cancelJob(job.jobId)}>
            <IconX size={14} aria-hidden />
          </ActionIcon>
        )}
      </div>
      {job.state === 'running' && <JobProgress job={job} />}
      {job.state === 'running' ? (
        <Text size="xs" c="dimmed" truncate title={job.detail}>
          {progressLine(job)}
        </Text>
      ) : (
        <Text size="xs" c="dimmed">
          {job.outcome ?? endWords[job.state]}
        </Text>
      )}
      {job.error !== undefined && <ErrorNote error={job.error} />}
      {skipped.length > 0 && (
        <details className={styles.skipped} open={isNewest}>
          <summary>{counted(skipped.length, 'file')} left out</summary>
          <ul>
            {skipped.map(({ path, reason }) => (
              <li key={path}>
                <span className={styles.path}>{path}</span> {reason}
              </li>
            ))}
          </ul>
          <CopyButton value={skipped.map(({ path, reason }) => `${path}\t${reason}`).join('\n')}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="default" mt={6} onClick={copy}>
                {copied ? 'Copied' : 'Copy the list'}
              </Button>
            )}
          </CopyButton>
        </details>
      )}
    </section>
  )
}

const endWords = { running: '', done: 'Done.', failed: 'Failed.', cancelled: 'Cancelled.' } as const
