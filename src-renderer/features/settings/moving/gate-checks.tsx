/** The gate: each criterion with what was found, what is asked, and whether that is reached. Renderer. */
import { IconCheck, IconX } from '@tabler/icons-react'
import type { GateVerdict } from '../../../../src-shared/dual'
import { moment } from '../../../wording'
import lists from '../server/server-lists.module.css'
import styles from './gate-checks.module.css'
import { criterionTitle, figureText, goalText } from './moving-words'

export function GateChecks({ verdict }: { readonly verdict: GateVerdict }) {
  return (
    <table className={`${lists.table} ${styles.checks}`} aria-label="The gate">
      <thead>
        <tr>
          <th scope="col">Asked for</th>
          <th scope="col" className={lists.number}>
            Found
          </th>
          <th scope="col" className={lists.number}>
            Goal
          </th>
          <th scope="col">
            <span className={styles.verdict}>Verdict</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {verdict.checks.map((check) => (
          <tr key={check.criterion} data-testid={`gate-${check.criterion}`}>
            <th scope="row">{criterionTitle[check.criterion]}</th>
            <td className={lists.number} title={check.figure === null ? undefined : String(check.figure)}>
              {figureText(check)}
            </td>
            <td className={lists.number}>{goalText(check)}</td>
            <td>
              <span className={styles.verdict} data-passed={check.passed}>
                {check.passed ? (
                  <IconCheck size={15} stroke={2.4} aria-hidden />
                ) : (
                  <IconX size={15} stroke={2.4} aria-hidden />
                )}
                {check.passed ? 'passed' : 'not passed'}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
      <caption className={styles.since}>Judged is what was compared since {moment(verdict.since)}.</caption>
    </table>
  )
}
