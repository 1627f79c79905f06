/**
 * The one interface to a gallery: clients, domains, people, photos, faces, embeddings, and the search over them.
 * SQLite implements it; the server store will, and has to pass the same contract suite (`test/contract`).
 *
 * [Note: Store promises]
 * - Every write is one transaction: when its promise resolves it is on disk, when it rejects nothing was changed.
 * - Every write is seen by the very next search; no rebuild.
 * - Nothing crosses a client: every method takes the client, or an id whose client it looks up.
 * - A search compares embeddings of one model only.
 * - Writes leave a ledger entry; `undo` takes the entry's write back.
 */
import type { DetectedFace, EmbeddedFace, UnitEmbedding } from '../../src-shared/face'
import type {
  BinEntry,
  ClientSummary,
  GalleryPhoto,
  LedgerEntry,
  Lookalike,
  PersonDetail,
  PersonSort,
  PersonSummary,
} from '../../src-shared/gallery'
import type { Box } from '../../src-shared/geometry'
import type { FindingKind } from '../../src-shared/health'
import type {
  ClientId,
  Domain,
  FaceId,
  LedgerId,
  ModelId,
  PersonId,
  PhotoId,
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
}

export type FaceSource = 'enrolled' | 'confirmed' | 'manual' | 'imported'

/** A person by id, or by name within the call's domain (made where there is none). */
export type PersonRef = { readonly personId: PersonId } | { readonly name: string }

export interface FaceAssignment {
  readonly person: PersonRef
  readonly photo: PhotoRecord
  /** The crop, where there is one, is kept as the face's reference picture. */
  readonly face: EmbeddedFace
  readonly source: FaceSource
}

/** A face that is not this person. */
export interface RejectedFace {
  readonly photo: PhotoRecord
  readonly face: EmbeddedFace
  readonly personId: PersonId
  /** Where the face is new: where it comes from (`manual` where absent), and its embeddings of further models. */
  readonly source?: FaceSource
  readonly embeddings?: ReadonlyMap<ModelId, UnitEmbedding>
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

/** How a write that takes long is watched and stopped. */
export interface WriteControl {
  /** Aborted before the write is done, nothing is changed, and what it is aborted with is raised. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

export interface LedgerContext extends WriteControl {
  /** Who does it: the operating system's user name. */
  readonly actor: string
  /** What it is, one sentence, as the history shows it. */
  readonly summary: string
  /** Why, in the curator's words, where somebody was asked. */
  readonly reason?: string
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
}

/** What came of a move between domains. */
export interface MovedPersons {
  readonly moved: number
  /** People who were merged into the one of their name that was there. */
  readonly merged: number
}

export interface Written<T> {
  readonly value: T
  /** Absent where nothing was changed. */
  readonly ledgerId?: LedgerId
}

export interface SearchQuery {
  readonly clientId: ClientId
  /** Where to look; never empty. `all` = every domain of the client. */
  readonly domains: readonly Domain[] | 'all'
  readonly modelId: ModelId
  readonly probes: readonly UnitEmbedding[]
  /** People per probe, nearest first, ≥ 1. */
  readonly topPersons: number
  /** Raw nearest faces per probe, nearest first; 0 = none. */
  readonly topFaces: number
  /** Cosine distance within which an embedding counts as an occurrence of its person. */
  readonly withinDistance: number
}

export interface PersonHit {
  readonly personId: PersonId
  readonly name: string
  readonly domain: Domain
  /** Cosine distance of the person's nearest embedding, from float32 products. */
  readonly distance: number
  readonly nearestFaceId: FaceId
  readonly nearestPhotoSha256: Sha256
  readonly occurrences: number
  /** Distances of the person's nearest embeddings within `withinDistance`, ascending, at most three. */
  readonly bestDistances: readonly number[]
}

export interface FaceHit {
  readonly faceId: FaceId
  readonly personId: PersonId
  readonly distance: number
}

export interface SearchAnswer {
  /** One a probe, in the order of the probes. */
  readonly probes: readonly { readonly persons: readonly PersonHit[]; readonly faces: readonly FaceHit[] }[]
  /** People with at least one embedding of this model in the domains searched. */
  readonly galleryPersons: number
  readonly galleryEmbeddings: number
  /** How it was computed. */
  readonly method: 'float32' | 'int8'
  readonly elapsedMs: number
}

/** Whom to measure a gallery's distances on. */
export interface PersonSampleQuery {
  readonly clientId: ClientId
  readonly domain: Domain
  readonly modelId: ModelId
  /** The same seed gives the same people while they are there. */
  readonly seed: number
  /** People at most, of all and of those with two faces or more; 0 = none, only the counts. */
  readonly limit: number
}

export interface PersonSample {
  readonly persons: number
  readonly embeddings: number
  readonly personsWithTwoFaces: number
  /** Of who has which face: another one when faces came, went or changed hands. */
  readonly fingerprint: string
  /** In random order. */
  readonly fromAll: readonly PersonId[]
  readonly fromThoseWithTwoFaces: readonly PersonId[]
}

export interface DistancesQuery extends Pick<SearchQuery, 'clientId' | 'modelId'> {
  readonly domain: Domain
  /** One portion of a {@link PersonSample}; people who are gone are left out. 1 … 64. */
  readonly personIds: readonly PersonId[]
  /** Faces of each that are searched for, chosen by the seed; ≥ 1. */
  readonly facesPerPerson: number
  readonly seed: number
}

/** Cosine distances measured on the people of one portion. No vector leaves the store. */
export interface PortionDistances {
  readonly probes: readonly {
    readonly personId: PersonId
    /** To the nearest face of the same person in another photo; absent where there is none. */
    readonly nearestOwn?: number
    /** To the nearest face of anybody else in the domain, and whose it is. */
    readonly nearestOther?: { readonly personId: PersonId; readonly distance: number }
  }[]
  /** The chosen faces of one person with one another, other photos only; people with two such faces or more. */
  readonly within: readonly (readonly number[])[]
  /** One face of each person of the portion with one of each other. */
  readonly between: readonly number[]
}

export interface OwnFacesQuery {
  readonly personId: PersonId
  readonly modelId: ModelId
  readonly probes: readonly UnitEmbedding[]
  /** Faces listed for each probe, ≥ 1. */
  readonly limit: number
}

/** A person's own faces as one probe sees them. */
export interface OwnFaces {
  /** Live faces of the person that have an embedding of the model. */
  readonly faces: number
  /** Nearest first. */
  readonly nearest: readonly {
    readonly faceId: FaceId
    readonly photoSha256: Sha256
    readonly perceptualHash?: PerceptualHash
    readonly distance: number
  }[]
  /** Median distance to all of them; absent where there is none. */
  readonly medianDistance?: number
}

/** What is known of one photo's faces: who was confirmed, who was ruled out. */
export interface KnownFace {
  readonly faceId: FaceId
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

export interface GalleryStore {
  /** `SQLite 3.50.4`, for people. */
  readonly engine: string

  /** Per client and domain: persons, photos, faces, embeddings by model. Domains without people are listed too. */
  clients(): Promise<ClientSummary[]>
  /** Makes the domain (and its client) where there is none. `sample` labels it as the sample gallery. */
  ensureDomain(clientId: ClientId, domain: Domain, options?: { readonly sample?: boolean }): Promise<void>
  /** Removes a domain with all it holds. Raises `not-found`. */
  deleteDomain(clientId: ClientId, domain: Domain, context: LedgerContext): Promise<Written<void>>

  persons(query: PersonsQuery): Promise<{ total: number; persons: PersonSummary[] }>
  /** All of them, in order. */
  personIds(query: PeopleFilter): Promise<readonly PersonId[]>
  /** These people, in their order; those who are gone are left out. At most 500. */
  personsById(personIds: readonly PersonId[]): Promise<readonly PersonSummary[]>
  /** Those of these people who cannot be moved to the domain without a merge: it has their name, or another of them has. */
  namesakes(
    personIds: readonly PersonId[],
    domain: Domain,
  ): Promise<readonly { readonly personId: PersonId; readonly name: string }[]>
  /** Raises `not-found`. */
  person(personId: PersonId): Promise<PersonDetail>
  /** Everything about a person, for an export. Raises `not-found`. */
  wholePerson(personId: PersonId): Promise<WholePerson>
  /**
   * Makes the person where the domain has none of that name. Tags and aliases are added to those there are; of details only
   * those that the person lacks. Raises `invalid-argument`.
   */
  addPerson(
    clientId: ClientId,
    domain: Domain,
    name: string,
    addition: PersonAddition,
    context: LedgerContext,
  ): Promise<Written<PersonId>>
  /**
   * Raises `not-found`; `conflict` where another person of the domain has the new name, or where a field that is changed is
   * not what the editor saw (`seen`): the message says who changed it to what; `invalid-argument`.
   */
  updatePerson(
    personId: PersonId,
    patch: PersonPatch & { readonly seen?: SeenFields },
    context: LedgerContext,
  ): Promise<Written<void>>
  /** Adds and takes tags of people of one client. Raises `not-found` where one is not there (and changes none). */
  tagPersons(
    personIds: readonly PersonId[],
    tags: { readonly add: readonly string[]; readonly remove: readonly string[] },
    context: LedgerContext,
  ): Promise<Written<void>>
  /** Tags in use in a client, by how many people have them; of these people only, where some are named. */
  tags(
    clientId: ClientId,
    personIds?: readonly PersonId[],
  ): Promise<readonly { readonly tag: string; readonly persons: number }[]>
  /** The face that stands for the person; `null` = the best. Raises `not-found` where it is not theirs. */
  setCover(personId: PersonId, faceId: FaceId | null, context: LedgerContext): Promise<Written<void>>
  /**
   * One person out of several of one client: `target` gets the faces, photos, rejects and tags of `sources` (in its own
   * domain), and their names as aliases; details that it lacks are taken from the first source that has them. The
   * sources are removed. Raises `not-found`, `invalid-argument`.
   */
  mergePersons(target: PersonId, sources: readonly PersonId[], context: LedgerContext): Promise<Written<void>>
  /**
   * Takes faces from their people and gives them to another person (made where there is none of that name in `domain`).
   * Raises `not-found`; `person-twice` where the person has another face of one of the photos.
   */
  moveFaces(
    faceIds: readonly FaceId[],
    domain: Domain,
    to: PersonRef,
    context: LedgerContext,
  ): Promise<Written<PersonId>>
  /** Takes faces from their people; they stay as faces of nobody, ruled out for the person where `reject`. */
  takeFaces(
    faceIds: readonly FaceId[],
    options: { readonly reject: boolean },
    context: LedgerContext,
  ): Promise<Written<void>>
  /**
   * Moves people with all they have to another domain of their client. Where that has a person of the same name:
   * `refuse` raises `conflict` and moves nobody, `merge` merges. Raises `not-found`.
   */
  movePersons(
    personIds: readonly PersonId[],
    domain: Domain,
    onClash: 'refuse' | 'merge',
    context: LedgerContext,
  ): Promise<Written<MovedPersons>>
  /** Raises `not-found`; `conflict` where the new name is taken. */
  renameDomain(clientId: ClientId, from: Domain, to: Domain, context: LedgerContext): Promise<Written<void>>
  /**
   * Stores that two people of one client are not the same person, or withdraws it. A merge of the one with somebody else keeps
   * it; a merge of the two withdraws it. Raises `not-found`, `invalid-argument`.
   */
  tellApart(
    personId: PersonId,
    otherId: PersonId,
    apart: boolean,
    context: LedgerContext,
  ): Promise<Written<void>>
  /** The people nearest to this one by their nearest faces, of all domains of the client; nearest first. */
  lookalikes(personId: PersonId, modelId: ModelId, limit: number): Promise<readonly Lookalike[]>
  /** A photo as its domain knows it, with all its faces there. Raises `not-found`. */
  photo(photoId: PhotoId): Promise<GalleryPhoto>
  /**
   * Adds a face of nobody to a photo. Raises `not-found`, `conflict` where the photo has a face there (IoU ≥ 0.5),
   * `capacity-exceeded`.
   */
  addFace(
    photoId: PhotoId,
    modelId: ModelId,
    face: EmbeddedFace,
    context: LedgerContext,
  ): Promise<Written<FaceId>>
  /**
   * Gives a face another box, with landmarks, quality, crop and the embedding of one model that belong to it. Its embeddings of
   * other models no longer fit and go. It stays the same face: whose it is, who was ruled out. Raises as {@link addFace}.
   */
  changeBox(
    faceId: FaceId,
    modelId: ModelId,
    face: EmbeddedFace,
    context: LedgerContext,
  ): Promise<Written<void>>
  /** Removes faces, of somebody or of nobody: they are none. Raises `not-found` where one is not there (and removes none). */
  deleteFaces(faceIds: readonly FaceId[], context: LedgerContext): Promise<Written<void>>
  /** Says where the file of a photo is now, in all domains of the client. Raises `not-found`. */
  locatePhoto(photoId: PhotoId, path: string, context: LedgerContext): Promise<Written<void>>
  /** Withdraws *this face is not this person*. Raises `not-found`. */
  withdrawReject(faceId: FaceId, personId: PersonId, context: LedgerContext): Promise<Written<void>>
  /** Faces that this person was ruled out for, newest first, and when (ISO 8601, UTC). Raises `not-found`. */
  rejectsOf(personId: PersonId): Promise<readonly { readonly faceId: FaceId; readonly at: string }[]>

  /** Newest first. */
  ledger(query: LedgerQuery): Promise<readonly LedgerEntry[]>
  /**
   * Whether every entry's hash is that of its contents and the entry before, from the first to the last.
   * `brokenAt` is the sequence number of the first that is not.
   */
  verifyLedger(): Promise<{ readonly entries: number; readonly brokenAt?: number }>
  /** Deleted people, domains and faces that can still be restored, newest first. Restoring is {@link undo}. */
  bin(clientId: ClientId, retentionDays: number): Promise<readonly BinEntry[]>
  /** Removes for good what was deleted, and what boxes were, before `before` (Unix ms); its ledger entries stay and can no longer be undone. */
  emptyBin(clientId: ClientId, before: number, context: LedgerContext): Promise<{ readonly persons: number }>

  /** Removes people with their faces. Raises `not-found` where one is not there (and removes none). */
  deletePersons(personIds: readonly PersonId[], context: LedgerContext): Promise<Written<void>>

  /**
   * Gives faces to people, in one transaction: makes the people, photos and faces that are not there yet. A face is the
   * same face when its photo has the same SHA-256 and the boxes overlap by IoU ≥ 0.5. Assigning withdraws a reject of
   * the same pair. Raises `not-found` for a person id that is not in this client and domain, `person-twice` where a
   * person would be in a photo twice, `capacity-exceeded`.
   */
  assignFaces(
    clientId: ClientId,
    domain: Domain,
    modelId: ModelId,
    assignments: readonly FaceAssignment[],
    context: LedgerContext,
  ): Promise<Written<readonly AssignedFace[]>>

  /**
   * Stores *this face is not this person*; where the face is that person's, it is taken from them. A face that is new is kept
   * as nobody's. Raises `not-found`, `capacity-exceeded`.
   */
  rejectFace(
    clientId: ClientId,
    modelId: ModelId,
    rejected: RejectedFace,
    context: LedgerContext,
  ): Promise<Written<FaceId>>

  /**
   * Stores *not this person* for faces that are here, whoever's they are; those that are this person's are taken from them.
   * Raises `not-found`.
   */
  rejectFaces(faceIds: readonly FaceId[], personId: PersonId, context: LedgerContext): Promise<Written<void>>

  /**
   * Says whether a photo is a mirror or a collage, in which a person may be more than once. Raises `not-found`;
   * `person-twice` where somebody is, and it would be none any more.
   */
  setRepeatsPeople(
    clientId: ClientId,
    photo: Sha256,
    repeats: boolean,
    context: LedgerContext,
  ): Promise<Written<void>>

  /** Faces of photos that were confirmed, enrolled or rejected; photos that the store does not know are left out. */
  knownFaces(
    clientId: ClientId,
    photos: readonly Sha256[],
  ): Promise<ReadonlyMap<Sha256, readonly KnownFace[]>>
  /** Which of these photos already have a face of this person's name in this domain: what a second enrolment skips. */
  enrolledPhotos(
    clientId: ClientId,
    domain: Domain,
    modelId: ModelId,
  ): Promise<ReadonlyMap<Sha256, readonly string[]>>

  search(query: SearchQuery): Promise<SearchAnswer>
  /** How far the probes are from this person's own faces, one answer a probe. Raises `not-found`. */
  ownFaces(query: OwnFacesQuery): Promise<readonly OwnFaces[]>
  /** Persons with embeddings of the model in these domains: N of the threshold formula. */
  gallerySize(
    clientId: ClientId,
    domains: readonly Domain[] | 'all',
    modelId: ModelId,
  ): Promise<{ persons: number; embeddings: number }>

  /** People of a domain by chance, and how many there are to choose from. */
  samplePersons(query: PersonSampleQuery): Promise<PersonSample>
  /** The distances of these people's faces to one another and to their nearest in the domain. */
  distances(query: DistancesQuery): Promise<PortionDistances>

  /** JPEG of an enrolled face. Raises `not-found`. */
  crop(faceId: FaceId): Promise<Uint8Array>

  /**
   * Takes back what a ledger entry did. Raises `not-found`; `conflict` where later changes stand on it: the error's detail
   * names those entries.
   */
  undo(
    ledgerId: LedgerId,
    context: Pick<LedgerContext, 'actor'> & WriteControl,
  ): Promise<{ readonly summary: string }>

  close(): Promise<void>
}
