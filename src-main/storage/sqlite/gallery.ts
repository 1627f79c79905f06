import { VisorError } from '../../../src-shared/errors'
import type {
  BinEntry,
  ClientSummary,
  LedgerEntry,
  Lookalike,
  PersonDetail,
  PersonSummary,
} from '../../../src-shared/gallery'
import {
  type ClientId,
  type Domain,
  domainSchema,
  type FaceId,
  type LedgerId,
  type ModelId,
  type PersonId,
  type Sha256,
} from '../../../src-shared/ids'
import type {
  AssignedFace,
  DistancesQuery,
  FaceAssignment,
  GalleryStore,
  KnownFace,
  LedgerContext,
  LedgerQuery,
  MovedPersons,
  PersonAddition,
  PersonPatch,
  PersonRef,
  PersonSample,
  PersonSampleQuery,
  PersonsQuery,
  PortionDistances,
  RejectedFace,
  SearchAnswer,
  SearchQuery,
  WholePerson,
  Written,
} from '../gallery-store'
import { assignFaces, ensureDomain, livePerson, rejectFace } from './assign-faces'
import { deleteDomain, deletePersons, renameDomain } from './change-persons'
import type { Connection } from './connection'
import { moveFaces, takeFaces, withdrawReject } from './curate-faces'
import {
  argument,
  mergePersons,
  movePersons,
  rejectsOf,
  setCover,
  tagPersons,
  updatePerson,
} from './curate-persons'
import { distances, samplePersons } from './distances'
import type { FlatIndexes } from './flat-indexes'
import { clientSummaries, crop, enrolledPhotos, knownFaces, personDetail } from './gallery-reads'
import { bin, emptyBin, ledgerEntries } from './history'
import { type Done, type WriteScope, write } from './ledger'
import { verifyLedger } from './ledger-chain'
import { lookalikes } from './lookalikes'
import { faceState } from './person-state'
import { persons, tags } from './persons-list'
import { search } from './search'
import { addPerson, wholePerson } from './transfer'
import { entryToUndo, undo } from './undo'

/** All but `close`: the worker closes what the gallery shares with the queue. */
export class SqliteGallery implements Omit<GalleryStore, 'close'> {
  readonly engine: string
  readonly #connection: Connection
  readonly #indexes: FlatIndexes
  /** Until the next write: the status bar asks often. */
  #clients: ClientSummary[] | undefined

  constructor(engine: string, connection: Connection, indexes: FlatIndexes) {
    this.engine = engine
    this.#connection = connection
    this.#indexes = indexes
  }

  async clients(): Promise<ClientSummary[]> {
    this.#clients ??= clientSummaries(this.#connection)
    return this.#clients
  }

  async ensureDomain(
    clientId: ClientId,
    domain: Domain,
    { sample = false }: { readonly sample?: boolean } = {},
  ): Promise<void> {
    this.#connection.transaction(() => ensureDomain(this.#connection, clientId, domain, sample))
    this.#clients = undefined
  }

  deleteDomain(clientId: ClientId, domain: Domain, context: LedgerContext): Promise<Written<void>> {
    return this.#write(clientId, context, (scope) => deleteDomain(this.#connection, scope, domain))
  }

  async persons(query: PersonsQuery): Promise<{ total: number; persons: PersonSummary[] }> {
    return persons(this.#connection, query)
  }

  async person(personId: PersonId): Promise<PersonDetail> {
    return personDetail(this.#connection, personId)
  }

  async wholePerson(personId: PersonId): Promise<WholePerson> {
    return wholePerson(this.#connection, personId)
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

  updatePerson(personId: PersonId, patch: PersonPatch, context: LedgerContext): Promise<Written<void>> {
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

  async tags(clientId: ClientId): Promise<{ tag: string; persons: number }[]> {
    return tags(this.#connection, clientId)
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
    return this.#write(this.#clientOfFaces(faceIds), context, (scope) =>
      moveFaces(this.#connection, scope, faceIds, domain, to),
    )
  }

  async takeFaces(
    faceIds: readonly FaceId[],
    { reject }: { readonly reject: boolean },
    context: LedgerContext,
  ): Promise<Written<void>> {
    return this.#write(this.#clientOfFaces(faceIds), context, (scope) =>
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

  async lookalikes(personId: PersonId, modelId: ModelId, limit: number): Promise<Lookalike[]> {
    const { clientId } = livePerson(this.#connection, personId)
    return lookalikes(this.#connection, this.#indexes, clientId, personId, modelId, Math.max(1, limit))
  }

  async withdrawReject(faceId: FaceId, personId: PersonId, context: LedgerContext): Promise<Written<void>> {
    return this.#write(this.#clientOfFaces([faceId]), context, (scope) =>
      withdrawReject(this.#connection, scope, faceId, personId),
    )
  }

  async rejectsOf(personId: PersonId): Promise<{ faceId: FaceId; at: string }[]> {
    return rejectsOf(this.#connection, livePerson(this.#connection, personId).id)
  }

  async ledger(query: LedgerQuery): Promise<LedgerEntry[]> {
    return ledgerEntries(this.#connection, query)
  }

  verifyLedger(): Promise<{ entries: number; brokenAt?: number }> {
    return verifyLedger(this.#connection)
  }

  async bin(clientId: ClientId, retentionDays: number): Promise<BinEntry[]> {
    return bin(this.#connection, clientId, retentionDays)
  }

  async emptyBin(clientId: ClientId, before: number, context: LedgerContext): Promise<{ persons: number }> {
    const { value } = await this.#write(clientId, context, (scope) =>
      emptyBin(this.#connection, scope, before),
    )
    return value
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
    return this.#write(clientId, context, (scope) =>
      assignFaces(this.#connection, scope, domain, modelId, assignments),
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

  async knownFaces(clientId: ClientId, photos: readonly Sha256[]): Promise<Map<Sha256, KnownFace[]>> {
    return knownFaces(this.#connection, clientId, photos)
  }

  async enrolledPhotos(clientId: ClientId, domain: Domain, modelId: ModelId): Promise<Map<Sha256, string[]>> {
    return enrolledPhotos(this.#connection, clientId, domain, modelId)
  }

  search(query: SearchQuery): Promise<SearchAnswer> {
    return search(this.#connection, this.#indexes, query)
  }

  async gallerySize(
    clientId: ClientId,
    domains: readonly Domain[] | 'all',
    modelId: ModelId,
  ): Promise<{ persons: number; embeddings: number }> {
    return (await this.#indexes.get(clientId, modelId)).counts(domains)
  }

  async samplePersons(query: PersonSampleQuery): Promise<PersonSample> {
    return samplePersons(() => this.#indexes.get(query.clientId, query.modelId), query)
  }

  async distances(query: DistancesQuery): Promise<PortionDistances> {
    return distances(this.#connection, () => this.#indexes.get(query.clientId, query.modelId), query)
  }

  async crop(faceId: FaceId): Promise<Uint8Array> {
    return crop(this.#connection, faceId)
  }

  async undo(ledgerId: LedgerId, { actor }: Pick<LedgerContext, 'actor'>): Promise<{ summary: string }> {
    const { clientId, summary } = entryToUndo(this.#connection, ledgerId)
    await this.#write(clientId, { actor, summary: `Undid: ${summary}` }, (scope) => ({
      value: undefined,
      details: undo(this.#connection, scope, ledgerId),
    }))
    return { summary }
  }

  /** A write in the client of a live person. Raises `not-found`. */
  async #writeFor<T>(
    personId: PersonId,
    context: LedgerContext,
    work: (scope: WriteScope) => Done<T>,
  ): Promise<Written<T>> {
    const { clientId } = livePerson(this.#connection, personId)
    return this.#write(clientId, context, work)
  }

  /** The client of the first face. Raises `not-found`, `invalid-argument`. */
  #clientOfFaces([first]: readonly FaceId[]): ClientId {
    if (first === undefined) throw new VisorError('invalid-argument', 'No face was named.')
    const face = faceState(this.#connection, first)
    if (face === undefined) throw new VisorError('not-found', 'That face is no longer in the gallery.')
    return face.clientId
  }

  async #write<T>(
    clientId: ClientId,
    context: LedgerContext,
    work: (scope: WriteScope) => Done<T>,
  ): Promise<Written<T>> {
    const written = await write(this.#connection, this.#indexes, clientId, context, work)
    this.#clients = undefined
    return written
  }
}
