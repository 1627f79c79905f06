/** The mark of a decision: ✓ solid, ? dashed, – dotted; colour never stands alone. Renderer. */
import { IconCheck, IconMinus, IconQuestionMark } from '@tabler/icons-react'
import type { Decision } from '../../src-shared/recognition'
import { decisionWord } from '../wording'
import styles from './decision-mark.module.css'

export const decisionIcon = { match: IconCheck, possible: IconQuestionMark, unknown: IconMinus } as const

/** A round mark of 16 px; named for the screen reader unless the word stands beside it. */
export function DecisionMark({ decision, named = true }: { decision: Decision; named?: boolean }) {
  const Icon = decisionIcon[decision]
  return (
    <span
      className={styles.mark}
      data-decision={decision}
      {...(named ? { role: 'img', 'aria-label': decisionWord[decision] } : { 'aria-hidden': true })}
    >
      <Icon size={11} stroke={3} aria-hidden />
    </span>
  )
}
