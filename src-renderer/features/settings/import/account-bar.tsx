/** What became of a source’s rows: three parts that add up, as a bar and as numbers. Renderer. */
import { count } from '../../../wording'
import styles from './account-bar.module.css'
import type { Account } from './import-words'

interface AccountBarProps {
  readonly account: Account
  /** Rows that the source has; what is left of them is still to come. */
  readonly total: number
  readonly label: string
}

export function AccountBar({ account, total, label }: AccountBarProps) {
  const { read, imported, alreadyThere, rejected } = account
  const parts = [
    { kind: 'imported', word: 'imported', rows: imported },
    { kind: 'there', word: 'already there', rows: alreadyThere },
    { kind: 'rejected', word: 'rejected', rows: rejected },
  ]
  const all = Math.max(total, read, 1)
  return (
    <figure className={styles.account} aria-label={label} data-testid="account">
      <div className={styles.bar} aria-hidden>
        {parts.map(({ kind, rows }) => (
          <div
            key={kind}
            data-kind={kind}
            data-some={rows > 0 || undefined}
            style={{ flexGrow: rows / all }}
          />
        ))}
        <div data-kind="left" style={{ flexGrow: Math.max(0, all - read) / all }} />
      </div>
      <figcaption className={styles.sum}>
        <span>
          <strong>{count(read)}</strong> read
        </span>
        {parts.map(({ kind, word, rows }, index) => (
          <span key={kind} className={styles.part}>
            {index === 0 ? '=' : '+'} <i data-kind={kind} aria-hidden />
            <strong>{count(rows)}</strong> {word}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}
