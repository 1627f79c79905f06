/** The database's schema: what is applied, what would run with its SQL, running it, and whether it is what it should be. Renderer. */
import { Button, Skeleton } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { VisorError } from '../../../../src-shared/errors'
import type { SchemaCheck, SchemaLogEntry, SchemaPlan, SchemaStatus } from '../../../../src-shared/schema'
import { asVisorError, request } from '../../../api'
import { ErrorNote } from '../../../components/error-note'
import { JobProgress, progressLine } from '../../../components/job-progress'
import { useActions, useMayDo, useVisor } from '../../../state/use-visor'
import { counted } from '../../../wording'
import { Section, StateLine } from '../page-parts'
import { NoServer } from './no-server'
import { NotLookedAt } from './not-looked-at'
import { AppliedTable, CheckTable, LogList, PlanList } from './schema-lists'

/** What is known of the schema; the plan where there is something to run. */
interface Known {
  readonly status: SchemaStatus
  readonly plan: SchemaPlan | undefined
  readonly log: readonly SchemaLogEntry[]
}

async function look(): Promise<Known> {
  const [status, log] = await Promise.all([request('schema.status'), request('schema.log')])
  const pending = status.fault === null && status.pending.length > 0
  return { status, plan: pending ? await request('schema.plan') : undefined, log }
}

export function SchemaPage() {
  const { attempt, cancelJob } = useActions()
  const administers = useMayDo('administer')
  // One that is named by the environment alone answers, or it is none.
  const named = useVisor(({ settings }) => settings.server.hosts.length > 0)
  const job = useVisor((state) =>
    [...state.jobs.values()].find(({ kind, state: now }) => kind === 'schema' && now === 'running'),
  )
  const [known, setKnown] = useState<Known | VisorError>()
  const [check, setCheck] = useState<SchemaCheck>()
  const [checking, setChecking] = useState(false)
  const running = job !== undefined
  // Asked anew when the work ended.
  useEffect(() => {
    if (running) return
    let current = true
    look().then(
      (answer) => current && setKnown(answer),
      (error: unknown) => current && setKnown(asVisorError(error)),
    )
    return () => {
      current = false
    }
  }, [running])

  const verify = () =>
    attempt(async () => {
      setChecking(true)
      try {
        setCheck(await request('schema.verify'))
      } finally {
        setChecking(false)
      }
    })

  if (job !== undefined) {
    return (
      <StateLine
        tone="wait"
        action={
          <Button variant="default" onClick={() => void cancelJob(job.jobId)}>
            Cancel
          </Button>
        }
      >
        {job.title}: {progressLine(job)}
        <JobProgress job={job} />
      </StateLine>
    )
  }
  if (known === undefined) return <Skeleton height={240} />
  if ('code' in known) {
    return named ? (
      <NotLookedAt what="The database" error={known} />
    ) : (
      <NoServer>No server is named yet, so there is no database to look at.</NoServer>
    )
  }
  const { status, plan, log } = known
  return (
    <>
      <StateLine
        tone={tones[status.state]}
        action={
          plan !== undefined && (
            <Button
              disabled={!administers}
              {...(administers ? {} : { title: notAdmin })}
              onClick={() => void attempt(() => request('schema.up'))}
            >
              Run {counted(plan.migrations.length, 'step')}
            </Button>
          )
        }
      >
        {sentenceOf(status)}
        {plan !== undefined && !administers && ` ${notAdmin}`}
      </StateLine>
      {status.fault !== null && (
        <Section title="Why">
          <ErrorNote error={status.fault} />
        </Section>
      )}
      {plan !== undefined && (
        <Section title="What would run">
          <p>
            Each step is one transaction: it is applied whole or not at all. Everything lies in a schema of
            its own, <code>visor</code>; nothing else of the database is touched.
          </p>
          <PlanList plan={plan} />
        </Section>
      )}
      {status.applied.length > 0 && (
        <Section title="Applied">
          <AppliedTable applied={status.applied} />
        </Section>
      )}
      <Section title="Is it what it should be?">
        <p>Compares each step that was applied, by its checksum, with the one this program has.</p>
        <Button variant="default" loading={checking} onClick={() => void verify()}>
          Compare
        </Button>
        {check !== undefined && <CheckTable check={check} />}
      </Section>
      {log.length > 0 && (
        <Section title="Done since Visor was started">
          <LogList log={log} />
        </Section>
      )}
    </>
  )
}

const notAdmin = 'Your login may not do that: an admin has to run them.'

const tones = { absent: 'wait', older: 'wait', current: 'good', newer: 'bad', tampered: 'bad' } as const

function sentenceOf({ state, place, pending, applied }: SchemaStatus): string {
  switch (state) {
    case 'absent':
      return `There is nothing of Visor in ${place} yet.`
    case 'older':
      return `${place} is of an older Visor: ${counted(pending.length, 'step is', 'steps are')} to be run.`
    case 'current':
      return `${place} is as this program needs it: ${counted(applied.length, 'step')} applied, none to run.`
    case 'newer':
      return `${place} was prepared by a newer Visor than this one.`
    case 'tampered':
      return `${place} is not what its own records say.`
  }
}
