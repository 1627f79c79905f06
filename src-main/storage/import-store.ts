/**
 * Imports from other systems, as a store keeps them: runs, what of their sources was brought and what was not.
 *
 * [Note: Import runs] A run goes through its source from its first row to its last, in portions. Each portion is one transaction:
 * people, photos, faces, embeddings, rejected rows, the run's counts and its position, and one entry of the ledger. A portion that
 * does not begin where the run stands is refused, so whatever ends a run (a crash, a lost connection, two consoles at once), each row
 * is dealt with exactly once. All that is made has an id that follows from the source: the same row, brought again, is already there.
 */
import type { EmbeddedFace, UnitEmbedding } from '../../src-shared/face'
import type { Box } from '../../src-shared/geometry'
import type {
  ClientId,
  Domain,
  FaceId,
  ImportRunId,
  LedgerId,
  ModelId,
  PersonId,
  PhotoId,
  Sha256,
} from '../../src-shared/ids'
import type { ImportRun, ImportState, RejectedRow, UnfoundFace } from '../../src-shared/import-run'
import type { FaceAssignment, GivenIds, PhotoRecord } from './gallery-records'
import type { PackedFaces } from './packed-faces'
import type { LedgerContext, Written } from './written'

/** A run that begins. */
export type NewImportRun = Pick<
  ImportRun,
  'runId' | 'clientId' | 'kind' | 'source' | 'fingerprint' | 'options' | 'total' | 'actor'
>

/** What a person gets who is made by an import. */
export interface ImportedDetails {
  readonly wikidataId: string | null
  readonly occupation: string | null
  readonly description: string | null
}

/** A face as it comes into the gallery. */
export interface ImportedFace {
  readonly position: number
  readonly key: string
  readonly domain: Domain
  readonly modelId: ModelId
  /** Who has the id, else who has the name in the domain, else somebody new with both. */
  readonly person: { readonly name: string; readonly details: ImportedDetails }
  readonly photo: PhotoRecord
  readonly face: EmbeddedFace
  readonly ids: GivenIds
  /** As {@link FaceAssignment}. */
  readonly since?: FaceAssignment['since']
}

/** Some rows of the source, one after the other. */
export interface ImportRows {
  readonly from: number
  /** Behind its last row. */
  readonly to: number
  readonly faces: readonly ImportedFace[]
  /** Rows that were found unfit before the gallery was asked. */
  readonly rejects: readonly RejectedRow[]
}

/** Rows that are written at once. */
export interface ImportPortion extends Omit<ImportRows, 'faces'> {
  readonly faces: readonly PackedFaces[]
}

/** What became of a portion's rows. */
export interface PortionOutcome {
  readonly imported: number
  readonly alreadyThere: number
  /** All of them, in the order of the source. */
  readonly rejects: readonly RejectedRow[]
}

/** A face that a source says is there. */
export interface SoughtFace {
  readonly faceId: FaceId
  /** Of the record that the import made of its photo. */
  readonly photoId: PhotoId
  readonly sha256: Sha256
  readonly box: Box
}

/** A face as the gallery has it. */
export interface StoredFace {
  readonly faceId: FaceId
  readonly personId: PersonId | null
  readonly name: string | null
  readonly domain: Domain
  /** It was found by photo and box: it was there before. */
  readonly byPlace: boolean
  readonly embedding: UnitEmbedding
}

/** A photo of an import that was not seen yet, with its live faces that were not measured. */
export interface StandIn {
  readonly photoId: PhotoId
  readonly path: string
  readonly faces: readonly {
    readonly faceId: FaceId
    readonly personId: PersonId | null
    /** 0 × 0: the source has none. */
    readonly box: Box
    /** Of the model that was asked for, where the source has one. */
    readonly embedding: UnitEmbedding | null
  }[]
}

/** Photos that were not seen yet and have live faces that are not measured. */
export interface UnseenPhotos {
  readonly photos: number
  readonly faces: number
  /** The path of one of them. */
  readonly example: string | null
}

/** How much there is to copy, and the number of the last entry in the client's ledger: another one, and something was changed. */
export interface CopiedGallery {
  readonly persons: number
  /** Of people and of nobody. */
  readonly faces: number
  readonly sequence: number
}

/** Where the reading of a gallery is: first its people, then its photos with their faces, each in the order of their ids. */
export interface CopyMark {
  readonly part: 'persons' | 'photos'
  /** `null`: at the beginning. */
  readonly after: string | null
}

/** Rows of a table, in the order in which it is written; see `sql/imports/copied-rows.ts`. */
export interface CopyRows {
  readonly table: string
  readonly rows: readonly (readonly (string | number | null | Uint8Array | Float32Array)[])[]
}

/** People with all they have but faces, or photos with all their faces. */
export interface CopyPage {
  readonly tables: readonly CopyRows[]
  /** People, or faces: the rows that a run takes account of. */
  readonly count: number
  /** `null`: that was all. */
  readonly next: CopyMark | null
}

export interface ImportStore {
  /** What would become of a part of another store's gallery. `brought`: people of earlier parts of this trial that would be here. */
  tryCopy(
    clientId: ClientId,
    portion: { readonly from: number; readonly page: CopyPage },
    brought: readonly PersonId[],
  ): Promise<PortionOutcome>
  /** Of live people and faces. `domain`: `null` = all. */
  copySize(clientId: ClientId, domain: Domain | null): Promise<CopiedGallery>
  /** A part of this gallery, to be copied into another store with its ids. */
  copyPage(clientId: ClientId, domain: Domain | null, from: CopyMark): Promise<CopyPage>
  /** Brings a part of another store's gallery; else as {@link importPortion}. */
  copyPortion(
    runId: ImportRunId,
    portion: { readonly from: number; readonly page: CopyPage },
    context: LedgerContext,
  ): Promise<Written<ImportRun>>
  /** Begins a run; the same id again gives the run as it is. */
  begin(run: NewImportRun): Promise<ImportRun>
  /** Of a client, newest first, at most 200. */
  runs(clientId: ClientId): Promise<readonly ImportRun[]>
  /** Raises `not-found`. */
  run(runId: ImportRunId): Promise<ImportRun>
  /** Raises `not-found`. */
  setState(
    runId: ImportRunId,
    state: ImportState,
    found?: Pick<ImportRun, 'error' | 'validation'>,
  ): Promise<ImportRun>
  /**
   * Brings a portion; see [Note: Import runs]. Raises `not-found`, `conflict` where the run is elsewhere, `capacity-exceeded`. A
   * portion that is behind the run was brought before: nothing is done. The memory of its vectors is the store's from then on.
   */
  importPortion(
    runId: ImportRunId,
    portion: ImportPortion,
    context: LedgerContext,
  ): Promise<Written<ImportRun>>
  /**
   * What would become of some rows. `earlier`: rows of earlier portions of this trial that are of the same photos and would have been
   * imported.
   */
  tryPortion(clientId: ClientId, rows: ImportRows, earlier: readonly ImportedFace[]): Promise<PortionOutcome>
  /** In the order of the source. */
  rejects(
    runId: ImportRunId,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<{ readonly total: number; readonly rejects: readonly RejectedRow[] }>
  /** What the rejected rows are called in the source. */
  rejectedKeys(runId: ImportRunId): Promise<readonly string[]>
  /** What of a domain's photos was not seen yet. */
  countStandIns(clientId: ClientId, domain: Domain): Promise<UnseenPhotos>
  /** Some of them, in the order of their ids, at most 200; `after`: `null` = from the first. */
  standIns(
    clientId: ClientId,
    domain: Domain,
    modelId: ModelId,
    after: PhotoId | null,
  ): Promise<readonly StandIn[]>
  /** Of these photos, at most 1,000, those that were not seen yet. */
  standInsOf(
    clientId: ClientId,
    domain: Domain,
    modelId: ModelId,
    photoIds: readonly PhotoId[],
  ): Promise<readonly StandIn[]>
  /** Keeps which faces a look at photos of a run found, and why others were not; what was seen is written by `seePhotos`. */
  noteLook(
    runId: ImportRunId,
    look: {
      readonly found: readonly FaceId[]
      readonly unfound: readonly Pick<UnfoundFace, 'faceId' | 'reason' | 'detail'>[]
    },
  ): Promise<void>
  /** Faces whose photo a look of the run did not find, or not the face in it, and that are still not measured; by person. */
  unfound(
    runId: ImportRunId,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<{ readonly total: number; readonly unfound: readonly UnfoundFace[] }>
  /** The entries of the ledger that the run left, in their order. */
  entries(runId: ImportRunId): Promise<readonly LedgerId[]>
  /** Of these faces the embeddings of a model, one answer each, `null` where there is none. At most 1,000. */
  stored(
    clientId: ClientId,
    domain: Domain,
    modelId: ModelId,
    faces: readonly SoughtFace[],
  ): Promise<readonly (StoredFace | null)[]>
}
