/** Edits that were made on the cache while the server was gone, in their order; see [Note: Acts]. Main, store's threads. */
import type { WireError } from '../../src-shared/errors'
import type { FaceId, LedgerId } from '../../src-shared/ids'
import type { OutboxEntry, SoughtAct, WholeAct } from './act'
import type { BroughtFace, FaceThere } from './unknown-store'

/**
 * An unknown face that was kept here while the gallery was on a server as well.
 *
 * [Note: Own faces] Unknown faces are kept on one side: what a photo is searched for leaves nothing on a server that is on trial. So an
 * edit may name a face that the server never had: before it is replayed, the face is brought there, by its id. Which faces those
 * are is noted when they are kept: one that the server had and has no longer is not brought again, as an erasure may have taken it.
 */
export interface OwnFace extends BroughtFace {
  /** How the server calls it, where an edit brought it there and it had it already. */
  readonly there: FaceId | null
}

export interface OutboxStore {
  /** Which console this is to the server. */
  console(): Promise<string>
  /** The edits in it, oldest first; and messages of a move ([Note: Paired gallery]) that are held. */
  entries(): Promise<readonly OutboxEntry[]>
  /** Acts that wait for the server alone, oldest first: none on the same people is held, or waits for one that is. */
  ready(): Promise<readonly LedgerId[]>
  /** Raises `not-found`. */
  act(id: LedgerId): Promise<WholeAct>
  /** All that may still be carried out, to find out who was erased on the server. */
  sought(): Promise<readonly SoughtAct[]>
  /** Takes the content of acts about somebody who was erased, here and in this console's own history; that there was one stays. */
  strike(ids: readonly LedgerId[]): Promise<void>
  /** The server has carried it out. */
  sent(id: LedgerId): Promise<void>
  /**
   * Holds an act for a decision. `seen`: the revision of its client that it was compared with, if it was: what somebody decides is
   * about what others did until then. Raises `not-found`.
   */
  hold(id: LedgerId, why: WireError, seen: number | undefined): Promise<void>
  /**
   * Lets a held act be tried again. `anyway`: whoever changed the same people meanwhile; what others did to them, as far as it was
   * seen, holds up no other act either. Raises `not-found`.
   */
  retry(id: LedgerId, anyway: boolean): Promise<void>
  /**
   * Forgets a held act. What others did to its people, as far as it was seen, holds up no act that is made from now on; a gallery that
   * is paired is brought to what the server has of them. Raises `not-found`; `conflict` where it is not held.
   */
  drop(id: LedgerId): Promise<void>
  /** Of these faces, those that were kept here and that the server does not know, or has by another id. */
  ownFaces(ids: readonly FaceId[]): Promise<readonly OwnFace[]>
  /** The server has them now. */
  brought(faces: readonly FaceThere[]): Promise<void>
}
