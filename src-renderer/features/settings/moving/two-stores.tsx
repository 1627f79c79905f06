/** A picture of the two stores: who answers, and what goes or waits between them. Renderer. */
import { Button } from '@mantine/core'
import { IconDeviceDesktop, IconServer } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { CacheState } from '../../../../src-shared/cache'
import type { DualState } from '../../../../src-shared/dual'
import type { StoreStatus } from '../../../../src-shared/status'
import { useActions } from '../../../state/use-visor'
import { asOf, counted } from '../../../wording'
import { betweenStores, followedUntil } from './between-stores'
import styles from './two-stores.module.css'

interface TwoStoresProps {
  readonly state: DualState
  readonly store: StoreStatus
  /** What is here of the server, where this machine follows it. */
  readonly copy: CacheState | undefined
  readonly place: string
}

export function TwoStores({ state, store, copy, place }: TwoStoresProps) {
  const { remember } = useActions()
  const { mode, pairings, conflicts } = state
  const { server } = store
  const away = server?.state === 'gone' || server?.state === 'failed'
  const absent = pairings.length === 0 && server === null
  const until = followedUntil(copy)
  const people = `${counted(store.persons, 'person', 'people')}, ${counted(store.faces, 'face')}`
  return (
    <section className={styles.picture} aria-label="The two stores">
      <Store
        name="This machine"
        picture={<IconDeviceDesktop size={30} stroke={1.3} aria-hidden />}
        answers={mode !== 'server' || away}
        facts={
          mode !== 'server' ? [people] : [until === undefined ? 'has a copy' : `has all up to ${asOf(until)}`]
        }
      />
      <div className={styles.between}>
        {betweenStores(state, server).map(({ direction, text, tone }) => (
          <div key={text} className={styles.way} data-direction={direction} data-tone={tone}>
            <span>{text}</span>
            <span className={styles.arrow} aria-hidden />
          </div>
        ))}
        {conflicts > 0 && (
          <Button size="compact-xs" variant="light" onClick={() => remember({ settingsPage: 'cache' })}>
            Decide
          </Button>
        )}
      </div>
      <Store
        name={absent ? 'No server' : place}
        picture={<IconServer size={30} stroke={1.3} aria-hidden />}
        answers={mode === 'server' && !away}
        absent={absent}
        facts={serverFacts(state, server, people)}
      />
    </section>
  )
}

function serverFacts({ mode, pairings }: DualState, server: StoreStatus['server'], people: string): string[] {
  if (pairings.length === 0) return [server === null ? 'nothing is copied' : 'not paired with this machine']
  const domains = pairings.flatMap((pairing) => pairing.domains)
  const copied = mode === 'server' ? people : counted(domains.length, 'domain')
  if (server === null) return [copied, 'not asked in this mode']
  if (server.state === 'up') return [copied, mode === 'dual' ? 'on trial' : 'connected']
  if (server.state === 'opening') return [copied, 'connecting']
  return [copied, server.since === null ? 'cannot be reached' : `no answer since ${asOf(server.since)}`]
}

interface StoreProps {
  readonly name: string
  readonly picture: ReactNode
  readonly answers: boolean
  readonly absent?: boolean
  readonly facts: readonly string[]
}

function Store({ name, picture, answers, absent = false, facts }: StoreProps) {
  return (
    <div className={styles.store} data-answers={answers || undefined} data-absent={absent || undefined}>
      {picture}
      <strong className={styles.name} title={name}>
        {name}
      </strong>
      {!absent && <span className={styles.answers}>{answers ? '✓ answers analysts' : '– stands by'}</span>}
      {facts.map((fact) => (
        <span key={fact} className={styles.fact}>
          {fact}
        </span>
      ))}
    </div>
  )
}
