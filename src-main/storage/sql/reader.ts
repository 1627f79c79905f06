/** A gallery as it is read: what was last committed. Store's reading threads. */

import type {
  BinEntry,
  ClientSummary,
  GalleryPhoto,
  LedgerEntry,
  PersonDetail,
  PersonSummary,
} from '../../../src-shared/gallery'
import type { ClientId, Domain, FaceId, ModelId, PersonId, PhotoId, Sha256 } from '../../../src-shared/ids'
import type { StoreRights } from '../../../src-shared/store-rights'
import type { StoreSizes } from '../../../src-shared/store-sizes'
import type { KnownFace, LedgerQuery, PeopleFilter, PersonsQuery, WholePerson } from '../gallery-records'
import type { GalleryStore } from '../gallery-store'
import type { OwnFaces, OwnFacesQuery } from '../search-records'
import type { MethodsOfKind } from '../threads/protocol'
import type { Connection } from './connection'
import { livePerson } from './faces/assign-faces'
import { photo } from './faces/photo-faces'
import { wholePerson } from './faces/transfer'
import { clientSummaries, crop, enrolledPhotos, knownFaces, personDetail } from './gallery-reads'
import { toldApart } from './ledger/changes'
import { bin, ledgerEntries } from './ledger/history'
import { verifyLedger } from './ledger/ledger-chain'
import { rejectsOf } from './people/curate-persons'
import { namesakes } from './people/namesakes'
import { ownFaces } from './people/own-faces'
import { PeopleLists, tags } from './people/persons-list'

export class GalleryReader implements Pick<GalleryStore, MethodsOfKind<'gallery', 'read' | 'slow-read'>> {
  readonly #connection: Connection
  readonly #lists: PeopleLists
  /** Until the next write: whoever shows counts asks often. */
  #clients: { readonly version: number; readonly summaries: ClientSummary[] } | undefined

  constructor(connection: Connection) {
    this.#connection = connection
    this.#lists = new PeopleLists(connection, () => connection.version())
  }

  async clients(): Promise<ClientSummary[]> {
    const version = this.#connection.version()
    if (this.#clients?.version !== version) {
      this.#clients = { version, summaries: clientSummaries(this.#connection) }
    }
    return this.#clients.summaries
  }

  async persons(query: PersonsQuery): Promise<{ total: number; persons: PersonSummary[] }> {
    return this.#lists.page(query)
  }

  async personIds(query: PeopleFilter): Promise<PersonId[]> {
    return this.#lists.ids(query)
  }

  async personsById(personIds: readonly PersonId[]): Promise<PersonSummary[]> {
    return this.#lists.byId(personIds)
  }

  async namesakes(
    personIds: readonly PersonId[],
    domain: Domain,
  ): Promise<{ personId: PersonId; name: string }[]> {
    return namesakes(this.#connection, personIds, domain)
  }

  async person(personId: PersonId): Promise<PersonDetail> {
    return personDetail(this.#connection, personId)
  }

  async wholePerson(personId: PersonId): Promise<WholePerson> {
    return wholePerson(this.#connection, personId)
  }

  async tags(
    clientId: ClientId,
    personIds?: readonly PersonId[],
  ): Promise<{ tag: string; persons: number }[]> {
    return tags(this.#connection, clientId, personIds)
  }

  async rejectsOf(personId: PersonId): Promise<{ faceId: FaceId; at: string }[]> {
    return rejectsOf(this.#connection, livePerson(this.#connection, personId).id)
  }

  async toldApart(personIds: readonly PersonId[]): Promise<[PersonId, PersonId][]> {
    return toldApart(this.#connection, personIds)
  }

  async ledger(query: LedgerQuery): Promise<LedgerEntry[]> {
    return ledgerEntries(this.#connection, query)
  }

  async rights(): Promise<StoreRights> {
    return this.#connection.rights()
  }

  async sizes(): Promise<StoreSizes> {
    return this.#connection.sizes()
  }

  verifyLedger(): Promise<{ entries: number; brokenAt?: number }> {
    return verifyLedger(this.#connection)
  }

  async bin(clientId: ClientId, retentionDays: number): Promise<BinEntry[]> {
    return bin(this.#connection, clientId, retentionDays)
  }

  async knownFaces(clientId: ClientId, photos: readonly Sha256[]): Promise<Map<Sha256, KnownFace[]>> {
    return knownFaces(this.#connection, clientId, photos)
  }

  async enrolledPhotos(clientId: ClientId, domain: Domain, modelId: ModelId): Promise<Map<Sha256, string[]>> {
    return enrolledPhotos(this.#connection, clientId, domain, modelId)
  }

  async photo(photoId: PhotoId): Promise<GalleryPhoto> {
    return photo(this.#connection, photoId)
  }

  async ownFaces({ personId, ...query }: OwnFacesQuery): Promise<OwnFaces[]> {
    return ownFaces(this.#connection, livePerson(this.#connection, personId).id, query)
  }

  async crop(faceId: FaceId): Promise<Uint8Array> {
    return crop(this.#connection, faceId)
  }
}
