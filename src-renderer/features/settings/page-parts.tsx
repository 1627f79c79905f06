/** What every page of the settings is made of: the line that says how things are, sections, facts. Renderer. */
import type { ReactNode } from 'react'
import styles from './page-parts.module.css'

interface StateLineProps {
  /** In what state things are, one sentence. */
  readonly children: ReactNode
  readonly tone?: 'good' | 'wait' | 'bad'
  /** The one next step, where there is one. */
  readonly action?: ReactNode
}

/** The first line of a page. */
export function StateLine({ children, tone = 'good', action }: StateLineProps) {
  return (
    <div className={styles.state} data-tone={tone} data-testid="state-line">
      <div>{children}</div>
      {action}
    </div>
  )
}

export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={title}>
      <h2 className={styles.heading}>{title}</h2>
      {children}
    </section>
  )
}

/** Names and values, one a line. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={styles.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
