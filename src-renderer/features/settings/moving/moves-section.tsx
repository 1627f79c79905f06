/** What was done about the move: when, by whom, how long it took, why. From the ledger. Renderer. */
import { Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import type { Moved } from '../../../../src-shared/dual'
import { durationText, moment } from '../../../wording'
import { Section } from '../page-parts'
import lists from '../server/server-lists.module.css'
import styles from './moves-section.module.css'
import { criterionTitle, figureText, leftBehind, stepText } from './moving-words'

export function MovesSection({ moves }: { readonly moves: readonly Moved[] | undefined }) {
  if (moves === undefined) return null
  return (
    <Section title="What was done">
      {moves.length === 0 ? (
        <Text size="sm" c="dimmed">
          Each step of the move is listed here, with who took it and what the gate said.
        </Text>
      ) : (
        <ol className={lists.list} aria-label="Steps of the move">
          {moves.map((moved) => (
            <Step key={moved.ledgerId} moved={moved} />
          ))}
        </ol>
      )}
    </Section>
  )
}

function Step({ moved: { at, actor, reason, move } }: { readonly moved: Moved }) {
  const { gate, figures } = move
  const ms = figures.decidedAfterMs
  const left = leftBehind(move)
  return (
    <li className={lists.row}>
      <span className={lists.name}>{stepText(move)}</span>
      <span className={styles.figure}>
        {typeof ms === 'number' && (
          <span title="From the start until it was decided, and written down">{durationText(ms)}</span>
        )}
      </span>
      <span className={`${lists.dim} ${lists.wide}`} title={at}>
        {moment(at)}, {actor}
        {reason !== null && <span className={styles.reason}> “{reason}”</span>}
      </span>
      {gate !== null && (
        <span className={`${styles.gate} ${lists.wide}`}>
          {gate.checks.map((check) => (
            <span key={check.criterion} data-passed={check.passed}>
              {check.passed ? (
                <IconCheck size={12} stroke={2.6} aria-label="passed" />
              ) : (
                <IconAlertTriangle size={12} stroke={2} aria-label="not passed" />
              )}
              {criterionTitle[check.criterion]}: {figureText(check)}
            </span>
          ))}
        </span>
      )}
      {left.length > 0 && (
        <span className={`${lists.dim} ${lists.wide}`}>Stayed on the server: {left.join('; ')}</span>
      )}
    </li>
  )
}
