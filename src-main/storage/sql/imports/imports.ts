/** Imports as they are written: `ImportStore` as it runs in the store's writing thread. See [Note: Import runs]. */
import type {
  ClientId,
  Domain,
  ImportRunId,
  LedgerId,
  ModelId,
  PersonId,
  PhotoId,
} from '../../../../src-shared/ids'
import type { ImportRun, ImportState, RejectedRow, UnfoundFace } from '../../../../src-shared/import-run'
import type {
  CopiedGallery,
  CopyMark,
  CopyPage,
  ImportedFace,
  ImportPortion,
  ImportRows,
  ImportStore,
  NewImportRun,
  PortionOutcome,
  SoughtFace,
  StandIn,
  StoredFace,
  UnseenPhotos,
} from '../../import-store'
import type { MethodsOfKind } from '../../threads/protocol'
import type { LedgerContext, Written } from '../../written'
import type { Connection } from '../connection'
import { write } from '../ledger/ledger'
import type { FlatIndexes } from '../search/flat-indexes'
import { copiedPage, copiedSize } from './copied-rows'
import { copyPortion, tryCopy } from './copy-portion'
import { importPortion, takesLong, tryPortion } from './import-portion'
import { beginRun, entriesOf, rejectedKeys, rejectsOf, runOf, runsOf, writeState } from './runs'
import { noteLook, standInCount, standInsAfter, standInsOf, unfoundOf } from './stand-ins'
import { storedFaces } from './stored-faces'

export class ImportWriter implements Pick<ImportStore, MethodsOfKind<'imports', 'write'>> {
  readonly #connection: Connection
  readonly #indexes: FlatIndexes
  readonly #clients = new Map<ImportRunId, ClientId>()

  constructor(connection: Connection, indexes: FlatIndexes) {
    this.#connection = connection
    this.#indexes = indexes
  }

  async begin(run: NewImportRun): Promise<ImportRun> {
    return this.#connection.transaction(run.clientId, () => {
      beginRun(this.#connection, run)
      return runOf(this.#connection, run.runId)
    })
  }

  async setState(
    runId: ImportRunId,
    state: ImportState,
    found: Pick<ImportRun, 'error' | 'validation'> = {},
  ): Promise<ImportRun> {
    const { clientId } = runOf(this.#connection, runId)
    return this.#connection.transaction(clientId, () => {
      writeState(this.#connection, runId, state, found)
      return runOf(this.#connection, runId)
    })
  }

  async importPortion(
    runId: ImportRunId,
    portion: ImportPortion,
    context: LedgerContext,
  ): Promise<Written<ImportRun>> {
    const clientId = this.#clientOf(runId)
    return write(
      this.#connection,
      this.#indexes,
      clientId,
      context,
      (scope) => importPortion(this.#connection, scope, runId, portion),
      { takesLong: takesLong(portion) },
    )
  }

  async noteLook(runId: ImportRunId, look: Parameters<ImportStore['noteLook']>[1]): Promise<void> {
    const { clientId } = runOf(this.#connection, runId)
    this.#connection.transaction(clientId, () => noteLook(this.#connection, runId, look.found, look.unfound))
  }

  async copyPortion(
    runId: ImportRunId,
    portion: { readonly from: number; readonly page: CopyPage },
    context: LedgerContext,
  ): Promise<Written<ImportRun>> {
    const clientId = this.#clientOf(runId)
    return write(this.#connection, this.#indexes, clientId, context, (scope) =>
      copyPortion(this.#connection, scope, runId, portion),
    )
  }

  /** Whose a run is, for ever; whether it is there still, whoever writes looks. Raises `not-found`. */
  #clientOf(runId: ImportRunId): ClientId {
    const known = this.#clients.get(runId)
    if (known !== undefined) return known
    const { clientId } = runOf(this.#connection, runId)
    this.#clients.set(runId, clientId)
    return clientId
  }
}

/** What of imports is only read. */
export class ImportReader implements Pick<ImportStore, MethodsOfKind<'imports', 'read' | 'slow-read'>> {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async runs(clientId: ClientId): Promise<ImportRun[]> {
    return runsOf(this.#connection, clientId)
  }

  async run(runId: ImportRunId): Promise<ImportRun> {
    return runOf(this.#connection, runId)
  }

  async rejects(
    runId: ImportRunId,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<{ total: number; rejects: RejectedRow[] }> {
    return rejectsOf(this.#connection, runId, page)
  }

  async rejectedKeys(runId: ImportRunId): Promise<string[]> {
    return rejectedKeys(this.#connection, runId)
  }

  async entries(runId: ImportRunId): Promise<LedgerId[]> {
    return entriesOf(this.#connection, runId)
  }

  async countStandIns(clientId: ClientId, domain: Domain): Promise<UnseenPhotos> {
    return standInCount(this.#connection, clientId, domain)
  }

  async standIns(
    clientId: ClientId,
    domain: Domain,
    modelId: ModelId,
    after: PhotoId | null,
  ): Promise<StandIn[]> {
    return standInsAfter(this.#connection, clientId, domain, modelId, after)
  }

  async standInsOf(
    clientId: ClientId,
    domain: Domain,
    modelId: ModelId,
    photoIds: readonly PhotoId[],
  ): Promise<StandIn[]> {
    return standInsOf(this.#connection, clientId, domain, modelId, photoIds)
  }

  async unfound(
    runId: ImportRunId,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<{ total: number; unfound: UnfoundFace[] }> {
    return unfoundOf(this.#connection, runId, page)
  }

  async tryCopy(
    clientId: ClientId,
    portion: { readonly from: number; readonly page: CopyPage },
    brought: readonly PersonId[],
  ): Promise<PortionOutcome> {
    return tryCopy(this.#connection, clientId, portion, brought)
  }

  async copySize(clientId: ClientId, domain: Domain | null): Promise<CopiedGallery> {
    return copiedSize(this.#connection, clientId, domain)
  }

  async copyPage(clientId: ClientId, domain: Domain | null, from: CopyMark): Promise<CopyPage> {
    return copiedPage(this.#connection, clientId, domain, from)
  }

  async tryPortion(
    clientId: ClientId,
    rows: ImportRows,
    earlier: readonly ImportedFace[],
  ): Promise<PortionOutcome> {
    return tryPortion(this.#connection, clientId, rows, earlier)
  }

  async stored(
    clientId: ClientId,
    domain: Domain,
    modelId: ModelId,
    faces: readonly SoughtFace[],
  ): Promise<(StoredFace | null)[]> {
    return storedFaces(this.#connection, clientId, domain, modelId, faces)
  }
}
