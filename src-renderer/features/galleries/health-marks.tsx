/** What a curator should look at, as small marks with words on hover. Plain elements: a screenful of people has dozens. Renderer. */
import {
  IconAbc,
  IconBlur,
  IconCircleNumber1,
  IconCopy,
  IconHistory,
  IconUserExclamation,
  IconUserOff,
  IconUsers,
  IconUsersPlus,
} from '@tabler/icons-react'
import type { FindingKind } from '../../../src-shared/health'
import { findingMeaning } from '../../wording'
import styles from './health-marks.module.css'

/** The picture of each kind of finding, the same wherever it is named. */
const findingIcon: Record<FindingKind, typeof IconBlur> = {
  outlier: IconUserExclamation,
  'look-alike': IconUsers,
  'twice-in-photo': IconUsersPlus,
  'near-duplicate': IconCopy,
  'same-name': IconAbc,
  'older-model': IconHistory,
  'no-photo': IconUserOff,
  'one-photo': IconCircleNumber1,
  'poor-photos': IconBlur,
}

export function HealthMarks({ flags }: { readonly flags: readonly FindingKind[] }) {
  return flags.map((flag) => {
    const Icon = findingIcon[flag]
    return (
      <span
        key={flag}
        className={styles.mark}
        role="img"
        aria-label={findingMeaning[flag]}
        title={findingMeaning[flag]}
      >
        <Icon size={14} stroke={1.8} aria-hidden />
      </span>
    )
  })
}
