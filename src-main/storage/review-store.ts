/**
 * Faces of enrolments that somebody has to look at before they join a person: kept until they are decided, with all that
 * it takes to decide. Implemented by the same SQLite threads as the local gallery.
 *
 * Deciding is a write of the gallery: the face joins (or is ruled out) and the review is settled in one transaction, under
 * one entry of the ledger; `GalleryStore.undo` of that entry makes the review wait again.
 */
import type { EmbeddedFace } from '../../src-shared/face'
import type { FaceChoice, GateKind } from '../../src-shared/gate'
import type { ClientId, Domain, ModelId, PersonId, ReviewId, Sha256 } from '../../src-shared/ids'
import type { AssignedFace, PersonRef, PhotoRecord } from './gallery-records'
import type { LedgerContext, Written } from './written'

/** Where faces are to be enrolled. */
export interface ReviewScope {
  readonly clientId: ClientId
  readonly domain: Domain
  readonly modelId: ModelId
}

/** A photo that somebody has to look at. */
export interface NewReview {
  /** Whom it is for; without an id who has the name by then, or somebody new. */
  readonly person: { readonly personId?: PersonId | undefined; readonly name: string }
  readonly photo: PhotoRecord
  readonly facesInPhoto: number
  readonly choice: FaceChoice
  /** What spoke against it, to filter by. */
  readonly kinds: readonly GateKind[]
  /** The face, or those to choose from; with their crops. ≥ 1. */
  readonly faces: readonly EmbeddedFace[]
}

/** A review as it waits. */
export interface WaitingReview {
  readonly reviewId: ReviewId
  readonly domain: Domain
  /** By id where they are there; the name alone where it is to be somebody new. */
  readonly person: { readonly personId?: PersonId; readonly name: string }
  readonly path: string
  readonly kinds: readonly GateKind[]
  /** Faces to choose from. */
  readonly faces: number
  /** ISO 8601, UTC. */
  readonly createdAt: string
}

/** A review with what a decision needs; crops are asked for one by one. */
export interface WholeReview extends Omit<WaitingReview, 'faces'>, ReviewScope {
  readonly photo: PhotoRecord
  readonly facesInPhoto: number
  readonly choice: FaceChoice
  readonly faces: readonly Omit<EmbeddedFace, 'crop'>[]
}

export interface ReviewsQuery {
  readonly clientId: ClientId
  /** `null` = every domain. */
  readonly domain: Domain | null
  /** `null` = whatever spoke against it. */
  readonly kind: GateKind | null
  readonly offset: number
  /** 1 … 500. */
  readonly limit: number
}

export interface ReviewStore {
  /**
   * Puts photos in, in their order; one that waits or was decided before for the same person is left out. Nothing is put in where there is no such
   * domain. Housekeeping: no ledger entry. Gives how many are new.
   */
  add(scope: ReviewScope, reviews: readonly NewReview[]): Promise<number>
  /** Photos that wait or were decided, and for which names: a second enrolment leaves them alone. */
  photos(scope: ReviewScope): Promise<ReadonlyMap<Sha256, readonly string[]>>
  /** What waits, oldest first, of live domains; and how much of it there is by kind and by domain, whatever the query filters by. */
  waiting(query: ReviewsQuery): Promise<{
    readonly total: number
    readonly reviews: readonly WaitingReview[]
    readonly byDomain: readonly { readonly domain: Domain; readonly count: number }[]
    readonly byKind: readonly { readonly kind: GateKind; readonly count: number }[]
  }>
  /** Raises `not-found` where it does not wait (any more). */
  review(reviewId: ReviewId): Promise<WholeReview>
  /** JPEG of a face. Raises `not-found`. */
  crop(reviewId: ReviewId, position: number): Promise<Uint8Array>
  /**
   * Gives a face of the review to a person of its domain. Raises `not-found`; what `GalleryStore.assignFaces` raises.
   */
  accept(
    reviewId: ReviewId,
    position: number,
    person: PersonRef,
    context: LedgerContext,
  ): Promise<Written<AssignedFace>>
  /**
   * Says that it is not the person: the one face is ruled out for them where they are there; where they are not, or there were
   * several faces to choose from, the review is settled and nothing else. Raises `not-found`.
   */
  reject(reviewId: ReviewId, context: LedgerContext): Promise<Written<void>>
  /** Removes for good what was settled before `before` (Unix ms); gives how many. An undo of theirs brings no review back. */
  forget(before: number): Promise<number>
}
