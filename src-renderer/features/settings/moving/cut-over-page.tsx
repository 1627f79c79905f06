/** Where the galleries are: on trial, cut over, rolled back; rehearsed first, and told afterwards. Renderer. */
import { Button, Group, Modal, Skeleton, Text } from '@mantine/core'
import { useEffect, useEffectEvent, useState } from 'react'
import type { DualState, MoveReport } from '../../../../src-shared/dual'
import type { VisorError } from '../../../../src-shared/errors'
import { asVisorError, request } from '../../../api'
import { ErrorNote } from '../../../components/error-note'
import { WithoutRight, WithRight } from '../../../components/without-right'
import { useActions, useVisor } from '../../../state/use-visor'
import { asOf, counted } from '../../../wording'
import { Section, StateLine } from '../page-parts'
import { followedUntil } from './between-stores'
import { CutOverDialog } from './cut-over-dialog'
import styles from './cut-over-page.module.css'
import { GateChecks } from './gate-checks'
import { HowItGoes } from './how-it-goes'
import { LeftBehind, MoveReportCard } from './move-report'
import { MovesSection } from './moves-section'
import { cutOverStanding, placeIn } from './standing'
import { TwoStores } from './two-stores'
import { useMoveNow, useMovingAnswer } from './use-moving'

export function CutOverPage() {
  const { now, state, error, again } = useMoveNow()
  const store = useVisor((visor) => visor.status?.store)
  const [report, setReport] = useState<MoveReport>()
  const opened = useVisor((visor) => visor.overlay === 'cut-over')
  const { openOverlay, remember, attempt } = useActions()
  // A dialog that was asked for goes with its page.
  useEffect(() => () => openOverlay(null), [openOverlay])
  const client = state?.pairings[0]?.clientId
  const { answer: moves, again: movesAgain } = useMovingAnswer(client ?? 'none', async () =>
    client === undefined ? [] : request('dual.moves', { clientId: client }),
  )
  const followsServer = state?.mode === 'server' && state.pairings.length > 0
  const { answer: copy } = useMovingAnswer(String(followsServer), async () =>
    followsServer ? request('cache.state') : undefined,
  )
  const [busy, setBusy] = useState(false)
  if (error !== undefined && now === undefined) return <ErrorNote error={error} />
  if (now === undefined || state === undefined || store === undefined) return <Skeleton height={320} />
  const { tone, sentence, next } = cutOverStanding(now)
  const place = placeIn(now)
  const done = (what: MoveReport) => {
    setReport(what)
    again()
    movesAgain()
  }
  const rollBack = () => {
    setBusy(true)
    void attempt(async () => done(await request('dual.go', { mode: 'local' }))).finally(() => setBusy(false))
  }
  const cutOver = (
    <Button variant={now.verdict.passed ? 'filled' : 'default'} onClick={() => openOverlay('cut-over')}>
      Cut over to the server…
    </Button>
  )
  return (
    <>
      <StateLine
        tone={tone}
        action={
          next === 'name' ? (
            <Button onClick={() => remember({ settingsPage: 'connection' })}>Open Connection</Button>
          ) : next === 'copy' || next === 'validate' || next === 'pair' ? (
            <Button onClick={() => remember({ settingsPage: 'validation' })}>Open Validation</Button>
          ) : next === 'cut-over' ? (
            <WithRight right="administer">{cutOver}</WithRight>
          ) : next === 'roll-back' ? (
            <WithRight right="administer">
              <Button variant="default" loading={busy} onClick={rollBack}>
                Roll back to this machine
              </Button>
            </WithRight>
          ) : undefined
        }
      >
        {sentence}
      </StateLine>
      <WithoutRight right="administer" may="look at how it stands" />
      <TwoStores state={state} store={store} copy={copy} place={place} />
      {report !== undefined && (
        <Section title="Just done">
          <MoveReportCard report={report} />
        </Section>
      )}
      {client === undefined && state.mode !== 'server' && <HowItGoes />}
      {client !== undefined && (
        <>
          {state.mode === 'server' ? (
            <ComesBack
              state={state}
              until={followedUntil(copy)}
              place={place}
              away={store.server?.state !== 'up'}
            />
          ) : (
            <Section title="The gate">
              <GateChecks verdict={now.verdict} />
              {next !== 'cut-over' && state.mode === 'dual' && (
                <WithRight right="administer">{cutOver}</WithRight>
              )}
            </Section>
          )}
          <WithRight right="administer">
            <Rehearsal key={state.mode} place={place} />
          </WithRight>
          <MovesSection moves={moves} />
          {state.mode === 'local' && (
            <WithRight right="administer">
              <EndPairing state={state} place={place} onDone={again} />
            </WithRight>
          )}
          <CutOverDialog
            opened={opened && state.mode !== 'server'}
            place={place}
            verdict={now.verdict}
            onClose={() => openOverlay(null)}
            onDone={done}
          />
        </>
      )}
    </>
  )
}

interface ComesBackProps {
  readonly state: DualState
  readonly until: string | undefined
  readonly place: string
  /** The server does not answer. */
  readonly away: boolean
}

/** What a roll-back would bring, and what it could not, before it is done. */
function ComesBack({ state, until, place, away }: ComesBackProps) {
  const [notHere, setNotHere] = useState<readonly string[]>()
  const [problem, setProblem] = useState<VisorError>()
  const look = useEffectEvent(async () => {
    const reports = await request('dual.rehearse')
    return reports.find(({ to }) => to !== 'server')?.notHere ?? []
  })
  useEffect(() => {
    let current = true
    setNotHere(undefined)
    setProblem(undefined)
    if (!away) {
      look().then(
        (found) => current && setNotHere(found),
        (error: unknown) => current && setProblem(asVisorError(error)),
      )
    }
    return () => {
      current = false
    }
  }, [away])
  const waiting = state.waiting + state.conflicts
  const upTo = until === undefined ? 'what it has now' : `all up to ${asOf(until)}`
  return (
    <Section title="What a roll-back brings">
      <p>
        {away
          ? `${place} does not answer: this machine has ${upTo}. What others changed there since cannot be reached, and is listed by the roll-back.`
          : `This machine follows ${place} and has ${upTo}; the last of it is brought before the switch.`}{' '}
        {waiting > 0 &&
          `${counted(waiting, 'edit that was made here stays, and waits', 'edits that were made here stay, and wait')} for the server. `}
        It takes less than a second.
      </p>
      {notHere !== undefined && <LeftBehind notHere={notHere} />}
      {problem !== undefined && (
        <Text size="sm">What would stay there could not be looked up: {problem.message}</Text>
      )}
    </Section>
  )
}

/** Both ways, without effect. */
function Rehearsal({ place }: { readonly place: string }) {
  const [reports, setReports] = useState<readonly MoveReport[]>()
  const [problem, setProblem] = useState<VisorError>()
  const [busy, setBusy] = useState(false)
  const rehearse = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      setReports(await request('dual.rehearse'))
    } catch (error) {
      setReports(undefined)
      setProblem(asVisorError(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Section title="Rehearse">
      <p>
        Goes both ways up to the switch, and stops there: {place} is reached and asked, nothing is changed.
      </p>
      <Button variant="default" loading={busy} onClick={() => void rehearse()}>
        {reports === undefined ? 'Rehearse both ways' : 'Rehearse again'}
      </Button>
      {problem !== undefined && <ErrorNote error={problem} />}
      {reports !== undefined && (
        <div className={styles.reports} role="status">
          {reports.map((report) => (
            <MoveReportCard key={report.to} report={report} />
          ))}
        </div>
      )}
    </Section>
  )
}

interface EndPairingProps {
  readonly state: DualState
  readonly place: string
  readonly onDone: () => void
}

/** Both go their own ways: asked first, as what waits is forgotten. */
function EndPairing({ state, place, onDone }: EndPairingProps) {
  const [asked, setAsked] = useState(false)
  const [busy, setBusy] = useState(false)
  const { attempt } = useActions()
  const clients = state.pairings.map(({ clientId }) => clientId)
  const lost = state.waiting + state.conflicts
  const end = () => {
    setBusy(true)
    void attempt(async () => {
      for (const clientId of clients) await request('dual.unpair', { clientId })
      setAsked(false)
    }).finally(() => {
      setBusy(false)
      onDone()
    })
  }
  return (
    <Section title="Give the move up">
      <p>
        Without the pairing this machine and {place} go their own ways. Nothing is deleted on either; to move
        later, the gallery is copied and compared again.
      </p>
      <Button variant="default" onClick={() => setAsked(true)}>
        End the pairing…
      </Button>
      <Modal opened={asked} onClose={() => setAsked(false)} title="End the pairing" size={480}>
        <Text size="sm" mb={12}>
          {clients.join(', ')}: edits are no longer kept for {place}.{' '}
          {lost === 0
            ? 'None waits.'
            : `${counted(lost, 'edit')} that waited for it ${lost === 1 ? 'stays' : 'stay'} here, and never ${lost === 1 ? 'reaches' : 'reach'} it.`}
        </Text>
        <Group justify="end" gap={8}>
          <Button variant="default" onClick={() => setAsked(false)}>
            Cancel
          </Button>
          <Button color="red" loading={busy} onClick={end}>
            {lost === 0 ? 'End the pairing' : `End the pairing, drop ${counted(lost, 'edit')}`}
          </Button>
        </Group>
      </Modal>
    </Section>
  )
}
