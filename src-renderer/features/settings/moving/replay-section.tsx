/** Many searches at once through both sides: photos that are dropped or chosen, or those that were searched before. Renderer. */
import { Button, Group, NumberInput, Text } from '@mantine/core'
import { IconPhotoScan } from '@tabler/icons-react'
import { useState } from 'react'
import { request } from '../../../api'
import { JobProgress, progressLine } from '../../../components/job-progress'
import { useActions } from '../../../state/use-visor'
import { counted } from '../../../wording'
import { Section } from '../page-parts'
import styles from './replay-section.module.css'
import { useCompared, useComparing } from './use-moving'

/** Days back that are offered first. */
export const usualDays = 7

export function ReplaySection({ queued, dropped }: { readonly queued: number; readonly dropped: number }) {
  const { attempt, cancelJob } = useActions()
  const [days, setDays] = useState<number>(usualDays)
  const job = useComparing()
  const last = useCompared()
  return (
    <Section title="Compare more photos">
      {job !== undefined ? (
        <div className={styles.running} role="status">
          <Text size="sm">{job.title}</Text>
          <JobProgress job={job} />
          <Group justify="space-between" gap={8}>
            <Text size="sm" c="dimmed">
              {progressLine(job)}
            </Text>
            <Button size="compact-sm" variant="default" onClick={() => void cancelJob(job.jobId)}>
              Cancel
            </Button>
          </Group>
        </div>
      ) : (
        <>
          <div className={styles.drop}>
            <IconPhotoScan size={28} stroke={1.4} aria-hidden />
            <Text size="sm">
              Drop photos or a folder here: each face in them is searched for on both sides. Nobody is
              enrolled, and the queue stays as it is.
            </Text>
            <Button
              variant="default"
              onClick={() => void attempt(() => request('dual.replay', { what: 'folder' }))}
            >
              Choose a folder…
            </Button>
          </div>
          <Group gap={8} align="end">
            <NumberInput
              label="Photos of the queue, days back"
              w={200}
              min={1}
              max={365}
              allowDecimal={false}
              clampBehavior="blur"
              value={days}
              onChange={(next) => {
                if (typeof next === 'number' && next >= 1 && next <= 365) setDays(next)
              }}
            />
            <Button
              variant="default"
              onClick={() => void attempt(() => request('dual.replay', { what: 'queue', days }))}
            >
              Compare the last {counted(days, 'day')}
            </Button>
          </Group>
          {last !== undefined && (
            <Text size="sm" mt={8} role="status">
              {last.outcome ??
                last.error?.message ??
                'The last comparison was cancelled; what it compared stays.'}
            </Text>
          )}
        </>
      )}
      {(queued > 0 || dropped > 0) && (
        <Text size="xs" c="dimmed" mt={8}>
          {counted(queued, 'search waits', 'searches wait')} to be compared
          {dropped > 0 &&
            `; ${counted(dropped, 'was', 'were')} left out since Visor was started, as the server was too slow for all`}
          .
        </Text>
      )}
    </Section>
  )
}
