/** People, photos and faces as a gallery store takes and gives them. */
import type { DetectedFace, EmbeddedFace, UnitEmbedding } from '../../src-shared/face'
import type { PersonDetail, PersonSort } from '../../src-shared/gallery'
import type { Box } from '../../src-shared/geometry'
import type { FindingKind } from '../../src-shared/health'
import type {
  ClientId,
  Domain,
  FaceId,
  ImportRunId,
  ModelId,
  PersonId,
  PhotoId,
  ReviewId,
  Sha256,
} from '../../src-shared/ids'
import type { PerceptualHash } from '../../src-shared/perceptual-hash'

/** A photo as it is recorded: its bytes stay where they are. */
export interface PhotoRecord {
  readonly sha256: Sha256
  readonly path: string
  readonly format: string
  /** Pixels of the upright photo. */
  readonly width: number
  readonly height: number
  /** Absent where the photo was recorded without. */
  readonly perceptualHash?: PerceptualHash | undefined
  /** A mirror or a collage: the same person may be in it more than once. Absent = as it is known already. */
  readonly repeatsPeople?: boolean | undefined
  /** Its bytes were never read: the hash stands in for theirs, and the size is the least that its faces need. */
  readonly seen?: false | undefined
}

export type FaceSource = 'enrolled' | 'confirmed' | 'manual' | 'imported'

/** A person by id, or by name within the call's domain (made where there is none). */
export type PersonRef = { readonly personId: PersonId } | { readonly name: string }

/** Ids of what is made where it is not there yet; without them it gets new ones. */
export interface GivenIds {
  readonly personId: PersonId
  readonly photoId: PhotoId
  readonly faceId: FaceId
}

export interface FaceAssignment {
  readonly person: PersonRef
  readonly photo: PhotoRecord
  /** The crop, where there is one, is kept as the face's reference picture. */
  readonly face: EmbeddedFace
  readonly source: FaceSource
  readonly ids?: GivenIds
  /** Since when another system had what is made here, Unix ms; absent: nobody says, so since now. */
  readonly since?: { readonly person?: number; readonly face?: number }
  /** The review of an enrolment that is decided by this, where it waits here as well. */
  readonly review?: ReviewId
}

/** A photo of an import that was seen at last: which record it is of, what the file is, and what its faces are. */
export interface SeenPhoto {
  readonly photoId: PhotoId
  readonly photo: PhotoRecord
  readonly faces: readonly { readonly faceId: FaceId; readonly face: EmbeddedFace }[]
  /** The run of the import whose photos were looked for: what comes of it is a step of that run. */
  readonly ofRun?: ImportRunId
}

/**
 * What became of a face of it. `seen`: it is what was found; `joined`: it went into a face of the same person that was there;
 * `other-person`: there it is somebody else, or was said not to be this person; `person-twice`: the person has another face
 * there; `gone`: it was deleted or measured meanwhile. The last three change nothing.
 */
export interface SeenFace {
  readonly faceId: FaceId
  readonly outcome: 'seen' | 'joined' | 'other-person' | 'person-twice' | 'gone'
}

/** A face that is not this person. */
export interface RejectedFace {
  readonly photo: PhotoRecord
  readonly face: EmbeddedFace
  readonly personId: PersonId
  /** Where the face is new: where it comes from (`manual` where absent), and its embeddings of further models. */
  readonly source?: FaceSource
  readonly embeddings?: ReadonlyMap<ModelId, UnitEmbedding>
  /** As in {@link FaceAssignment}. */
  readonly review?: ReviewId
}

/** What became of one {@link FaceAssignment}. */
export interface AssignedFace {
  readonly personId: PersonId
  readonly faceId: FaceId
  /**
   * `added`: a new face. `already-there`: this face of this photo is that person's already, nothing changed.
   * `moved`: this face of this photo was unassigned or another person's, and is this person's now.
   */
  readonly outcome: 'added' | 'already-there' | 'moved'
  readonly personCreated: boolean
}

/** What an editor saw in the fields that they change. */
export type SeenFields = Pick<PersonPatch, 'name' | 'wikidataId' | 'occupation' | 'description'>

/** What is to be changed of a person; `null` empties a field. */
export interface PersonPatch {
  readonly name?: string
  readonly wikidataId?: string | null
  readonly occupation?: string | null
  readonly description?: string | null
  readonly tags?: readonly string[]
}

/** What is added to a person who comes from elsewhere. */
export interface PersonAddition extends Pick<PersonPatch, 'tags'> {
  readonly aliases: readonly string[]
  readonly wikidataId?: string
  readonly occupation?: string
  readonly description?: string
}

/** A face with all that is kept of it but its crop. */
export interface WholeFace extends DetectedFace {
  readonly faceId: FaceId
  readonly photo: PhotoRecord
  readonly source: FaceSource
  readonly hasCrop: boolean
  readonly embeddings: ReadonlyMap<ModelId, UnitEmbedding>
}

/** A person with all that is kept of them. */
export interface WholePerson {
  readonly detail: PersonDetail
  /** Theirs, best first. */
  readonly faces: readonly WholeFace[]
  /** Ruled out for them; of somebody else or of nobody. */
  readonly rejects: readonly WholeFace[]
  /** People whom they were told apart from. */
  readonly apart: readonly PersonId[]
}

/** What came of a move between domains. */
export interface MovedPersons {
  readonly moved: number
  /** People who were merged into the one of their name that was there. */
  readonly merged: number
}

/** What is known of one photo's faces: who was confirmed, who was ruled out. */
export interface KnownFace {
  readonly faceId: FaceId
  readonly photoId: PhotoId
  readonly box: Box
  readonly person?: { readonly personId: PersonId; readonly name: string; readonly domain: Domain }
  readonly source: FaceSource
  readonly rejected: readonly PersonId[]
  /** Its photo is a mirror or a collage. */
  readonly photoRepeats: boolean
}

/** Which people, in which order. */
export interface PeopleFilter {
  readonly clientId: ClientId
  /** `null` = every domain of the client. */
  readonly domain: Domain | null
  /** Part of a name; case and accents aside. */
  readonly text: string
  readonly sort: PersonSort
  /** People with an open finding of any of these kinds; empty = all. */
  readonly flags: readonly FindingKind[]
  /** People with this tag; `null` = all. */
  readonly tag: string | null
}

export interface PersonsQuery extends PeopleFilter {
  readonly offset: number
  /** 1 … 500. */
  readonly limit: number
}

export interface LedgerQuery {
  readonly clientId: ClientId
  /** Entries that touched this person only. */
  readonly personId?: PersonId
  /** Entries before this sequence number only: the next page. */
  readonly before?: number
  /** 1 … 500. */
  readonly limit: number
}
