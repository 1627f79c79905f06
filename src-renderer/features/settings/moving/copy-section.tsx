/** From this machine only to both: the gallery is copied to the server, and both are compared and paired. Renderer. */
import { Button, Select, Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import type { ClientId, JobId } from '../../../../src-shared/ids'
import { placeOf } from '../../../../src-shared/server'
import type { Job } from '../../../../src-shared/status'
import { request } from '../../../api'
import { ErrorNote } from '../../../components/error-note'
import { JobProgress, progressLine } from '../../../components/job-progress'
import { useActions, useVisor } from '../../../state/use-visor'
import { Section } from '../page-parts'
import styles from './copy-section.module.css'

/** A step that is a job: what of it is known, and how to begin it. */
function useJobStep(begin: () => Promise<{ readonly jobId: JobId }>) {
  const { attempt } = useActions()
  const [jobId, setJobId] = useState<JobId>()
  const job = useVisor(({ jobs }) => (jobId === undefined ? undefined : jobs.get(jobId)))
  return {
    job,
    running: job?.state === 'running',
    start: () => void attempt(async () => setJobId((await begin()).jobId)),
  }
}

export function CopySection() {
  const clients = useVisor((state) => state.clients)
  const usual = useVisor((state) => state.settings.search.clientId)
  const place = useVisor((state) => placeOf(state.settings.server))
  const [clientId, setClientId] = useState<ClientId>(usual)
  const copy = useJobStep(() => request('import.copyToServer', { clientId }))
  const pair = useJobStep(() => request('dual.pair', { clientId }))
  const ids = (clients ?? []).map((client) => client.clientId)
  const busy = copy.running || pair.running
  const copied = copy.job?.state === 'done'
  return (
    <Section title="To the server">
      {ids.length > 1 && (
        <Select
          label="Client"
          maw={240}
          mb={8}
          allowDeselect={false}
          disabled={busy}
          data={ids}
          value={clientId}
          onChange={(value) => setClientId(ids.find((id) => id === value) ?? clientId)}
        />
      )}
      <ol className={styles.steps}>
        <Step
          title={`Copy ${clientId} to ${place}`}
          text="People, photos, faces and decisions, with their ids; then both are compared row by row and, where nothing differs, paired: what is edited here from then on is kept for the server. Copied again, nothing is there twice."
          job={copy.job}
          action={
            <Button variant="filled" loading={copy.running} disabled={busy} onClick={copy.start}>
              {copied ? 'Copy again' : 'Copy'}
            </Button>
          }
        />
        <Step
          title="Compare again, and pair"
          text="Where the copy is there already, or what differed was mended."
          job={pair.job}
          action={
            <Button variant="default" loading={pair.running} disabled={busy} onClick={pair.start}>
              Compare and pair
            </Button>
          }
        />
      </ol>
    </Section>
  )
}

interface StepProps {
  readonly title: string
  readonly text: string
  readonly job: Job | undefined
  readonly action: ReactNode
}

function Step({ title, text, job, action }: StepProps) {
  const { cancelJob } = useActions()
  return (
    <li className={styles.step}>
      <div className={styles.head}>
        <div>
          <Text fw={600}>{title}</Text>
          <Text size="sm" c="dimmed">
            {text}
          </Text>
        </div>
        {action}
      </div>
      {job?.state === 'running' && (
        <div className={styles.head} role="status">
          <Text size="sm">{progressLine(job)}</Text>
          <Button size="compact-sm" variant="default" onClick={() => void cancelJob(job.jobId)}>
            Cancel
          </Button>
        </div>
      )}
      {job?.state === 'running' && <JobProgress job={job} />}
      {job?.state === 'done' && (
        <Text size="sm" role="status" className={styles.done}>
          <IconCheck size={15} stroke={2.4} aria-hidden /> {job.outcome ?? 'Done.'}
        </Text>
      )}
      {job?.error !== undefined && <ErrorNote error={job.error} />}
    </li>
  )
}
