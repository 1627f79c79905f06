/** Why an undo cannot be done, before it is told as an error. Store worker thread. */
import type { FaceId } from '../../../../src-shared/ids'

/** Something was changed since that the undo would need as it was. */
export class InTheWay extends Error {
  override readonly name = 'InTheWay'
  /** The face that is not as it was, where it is one. */
  readonly faceId: FaceId | undefined

  constructor(faceId?: FaceId) {
    super('Something was changed since.')
    this.faceId = faceId
  }
}
