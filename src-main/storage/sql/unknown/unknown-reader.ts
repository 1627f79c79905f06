/** Unknown faces as they are read: what was last committed. Store's reading threads. */
import type { ClientId, Domain, FaceId, ModelId } from '../../../../src-shared/ids'
import type { Suggestion, UnknownCounts } from '../../../../src-shared/unknown'
import type { PersonRef } from '../../gallery-records'
import type { MethodsOfKind } from '../../threads/protocol'
import type {
  FaceConstraint,
  GroupFaces,
  GroupPage,
  SuggestionSearch,
  UnknownGroups,
  UnknownGroupsQuery,
  UnknownId,
  UnknownScope,
  UnknownStore,
} from '../../unknown-store'
import type { Connection } from '../connection'
import { suggestions } from './suggestions'
import { constraints } from './told-apart'
import { unknownDomains, unknownIds } from './unknown-faces'
import { countsOfUnknown, groupFaces, groupOf, groupPage, groups } from './unknown-groups'

export class UnknownReader implements Pick<UnknownStore, MethodsOfKind<'unknown', 'read' | 'slow-read'>> {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async domains(clientId: ClientId, modelId: ModelId): Promise<Domain[]> {
    return unknownDomains(this.#connection, clientId, modelId)
  }

  async ids(scope: UnknownScope, after: UnknownId): Promise<UnknownId[]> {
    return unknownIds(this.#connection, scope, after)
  }

  async constraints(scope: UnknownScope): Promise<FaceConstraint[]> {
    return constraints(this.#connection, scope)
  }

  async counts(clientId: ClientId, modelId: ModelId): Promise<Omit<UnknownCounts, 'suggestions'>> {
    return countsOfUnknown(this.#connection, clientId, modelId)
  }

  async groups(query: UnknownGroupsQuery): Promise<UnknownGroups> {
    return groups(this.#connection, query)
  }

  async groupOf(clientId: ClientId, faceId: FaceId): Promise<UnknownId | undefined> {
    return groupOf(this.#connection, clientId, faceId)
  }

  async faces(clientId: ClientId, groupId: UnknownId, offset: number, limit: number): Promise<GroupPage> {
    return groupPage(this.#connection, clientId, groupId, offset, limit)
  }

  async groupFaces(
    clientId: ClientId,
    groupId: UnknownId,
    domain: Domain,
    to: PersonRef,
    faceIds?: readonly FaceId[],
  ): Promise<GroupFaces> {
    return groupFaces(this.#connection, clientId, groupId, domain, to, faceIds)
  }

  async suggestions(query: SuggestionSearch): Promise<{ total: number; some: Suggestion[] }> {
    return suggestions(this.#connection, query)
  }
}
