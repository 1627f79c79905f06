/** The index that searches on a server by: looked at, built and checked. The interface that services see. Main, command line. */
import type { ModelId } from '../../src-shared/ids'
import type {
  IndexBuild,
  IndexProgress,
  IndexState,
  Recall,
  RecallQuery,
  SearchIndex,
} from '../../src-shared/search-index'

export interface IndexControl<P> {
  readonly onProgress?: (progress: P) => void
  /** Cancelled, everything is as it was before. */
  readonly signal?: AbortSignal
}

/** All raise what connecting raises (`server-unreachable`, …). */
export interface IndexStore {
  state(): Promise<IndexState>
  /**
   * Builds a model's index anew beside the one that is there, and then lets go of that: searches and writes go on meanwhile. One build at
   * a time. Raises `conflict` while another is under way, `rights-missing`, `invalid-argument`, `cancelled`.
   */
  rebuild(build: IndexBuild, control?: IndexControl<IndexProgress>): Promise<SearchIndex>
  /**
   * Has searches by a model's index, of every console, look at so many candidates; kept with the index, also when it is built anew. Raises
   * `rights-missing`, `invalid-argument`; `not-found` where the model has none.
   */
  widen(modelId: ModelId, searchWidth: number): Promise<void>
  /** Searches with faces of the gallery by the index and without. Raises `cancelled`; `not-found` where there are no faces. */
  recall(query: RecallQuery, control?: IndexControl<{ done: number; total: number }>): Promise<Recall>
}
