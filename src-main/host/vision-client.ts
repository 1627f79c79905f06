/** What the rest of main sees of the vision process. */
import type { VisionStatus } from '../../src-shared/status'
import type { VisionMethod, VisionParams, VisionResult } from '../../src-shared/vision-protocol'

export interface VisionRequestOptions {
  /** Cancels: the promise rejects with `cancelled` at once, the process is told. */
  readonly signal?: AbortSignal
  /** Milliseconds until the promise rejects with `deadline-exceeded` and the request is cancelled. */
  readonly timeoutMs?: number
}

export interface VisionClient {
  /**
   * Rejects with a `VisorError`: what the method raises, `cancelled`, `deadline-exceeded`, `vision-crashed` (the process
   * died with this request in work) or `vision-unavailable` (it is not running and not about to).
   */
  request<M extends VisionMethod>(
    method: M,
    params: VisionParams<M>,
    options?: VisionRequestOptions,
  ): Promise<VisionResult<M>>
}

/** The state of the vision process, for whoever shows it. */
export interface VisionMonitor {
  readonly status: VisionStatus
  /** Calls `listener` whenever {@link status} changes; the function it returns ends that. */
  onStatus(listener: (status: VisionStatus) => void): () => void
}
