/** What there is to a server beside its galleries: this console's cache of it, and what waits to be brought there. Runs in main. */
import type { MessagePort } from 'node:worker_threads'
import type { CacheCheck, CacheState, SyncReport } from '../../src-shared/cache'
import type { ClientId, Domain, LedgerId } from '../../src-shared/ids'
import type { OutboxEntry } from '../storage/act'
import type { IndexStore } from '../storage/index-store'
import type { OpenStore } from '../storage/open-store'
import type { WriteControl } from '../storage/written'

/** The server itself, as whoever moves a gallery there and back sees it. */
export interface FarServer extends Pick<OpenStore, 'gallery' | 'close'> {
  readonly feed: {
    /** Which gallery this is. */
    identity(): Promise<string>
    /** Of a client, at this moment. */
    revision(clientId: ClientId): Promise<number>
  }
  /** A port to read the server by; whoever gets it closes it. */
  snapshots(): MessagePort
}

export interface ServerSide {
  /** The server itself while it answers; nothing while it does not. */
  server(): FarServer | undefined
  /** Brings there what waits in the outbox, while the server answers. */
  bring(): Promise<void>
  /** What the server searches by. Raises `server-unreachable` while it is away. */
  index(): IndexStore
  readonly cache: {
    state(): Promise<CacheState>
    /** Whether a domain is to be kept here; done soon. */
    choose(clientId: ClientId, domain: Domain, chosen: boolean): Promise<void>
    /** Both raise `server-unreachable` while the server is away, `cancelled`. */
    sync(control: WriteControl): Promise<SyncReport>
    verify(control: WriteControl): Promise<CacheCheck>
    /** Stops what is under way, kept as far as it is; it goes on with the next change on the server. */
    interrupt(): void
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
