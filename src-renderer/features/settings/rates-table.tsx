/** The chart's figures as a table: the distances in force, and a step around them. Renderer. */
import { type Calibration, type Rate, ratesAt, type ThresholdLevel } from '../../../src-shared/calibration'
import { distanceText } from '../../wording'
import styles from './rates-table.module.css'

interface RatesTableProps {
  readonly calibration: Calibration
  readonly distances: { readonly [L in ThresholdLevel]: number }
}

export function RatesTable({ calibration, distances }: RatesTableProps) {
  const rows = tableDistances(distances)
  return (
    <details className={styles.details}>
      <summary>Show as a table</summary>
      <table className={styles.table}>
        <caption>Rates at a distance, with their 95 % intervals, in percent</caption>
        <thead>
          <tr>
            <th scope="col">Distance</th>
            <th scope="col">Wrong name (one search)</th>
            <th scope="col">Miss (one search)</th>
            <th scope="col">Two people pass (one comparison)</th>
            <th scope="col">Two photos of one do not</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((distance) => {
            const point = ratesAt(calibration.curve, distance)
            if (point === undefined) return null
            const mark =
              distance === distances.match ? ' match' : distance === distances.possible ? ' possible' : ''
            return (
              <tr key={distance}>
                <th scope="row">
                  {distanceText(distance)}
                  {mark}
                </th>
                <td>{rateText(point.wrongName)}</td>
                <td>{rateText(point.miss)}</td>
                <td>{rateText(point.falseMatch)}</td>
                <td>{rateText(point.falseNonMatch)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </details>
  )
}

/** Every twentieth from 0.1 to 1, and the two in force, ascending. */
function tableDistances({ match, possible }: RatesTableProps['distances']): number[] {
  const even = Array.from({ length: 19 }, (_, step) => (step + 2) / 20)
  return [...new Set([...even, match, possible])].sort((a, b) => a - b)
}

/** `0.042 (0.011 – 0.11)`, percent, two figures. */
function rateText({ estimate, low, high }: Rate): string {
  const percent = (rate: number) => (rate < 1e-8 ? '0' : String(Number((100 * rate).toPrecision(2))))
  return `${percent(estimate)} (${percent(low)} – ${percent(high)})`
}
