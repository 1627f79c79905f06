/** What the commands work with. Runs on the command line. */
import type { ModelId } from '../../src-shared/ids'
import type { ModelPack } from '../../src-shared/model-pack'
import type { PhotoRunner } from '../host/photo-runner'
import type { VisionClient } from '../host/vision-client'

export interface Engine {
  readonly vision: VisionClient
  readonly photos: PhotoRunner
  readonly pack: ModelPack
  readonly modelId: ModelId
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
  /** The operating system's user name, for the ledger. */
  readonly actor: string
}
