/** What enrolment and the Identify queue need of the vision process: a photo in, its faces out, crashes survived. */
import type { AnalyseParams, AnalyseResult } from '../../src-shared/vision-protocol'

export interface PhotoJob {
  readonly params: AnalyseParams
  readonly signal?: AbortSignal
  /** Times the vision process died with this photo in work before. */
  readonly crashes?: number
  /** Told each time it dies with this photo in work, with the new count. */
  readonly onCrash?: (crashes: number) => void
}

export interface PhotoAnalyser {
  /**
   * Rejects with what the photo is refused for, `set-aside` (it killed the process twice), `cancelled`,
   * `deadline-exceeded` or `vision-unavailable` (nothing can be analysed now; the photo is not to blame).
   */
  run(job: PhotoJob): Promise<AnalyseResult>
}
