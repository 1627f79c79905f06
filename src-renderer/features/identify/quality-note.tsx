/** How good the face is for recognition, and which part of it is the weak one. Renderer. */
import { VisuallyHidden } from '@mantine/core'
import type { Quality } from '../../../src-shared/face'
import { wholePercent } from '../../wording'
import styles from './quality-note.module.css'

interface QualityNoteProps {
  readonly quality: Quality
  /** The detector's, 0 … 1. */
  readonly score: number
}

export function QualityNote({ quality, score }: QualityNoteProps) {
  const parts = [
    {
      name: 'Size',
      value: quality.size,
      hint: `${Math.round(quality.sizePx)} px, the shorter side of the face`,
    },
    { name: 'Sharpness', value: quality.sharpness, hint: 'How crisp the face is' },
    {
      name: 'Pose',
      value: quality.pose,
      hint: `Turned by ${Math.round(Math.abs(quality.yawDegrees))}°, tilted by ${Math.round(Math.abs(quality.rollDegrees))}°`,
    },
    { name: 'Exposure', value: quality.exposure, hint: 'Neither too dark nor too light' },
  ]
  return (
    <section className={styles.quality} aria-label="Quality of the face">
      <div className={styles.head}>
        <span>
          Quality <strong title={String(quality.value)}>{quality.value.toFixed(2)}</strong> ·{' '}
          {Math.round(quality.sizePx)} px
        </span>
        <span title={String(score)}>
          {score === 0 ? 'no face seen' : `found with ${wholePercent(score)}`}
        </span>
      </div>
      <dl className={styles.parts}>
        {parts.map(({ name, value, hint }) => (
          <div
            key={name}
            className={styles.part}
            title={`${hint} (${value.toFixed(2)})`}
            data-weak={value < 0.4 || undefined}
          >
            <dt>{name}</dt>
            <dd>
              <VisuallyHidden>{value.toFixed(2)}</VisuallyHidden>
              <span className={styles.bar} style={{ width: `${value * 100}%` }} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
