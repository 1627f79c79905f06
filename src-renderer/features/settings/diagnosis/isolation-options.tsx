/** How often an isolation check mixes photos and searches, how long that takes, and how far it is. Renderer. */
import { Checkbox, NumberInput, Text } from '@mantine/core'
import {
  type IsolationWish,
  isolationEstimateMs,
  isolationRounds,
  isolationRoundsSchema,
} from '../../../../src-shared/diagnosis'
import type { JobId } from '../../../../src-shared/ids'
import { JobProgress, progressLine } from '../../../components/job-progress'
import { useVisor } from '../../../state/use-visor'
import { counted, remaining } from '../../../wording'
import styles from './isolation-options.module.css'

interface IsolationOptionsProps {
  readonly wish: IsolationWish
  readonly onChange: (wish: IsolationWish) => void
}

export function IsolationOptions({ wish, onChange }: IsolationOptionsProps) {
  return (
    <div className={styles.options}>
      <NumberInput
        label="Rounds"
        w={120}
        min={isolationRounds.least}
        max={isolationRounds.most}
        step={100}
        thousandSeparator
        allowDecimal={false}
        clampBehavior="blur"
        value={wish.rounds}
        onChange={(value) => {
          const rounds = isolationRoundsSchema.safeParse(value)
          if (rounds.success) onChange({ ...wish, rounds: rounds.data })
        }}
      />
      <Checkbox
        pb={8}
        label="Kill its vision process in the middle"
        checked={wish.kill}
        onChange={(event) => onChange({ ...wish, kill: event.currentTarget.checked })}
      />
      <Text size="sm" c="dimmed" className={styles.note}>
        {counted(wish.rounds, 'round')} take {remaining(isolationEstimateMs(wish.rounds))} on an idle machine,
        and never more than half an hour. A made photo is embedded, by a vision process of the check’s own, of
        the lowest priority.
      </Text>
    </div>
  )
}

/** How far the rounds of the running check are. */
export function IsolationProgress({ jobId }: { readonly jobId: JobId }) {
  const job = useVisor((state) => state.jobs.get(jobId))
  if (job === undefined || job.total === 0) return null
  const { detail: _, ...rounds } = job
  return (
    <div className={styles.progress}>
      <JobProgress job={job} />
      <span>{progressLine(rounds)}</span>
    </div>
  )
}
