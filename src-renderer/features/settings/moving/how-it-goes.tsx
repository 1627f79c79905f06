/** What a page of the move says where nothing moves yet: the way, in five steps. Renderer. */
import { Section } from '../page-parts'
import styles from './how-it-goes.module.css'

const steps = [
  ['Name the server', 'Connection: where it is; Schema: what it needs.'],
  ['Copy and pair', 'Validation: the gallery is copied with its ids, and compared row by row.'],
  ['Try', 'Dual mode: this machine answers, and each search is compared with the server’s answer.'],
  ['Cut over', 'When the gate is passed: in under a second, without a restart, rehearsed before.'],
  ['Roll back', 'At any time, in one click, also while the server is gone.'],
] as const

export function HowItGoes() {
  return (
    <Section title="How a gallery moves to a server">
      <ol className={styles.steps}>
        {steps.map(([title, text]) => (
          <li key={title}>
            <strong>{title}</strong>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
