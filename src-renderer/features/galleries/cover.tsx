/** The face that stands for a person. Renderer. */
import { IconUser } from '@tabler/icons-react'
import type { FaceId } from '../../../src-shared/ids'
import { pictureUrl } from '../../../src-shared/picture-url'
import styles from './cover.module.css'

interface CoverProps {
  readonly faceId: FaceId | undefined
  readonly sizePx: number
}

/** Told by the name beside it: it has no words of its own. */
export function Cover({ faceId, sizePx }: CoverProps) {
  const size = { width: sizePx, height: sizePx }
  if (faceId === undefined) {
    return (
      <span className={styles.cover} style={size}>
        <IconUser size={sizePx / 3 + 6} stroke={1.2} aria-hidden />
      </span>
    )
  }
  return (
    <img
      className={styles.cover}
      style={size}
      src={pictureUrl.reference(faceId)}
      alt=""
      loading="lazy"
      decoding="async"
      draggable={false}
    />
  )
}
