/** What a cache of a server is asked, beside what any store is; its threads answer. Main, store's threads. */
import type { MessagePort } from 'node:worker_threads'
import type { CacheCheck, CacheContents, CacheDifference, SyncReport } from '../../../src-shared/cache'
import type { ClientId, Domain } from '../../../src-shared/ids'
import type { WriteControl } from '../written'
import type { ErasedThere } from './follow-erasures'

/** What of a client is whole, and as of when. */
export interface HeldClient {
  readonly clientId: ClientId
  /** On the server. */
  readonly revision: number
  /** Unix milliseconds. */
  readonly asOf: number
  /** Whole domains and how many embeddings each has, of all models, give or take a few changes. */
  readonly domains: ReadonlyMap<Domain, number>
  /** These are all domains that the client has at that revision. */
  readonly complete: boolean
}

export interface CacheStore {
  contents(): Promise<CacheContents>
  /** What can be searched here. */
  held(): Promise<readonly HeldClient[]>
  /** Whether a domain is to be here; done with the next {@link sync}. Raises `conflict` for a gallery that is paired: all of it is. */
  choose(clientId: ClientId, domain: Domain, chosen: boolean): Promise<void>
  /**
   * Of a local gallery, whose edits are kept for the server since before it was copied there: compares all of a client on both sides
   * and, where nothing differs but what was edited here since, pairs it. Otherwise gives what differs, and changes nothing.
   * Raises as {@link sync}; `conflict` where its edits are not kept.
   */
  pair(clientId: ClientId, port: MessagePort, control: WriteControl): Promise<readonly CacheDifference[]>
  /** Compares as {@link verify} does, and changes nothing. Raises as {@link sync}. */
  compare(port: MessagePort, control: WriteControl): Promise<CacheCheck>
  /**
   * Of a local gallery that is paired, while the server is on trial: takes faces of nobody that others erased there, and gives the people
   * who are to be erased here, of one client, until there are none; see [Note: Erasures on trial]. Raises as {@link sync}.
   */
  followErasures(port: MessagePort, control: WriteControl): Promise<ErasedThere | undefined>
  /**
   * Of a local gallery that is paired: brings people to what the server has of them, where somebody decided so; gives whose. No act may be
   * replayed meanwhile. Raises as {@link sync}.
   */
  renewSettled(port: MessagePort, control: WriteControl): Promise<readonly ClientId[]>
  /**
   * Brings the cache to what the server (at the other end of `port`, which is closed then) now has. Stopped at any point, what was
   * done is kept. Raises {@link ServerError}, what `signal` says, `disk-full`.
   */
  sync(port: MessagePort, control: WriteControl): Promise<SyncReport>
  /** Compares counts and hashes of every table and domain on both sides, and reads anew what differs. Raises as {@link sync}. */
  verify(port: MessagePort, control: WriteControl): Promise<CacheCheck>
}
