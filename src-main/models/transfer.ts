/** What the readers of archives are given. Main process and command line. */
import type { Artefact } from '../../src-shared/model-pack'
import type { ProgressMeter } from './fetch-progress'
import type { StallGuard } from './stall-guard'
import type { WorkFolder } from './work-folder'

/** The files wanted of one archive, and where they go. */
export interface Transfer {
  /** By their paths in the archive. */
  readonly wanted: ReadonlyMap<string, Artefact>
  readonly work: WorkFolder
  readonly guard: StallGuard
  readonly progress: ProgressMeter
}
