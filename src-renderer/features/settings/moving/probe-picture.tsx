/** The face that both sides were asked for, where it can still be seen. Renderer. */
import { Text } from '@mantine/core'
import { IconPhotoOff } from '@tabler/icons-react'
import { useState } from 'react'
import { type Disagreement, floatTolerance, type ProbePicture } from '../../../../src-shared/dual'
import { pictureUrl } from '../../../../src-shared/picture-url'
import { request } from '../../../api'
import { goneText } from './moving-words'
import styles from './probe-picture.module.css'
import { useMovingAnswer } from './use-moving'

/** Of one disagreement: give it its `runId` as key. */
export function ProbeFigure({ disagreement }: { readonly disagreement: Disagreement }) {
  const { clientId, sha256, face, origin, local, server } = disagreement
  const [unreadable, setUnreadable] = useState(false)
  const { answer, error } = useMovingAnswer('probe', async () => {
    if (sha256 === null || face === null) return null
    const same = [...local, ...server].filter(({ distance }) => distance <= floatTolerance)
    return request('dual.probe', { clientId, sha256, same: same.map(({ faceId }) => faceId) })
  })
  // Until it is known, nothing is said.
  if (answer === undefined && error === undefined) return <div className={styles.picture} />
  if (answer === undefined || answer === null || unreadable || face === null) {
    return (
      <figure className={styles.figure}>
        <span className={styles.picture}>
          <IconPhotoOff size={22} stroke={1.5} aria-hidden />
        </span>
        <Text component="figcaption" size="xs" c="dimmed">
          {error === undefined || unreadable ? goneText[origin] : `No picture: ${error.message}`}
        </Text>
      </figure>
    )
  }
  return (
    <figure className={styles.figure}>
      <img
        className={styles.picture}
        data-whole={answer.kind === 'photo' || undefined}
        src={urlOf(answer, face)}
        alt="The face that was searched for"
        onError={() => setUnreadable(true)}
      />
      <Text component="figcaption" size="xs" c="dimmed">
        {answer.kind === 'photo' ? `Face ${face + 1} of this photo` : 'Searched for'}
      </Text>
    </figure>
  )
}

/** Longer edge of a whole photo, pixels. */
const photoPx = 256

function urlOf(picture: ProbePicture, face: number): string {
  switch (picture.kind) {
    case 'queued':
      return pictureUrl.probe(picture.itemId, face)
    case 'enrolled':
      return pictureUrl.reference(picture.faceId)
    case 'photo':
      return pictureUrl.galleryPhoto(picture.photoId, photoPx)
  }
}
