/** The probe and the reference side by side: same size, same crop. Renderer. */

import type { ItemId } from '../../../src-shared/ids'
import { pictureUrl } from '../../../src-shared/ipc'
import type { Candidate, RecognisedFace } from '../../../src-shared/recognition'
import { distanceText } from '../../wording'
import styles from './evidence.module.css'

interface EvidenceProps {
  readonly itemId: ItemId
  readonly face: RecognisedFace
  /** Whose reference is shown. */
  readonly candidate: Candidate | undefined
}

export function Evidence({ itemId, face, candidate }: EvidenceProps) {
  return (
    <div className={styles.pair}>
      <figure className={styles.picture}>
        <img src={pictureUrl.probe(itemId, face.index)} alt={`Face ${face.index + 1}`} draggable={false} />
        <figcaption>This photo</figcaption>
      </figure>
      <figure className={styles.picture} data-decision={candidate?.decision}>
        {candidate === undefined ? (
          <div className={styles.nobody}>Nobody in the gallery to compare with</div>
        ) : (
          <img
            src={pictureUrl.reference(candidate.referenceFaceId)}
            alt={`Nearest enrolled face of ${candidate.name}`}
            draggable={false}
          />
        )}
        {candidate !== undefined && (
          <figcaption title={candidate.name}>
            <span className={styles.name}>{candidate.name}</span>
            <span className={styles.distance} title={String(candidate.distance)}>
              {distanceText(candidate.distance)}
            </span>
          </figcaption>
        )}
      </figure>
      {candidate?.samePhoto === true && (
        <p className={styles.same}>
          The reference was taken from this very photo, so its distance proves little.
        </p>
      )}
    </div>
  )
}
