/** The server on trial: how it agrees with this machine, how quick it is, where they differ, and the gate. Renderer. */
import { Button, Skeleton } from '@mantine/core'
import { useState } from 'react'
import type { DualState } from '../../../../src-shared/dual'
import type { ClientId } from '../../../../src-shared/ids'
import { request } from '../../../api'
import { ErrorNote } from '../../../components/error-note'
import { WithoutRight, WithRight } from '../../../components/without-right'
import { useActions } from '../../../state/use-visor'
import { Section, StateLine } from '../page-parts'
import type { Looked } from './comparison-query'
import { ComparisonSection } from './comparison-section'
import { CopySection } from './copy-section'
import { DisagreementsSection } from './disagreements-section'
import { GateSection } from './gate-section'
import { HowItGoes } from './how-it-goes'
import { ReplaySection, usualDays } from './replay-section'
import { type NextStep, validationStanding } from './standing'
import { useComparing, useMoveNow, useMovingAnswer } from './use-moving'

export function ValidationPage() {
  const { now, state, criteria, error, again } = useMoveNow()
  const [looked, setLooked] = useState<Looked>({ span: 'day', place: null })
  if (error !== undefined && now === undefined) return <ErrorNote error={error} />
  if (now === undefined || state === undefined || criteria === undefined) return <Skeleton height={320} />
  const { tone, sentence, next } = validationStanding(now)
  const client = state.pairings.every((pairing) => pairing.state === 'paired')
    ? state.pairings[0]?.clientId
    : undefined
  return (
    <>
      <StateLine
        tone={tone}
        action={next !== null && <NextButton next={next} state={state} onDone={again} />}
      >
        {sentence}
      </StateLine>
      <WithoutRight right="administer" may="look at how both sides compare" />
      {client === undefined && state.mode === 'local' && now.named && (
        <WithRight right="administer">
          <CopySection />
        </WithRight>
      )}
      {client === undefined && next !== 'copy' && next !== 'pair' && <HowItGoes />}
      {client !== undefined && (
        <>
          <Gate client={client} verdict={now.verdict} criteria={criteria} onChanged={again} />
          {state.mode === 'dual' && (
            <WithRight right="administer">
              <ReplaySection queued={state.queued} dropped={state.dropped} />
            </WithRight>
          )}
          <ComparisonSection looked={looked} onLook={setLooked} criteria={criteria} />
          <div id="disagreements">
            <DisagreementsSection looked={looked} />
          </div>
          {state.mode === 'dual' && (
            <WithRight right="administer">
              <EndSection onDone={again} />
            </WithRight>
          )}
        </>
      )}
    </>
  )
}

interface GateProps extends Omit<Parameters<typeof GateSection>[0], 'changes'> {
  readonly client: ClientId
}

function Gate({ client, ...gate }: GateProps) {
  const { answer } = useMovingAnswer(client, () => request('dual.moves', { clientId: client }))
  const changes = answer?.filter(({ move }) => move.step === 'criteria') ?? []
  return <GateSection {...gate} changes={changes} />
}

interface NextButtonProps {
  readonly next: NextStep
  readonly state: DualState
  readonly onDone: () => void
}

/** The one next step of the page. */
function NextButton({ next, state, onDone }: NextButtonProps) {
  const { attempt, remember } = useActions()
  const comparing = useComparing() !== undefined
  const [busy, setBusy] = useState(false)
  const run = (act: () => Promise<unknown>) => {
    setBusy(true)
    void attempt(act).finally(() => {
      setBusy(false)
      onDone()
    })
  }
  switch (next) {
    case 'name':
      return <Button onClick={() => remember({ settingsPage: 'connection' })}>Open Connection</Button>
    case 'cut-over':
      return <Button onClick={() => remember({ settingsPage: 'cut-over' })}>Open Cut-over</Button>
    case 'connect':
      return (
        <Button loading={busy} onClick={() => run(() => request('mode.connect'))}>
          Look for it now
        </Button>
      )
    case 'look':
      return (
        <Button
          variant="default"
          onClick={() => document.getElementById('disagreements')?.scrollIntoView({ block: 'start' })}
        >
          See where they differ
        </Button>
      )
    case 'pair': {
      const clientId = state.pairings.find((pairing) => pairing.state === 'copying')?.clientId
      if (clientId === undefined) return null
      return (
        <WithRight right="administer">
          <Button loading={busy} onClick={() => run(() => request('dual.pair', { clientId }))}>
            Compare {clientId} row by row
          </Button>
        </WithRight>
      )
    }
    case 'compare':
      return (
        <WithRight right="administer">
          <Button loading={busy} onClick={() => run(() => request('dual.go', { mode: 'dual' }))}>
            Begin to compare
          </Button>
        </WithRight>
      )
    case 'replay':
      // Its progress, and the way to end it, are below.
      if (comparing) return null
      return (
        <WithRight right="administer">
          <Button
            loading={busy}
            onClick={() => run(() => request('dual.replay', { what: 'queue', days: usualDays }))}
          >
            Compare the last {usualDays} days
          </Button>
        </WithRight>
      )
    default:
      return null
  }
}

function EndSection({ onDone }: { readonly onDone: () => void }) {
  const { attempt } = useActions()
  const [busy, setBusy] = useState(false)
  return (
    <Section title="End the trial">
      <p>
        Nothing is compared then. Edits go on being kept for the server, and are brought there when comparing
        is begun again; what was compared stays for 90 days.
      </p>
      <Button
        variant="default"
        loading={busy}
        onClick={() => {
          setBusy(true)
          void attempt(() => request('dual.go', { mode: 'local' })).finally(() => {
            setBusy(false)
            onDone()
          })
        }}
      >
        Stop comparing
      </Button>
    </Section>
  )
}
