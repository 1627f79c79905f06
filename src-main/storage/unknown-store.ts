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
import type { ClientId, Domain, FaceId, ModelId, PersonId } from '../../src-shared/ids'
import type { LedgerContext, PersonRef, PhotoRecord, Written } from './gallery-store'

/** The number of an unknown face; a group is known by the least number in it. */
export type UnknownId = number

/** Where faces are grouped: those of one model in one domain. */
export interface UnknownScope {
  readonly clientId: ClientId
  readonly domain: Domain
  readonly modelId: ModelId
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

export interface UnknownGroup {
  readonly groupId: UnknownId
  readonly faces: number
  readonly photos: number
  /** Best quality first, at most twelve. */
  readonly someFaces: readonly FaceId[]
  /** When the newest of them was kept (ISO 8601, UTC). */
  readonly newestAt: string
}

export interface UnknownGroupsQuery extends UnknownScope {
  /** Those that were ignored instead of the others. */
  readonly ignored: boolean
  readonly offset: number
  /** 1 … 500. */
  readonly limit: number
}

export interface UnknownGroups {
  /** Groups, ignored or not as was asked. */
  readonly total: number
  /** Unknown faces of the scope, in groups or not. */
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

export interface SuggestionsQuery extends UnknownScope {
  /** Whose faces are searched for, 1 … 64; people who are gone are left out. */
  readonly personIds: readonly PersonId[]
  readonly withinDistance: number
  /** Unknown faces at most, ≥ 1. */
  readonly limit: number
}

/** An unknown face that may be a person's. */
export interface UnknownSuggestion {
  readonly faceId: FaceId
  readonly groupId: UnknownId | undefined
  readonly personId: PersonId
  /** Cosine distance to the nearest of the person's faces. */
  readonly distance: number
}

export interface UnknownStore {
  /**
   * Keeps faces of photos; one that is there already (same photo, boxes that overlap by IoU ≥ 0.5) is not kept again. Keeps
   * nothing where there is no such domain. Housekeeping: no ledger entry. Gives how many are new.
   */
  keep(
    scope: UnknownScope,
    photos: readonly { readonly photo: PhotoRecord; readonly faces: readonly EmbeddedFace[] }[],
  ): Promise<number>
  /** Domains of the client that have unknown faces of the model. */
  domains(clientId: ClientId, modelId: ModelId): Promise<readonly Domain[]>
  /** Numbers of unknown faces, ascending, greater than `after`; 10,000 at most. */
  ids(scope: UnknownScope, after: UnknownId): Promise<readonly UnknownId[]>
  /** The faces with their neighbours, which are searched for where that was not done yet and are kept. */
  link(query: LinkQuery): Promise<readonly LinkedFace[]>
  /** Puts faces into groups, 1,000 at most in one call; `null` = none. */
  setGroups(faces: readonly { readonly id: UnknownId; readonly group: UnknownId | null }[]): Promise<void>
  /** Groups of two faces or more. */
  groups(query: UnknownGroupsQuery): Promise<UnknownGroups>
  /** The faces of a group that can be this person's, or a new one's of that name in `domain`. Raises `not-found`. */
  groupFaces(clientId: ClientId, groupId: UnknownId, domain: Domain, to: PersonRef): Promise<GroupFaces>
  /** Sets a group aside, or takes it back. In the ledger. Raises `not-found`. */
  ignore(
    clientId: ClientId,
    groupId: UnknownId,
    ignored: boolean,
    context: LedgerContext,
  ): Promise<Written<{ readonly faces: number }>>
  /** Unknown faces of the domain within a distance of these people's faces, each with its nearest person; nearest first. */
  suggestions(query: SuggestionsQuery): Promise<readonly UnknownSuggestion[]>
  /**
   * Removes for good faces that were kept before `before` (Unix ms) and are still unknown, 1,000 at most in one call; gives
   * how many. Those that somebody was ruled out for stay, as faces that were ruled out, and are no longer unknown.
   */
  expire(before: number): Promise<number>
}
