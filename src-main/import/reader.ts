/** What each kind of source implements: a reader of rows, inside the import worker thread. */
import type { ColumnMapping, ImportKind, Inspection } from '../../src-shared/import'
import type { SourceRow } from './source'

/** What a reader knows besides its rows; the rest of an inspection is counted from them. */
export interface ReaderFacts {
  readonly layout: string
  readonly fingerprint: string
  readonly columns: Inspection['columns']
  readonly mapping: ColumnMapping | null
  readonly notes: readonly string[]
}

export interface Reader {
  readonly kind: ImportKind
  /**
   * All rows in their order, some at a time, each time anew from the beginning. `withImages`: with the photos that the source
   * itself holds. Raises as {@link Source}.
   */
  batches(options: {
    readonly withImages: boolean
  }): AsyncIterable<readonly SourceRow[]> | Iterable<readonly SourceRow[]>
  /** As {@link Source.holdsImages}. */
  holdsImages(): Promise<boolean>
  /** How much of the reading that is under way is done, 0 … 1. */
  share(): number
  /** What is known once a reading has come to its end. */
  facts(): Promise<ReaderFacts>
  close(): Promise<void>
}
