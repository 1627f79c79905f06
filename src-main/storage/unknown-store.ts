/**
 * Faces of recognised photos that nobody was named for: kept for a while, linked to their nearest, in groups. What is done
 * to a group's faces is done by `GalleryStore` (`moveFaces`), so that history and undo are the same for all faces. Implemented
 * by the same SQLite worker as the local gallery.
 *
 * A face is unknown while it is live, was kept here and has no person: one that is given to a person leaves by that, and is
 * back when that is undone. Numbers of faces (`UnknownId`) are small integers, one a face and model, never used twice at
 * the same time.
 */
import type { EmbeddedFace } from '../../src-shared/face'
import type { ClientId, Domain, FaceId, ModelId, PersonId, PhotoId } from '../../src-shared/ids'
import type {
  NearestPerson,
  Suggestion,
  UnknownCounts,
  UnknownFace,
  UnknownGroup,
} from '../../src-shared/unknown'
import type { PersonRef, PhotoRecord } from './gallery-records'
import type { LedgerContext, Written } from './written'

/** The number of an unknown face; a group is known by the least number in it. */
export type UnknownId = number

/** Where faces are grouped: those of one model in one domain. */
export interface UnknownScope {
  readonly clientId: ClientId
  readonly domain: Domain
  readonly modelId: ModelId
}

/** An unknown face of another store of the same gallery, with the ids that it and its photo have there. */
export interface BroughtFace {
  readonly faceId: FaceId
  readonly photoId: PhotoId
  readonly domain: Domain
  readonly modelId: ModelId
  readonly photo: PhotoRecord
  readonly face: EmbeddedFace
}

/** What a brought face is here: itself, or one that was there already, and whose that is. */
export interface FaceThere {
  readonly faceId: FaceId
  readonly there: FaceId
  readonly personId: PersonId | null
}

/** An unknown face with its nearest, of those that were there when it was linked. */
export interface LinkedFace {
  readonly id: UnknownId
  /** The same for two faces of one photo. */
  readonly photo: string
  /** The group it was put in last. */
  readonly group: UnknownId | undefined
  /** Nearest first; cosine distance. Some may be unknown no more. */
  readonly neighbours: readonly { readonly id: UnknownId; readonly distance: number }[]
}

export interface LinkQuery extends UnknownScope {
  /** 1 … 256; those that are unknown no more are left out. */
  readonly ids: readonly UnknownId[]
  /** Cosine distance within which faces are neighbours. */
  readonly withinDistance: number
  /** Neighbours of each at most, ≥ 1. */
  readonly nearest: number
}

/** What keeps a face apart from others, where that is more than its photo. */
export interface FaceConstraint {
  readonly id: UnknownId
  /** Faces that were told apart: one with a number and one with its opposite are never in one group. Never 0. */
  readonly sides: readonly number[]
  /** The photo is a mirror or a collage: it may show a person twice, so it keeps nobody apart. */
  readonly photoRepeats: boolean
}

export interface UnknownGroupsQuery extends Omit<UnknownScope, 'domain'> {
  /** `null` = every domain of the client. */
  readonly domain: Domain | null
  /** Those that were ignored instead of the others. */
  readonly ignored: boolean
  readonly offset: number
  /** 1 … 500. */
  readonly limit: number
}

export interface UnknownGroups {
  /** Groups, ignored or not as was asked. */
  readonly total: number
  /** Unknown faces there, in groups or not. */
  readonly faces: number
  /** Largest first. */
  readonly groups: readonly UnknownGroup[]
}

/** Which faces of a group can be one person's. */
export interface GroupFaces {
  readonly faceIds: readonly FaceId[]
  /** Faces that stay behind: ruled out for the person, or in a photo that has the person already. */
  readonly leftOut: number
}

export interface GroupPage {
  readonly total: number
  /** Best quality first. */
  readonly faces: readonly UnknownFace[]
}

export interface NearestPersonsQuery extends UnknownScope {
  /** Unknown faces; the sixteen best of them are searched for. */
  readonly faceIds: readonly FaceId[]
  /** People at most, ≥ 1. */
  readonly limit: number
}

export interface SuggestionSearch extends Omit<UnknownScope, 'domain'> {
  /** Cosine distance within which a face may be the person's. */
  readonly withinDistance: number
  /** Unknown faces that are looked at of each person, the nearest; ≥ 1. */
  readonly limit: number
}

export interface UnknownStore {
  /**
   * Keeps faces of photos; one that is there already (same photo, boxes that overlap by IoU ≥ 0.5) is not kept again, nor
   * where a face of the same bytes was deleted, unless that was undone or is gone from the bin. Keeps nothing where there is no such
   * domain. Housekeeping: no ledger entry. Gives how many are new.
   */
  keep(
    scope: UnknownScope,
    photos: readonly { readonly photo: PhotoRecord; readonly faces: readonly EmbeddedFace[] }[],
  ): Promise<number>
  /**
   * Keeps faces by the ids that they have in another store of the gallery; one that is there already, by its id or its place in the
   * photo, stays as it is. Housekeeping: no ledger entry. Raises `not-found` where there is no such domain.
   */
  bring(clientId: ClientId, faces: readonly BroughtFace[]): Promise<readonly FaceThere[]>
  /** Domains of the client that have unknown faces of the model. */
  domains(clientId: ClientId, modelId: ModelId): Promise<readonly Domain[]>
  /** Numbers of unknown faces, ascending, greater than `after`; 10,000 at most. */
  ids(scope: UnknownScope, after: UnknownId): Promise<readonly UnknownId[]>
  /** The faces with their neighbours, which are searched for where that was not done yet and are kept. */
  link(query: LinkQuery): Promise<readonly LinkedFace[]>
  /** All that keeps faces of the scope apart, beside their photos. */
  constraints(scope: UnknownScope): Promise<readonly FaceConstraint[]>
  /** Puts faces into groups, 1,000 at most in one call; `null` = none. */
  setGroups(faces: readonly { readonly id: UnknownId; readonly group: UnknownId | null }[]): Promise<void>
  /** How many there are of a client, in groups and not. */
  counts(clientId: ClientId, modelId: ModelId): Promise<Omit<UnknownCounts, 'suggestions'>>
  /** Groups of two faces or more. */
  groups(query: UnknownGroupsQuery): Promise<UnknownGroups>
  /** The group that an unknown face is in; `undefined` where it is in none, or is unknown no more. */
  groupOf(clientId: ClientId, faceId: FaceId): Promise<UnknownId | undefined>
  /** Some faces of a group, 1 … 500. Raises `not-found`. */
  faces(clientId: ClientId, groupId: UnknownId, offset: number, limit: number): Promise<GroupPage>
  /**
   * The faces of a group, or those of them that are named, that can be this person's, or a new one's of that name in
   * `domain`. Raises `not-found`.
   */
  groupFaces(
    clientId: ClientId,
    groupId: UnknownId,
    domain: Domain,
    to: PersonRef,
    faceIds?: readonly FaceId[],
  ): Promise<GroupFaces>
  /** The people of the domain nearest to these faces; nobody who is ruled out for all of them. Nearest first. */
  nearestPersons(query: NearestPersonsQuery): Promise<readonly NearestPerson[]>
  /**
   * Says that these faces of a group are not whom the others show: they leave it, and are never in one group with them
   * again (with the thousand best of them, where there are more). In the ledger; an undo puts them back. Raises
   * `not-found`; `invalid-argument` where none would stay.
   */
  takeOut(
    clientId: ClientId,
    groupId: UnknownId,
    faceIds: readonly FaceId[],
    context: LedgerContext,
  ): Promise<Written<{ readonly faces: number }>>
  /** Sets a group aside, or takes it back. In the ledger. Raises `not-found`. */
  ignore(
    clientId: ClientId,
    groupId: UnknownId,
    ignored: boolean,
    context: LedgerContext,
  ): Promise<Written<{ readonly faces: number }>>
  /**
   * Compares the next people who were changed since the last call, sixteen at most, with the unknown faces of their
   * domains, and keeps what it finds. Housekeeping: no ledger entry. Gives how many people; 0 = there are no more.
   */
  findSuggestions(query: SuggestionSearch): Promise<number>
  /**
   * The unknown faces that were found to look like somebody, within the distance: each with its nearest person whom it can
   * be, and of the faces of one photo only the nearest to a person. By person, nearest first.
   */
  suggestions(
    query: SuggestionSearch,
  ): Promise<{ readonly total: number; readonly some: readonly Suggestion[] }>
  /**
   * Removes for good faces that were kept before `before` (Unix ms) and are still unknown, 1,000 at most in one call; gives
   * how many. Those that somebody was ruled out for stay, as faces that were ruled out, and are no longer unknown.
   */
  expire(before: number): Promise<number>
  /**
   * Removes for good all unknown faces of a client, as {@link expire} does; in the ledger, not to be undone. Gives how many.
   */
  forget(clientId: ClientId, context: LedgerContext): Promise<number>
}
