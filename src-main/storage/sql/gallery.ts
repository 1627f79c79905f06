/** A gallery as it is written and searched, on either engine. Store's threads. */
import type { Move } from '../../../src-shared/dual'
import { VisorError } from '../../../src-shared/errors'
import type { EmbeddedFace } from '../../../src-shared/face'
import type { Lookalike } from '../../../src-shared/gallery'
import {
  type ClientId,
  type Domain,
  domainSchema,
  type FaceId,
  type LedgerId,
  type ModelId,
  type PersonId,
  type PhotoId,
  type ReviewId,
  type Sha256,
} from '../../../src-shared/ids'
import type {
  AssignedFace,
  FaceAssignment,
  MovedPersons,
  PersonAddition,
  PersonPatch,
  PersonRef,
  RejectedFace,
  SeenFace,
  SeenFields,
  SeenPhoto,
} from '../gallery-records'
import type { GalleryStore } from '../gallery-store'
import type {
  DistancesQuery,
  GallerySize,
  PersonSample,
  PersonSampleQuery,
  PortionDistances,
  SearchAnswer,
  SearchQuery,
} from '../search-records'
import type { MethodsOfKind } from '../threads/protocol'
import type { LedgerContext, WriteControl, Written } from '../written'
import { argument } from './argument'
import type { Connection } from './connection'
import { assignFaces, ensureDomain, livePerson, rejectFace, takesLong } from './faces/assign-faces'
import { moveFaces, rejectFaces, takeFaces, withdrawReject } from './faces/curate-faces'
import { setRepeatsPeople } from './faces/one-per-photo'
import { addFace, changeBox, deleteFaces, locatePhoto, photoOfId } from './faces/photo-faces'
import { seePhotos } from './faces/see-photos'
import { addPerson } from './faces/transfer'
import { clientOfAct } from './ledger/acts'
import { emptyBin } from './ledger/history'
import { type Done, type WriteScope, write } from './ledger/ledger'
import { entryToUndo, undo } from './ledger/undo'
import { deleteDomain, deletePersons, renameDomain } from './people/change-persons'
import {
  mergePersons,
  movePersons,
  setCover,
  tagPersons,
  tellApart,
  updatePerson,
} from './people/curate-persons'
import { lookalikes } from './people/lookalikes'
import { faceState } from './people/person-state'
import { settleReview } from './reviews/settle-reviews'
import { distances, samplePersons } from './search/distances'
import type { FlatIndexes } from './search/flat-indexes'
import { search } from './search/search'
import type { Steps } from './steps'

/** A gallery as it is written and searched; see `reader.ts` for the rest. */
export class GalleryWriter implements Pick<GalleryStore, MethodsOfKind<'gallery', 'write' | 'search'>> {
  readonly engine: string
  readonly #connection: Connection
  /** What was last committed, also between the steps of a long write. */
  readonly #reads: Connection
  readonly #indexes: FlatIndexes

  constructor(engine: string, connection: Connection, reads: Connection, indexes: FlatIndexes) {
    this.engine = engine
    this.#connection = connection
    this.#reads = reads
    this.#indexes = indexes
  }

  async ensureDomain(
    clientId: ClientId,
    domain: Domain,
    { sample = false }: { readonly sample?: boolean } = {},
  ): Promise<void> {
    this.#connection.transaction(clientId, () => ensureDomain(this.#connection, clientId, domain, sample))
  }

  deleteDomain(clientId: ClientId, domain: Domain, context: LedgerContext): Promise<Written<void>> {
    return this.#write(clientId, context, (scope) => deleteDomain(this.#connection, scope, domain))
  }

  addPerson(
    clientId: ClientId,
    domain: Domain,
    name: string,
    addition: PersonAddition,
    context: LedgerContext,
  ): Promise<Written<PersonId>> {
    return this.#write(clientId, context, (scope) =>
      addPerson(this.#connection, scope, domain, name, addition),
    )
  }

  updatePerson(
    personId: PersonId,
    patch: PersonPatch & { readonly seen?: SeenFields },
    context: LedgerContext,
  ): Promise<Written<void>> {
    return this.#writeFor(personId, context, (scope) =>
      updatePerson(this.#connection, scope, personId, patch),
    )
  }

  async tagPersons(
    personIds: readonly PersonId[],
    tags: { readonly add: readonly string[]; readonly remove: readonly string[] },
    context: LedgerContext,
  ): Promise<Written<void>> {
    const [first] = personIds
    if (first === undefined) return { value: undefined }
    return this.#writeFor(first, context, (scope) => tagPersons(this.#connection, scope, personIds, tags))
  }

  setCover(personId: PersonId, faceId: FaceId | null, context: LedgerContext): Promise<Written<void>> {
    return this.#writeFor(personId, context, (scope) => setCover(this.#connection, scope, personId, faceId))
  }

  mergePersons(
    target: PersonId,
    sources: readonly PersonId[],
    context: LedgerContext,
  ): Promise<Written<void>> {
    return this.#writeFor(target, context, (scope) => mergePersons(this.#connection, scope, target, sources))
  }

  async moveFaces(
    faceIds: readonly FaceId[],
    domain: Domain,
    to: PersonRef,
    context: LedgerContext,
  ): Promise<Written<PersonId>> {
    return this.#write(this.#clientOfFaces(faceIds, context), context, (scope) =>
      moveFaces(this.#connection, scope, faceIds, domain, to),
    )
  }

  async takeFaces(
    faceIds: readonly FaceId[],
    { reject }: { readonly reject: boolean },
    context: LedgerContext,
  ): Promise<Written<void>> {
    return this.#write(this.#clientOfFaces(faceIds, context), context, (scope) =>
      takeFaces(this.#connection, scope, faceIds, reject),
    )
  }

  async movePersons(
    personIds: readonly PersonId[],
    domain: Domain,
    onClash: 'refuse' | 'merge',
    context: LedgerContext,
  ): Promise<Written<MovedPersons>> {
    const [first] = personIds
    if (first === undefined) return { value: { moved: 0, merged: 0 } }
    return this.#writeFor(first, context, (scope) =>
      movePersons(this.#connection, scope, personIds, domain, onClash),
    )
  }

  async renameDomain(
    clientId: ClientId,
    from: Domain,
    to: Domain,
    context: LedgerContext,
  ): Promise<Written<void>> {
    const wanted = argument(domainSchema, to)
    return this.#write(clientId, context, (scope) => renameDomain(this.#connection, scope, from, wanted))
  }

  tellApart(
    personId: PersonId,
    otherId: PersonId,
    apart: boolean,
    context: LedgerContext,
  ): Promise<Written<void>> {
    return this.#writeFor(personId, context, (scope) =>
      tellApart(this.#connection, scope, personId, otherId, apart),
    )
  }

  async lookalikes(personId: PersonId, modelId: ModelId, limit: number): Promise<Lookalike[]> {
    const { clientId } = livePerson(this.#reads, personId)
    return lookalikes(this.#reads, this.#indexes, clientId, personId, modelId, Math.max(1, limit))
  }

  async withdrawReject(faceId: FaceId, personId: PersonId, context: LedgerContext): Promise<Written<void>> {
    return this.#write(this.#clientOfFaces([faceId], context), context, (scope) =>
      withdrawReject(this.#connection, scope, faceId, personId),
    )
  }

  async emptyBin(clientId: ClientId, before: number, context: LedgerContext): Promise<{ persons: number }> {
    const { value } = await this.#write(clientId, context, (scope) =>
      emptyBin(this.#connection, scope, before),
    )
    return value
  }

  async recordMove(clientId: ClientId, move: Move, context: LedgerContext): Promise<Written<void>> {
    return this.#write(clientId, context, () => ({ value: undefined, details: { action: 'move', move } }))
  }

  async settleReview(clientId: ClientId, reviewId: ReviewId, context: LedgerContext): Promise<Written<void>> {
    return this.#write(clientId, context, (scope) => settleReview(this.#connection, scope, reviewId))
  }

  async addFace(
    photoId: PhotoId,
    modelId: ModelId,
    face: EmbeddedFace,
    context: LedgerContext,
  ): Promise<Written<FaceId>> {
    const clientId = clientOfAct(context) ?? photoOfId(this.#connection, photoId).clientId
    return this.#write(clientId, context, (scope) => addFace(this.#connection, scope, photoId, modelId, face))
  }

  async changeBox(
    faceId: FaceId,
    modelId: ModelId,
    face: EmbeddedFace,
    context: LedgerContext,
  ): Promise<Written<void>> {
    return this.#write(this.#clientOfFaces([faceId], context), context, (scope) =>
      changeBox(this.#connection, scope, faceId, modelId, face),
    )
  }

  async deleteFaces(faceIds: readonly FaceId[], context: LedgerContext): Promise<Written<void>> {
    return this.#write(this.#clientOfFaces(faceIds, context), context, (scope) =>
      deleteFaces(this.#connection, scope, faceIds),
    )
  }

  async locatePhoto(photoId: PhotoId, path: string, context: LedgerContext): Promise<Written<void>> {
    const clientId = clientOfAct(context) ?? photoOfId(this.#connection, photoId).clientId
    return this.#write(clientId, context, (scope) => locatePhoto(this.#connection, scope, photoId, path))
  }

  seePhotos(
    clientId: ClientId,
    domain: Domain,
    modelId: ModelId,
    photos: readonly SeenPhoto[],
    context: LedgerContext,
  ): Promise<Written<readonly SeenFace[]>> {
    return this.#write(clientId, context, (scope) =>
      seePhotos(this.#connection, scope, domain, modelId, photos),
    )
  }

  async deletePersons(personIds: readonly PersonId[], context: LedgerContext): Promise<Written<void>> {
    const [first] = personIds
    if (first === undefined) return { value: undefined }
    return this.#writeFor(first, context, (scope) => deletePersons(this.#connection, scope, personIds))
  }

  assignFaces(
    clientId: ClientId,
    domain: Domain,
    modelId: ModelId,
    assignments: readonly FaceAssignment[],
    context: LedgerContext,
  ): Promise<Written<readonly AssignedFace[]>> {
    return this.#write(
      clientId,
      context,
      (scope) => assignFaces(this.#connection, scope, domain, modelId, assignments),
      { takesLong: takesLong(this.#connection, assignments.length) },
    )
  }

  async rejectFace(
    clientId: ClientId,
    modelId: ModelId,
    rejected: RejectedFace,
    context: LedgerContext,
  ): Promise<Written<FaceId>> {
    return this.#write(clientId, context, (scope) => {
      const person = livePerson(this.#connection, rejected.personId)
      if (person.clientId !== clientId)
        throw new VisorError('not-found', 'That person is not of this client.')
      return rejectFace(this.#connection, scope, person, modelId, rejected)
    })
  }

  async rejectFaces(
    faceIds: readonly FaceId[],
    personId: PersonId,
    context: LedgerContext,
  ): Promise<Written<void>> {
    return this.#write(this.#clientOfFaces(faceIds, context), context, (scope) =>
      rejectFaces(this.#connection, scope, faceIds, personId),
    )
  }

  setRepeatsPeople(
    clientId: ClientId,
    photo: Sha256,
    repeats: boolean,
    context: LedgerContext,
  ): Promise<Written<void>> {
    return this.#write(clientId, context, (scope) =>
      setRepeatsPeople(this.#connection, scope, photo, repeats),
    )
  }

  search(query: SearchQuery): Promise<SearchAnswer> {
    return search(this.#reads, this.#indexes, query)
  }

  async gallerySize(
    clientId: ClientId,
    domains: readonly Domain[] | 'all',
    modelId: ModelId,
  ): Promise<GallerySize> {
    return (await this.#indexes.get(clientId, modelId)).counts(domains)
  }

  async samplePersons(query: PersonSampleQuery): Promise<PersonSample> {
    return samplePersons(() => this.#indexes.get(query.clientId, query.modelId), query)
  }

  async distances(query: DistancesQuery): Promise<PortionDistances> {
    return distances(this.#reads, () => this.#indexes.get(query.clientId, query.modelId), query)
  }

  async undo(
    ledgerId: LedgerId,
    context: Pick<LedgerContext, 'actor' | 'act'> & WriteControl,
  ): Promise<{ summary: string }> {
    const { clientId, summary } = entryToUndo(this.#connection, ledgerId)
    const connection = this.#connection
    await this.#write(clientId, { ...context, summary: `Undid: ${summary}` }, function* (scope) {
      return { value: undefined, details: yield* undo(connection, scope, ledgerId) }
    })
    return { summary }
  }

  /** A write in the client of a live person. Raises `not-found`. */
  async #writeFor<T>(
    personId: PersonId,
    context: LedgerContext,
    work: (scope: WriteScope) => Done<T> | Steps<Done<T>>,
  ): Promise<Written<T>> {
    const clientId = clientOfAct(context) ?? livePerson(this.#connection, personId).clientId
    return this.#write(clientId, context, work)
  }

  /** The client of the first face. Raises `not-found`, `invalid-argument`. */
  #clientOfFaces([first]: readonly FaceId[], context: LedgerContext): ClientId {
    const known = clientOfAct(context)
    if (known !== undefined) return known
    if (first === undefined) throw new VisorError('invalid-argument', 'No face was named.')
    const face = faceState(this.#connection, first)
    if (face === undefined) throw new VisorError('not-found', 'That face is no longer in the gallery.')
    return face.clientId
  }

  async #write<T>(
    clientId: ClientId,
    context: LedgerContext,
    work: (scope: WriteScope) => Done<T> | Steps<Done<T>>,
    how: { readonly takesLong?: boolean } = {},
  ): Promise<Written<T>> {
    return write(this.#connection, this.#indexes, clientId, context, work, how)
  }
}
