/** One decision of a review queue: the question, the evidence, the reasons, and what can be said, with the keys. Renderer. */
import type { ReactNode } from 'react'
import { ActionBar, ActionButton } from '../../components/action-button'
import { WithoutRight } from '../../components/without-right'
import { mayDo, type Right } from '../../state/rights'
import { useVisor } from '../../state/use-visor'
import { count } from '../../wording'
import styles from './decision.module.css'

/** What can be said, as its button; the key itself is bound by a command of the same key. */
export interface ReviewAction {
  readonly icon: ReactNode
  readonly label: string
  readonly hint: string
  /** The key's name; see `keys.ts`. */
  readonly keyName: string
  readonly primary?: boolean
  readonly disabled?: boolean
  /** What it takes; absent: everybody's. */
  readonly right?: Right
  readonly run: () => void
}

interface DecisionProps {
  /** Place in the queue from 1, and how many there are. */
  readonly place: number
  readonly total: number
  /** Filters, and what acts on the whole queue. */
  readonly head?: ReactNode
  /** What is asked, one sentence. */
  readonly question: ReactNode
  /** Short sentences why somebody has to look, the weightiest first. */
  readonly reasons: readonly string[]
  readonly actions: readonly ReviewAction[]
  /** Pictures of what comes next: asked for now, so that it stands there at once. */
  readonly next: readonly string[]
  /** The evidence: `FacePair`, or as many pictures as it takes. */
  readonly children: ReactNode
}

export function Decision({ place, total, head, question, reasons, actions, next, children }: DecisionProps) {
  const status = useVisor((state) => state.status)
  const offered = actions.filter(({ right }) => right === undefined || mayDo({ status }, right))
  return (
    <>
      <header className={styles.head}>
        <span className={styles.place} data-testid="review-place">
          {count(place)} of {count(total)}
        </span>
        {head}
      </header>
      <div className={styles.body}>
        <div className={styles.middle}>
          <h2 className={styles.question}>{question}</h2>
          {reasons.length > 0 && (
            <ul className={styles.reasons} aria-label="Reasons">
              {reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          )}
          {children}
        </div>
      </div>
      <WithoutRight may="look at what waits" />
      {offered.length > 0 && (
        <ActionBar label="Decide">
          {offered.map(({ run, right: _, ...button }) => (
            <ActionButton key={button.keyName} {...button} onClick={run} />
          ))}
        </ActionBar>
      )}
      <div hidden>
        {next.map((src) => (
          <img key={src} src={src} alt="" />
        ))}
      </div>
    </>
  )
}
