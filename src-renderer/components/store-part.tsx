/** Where the galleries are and how it stands with them, in the status bar. Renderer. */
import { Button, Tooltip } from '@mantine/core'
import type { StoreStatus } from '../../src-shared/status'
import type { ServerState } from '../../src-shared/store-mode'
import { useActions } from '../state/use-visor'
import { asOf, count, counted } from '../wording'
import styles from './status-bar.module.css'
import { Light } from './status-light'

export function StorePart({ store }: { readonly store: StoreStatus }) {
  const { remember } = useActions()
  const { mode, server } = store
  const page = pageFor(store)
  return (
    <Tooltip label={store.error?.message ?? tooltip(store)} position="top-start">
      <span className={styles.part} data-testid="status-store">
        <Light state={lightOf(store)} />
        <span className={styles.place}>{storeWords(store)}</span>
        {server !== null && waitingWords(server) !== undefined && <span>· {waitingWords(server)}</span>}
        {(mode === 'dual' || server?.state !== 'opening') && store.state === 'ready' && (
          <span>
            · {counted(store.persons, 'person', 'people')} · {count(store.faces)}{' '}
            {store.faces === 1 ? 'face' : 'faces'}
          </span>
        )}
        {page !== undefined && (
          <Button
            size="compact-xs"
            variant="light"
            onClick={() => remember({ screen: 'settings', settingsPage: page.id })}
          >
            {page.label}
          </Button>
        )}
      </span>
    </Tooltip>
  )
}

function lightOf({ state, mode, server }: StoreStatus): 'good' | 'wait' | 'bad' {
  // A server on trial that is away costs nobody anything.
  if (mode === 'dual' && state === 'ready') return server?.state === 'up' ? 'good' : 'wait'
  if (state === 'failed' || server?.state === 'failed') return 'bad'
  if (state === 'opening' || server?.state === 'opening' || server?.state === 'gone') return 'wait'
  return 'good'
}

/** `Store local`, `Dual: this machine answers, compared with db.example:5432/faces`, `Server db.example:5432/faces`, `Server gone since 14:32, answers from the cache`. A place may be long and is cut off: it comes last. */
export function storeWords({ state, mode, server }: Pick<StoreStatus, 'state' | 'mode' | 'server'>): string {
  if (mode === 'local' || server === null) {
    return { opening: 'Store local opening', ready: 'Store local', failed: 'Store local not available' }[
      state
    ]
  }
  if (mode === 'dual') return dualWords(state, server)
  switch (server.state) {
    case 'opening':
      return `Connecting to server ${server.place}`
    case 'up':
      return state === 'failed' ? `Server not available: ${server.place}` : `Server ${server.place}`
    case 'gone': {
      const since = server.since === null ? '' : ` since ${asOf(server.since)}`
      return `Server gone${since}, answers from the cache`
    }
    case 'failed':
      return `Server not available: ${server.place}`
  }
}

function dualWords(state: StoreStatus['state'], { place, state: link, since }: ServerState): string {
  if (state === 'failed') return 'Dual: this machine’s store is not available'
  if (link === 'up') return `Dual: this machine answers, compared with ${place}`
  if (link === 'opening') return `Dual: this machine answers, connecting to ${place}`
  return `Dual: this machine answers, server gone${since === null ? '' : ` since ${asOf(since)}`}`
}

/** What waits for the server, or for somebody to decide. */
function waitingWords({ waiting, conflicts }: ServerState): string | undefined {
  if (conflicts > 0) return `${counted(conflicts, 'edit')} to decide about`
  return waiting > 0 ? `${counted(waiting, 'edit')} waiting` : undefined
}

function tooltip({ engine, server }: StoreStatus): string {
  return server?.error?.message ?? engine
}

/** Where there is something to do about it. */
function pageFor({ mode, server }: StoreStatus) {
  if (server === null) return undefined
  if (server.conflicts > 0) return { id: 'cache', label: 'Decide' } as const
  if (mode === 'dual') return { id: 'validation', label: 'Compare' } as const
  if (server.state === 'failed') return { id: 'connection', label: 'See why' } as const
  return undefined
}
