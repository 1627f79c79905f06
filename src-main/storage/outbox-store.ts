/** Edits that were made on the cache while the server was gone, in their order; see [Note: Acts]. Main, store's threads. */
import type { WireError } from '../../src-shared/errors'
import type { LedgerId } from '../../src-shared/ids'
import type { OutboxEntry, SoughtAct, WholeAct } from './act'

export interface OutboxStore {
  /** Which console this is to the server. */
  console(): Promise<string>
  /** All of it, oldest first. */
  entries(): Promise<readonly OutboxEntry[]>
  /** Acts that wait for the server alone, oldest first: none on the same people is held, or waits for one that is. */
  ready(): Promise<readonly LedgerId[]>
  /** Raises `not-found`. */
  act(id: LedgerId): Promise<WholeAct>
  /** All that still say whom they are about, to find out who was erased on the server. */
  sought(): Promise<readonly SoughtAct[]>
  /** Takes the content of acts about somebody who was erased, here and in this console's own history; that there was one stays. */
  strike(ids: readonly LedgerId[]): Promise<void>
  /** The server has carried it out. */
  sent(id: LedgerId): Promise<void>
  /** Holds an act for a decision. Raises `not-found`. */
  hold(id: LedgerId, why: WireError): Promise<void>
  /** Lets a held act be tried again: whoever changed the same people meanwhile, where `anyway`. Raises `not-found`. */
  retry(id: LedgerId, anyway: boolean): Promise<void>
  /** Forgets a held act. Raises `not-found`; `conflict` where it is not held. */
  drop(id: LedgerId): Promise<void>
}
