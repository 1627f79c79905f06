/** A diagnosis: what is checked, what was found, what to do about it, and the report. Renderer. */
import { Button, Group, SegmentedControl, Skeleton } from '@mantine/core'
import { useState } from 'react'
import {
  type CheckId,
  checksOf,
  type Diagnosed,
  type Diagnosis,
  type DiagnosisState,
  diagnosisGroups,
  groupOf,
  type IsolationWish,
  isolationRounds,
  titleOf,
  worstOf,
} from '../../../../src-shared/diagnosis'
import { tallyOf, verdictOf } from '../../../../src-shared/diagnosis-report'
import { request } from '../../../api'
import { useActions, useVisor } from '../../../state/use-visor'
import { asOf } from '../../../wording'
import { Section, StateLine } from '../page-parts'
import { CheckList, checkElementId } from './check-list'
import styles from './diagnosis-section.module.css'
import { IsolationOptions, IsolationProgress } from './isolation-options'
import { ReportMenus } from './report-menus'
import { useDiagnosis } from './use-diagnosis'

export function DiagnosisSection() {
  const { attempt } = useActions()
  const mode = useVisor((visor) => visor.status?.store.mode)
  const state = useDiagnosis()
  const [chosen, setChosen] = useState<Diagnosed>()
  const [isolation, setIsolation] = useState<IsolationWish>({
    diagnosed: 'isolation',
    rounds: isolationRounds.usual,
    kill: true,
  })
  if (state === undefined) return <Skeleton height={52} mb={20} />
  const { places, diagnosis, running } = state
  const wanted =
    running === null ? (chosen ?? diagnosis?.diagnosed ?? usual(mode)) : (diagnosis?.diagnosed ?? chosen)
  const place = places.find(({ diagnosed }) => diagnosed === wanted)
  const selected = wanted === 'isolation' ? wanted : (place?.diagnosed ?? 'local')
  const shown = diagnosis !== null && diagnosis.diagnosed === selected ? diagnosis : null
  const start = () =>
    attempt(async () => {
      await request('diagnosis.start', selected === 'isolation' ? isolation : { diagnosed: selected })
    })
  return (
    <>
      <SegmentedControl
        mb={12}
        size="xs"
        aria-label="What is checked"
        disabled={running !== null}
        value={selected}
        data={[
          ...places.map(({ diagnosed, place }) => ({
            value: diagnosed,
            label:
              diagnosed === 'local' ? (
                'This machine'
              ) : (
                <span className={styles.server} title={place}>
                  Server {place}
                </span>
              ),
          })),
          { value: 'isolation', label: 'Isolation' },
        ]}
        onChange={(value) => setChosen(value as Diagnosed)}
      />
      <DiagnosisLine
        shown={shown}
        running={running}
        selected={selected}
        what={subjects[selected] ?? place?.place ?? 'the server'}
        onStart={() => void start()}
      />
      {selected === 'isolation' && running === null && (
        <IsolationOptions wish={isolation} onChange={setIsolation} />
      )}
      {shown !== null && <Findings diagnosis={shown} running={running} />}
    </>
  )
}

const subjects: Partial<Record<Diagnosed, string>> = {
  local: 'this machine’s store',
  isolation: 'the isolation',
}

const usual = (mode: string | undefined): Diagnosed => (mode === 'server' ? 'server' : 'local')

interface LineProps {
  readonly shown: Diagnosis | null
  readonly running: DiagnosisState['running']
  readonly selected: Diagnosed
  /** For people: `the isolation`. */
  readonly what: string
  readonly onStart: () => void
}

function DiagnosisLine({ shown, running, selected, what, onStart }: LineProps) {
  const { cancelJob } = useActions()
  if (running !== null) {
    const done = shown?.checks.length ?? 0
    const total = shown === null ? undefined : checksOf(shown.diagnosed).length
    return (
      <StateLine
        tone="wait"
        action={
          <Button variant="default" onClick={() => void cancelJob(running.jobId)}>
            Stop
          </Button>
        }
      >
        Checking {what}: {titleOf(running.check)}
        {total === undefined ? '' : `, ${done + 1} of ${total}`} …
        {selected === 'isolation' && <IsolationProgress jobId={running.jobId} />}
      </StateLine>
    )
  }
  if (shown === null) {
    return (
      <StateLine action={<Button onClick={onStart}>Run the checks</Button>}>
        {selected === 'isolation'
          ? 'Photos and searches can be mixed, over and over, to see whether one brings the other down, and what a crash costs. Nothing is changed by it, and Identify goes on.'
          : `Whether all is well with ${what} can be checked. Nothing is changed by it.`}
      </StateLine>
    )
  }
  return (
    <StateLine
      tone={tones[worstOf(shown.checks)]}
      action={
        <Group gap={8} wrap="nowrap">
          <ReportMenus diagnosis={shown} />
          <Button onClick={onStart}>Run again</Button>
        </Group>
      }
    >
      <strong>{verdictOf(shown)}</strong>
      <div className={styles.tally}>
        {tallyOf(shown.checks)}; {asOf(new Date(shown.startedAt).toISOString())}
      </div>
      <Worst diagnosis={shown} />
    </StateLine>
  )
}

/** Links to what has to be looked at first. */
function Worst({ diagnosis }: { readonly diagnosis: Diagnosis }) {
  const worst = worstOf(diagnosis.checks)
  if (worst === 'pass') return null
  const goTo = (id: CheckId) => {
    const row = document.getElementById(checkElementId(id))
    row?.scrollIntoView({ block: 'center' })
    row?.focus({ preventScroll: true })
  }
  return (
    <div className={styles.worst}>
      {diagnosis.checks
        .filter(({ state }) => state === worst)
        .map(({ id }) => (
          <Button key={id} size="compact-xs" variant="light" onClick={() => goTo(id)}>
            {titleOf(id)}
          </Button>
        ))}
    </div>
  )
}

const tones = { pass: 'good', warn: 'wait', fail: 'bad' } as const

function Findings({
  diagnosis,
  running,
}: {
  readonly diagnosis: Diagnosis
  readonly running: DiagnosisState['running']
}) {
  return Object.entries(diagnosisGroups).map(([group, title]) => {
    const checks = diagnosis.checks.filter(({ id }) => groupOf(id) === group)
    const next = running !== null && groupOf(running.check) === group ? running.check : undefined
    if (checks.length === 0 && next === undefined) return null
    return (
      <Section key={group} title={title}>
        <CheckList checks={checks} {...(next === undefined ? {} : { next })} />
      </Section>
    )
  })
}
