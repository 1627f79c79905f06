/** Sees a photo that an import brought unseen, in a file that somebody names or that is where the source has it. Main, command line. */
import type { GalleryPhoto } from '../../../src-shared/gallery'
import type { ModelId } from '../../../src-shared/ids'
import type { PhotoRunner } from '../../host/photo-runner'
import type { SeenPhoto } from '../../storage/gallery-records'
import { photoTimeoutMs } from '../photo-timeout'
import { type NoFace, standInFaces } from './stand-in-faces'

/** What is to be written, and which of its faces are not in the file. Raises what `PhotoRunner.run` raises. */
export async function seeInFile(
  photos: Pick<PhotoRunner, 'run'>,
  { photoId, faces }: Pick<GalleryPhoto, 'photoId' | 'faces'>,
  path: string,
  { flip, signal }: { readonly flip: boolean; readonly signal?: AbortSignal },
): Promise<{
  readonly sighting: SeenPhoto
  readonly unfound: readonly NoFace[]
  readonly modelId: ModelId
}> {
  const analysis = await photos.run(
    { params: { source: { path }, thorough: false, flip, thumbnailPx: 0, crops: true } },
    { timeoutMs: photoTimeoutMs, ...(signal === undefined ? {} : { signal }) },
  )
  const waiting = faces.filter(({ measured }) => !measured)
  const known = waiting.map(({ faceId, person, box }) => {
    return { faceId, personId: person?.personId ?? null, box, embedding: null }
  })
  const { seen, unfound } = standInFaces({ photoId, path, faces: known }, path, analysis)
  return { sighting: seen, unfound, modelId: analysis.modelId }
}
