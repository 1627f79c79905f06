/** How often one domain's thresholds err, measured on its own faces; and the choice of others. Renderer. */
import { Button, Select, Skeleton, Text } from '@mantine/core'
import { useState } from 'react'
import {
  type Calibration,
  calibrationSentence,
  shortageSentence,
  type ThresholdLevel,
} from '../../../src-shared/calibration'
import type { DomainCalibration } from '../../../src-shared/requests/thresholds'
import { request } from '../../api'
import { JobProgress, progressLine } from '../../components/job-progress'
import { domainsOfClient } from '../../state/galleries-slice'
import { useActions, useVisor } from '../../state/use-visor'
import { count, counted, distanceText } from '../../wording'
import styles from './calibration-section.module.css'
import { DistanceChart } from './distance-chart'
import { LevelChoice } from './level-choice'
import { Section } from './page-parts'
import { RatesTable } from './rates-table'
import {
  type DomainRef,
  moved,
  type Trial,
  triedDistance,
  useDomainCalibration,
} from './use-domain-calibration'

export function CalibrationSection() {
  const clientId = useVisor((state) => state.settings.search.clientId)
  const searched = useVisor((state) => state.settings.search.domain)
  const domains = useVisor(domainsOfClient)
  const [picked, setPicked] = useState<string | null>(null)
  const find = (name: string | null) => domains.find(({ domain }) => domain === name)
  const chosen = find(picked) ?? find(searched) ?? domains[0]
  if (chosen === undefined) return null
  return (
    <Section title="Measured on your gallery">
      <Select
        label="Domain"
        className={styles.domain}
        allowDeselect={false}
        value={chosen.domain}
        data={domains.map(({ domain }) => domain as string)}
        onChange={setPicked}
      />
      <DomainThresholdsPanel
        key={JSON.stringify([clientId, chosen.domain])}
        clientId={clientId}
        domain={chosen.domain}
      />
    </Section>
  )
}

function DomainThresholdsPanel(domain: DomainRef) {
  const { known, keep } = useDomainCalibration(domain)
  if (known === undefined) return <Skeleton height={250} />
  const { calibration, stale } = known
  return (
    <>
      <MeasureLine domain={domain} calibration={calibration} stale={stale} />
      {calibration !== undefined && calibration.curve.length > 0 && (
        <Measured domain={domain} known={known} calibration={calibration} keep={keep} />
      )}
    </>
  )
}

interface MeasureLineProps {
  readonly domain: DomainRef
  readonly calibration: Calibration | undefined
  readonly stale: boolean
}

/** What was measured and when, and the button that does it. */
function MeasureLine({ domain, calibration, stale }: MeasureLineProps) {
  const { attempt, cancelJob } = useActions()
  const job = useVisor((state) =>
    [...state.jobs.values()].find(
      ({ kind, state: now, title }) =>
        kind === 'calibrate' && now === 'running' && title === `Measuring ${domain.domain}`,
    ),
  )
  if (job !== undefined) {
    return (
      <div className={styles.measure} data-testid="calibration-state">
        <div className={styles.grow}>
          <Text size="sm">Measuring: {progressLine(job)}</Text>
          <JobProgress job={job} />
        </div>
        <Button variant="default" onClick={() => void cancelJob(job.jobId)}>
          Cancel
        </Button>
      </div>
    )
  }
  return (
    <div className={styles.measure} data-testid="calibration-state">
      <Text span size="sm" className={styles.grow}>
        {stateText(calibration, stale)}
      </Text>
      <Button
        variant={calibration === undefined || stale ? 'filled' : 'default'}
        onClick={() => void attempt(() => request('thresholds.calibrate', { ...domain }))}
      >
        {calibration === undefined ? 'Measure this gallery' : 'Measure again'}
      </Button>
    </div>
  )
}

function stateText(calibration: Calibration | undefined, stale: boolean): string {
  if (calibration === undefined) {
    return 'Not measured yet. Visor can compare the enrolled faces with one another and say how often a search of them would be wrong.'
  }
  const { counts, measuredAt, shortage } = calibration
  const people = `${counted(counts.persons, 'person', 'people')}, ${count(counts.personsWithTwoPhotos)} with two photos or more`
  if (calibration.curve.length === 0) return `${shortageSentence(shortage)} It has ${people}.`
  const when = new Date(measuredAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
  const changed = stale
    ? 'The gallery has changed since: measure again.'
    : 'The gallery has not changed since.'
  return `Measured ${when}: ${people}; ${count(counts.personsSearched)} of them searched for. ${changed}`
}

interface MeasuredProps {
  readonly domain: DomainRef
  readonly known: DomainCalibration
  readonly calibration: Calibration
  readonly keep: (trial: Trial) => Promise<void>
}

const levels = ['match', 'possible'] as const

function Measured({ domain, known, calibration, keep }: MeasuredProps) {
  const [trial, setTrial] = useState<Trial>({})
  const [keeping, setKeeping] = useState(false)
  const distances = {
    match: triedDistance(known, trial, 'match'),
    possible: triedDistance(known, trial, 'possible'),
  }
  const tried = levels.some((level) => trial[level] !== undefined)
  const sentence = (level: ThresholdLevel) => calibrationSentence(calibration, distances[level])

  async function use(): Promise<void> {
    setKeeping(true)
    await keep(trial)
    setKeeping(false)
    setTrial({})
  }

  return (
    <>
      <DistanceChart
        calibration={calibration}
        distances={distances}
        meaning={sentence}
        onMove={(level, distance) => setTrial((before) => moved(known, before, level, { distance }))}
      />
      {levels.map((level) => (
        <LevelChoice
          key={level}
          level={level}
          known={known}
          distance={distances[level]}
          choice={trial[level] === undefined ? known.chosen[level] : trial[level]}
          sentence={sentence(level)}
          onChoose={(choice) => setTrial((before) => moved(known, before, level, choice))}
        />
      ))}
      <div className={styles.actions}>
        <Button disabled={!tried} loading={keeping} onClick={() => void use()}>
          {`Use in ${domain.domain}`}
        </Button>
        <Button variant="default" disabled={!tried || keeping} onClick={() => setTrial({})}>
          Put back
        </Button>
        <Text span size="xs" c="dimmed">
          {tried
            ? `In force: match ≤ ${distanceText(known.inForce.match)}, possible ≤ ${distanceText(known.inForce.possible)}.`
            : 'Drag a line, or move it with the arrow keys: nothing changes until you use it.'}
        </Text>
      </div>
      <RatesTable calibration={calibration} distances={distances} />
      <Text size="xs" c="dimmed" mt={8}>
        A wrong name: somebody who is not enrolled is searched for, and somebody enrolled is within the
        distance. A miss: somebody enrolled is searched for by a photo that is not, and is not found or
        somebody else is nearer. The figures in brackets hold the true one in about 95 of 100 galleries.
      </Text>
    </>
  )
}
