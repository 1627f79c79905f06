/**
 * An edit that is known beyond the store that carries it out. Main, store's threads, command line.
 *
 * [Note: Acts] Where a console works with a server, every edit is an act: it has an id before it is carried out, its entry in the
 * ledger has the same id, and the ids of all that it makes follow from it. So the same act gives the same people, photos and
 * faces on whichever side it is carried out, and the server, which keeps the ids of the acts it has carried out, does so once,
 * however often it is asked. While the server is gone an act is carried out on the cache, and kept in its outbox in the same
 * transaction, with all that it takes to do it again; later it is replayed on the server, in one transaction. There it is held
 * up where somebody else changed the same people since the state that the console had followed: a person decides.
 *
 * The server forgets an act once its console waits with none as old, and a month is over: an act is asked for only while it is in
 * work or in the outbox, so never again. By the acts of the month a console knows its own changes from others'. Of consoles that
 * were not heard of for a year acts go all the same; if such a one does come back with an act that was carried out, the
 * key of its ledger entry refuses it, and it is held.
 */
import { deserialize, serialize } from 'node:v8'
import { z } from 'zod'
import type { WireError } from '../../src-shared/errors'
import type { ClientId, Domain, FaceId, LedgerId, PersonId } from '../../src-shared/ids'

/** What is called again when an act is replayed: a write of the gallery, with its arguments but the context. */
export interface ActCall {
  readonly method: string
  /** {@link encodeArguments} of them. */
  readonly args: Uint8Array
}

/** To be carried out on the cache, and kept for the server. */
export interface QueuedAct {
  readonly kind: 'queued'
  readonly id: LedgerId
  readonly call: ActCall
  /**
   * What the cache holds of the server: other people and domains are not changed here. `paired`: it is the local gallery, where
   * only what is of a paired client goes to the server; see [Note: Paired gallery].
   */
  readonly holds: ReadonlyMap<ClientId, HeldDomains> | 'paired'
}

/** What is held of a client: whole domains, as they were at a revision. */
export interface HeldDomains {
  readonly revision: number
  readonly domains: ReadonlySet<Domain>
}

/** To be carried out on the server, once. */
export interface SentAct {
  readonly kind: 'sent'
  readonly id: LedgerId
  /** Whose it is: a console does not stand in its own way. */
  readonly console: string
  /** Where it comes from the outbox. */
  readonly replayed?: ReplayedAct
  /** Where somebody waits for it. */
  readonly wait?: Wait
}

/**
 * Whether somebody still waits for an act: `[0]` is 1 once nobody does, because it goes to the outbox instead. Then it is not carried
 * out any more by whoever has it in work; otherwise it would come to a server that is back past all that an act from the outbox is
 * compared with. In shared memory: the thread that has it in work cannot be told.
 */
export type Wait = Int32Array<SharedArrayBuffer>

export function newWait(): Wait {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
}

export function endWait(wait: Wait): void {
  Atomics.store(wait, 0, 1)
}

export interface ReplayedAct {
  /** Said, because what the arguments name may be gone. */
  readonly clientId: ClientId
  /** When it was carried out on the cache, Unix ms. */
  readonly madeAt: number
  /** Whom it touched there: the same people are touched here, or it is held. */
  readonly people: readonly PersonId[]
  /** Nobody else may have touched them since this revision of the client; `null` = somebody decided that it holds all the same. */
  readonly base: number | null
  /** Of these people, what others did up to this revision was decided about already. */
  readonly settled: SettledPeople
  /** Faces that were told apart from those it gave to somebody: that is not known there. */
  readonly ruledOut: readonly RuledOut[]
}

/** This face is not this person. */
export interface RuledOut {
  readonly faceId: FaceId
  readonly personId: PersonId
}

/** Revisions of the client, by person. */
export type SettledPeople = Readonly<Record<PersonId, number>>

export type Act = QueuedAct | SentAct

/** An act in the outbox. */
export interface OutboxEntry {
  readonly id: LedgerId
  readonly clientId: ClientId
  readonly actor: string
  readonly summary: string
  /** Unix ms. */
  readonly madeAt: number
  readonly people: readonly PersonId[]
  /** Why the server did not take it, for a decision; absent while it waits its turn. */
  readonly held?: WireError
}

/** An act, with those of its people whom the server had when it was made. */
export interface SoughtAct {
  readonly id: LedgerId
  readonly clientId: ClientId
  /** The revision of its client that the cache held. */
  readonly base: number
  readonly people: readonly PersonId[]
}

/** An act with all that it takes to carry it out again. */
export interface WholeAct extends OutboxEntry {
  readonly call: ActCall
  readonly reason?: string
  /** The revision of its client that the cache held; `null` = whoever changed the same people since, it holds. */
  readonly base: number | null
  /** As in {@link ReplayedAct}. */
  readonly settled: SettledPeople
  /** As in {@link ReplayedAct}. */
  readonly ruledOut: readonly RuledOut[]
}

/** The arguments of a call as they are kept: vectors and pictures as bytes. */
export function encodeArguments(args: readonly unknown[]): Uint8Array {
  return serialize(args)
}

export function decodeArguments(bytes: Uint8Array): readonly unknown[] {
  return z.array(z.unknown()).parse(deserialize(bytes))
}
