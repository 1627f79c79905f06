/** Why rows do not come into a gallery, as the gallery says. Store's threads. */
import type { RejectReason } from '../../../../src-shared/import'

export interface Refusal {
  readonly reason: RejectReason
  /** One sentence or two. */
  readonly detail: string
}

/** Of another system's rows. */
export const importRefusals = {
  deleted: {
    reason: 'deleted',
    detail: 'This face was deleted in Visor. It can be restored from the bin.',
  },
  ruledOut: { reason: 'other-person', detail: 'Somebody said that this face is not this person.' },
  somebodyElse: { reason: 'other-person', detail: 'In the gallery this face is somebody else.' },
  twice: {
    reason: 'person-twice',
    detail: 'The person has another face of this photo, and is in a photo once.',
  },
} as const satisfies Record<string, Refusal>

/** Of rows of another gallery of Visor. */
export const copyRefusals = {
  deleted: { reason: 'deleted', detail: 'It was deleted here. It can be restored from the bin.' },
  nameTaken: {
    reason: 'other-person',
    detail: 'Somebody else has this name here. Rename one of them, or merge them first.',
  },
  nobody: { reason: 'no-person', detail: 'Whose face it is, is not here.' },
  otherFace: { reason: 'duplicate', detail: 'Another face is here in the same place of the photo.' },
} as const satisfies Record<string, Refusal>
