/** What a curator should look at, as small marks with words on hover. Plain elements: a screenful of people has dozens. Renderer. */
import { IconBlur, IconCircleNumber1, IconUserOff } from '@tabler/icons-react'
import type { PersonFlag } from '../../../src-shared/gallery'
import { flagSentence } from '../../wording'
import styles from './health-marks.module.css'

const flagIcon = { 'no-face': IconUserOff, 'one-face': IconCircleNumber1, 'poor-faces': IconBlur } as const

export function HealthMarks({ flags }: { readonly flags: readonly PersonFlag[] }) {
  return flags.map((flag) => {
    const Icon = flagIcon[flag]
    return (
      <span
        key={flag}
        className={styles.mark}
        role="img"
        aria-label={flagSentence[flag]}
        title={flagSentence[flag]}
      >
        <Icon size={14} stroke={1.8} aria-hidden />
      </span>
    )
  })
}
