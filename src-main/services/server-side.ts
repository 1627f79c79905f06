/** What there is to a server beside its galleries: this console's cache of it, and what waits to be brought there. Runs in main. */
import type { CacheCheck, CacheState, SyncReport } from '../../src-shared/cache'
import type { ClientId, Domain, LedgerId } from '../../src-shared/ids'
import type { OutboxEntry } from '../storage/act'
import type { IndexStore } from '../storage/index-store'
import type { WriteControl } from '../storage/written'

export interface ServerSide {
  /** What the server searches by. Raises `server-unreachable` while it is away. */
  index(): IndexStore
  readonly cache: {
    state(): Promise<CacheState>
    /** Whether a domain is to be kept here; done soon. */
    choose(clientId: ClientId, domain: Domain, chosen: boolean): Promise<void>
    /** Both raise `server-unreachable` while the server is away, `cancelled`. */
    sync(control: WriteControl): Promise<SyncReport>
    verify(control: WriteControl): Promise<CacheCheck>
  }
  readonly outbox: {
    /** Oldest first. */
    entries(): Promise<readonly OutboxEntry[]>
    /** Raise `not-found`; `drop` also `conflict` for what is not held. */
    retry(id: LedgerId, anyway: boolean): Promise<void>
    drop(id: LedgerId): Promise<void>
  }
  /** Looks for a server that is away now, not after a pause. */
  tryNow(): Promise<void>
}
