/**
 * A source of faces: what readers give, whatever they read. Import worker thread, main, command line.
 *
 * [Note: Sources] A source is read from end to end, in one order that is the same in every reading, in portions, at the pace
 * of whoever takes them. It knows nothing of where the rows go. One bad row is a row with a `problem`; only a source that
 * cannot be read on raises.
 *
 * [Note: Claimed models] `deepface/` and the model's name as DeepFace writes it in file names, in lower case and without
 * separators: `deepface/arcface`, `deepface/facenet512`, `deepface/vggface`. What a table's model column says is taken as it
 * is where it holds a slash, else as a name of DeepFace's.
 */
import type { Box } from '../../src-shared/geometry'
import type { ModelId } from '../../src-shared/ids'
import type { Inspection, RejectReason } from '../../src-shared/import'

/** A person as the source has them. Nothing is normalised or checked against a gallery's rules yet. */
export interface SourcePerson {
  /** Tells two people of one name apart and is the same in every reading: an id, or domain and name. */
  readonly key: string
  readonly name: string
  /** `null`: the source has none. */
  readonly domain: string | null
  readonly clientId: string | null
  readonly wikidataId: string | null
  readonly occupation: string | null
  readonly description: string | null
  /** Unix ms. */
  readonly createdAt: number | null
}

export interface RowProblem {
  readonly reason: RejectReason
  /** One sentence, with no numbers of a vector in it. */
  readonly detail: string
}

/** One face of the source, or one photo whose face is not known yet: as its reader finds it. */
export interface SourceRow {
  /** 0-based, in the order read; the same in every reading of the same source. */
  readonly position: number
  /** What it is called in the source: `row 12`, `row 12 (facenet)`, `face_encodings 4711`. */
  readonly key: string
  readonly person: SourcePerson | null
  /** The photo's path as the source has it; whether it is there, nobody has looked. */
  readonly photoPath: string | null
  /** The encoded photo, where the source holds it and it was asked for. */
  readonly image: Uint8Array | null
  /** Pixels of the photo. */
  readonly box: Box | null
  /** The detector's, 0 … 1 as far as the source keeps to it. */
  readonly confidence: number | null
  /** Unix ms. */
  readonly createdAt: number | null
  /** What the source claims; `null` where it claims nothing. See [Note: Claimed models]. */
  readonly modelId: ModelId | null
  /**
   * As it is in the source, of any length, not normalised; float64 is rounded to float32 once. `null` where the source has
   * none. A row of a folder never has one: the photo is to be embedded.
   */
  readonly embedding: Float32Array | null
  /** The sum of the squares of its numbers, in their order, in float64; 0 without an embedding. */
  readonly squared: number
  /** What the reader could not make sense of: the row is rejected with it. */
  readonly problem: RowProblem | null
}

/** A row as whoever reads a source is given it: what costs time for every vector is done where it is read. */
export interface GivenRow extends Omit<SourceRow, 'squared'> {
  /** At length 1, see `unit-vector.ts`; as the source has it, where the row has a problem by which it cannot be. */
  readonly embedding: Float32Array | null
  /** Of the embedding's bytes; `null` where it is not at length 1. */
  readonly vectorDigest: string | null
}

/** At most so many rows in one portion. */
export const portionRows = 1000

/** Rows one after the other: the first at `from`, `rows.length` of them. Never empty. */
export interface Portion<Row = GivenRow> {
  readonly from: number
  readonly rows: readonly Row[]
}

/**
 * Raises `source-unfit` where the source is broken or is not what it is taken for, `file-missing`, `file-unreadable`,
 * `file-changed`, the failures of a server, and `cancelled` once it was closed.
 */
export interface Source {
  /** Reads all of it once. */
  inspect(control?: SourceControl): Promise<Inspection>
  /**
   * From a position on; what is before it is read (a pickle cannot be entered in its middle) and not given. One reading at a
   * time: another one ends it. `withImages`: with the photos that the source holds, which may be gigabytes.
   */
  rows(from?: number, options?: { readonly withImages: boolean }): AsyncIterable<Portion>
  /** Whether rows can have photos of their own, which {@link rows} gives where they are asked for. */
  holdsImages(): Promise<boolean>
  /** Ends a reading that is under way, and the source with it. */
  close(): Promise<void>
}

export interface SourceControl {
  readonly signal?: AbortSignal | undefined
  /** Rows read, and a share of the whole, 0 … 1. */
  readonly onProgress?: ((progress: { readonly rows: number; readonly share: number }) => void) | undefined
}
