/** Looks into photos for the faces of an import, under one model. Main, command line. */
import { VisorError } from '../../../src-shared/errors'
import type { ModelId } from '../../../src-shared/ids'
import type { AnalyseResult, PhotoSource } from '../../../src-shared/vision-protocol'
import type { PhotoRunner } from '../../host/photo-runner'
import { photoTimeoutMs } from '../photo-timeout'

export interface PhotoLooker {
  readonly photos: Pick<PhotoRunner, 'run' | 'concurrency'>
  readonly modelId: ModelId
  readonly flip: boolean
  close(): Promise<void>
}

/** Faces with crops. Raises what `PhotoRunner.run` raises; `vision-unavailable` where the model is another by now. */
export async function lookInto(
  { photos, modelId, flip }: Omit<PhotoLooker, 'close'>,
  source: PhotoSource,
  signal: AbortSignal | undefined,
): Promise<AnalyseResult> {
  const analysis = await photos.run(
    { params: { source, thorough: false, flip, thumbnailPx: 0, crops: true } },
    { timeoutMs: photoTimeoutMs, ...(signal === undefined ? {} : { signal }) },
  )
  if (analysis.modelId === modelId) return analysis
  throw new VisorError('vision-unavailable', 'The model pack was changed meanwhile.', {
    consequence: 'What was written before stays.',
    remedy: 'Do it again: it goes on from there.',
  })
}
