/** Unknown faces in SQLite with flat search: `UnknownStore` as it runs in the store worker thread. */
import type { EmbeddedFace } from '../../../src-shared/face'
import type { ClientId, Domain, ModelId } from '../../../src-shared/ids'
import type { LedgerContext, PersonRef, PhotoRecord, Written } from '../gallery-store'
import type {
  GroupFaces,
  LinkedFace,
  LinkQuery,
  SuggestionsQuery,
  UnknownGroups,
  UnknownGroupsQuery,
  UnknownId,
  UnknownScope,
  UnknownStore,
  UnknownSuggestion,
} from '../unknown-store'
import type { Connection } from './connection'
import type { FlatIndexes } from './flat-indexes'
import { write } from './ledger'
import { expireFaces, keepFaces, linkFaces, unknownDomains, unknownIds } from './unknown-faces'
import { groupFaces, groups, ignoreGroup, setGroups, suggestions } from './unknown-groups'

export class SqliteUnknown implements UnknownStore {
  readonly #connection: Connection
  readonly #indexes: FlatIndexes

  constructor(connection: Connection, indexes: FlatIndexes) {
    this.#connection = connection
    this.#indexes = indexes
  }

  keep(
    scope: UnknownScope,
    photos: readonly { readonly photo: PhotoRecord; readonly faces: readonly EmbeddedFace[] }[],
  ): Promise<number> {
    return keepFaces(this.#connection, this.#indexes, scope, photos)
  }

  async domains(clientId: ClientId, modelId: ModelId): Promise<Domain[]> {
    return unknownDomains(this.#connection, clientId, modelId)
  }

  async ids(scope: UnknownScope, after: UnknownId): Promise<UnknownId[]> {
    return unknownIds(this.#connection, scope, after)
  }

  link(query: LinkQuery): Promise<LinkedFace[]> {
    return linkFaces(this.#connection, this.#indexes, query)
  }

  async setGroups(
    faces: readonly { readonly id: UnknownId; readonly group: UnknownId | null }[],
  ): Promise<void> {
    setGroups(this.#connection, faces)
  }

  async groups(query: UnknownGroupsQuery): Promise<UnknownGroups> {
    return groups(this.#connection, query)
  }

  async groupFaces(
    clientId: ClientId,
    groupId: UnknownId,
    domain: Domain,
    to: PersonRef,
  ): Promise<GroupFaces> {
    return groupFaces(this.#connection, clientId, groupId, domain, to)
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

  suggestions(query: SuggestionsQuery): Promise<UnknownSuggestion[]> {
    return suggestions(this.#connection, this.#indexes, query)
  }

  expire(before: number): Promise<number> {
    return expireFaces(this.#connection, this.#indexes, before)
  }
}
