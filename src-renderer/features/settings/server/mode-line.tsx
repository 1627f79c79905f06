/** Which store is worked on, and the step to the other one. Renderer. */
import { Button, Group, Modal, Text } from '@mantine/core'
import { useState } from 'react'
import type { VisorError } from '../../../../src-shared/errors'
import type { Status } from '../../../../src-shared/status'
import type { StoreMode } from '../../../../src-shared/store-mode'
import { asVisorError, request } from '../../../api'
import { ErrorNote } from '../../../components/error-note'
import { useActions, useVisor } from '../../../state/use-visor'
import { asOf, counted } from '../../../wording'
import { Section, StateLine } from '../page-parts'

interface ModeLineProps {
  /** The server that the form names. */
  readonly place: string
  /** The form can be used as it is. */
  readonly ready: boolean
  /** Whether these galleries move to the server, or were moved; `undefined` until it is known. */
  readonly paired: boolean | undefined
  /** The store that somebody wants to work on, to be confirmed. */
  readonly asked: StoreMode | undefined
  readonly onAsk: (mode: StoreMode | undefined) => void
  /** Keeps the form; whether that worked. */
  readonly save: () => Promise<boolean>
}

export function ModeLine({ place, ready, paired, asked, onAsk, save }: ModeLineProps) {
  const store = useVisor((state) => state.status?.store)
  if (store === undefined) return <StateLine tone="wait">Visor is starting.</StateLine>
  if (paired === true || store.mode === 'dual') return <PairedLine store={store} />
  const other = store.mode === 'local' ? 'server' : 'local'
  const change = (
    <Button variant="default" disabled={other === 'server' && !ready} onClick={() => onAsk(other)}>
      {other === 'server' ? 'Use this server…' : 'Work on this machine…'}
    </Button>
  )
  return (
    <>
      <StateLine
        tone={toneOf(store)}
        action={
          isAway(store) ? (
            <Group gap={8} wrap="nowrap">
              <TryAgain store={store} />
              {change}
            </Group>
          ) : (
            change
          )
        }
      >
        {sentenceOf(store)}
      </StateLine>
      <Why store={store} />
      <Modal
        opened={asked !== undefined}
        onClose={() => onAsk(undefined)}
        title={asked === 'server' ? 'Work on the server' : 'Work on this machine'}
        size={520}
      >
        {asked !== undefined && (
          <Confirmation mode={asked} place={place} save={save} onClose={() => onAsk(undefined)} />
        )}
      </Modal>
    </>
  )
}

/** A gallery that moves to the server goes there, and back, by the gate. */
function PairedLine({ store }: { readonly store: Status['store'] }) {
  const { remember } = useActions()
  const { mode } = store
  return (
    <>
      <StateLine
        tone={toneOf(store)}
        action={
          <Group gap={8} wrap="nowrap">
            {isAway(store) && <TryAgain store={store} />}
            <Button variant="default" onClick={() => remember({ settingsPage: 'cut-over' })}>
              Open Cut-over
            </Button>
          </Group>
        }
      >
        {mode === 'local'
          ? 'The galleries are on this machine. The server has the same, and is not asked.'
          : sentenceOf(store)}
      </StateLine>
      <Why store={store} />
    </>
  )
}

const isAway = ({ server }: Status['store']) => server?.state === 'failed' || server?.state === 'gone'

function TryAgain({ store: { server } }: { readonly store: Status['store'] }) {
  const { attempt } = useActions()
  return (
    <Button onClick={() => void attempt(() => request('mode.connect'))}>
      {server?.state === 'gone' ? 'Look for it now' : 'Try again'}
    </Button>
  )
}

/** What the error means for the work is said by the line above. */
function Why({ store: { server } }: { readonly store: Status['store'] }) {
  if (server?.error == null) return null
  const { consequence: _, ...error } = server.error
  return (
    <Section title="Why">
      <ErrorNote error={error} />
    </Section>
  )
}

const toneOf = ({ mode, server }: Status['store']) =>
  mode === 'local' || server?.state === 'up' ? 'good' : server?.state === 'failed' ? 'bad' : 'wait'

function sentenceOf({ mode, server, persons }: Status['store']): string {
  if (mode === 'local' || server === null) {
    return `The galleries are on this machine: ${counted(persons, 'person', 'people')}. No server is used.`
  }
  if (mode === 'dual') {
    return `The galleries are on this machine: ${counted(persons, 'person', 'people')}. ${server.place} is on trial: it is asked as well, and compared.`
  }
  switch (server.state) {
    case 'opening':
      return `Connecting to ${server.place} …`
    case 'up':
      return `The galleries are on ${server.place}: ${counted(persons, 'person', 'people')}, shared with other consoles.`
    case 'gone': {
      const since = server.since === null ? '' : ` since ${asOf(server.since)}`
      return `${server.place} has not answered${since}. Answers come from the cache; Visor goes on trying.`
    }
    case 'failed':
      return `${server.place} cannot be used. Nothing is searched or changed meanwhile.`
  }
}

interface ConfirmationProps {
  readonly mode: StoreMode
  readonly place: string
  readonly save: () => Promise<boolean>
  readonly onClose: () => void
}

function Confirmation({ mode, place, save, onClose }: ConfirmationProps) {
  const here = useVisor((state) => (state.status?.store.mode === 'local' ? state.status.store.persons : null))
  const [problem, setProblem] = useState<VisorError>()
  const [busy, setBusy] = useState(false)

  async function use() {
    setBusy(true)
    setProblem(undefined)
    try {
      if (mode === 'local' || (await save())) {
        await request('mode.use', { mode })
        onClose()
      }
    } catch (error) {
      setProblem(asVisorError(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <>
      {mode === 'server' ? (
        <>
          <Text size="sm" mb={8}>
            People, photos and decisions are then those on <strong>{place}</strong>, shared with everybody who
            uses it. What you change is changed for all of them, in your name.
          </Text>
          <Text size="sm" mb={16}>
            {here === null ? 'What is' : `The ${counted(here, 'person', 'people')}`} on this machine stay
            here, untouched and unsearched, until you come back. The Identify queue and the settings stay as
            they are; its photos are searched again.
          </Text>
        </>
      ) : (
        <Text size="sm" mb={16}>
          People and photos are then those on this machine again. Nothing is changed on the server; what
          others do there is not seen meanwhile. The photos of the Identify queue are searched again.
        </Text>
      )}
      {problem !== undefined && <ErrorNote error={problem} />}
      <Group justify="end" gap={8} mt={12}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button data-autofocus loading={busy} onClick={() => void use()}>
          {mode === 'server' ? 'Use the server' : 'Use this machine'}
        </Button>
      </Group>
    </>
  )
}
