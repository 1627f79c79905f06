/** One line of the history or the bin: what was done, what can be done about it, and why that was refused. Renderer. */
import type { ReactNode } from 'react'
import type { VisorError } from '../../../src-shared/errors'
import { ErrorNote } from '../../components/error-note'
import styles from './entry-row.module.css'

interface EntryRowProps {
  /** The {@link EntrySummary}, and {@link EntryFacts} below it. */
  readonly children: ReactNode
  readonly actions: ReactNode
  /** Why it could not be taken back. */
  readonly error: VisorError | undefined
}

export function EntryRow({ children, actions, error }: EntryRowProps) {
  return (
    <>
      <div className={styles.line}>
        <div className={styles.text}>{children}</div>
        {actions}
      </div>
      {error !== undefined && (
        <div className={styles.refusal}>
          <ErrorNote error={error} />
        </div>
      )}
    </>
  )
}

interface EntrySummaryProps {
  readonly undone?: boolean
  readonly erased?: boolean
  readonly children: ReactNode
}

export function EntrySummary({ undone = false, erased = false, children }: EntrySummaryProps) {
  return (
    <span className={styles.summary} data-undone={undone || undefined} data-erased={erased || undefined}>
      {children}
    </span>
  )
}

export function EntryFacts({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  return (
    <span className={styles.facts} title={title}>
      {children}
    </span>
  )
}
