/** Two faces side by side, the same size and the same crop: what is judged, and what it is compared with. Renderer. */
import { type ReactNode, useState } from 'react'
import { distanceText } from '../wording'
import styles from './face-pair.module.css'

export interface FaceFigure {
  readonly src: string
  readonly alt: string
  readonly caption: string
  /** Cosine distance to the other one, 0 … 2. */
  readonly distance?: number
  /** Shown faint: it is there to compare, not as an answer. */
  readonly faint?: boolean
}

interface FacePairProps {
  readonly left: FaceFigure
  readonly right: FaceFigure | undefined
  /** Stands in the place of the right one where there is none. */
  readonly nobody: string
  /** A remark below. */
  readonly children?: ReactNode
}

export function FacePair({ left, right, nobody, children }: FacePairProps) {
  return (
    <div className={styles.pair}>
      <Figure figure={left} />
      {right === undefined ? (
        <figure className={styles.picture}>
          <div className={styles.nobody}>{nobody}</div>
        </figure>
      ) : (
        <Figure figure={right} />
      )}
      {children !== undefined && children !== false && <p className={styles.note}>{children}</p>}
    </div>
  )
}

/** One to three faces side by side, the same size and the same crop. */
export function FaceRow({ figures }: { readonly figures: readonly FaceFigure[] }) {
  return (
    <div className={styles.pair} data-faces={figures.length}>
      {figures.map((figure) => (
        <Figure key={figure.src} figure={figure} />
      ))}
    </div>
  )
}

function Figure({ figure: { src, alt, caption, distance, faint = false } }: { figure: FaceFigure }) {
  // What came from another system has no picture until its photo was seen.
  const [missing, setMissing] = useState<string>()
  return (
    <figure className={styles.picture} data-faint={faint || undefined}>
      {missing === src ? (
        <div className={styles.nobody}>There is no picture of this face: its photo was not seen yet.</div>
      ) : (
        <img src={src} alt={alt} draggable={false} onError={() => setMissing(src)} />
      )}
      <figcaption title={caption}>
        <span className={styles.name}>{caption}</span>
        {distance !== undefined && (
          <span className={styles.distance} title={String(distance)}>
            {distanceText(distance)}
          </span>
        )}
      </figcaption>
    </figure>
  )
}
