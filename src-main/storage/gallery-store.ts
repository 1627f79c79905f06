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

import type { Move } from '../../src-shared/dual'
import type { EmbeddedFace } from '../../src-shared/face'
import type {
  BinEntry,
  ClientSummary,
  GalleryPhoto,
  LedgerEntry,
  Lookalike,
  PersonDetail,
  PersonSummary,
} from '../../src-shared/gallery'
import type {
  ClientId,
  Domain,
  FaceId,
  LedgerId,
  ModelId,
  PersonId,
  PhotoId,
  ReviewId,
  Sha256,
} from '../../src-shared/ids'
import type { StoreRights } from '../../src-shared/store-rights'
import type { StoreSizes } from '../../src-shared/store-sizes'
import type {
  AssignedFace,
  FaceAssignment,
  KnownFace,
  LedgerQuery,
  MovedPersons,
  PeopleFilter,
  PersonAddition,
  PersonPatch,
  PersonRef,
  PersonsQuery,
  RejectedFace,
  SeenFace,
  SeenFields,
  SeenPhoto,
  WholePerson,
} from './gallery-records'
import type {
  DistancesQuery,
  GallerySize,
  OwnFaces,
  OwnFacesQuery,
  PersonSample,
  PersonSampleQuery,
  PortionDistances,
  SearchAnswer,
  SearchQuery,
} from './search-records'
import type { LedgerContext, WriteControl, Written } from './written'

/** Domains, each of one client. */
interface Domains {
  /** Per client and domain: persons, photos, faces, embeddings by model. Domains without people are listed too. */
  clients(): Promise<ClientSummary[]>
  /** Makes the domain (and its client) where there is none. `sample` labels it as the sample gallery. */
  ensureDomain(clientId: ClientId, domain: Domain, options?: { readonly sample?: boolean }): Promise<void>
  /** Raises `not-found`; `conflict` where the new name is taken. */
  renameDomain(clientId: ClientId, from: Domain, to: Domain, context: LedgerContext): Promise<Written<void>>
  /** Removes a domain with all it holds. Raises `not-found`. */
  deleteDomain(clientId: ClientId, domain: Domain, context: LedgerContext): Promise<Written<void>>
  /** Persons with embeddings of the model in these domains: N of the threshold formula. */
  gallerySize(clientId: ClientId, domains: readonly Domain[] | 'all', modelId: ModelId): Promise<GallerySize>
}

/** People, by themselves and several at once. */
interface People {
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
  /** The people nearest to this one by their nearest faces, of all domains of the client; nearest first. */
  lookalikes(personId: PersonId, modelId: ModelId, limit: number): Promise<readonly Lookalike[]>
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
   * Stores that two people of one client are not the same person, or withdraws it. A merge of the one with somebody else keeps
   * it; a merge of the two withdraws it. Raises `not-found`, `invalid-argument`.
   */
  tellApart(
    personId: PersonId,
    otherId: PersonId,
    apart: boolean,
    context: LedgerContext,
  ): Promise<Written<void>>
  /**
   * One person out of several of one client: `target` gets the faces, photos, rejects and tags of `sources` (in its own
   * domain), and their names as aliases; details that it lacks are taken from the first source that has them. The
   * sources are removed. Raises `not-found`, `invalid-argument`.
   */
  mergePersons(target: PersonId, sources: readonly PersonId[], context: LedgerContext): Promise<Written<void>>
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
  /** Removes people with their faces. Raises `not-found` where one is not there (and removes none). */
  deletePersons(personIds: readonly PersonId[], context: LedgerContext): Promise<Written<void>>
}

/** Whose a face is, and whose it is not. */
interface Decisions {
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
  /** Withdraws *this face is not this person*. Raises `not-found`. */
  withdrawReject(faceId: FaceId, personId: PersonId, context: LedgerContext): Promise<Written<void>>
  /** Faces that this person was ruled out for, newest first, and when (ISO 8601, UTC). Raises `not-found`. */
  rejectsOf(personId: PersonId): Promise<readonly { readonly faceId: FaceId; readonly at: string }[]>
  /** Pairs among these people who were told apart. */
  toldApart(personIds: readonly PersonId[]): Promise<readonly (readonly [PersonId, PersonId])[]>
}

/** Photos as they are kept, with the faces in them. */
interface Photos {
  /** A photo as its domain knows it, with all its faces there. Raises `not-found`. */
  photo(photoId: PhotoId): Promise<GalleryPhoto>
  /** Says where the file of a photo is now, in all domains of the client. Raises `not-found`. */
  locatePhoto(photoId: PhotoId, path: string, context: LedgerContext): Promise<Written<void>>
  /**
   * Replaces what stands in for photos of a domain that were not seen before by what they are; `modelId`: of the faces' embeddings,
   * which are added where the source had none of that model. Photos whose bytes the domain has already are joined to those.
   */
  seePhotos(
    clientId: ClientId,
    domain: Domain,
    modelId: ModelId,
    photos: readonly SeenPhoto[],
    context: LedgerContext,
  ): Promise<Written<readonly SeenFace[]>>
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
  /** JPEG of an enrolled face. Raises `not-found`. */
  crop(faceId: FaceId): Promise<Uint8Array>
}

/** The search over the faces, and what is measured on them. */
interface Searches {
  search(query: SearchQuery): Promise<SearchAnswer>
  /** How far the probes are from this person's own faces, one answer a probe. Raises `not-found`. */
  ownFaces(query: OwnFacesQuery): Promise<readonly OwnFaces[]>
  /** People of a domain by chance, and how many there are to choose from. */
  samplePersons(query: PersonSampleQuery): Promise<PersonSample>
  /** The distances of these people's faces to one another and to their nearest in the domain. */
  distances(query: DistancesQuery): Promise<PortionDistances>
}

/** What was done, and the way back. */
interface History {
  /** What whoever works here may do: what else they ask for is refused with `rights-missing`. */
  rights(): Promise<StoreRights>
  /** How much room the store takes. */
  sizes(): Promise<StoreSizes>
  /** Newest first. */
  ledger(query: LedgerQuery): Promise<readonly LedgerEntry[]>
  /**
   * Whether every entry's hash is that of its contents and the entry before, from the first to the last.
   * `brokenAt` is the sequence number of the first that is not.
   */
  verifyLedger(): Promise<{ readonly entries: number; readonly brokenAt?: number }>
  /**
   * Takes back what a ledger entry did. Raises `not-found`; `conflict` where later changes stand on it: the error's detail
   * names those entries.
   */
  undo(
    ledgerId: LedgerId,
    context: Pick<LedgerContext, 'actor' | 'act'> & WriteControl,
  ): Promise<{ readonly summary: string }>
  /** Deleted people, domains and faces that can still be restored, newest first. Restoring is {@link undo}. */
  bin(clientId: ClientId, retentionDays: number): Promise<readonly BinEntry[]>
  /** Removes for good what was deleted, and what boxes were, before `before` (Unix ms); its ledger entries stay and can no longer be undone. */
  emptyBin(clientId: ClientId, before: number, context: LedgerContext): Promise<{ readonly persons: number }>
  /** Writes a step of the move to a server, or back, into the client's history. Changes nothing else. */
  recordMove(clientId: ClientId, move: Move, context: LedgerContext): Promise<Written<void>>
  /** A review of an enrolment was decided elsewhere, and nobody is ruled out by that; nothing where it does not wait here. */
  settleReview(clientId: ClientId, reviewId: ReviewId, context: LedgerContext): Promise<Written<void>>
}

/** All of it. */
export interface GalleryStore extends Domains, People, Decisions, Photos, Searches, History {
  /** `SQLite 3.50.4`, for people. */
  readonly engine: string
  close(): Promise<void>
}
