/** How much goes, or went, from where. Renderer. */
import { erasurePlaces, type Removed } from '../../../src-shared/erasure'
import { count } from '../../wording'
import styles from './erasure.module.css'

const headings = {
  database: 'In the gallery, the queue and the history',
  files: 'In files beside it',
} as const

export function RemovedList({ removed }: { readonly removed: readonly Removed[] }) {
  return (
    <div className={styles.removed}>
      {(['database', 'files'] as const).map((where) => {
        const here = removed.filter(({ place }) => erasurePlaces[place][0] === where)
        if (here.length === 0) return null
        return (
          <section key={where} aria-label={headings[where]}>
            <h3 className={styles.heading}>{headings[where]}</h3>
            <dl className={styles.counts}>
              {here.map(({ place, count: amount }) => (
                <div key={place} className={styles.row}>
                  <dt>{erasurePlaces[place][amount === 1 ? 1 : 2]}</dt>
                  <dd className={styles.amount}>{count(amount)}</dd>
                </div>
              ))}
            </dl>
          </section>
        )
      })}
    </div>
  )
}
