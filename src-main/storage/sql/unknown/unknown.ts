/** Unknown faces in SQLite with flat search, as they are written and searched. Store worker thread. */
import type { EmbeddedFace } from '../../../../src-shared/face'
import type { ClientId, FaceId } from '../../../../src-shared/ids'
import type { NearestPerson } from '../../../../src-shared/unknown'
import type { PhotoRecord } from '../../gallery-records'
import type { MethodsOfKind } from '../../threads/protocol'
import type {
  BroughtFace,
  FaceThere,
  LinkedFace,
  LinkQuery,
  NearestPersonsQuery,
  SuggestionSearch,
  UnknownId,
  UnknownScope,
  UnknownStore,
} from '../../unknown-store'
import type { LedgerContext, Written } from '../../written'
import type { Connection } from '../connection'
import { write } from '../ledger/ledger'
import type { FlatIndexes } from '../search/flat-indexes'
import { bringFaces } from './bring-faces'
import { findSuggestions, nearestPersons } from './suggestions'
import { takeOut } from './take-out'
import { expireFaces, forgetFaces, keepFaces, linkFaces } from './unknown-faces'
import { ignoreGroup, setGroups } from './unknown-groups'

/** See `unknown-reader.ts` for the rest. */
export class UnknownWriter implements Pick<UnknownStore, MethodsOfKind<'unknown', 'write' | 'search'>> {
  readonly #connection: Connection
  /** What was last committed, also between the steps of a long write. */
  readonly #reads: Connection
  readonly #indexes: FlatIndexes

  constructor(connection: Connection, reads: Connection, indexes: FlatIndexes) {
    this.#connection = connection
    this.#reads = reads
    this.#indexes = indexes
  }

  keep(
    scope: UnknownScope,
    photos: readonly { readonly photo: PhotoRecord; readonly faces: readonly EmbeddedFace[] }[],
  ): Promise<number> {
    return keepFaces(this.#connection, this.#indexes, scope, photos)
  }

  bring(clientId: ClientId, faces: readonly BroughtFace[]): Promise<FaceThere[]> {
    return bringFaces(this.#connection, this.#indexes, clientId, faces)
  }

  link(query: LinkQuery): Promise<LinkedFace[]> {
    return linkFaces(this.#connection, this.#indexes, query)
  }

  async setGroups(
    faces: readonly { readonly id: UnknownId; readonly group: UnknownId | null }[],
  ): Promise<void> {
    setGroups(this.#connection, faces)
  }

  nearestPersons(query: NearestPersonsQuery): Promise<NearestPerson[]> {
    return nearestPersons(this.#reads, this.#indexes, query)
  }

  takeOut(
    clientId: ClientId,
    groupId: UnknownId,
    faceIds: readonly FaceId[],
    context: LedgerContext,
  ): Promise<Written<{ readonly faces: number }>> {
    return write(this.#connection, this.#indexes, clientId, context, (scope) =>
      takeOut(this.#connection, scope, groupId, faceIds),
    )
  }

  ignore(
    clientId: ClientId,
    groupId: UnknownId,
    ignored: boolean,
    context: LedgerContext,
  ): Promise<Written<{ readonly faces: number }>> {
    return write(this.#connection, this.#indexes, clientId, context, (scope) =>
      ignoreGroup(this.#connection, scope, groupId, ignored),
    )
  }

  findSuggestions(query: SuggestionSearch): Promise<number> {
    return findSuggestions(this.#connection, this.#indexes, query)
  }

  expire(before: number): Promise<number> {
    return expireFaces(this.#connection, this.#indexes, before)
  }

  forget(clientId: ClientId, context: LedgerContext): Promise<number> {
    return forgetFaces(this.#connection, this.#indexes, clientId, context)
  }
}
