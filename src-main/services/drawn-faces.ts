/** Faces that an analyst draws on a photo of the queue because the detector missed them. Runs in main. */
import { VisorError } from '../../src-shared/errors'
import type { EmbeddedFace } from '../../src-shared/face'
import { type Box, mostOverlapping, sameFaceIou } from '../../src-shared/geometry'
import type { ItemId } from '../../src-shared/ids'
import type { AnalyseResult, EmbedBoxesResult, PhotoSource } from '../../src-shared/vision-protocol'
import type { PhotoRunner } from '../host/photo-runner'
import type { VisionRequestOptions } from '../host/vision-client'
import type { QueueStore, StoredAnalysis } from '../storage/queue-store'
import type { IdentifyQueue } from './identify-queue'
import { photoTimeoutMs } from './photo-timeout'

type Embedder = Pick<PhotoRunner, 'embedBoxes'>

interface DrawnFacesDependencies {
  readonly queue: Pick<IdentifyQueue, 'analysis' | 'detail' | 'source' | 'refresh'>
  readonly store: Pick<QueueStore, 'faceCrop' | 'setFaces'>
  readonly photos: Embedder
  /** Whether embeddings are averaged with those of the mirror image, from the settings in force. */
  readonly flip: () => boolean
}

/** What was done to the faces of a photo, and how it is taken back. */
export interface DrawnAct {
  readonly summary: string
  /** Raises `conflict` where the photo was analysed anew, or other boxes were drawn, since. */
  readonly undo: () => Promise<void>
}

export class DrawnFaces {
  readonly #needs: DrawnFacesDependencies

  constructor(needs: DrawnFacesDependencies) {
    this.#needs = needs
  }

  /**
   * Adds a face where the box is, the last of the photo, or gives one that was drawn before another box. Raises `not-found`,
   * `invalid-argument`, `conflict`, `file-changed`, and what reading and decoding raise.
   */
  async draw(
    itemId: ItemId,
    faceIndex: number | null,
    box: Box,
  ): Promise<DrawnAct & { faceIndex: number; alignedBy: EmbedBoxesResult['faces'][number]['alignedBy'] }> {
    const { queue, photos, flip } = this.#needs
    const analysis = await queue.analysis(itemId)
    if (faceIndex !== null) await this.#refuseOthers(itemId, analysis, faceIndex)
    const others = analysis.faces.filter((_, index) => index !== faceIndex)
    if (mostOverlapping(others, box, sameFaceIou) !== undefined) {
      throw new VisorError('conflict', 'The photo has a face here already.', {
        consequence: 'Nothing was changed.',
        remedy: 'Choose that face instead.',
      })
    }
    const source = await queue.source(itemId)
    const embedded = await embedDrawn(photos, source, [box], flip())
    if (embedded.sha256 !== analysis.sha256 || embedded.modelId !== analysis.modelId) throw outdated()
    const { alignedBy, ...face } = embedded.faces[0]!
    const place = faceIndex ?? analysis.faces.length
    const act = await this.#write(
      itemId,
      (faces) => faces.toSpliced(place, 1, face),
      faceIndex === null ? 'Drew a face' : 'Changed the box of a face',
    )
    return { ...act, faceIndex: place, alignedBy }
  }

  /** Takes out a face that was drawn by hand. Raises `not-found`, `conflict`. */
  async remove(itemId: ItemId, faceIndex: number): Promise<DrawnAct> {
    await this.#refuseOthers(itemId, await this.#needs.queue.analysis(itemId), faceIndex)
    return this.#write(itemId, (faces) => faces.toSpliced(faceIndex, 1), 'Deleted a drawn face')
  }

  /** Only what was drawn by hand is changed here, and only while it is nobody's in the gallery. */
  async #refuseOthers(itemId: ItemId, analysis: StoredAnalysis, faceIndex: number): Promise<void> {
    const face = analysis.faces[faceIndex]
    if (face === undefined) throw new VisorError('not-found', 'This photo has no such face.')
    if (face.manual !== true) {
      throw new VisorError('conflict', 'This face was found by the detector.', {
        consequence: 'Only boxes that were drawn by hand are changed here.',
      })
    }
    const { recognition } = await this.#needs.queue.detail(itemId)
    const known = recognition?.faces[faceIndex]
    if (known?.confirmed !== true) return
    throw new VisorError('conflict', `This face is ${known.person?.name ?? 'somebody'}’s in the gallery.`, {
      consequence: 'Its box was left as it is.',
      remedy: 'Open the photo in Galleries and change the box there, or undo the confirmation first.',
    })
  }

  async #write(
    itemId: ItemId,
    change: (faces: readonly EmbeddedFace[]) => EmbeddedFace[],
    summary: string,
  ): Promise<DrawnAct> {
    const before = await this.#faces(itemId)
    const after = change(before)
    await this.#setFaces(itemId, after)
    const undo = async () => {
      if (!sameBoxes(await this.#faces(itemId), after)) throw outdated()
      await this.#setFaces(itemId, before)
    }
    return { summary, undo }
  }

  async #setFaces(itemId: ItemId, faces: readonly EmbeddedFace[]): Promise<void> {
    await this.#needs.store.setFaces(itemId, faces)
    this.#needs.queue.refresh(itemId)
  }

  /** With their crops: those are kept by the place of the face, which changes. */
  async #faces(itemId: ItemId): Promise<EmbeddedFace[]> {
    const { faces } = await this.#needs.queue.analysis(itemId)
    return Promise.all(
      faces.map(async (face, index) => {
        const crop = await this.#needs.store.faceCrop(itemId, index)
        return crop === undefined ? face : { ...face, crop }
      }),
    )
  }
}

/**
 * A photo that was analysed anew, with the faces that were drawn on it before: they are embedded again, because the model may
 * be another one, and come after those that were found. Where the detector finds one of them now, the drawn box stays.
 */
export async function withDrawnFaces(
  photos: Embedder,
  source: PhotoSource,
  before: StoredAnalysis | undefined,
  result: AnalyseResult,
  flip: boolean,
  options: VisionRequestOptions,
): Promise<AnalyseResult> {
  const boxes = (before?.faces ?? []).filter(({ manual }) => manual === true).map(({ box }) => box)
  if (boxes.length === 0 || before?.sha256 !== result.sha256) return result
  const embedded = await embedDrawn(photos, source, boxes, flip, options)
  const drawn = embedded.faces.map(({ alignedBy: _alignedBy, ...face }): EmbeddedFace => face)
  const found = result.faces.filter(({ box }) => mostOverlapping(drawn, box, sameFaceIou) === undefined)
  return { ...result, faces: [...found, ...drawn] }
}

function embedDrawn(
  photos: Embedder,
  source: PhotoSource,
  boxes: Box[],
  flip: boolean,
  options: VisionRequestOptions = {},
): Promise<EmbedBoxesResult> {
  return photos.embedBoxes({ params: { source, flip, boxes } }, { timeoutMs: photoTimeoutMs, ...options })
}

function sameBoxes(a: readonly EmbeddedFace[], b: readonly EmbeddedFace[]): boolean {
  const isSame = (face: EmbeddedFace, other: EmbeddedFace | undefined) =>
    other !== undefined && JSON.stringify(face.box) === JSON.stringify(other.box)
  return a.length === b.length && a.every((face, index) => isSame(face, b[index]))
}

function outdated(): VisorError {
  return new VisorError('conflict', 'The photo is not as it was when this was drawn.', {
    consequence: 'Nothing was changed.',
    remedy: 'Try the photo again (R), then draw the box.',
  })
}
