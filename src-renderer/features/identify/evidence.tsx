/** The probe and the reference side by side: same size, same crop. Renderer. */
import type { ItemId } from '../../../src-shared/ids'
import { pictureUrl } from '../../../src-shared/picture-url'
import type { Candidate, RecognisedFace } from '../../../src-shared/recognition'
import { FacePair } from '../../components/face-pair'

interface EvidenceProps {
  readonly itemId: ItemId
  readonly face: RecognisedFace
  /** Whose reference is shown. */
  readonly candidate: Candidate | undefined
}

export function Evidence({ itemId, face, candidate }: EvidenceProps) {
  return (
    <FacePair
      left={{
        src: pictureUrl.probe(itemId, face.index),
        alt: `Face ${face.index + 1}`,
        caption: 'This photo',
      }}
      right={
        candidate && {
          src: pictureUrl.reference(candidate.referenceFaceId),
          alt: `Nearest enrolled face of ${candidate.name}`,
          caption: candidate.name,
          distance: candidate.distance,
          faint: candidate.decision === 'unknown',
        }
      }
      nobody="Nobody in the gallery to compare with"
    >
      {candidate?.samePhoto === true &&
        'The reference was taken from this very photo, so its distance proves little.'}
    </FacePair>
  )
}
