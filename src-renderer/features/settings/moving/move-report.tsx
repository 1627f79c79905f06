/** What a cut-over or a roll-back did, or would do: how long it took, part by part, and what stays behind. Renderer. */
import { Text } from '@mantine/core'
import type { MoveReport } from '../../../../src-shared/dual'
import { counted, durationText } from '../../../wording'
import lists from '../server/server-lists.module.css'
import styles from './move-report.module.css'

export function MoveReportCard({ report }: { readonly report: MoveReport }) {
  const { to, rehearsed, elapsedMs, parts, gate, waiting, conflicts, notHere } = report
  const title = to === 'server' ? 'Cut over' : 'Roll back'
  return (
    <section className={styles.report} aria-label={rehearsed ? `${title}, rehearsed` : title}>
      <h3 className={styles.title}>
        {rehearsed
          ? `${title}: ready in ${durationText(elapsedMs)}`
          : `${title}: done in ${durationText(elapsedMs)}`}
      </h3>
      <ul className={lists.list}>
        {parts.map(({ what, ms }) => (
          <li key={what} className={styles.part}>
            <span className={lists.name}>{what}</span>
            <span className={styles.ms} title={`${ms} ms`}>
              {durationText(ms)}
            </span>
          </li>
        ))}
      </ul>
      {gate !== null && (
        <Text size="sm">
          {gate.passed
            ? 'The gate is passed.'
            : `The gate is not passed: ${counted(gate.checks.filter(({ passed }) => !passed).length, 'criterion', 'criteria')}. It would ask why.`}
        </Text>
      )}
      <Text size="sm">
        {waiting + conflicts === 0
          ? 'No edit waits; none is lost.'
          : `${waitingText(to, waiting)}${conflicts > 0 ? `, ${counted(conflicts, 'waits', 'wait')} for a decision` : ''}; none is lost.`}
      </Text>
      {to !== 'server' && <LeftBehind notHere={notHere} />}
    </section>
  )
}

const waitingText = (to: MoveReport['to'], waiting: number) =>
  to === 'server'
    ? `${counted(waiting, 'edit is', 'edits are')} on the way to the server`
    : `${counted(waiting, 'edit waits', 'edits wait')} for the server`

/** What the server has and this machine has not. */
export function LeftBehind({ notHere }: { readonly notHere: readonly string[] }) {
  if (notHere.length === 0) return <Text size="sm">All that is on the server is here.</Text>
  return (
    <div className={styles.left}>
      <Text size="sm" fw={600}>
        Stays on the server:
      </Text>
      <ul>
        {notHere.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </div>
  )
}
