/** Steps of a schema in lists: applied, to be run with their SQL, compared, and what was done. Renderer. */
import { Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import {
  type AppliedMigration,
  type MigrationCheck,
  migrationLabel,
  type SchemaCheck,
  type SchemaLogEntry,
  type SchemaPlan,
} from '../../../../src-shared/schema'
import { count, counted, moment } from '../../../wording'
import { CopyText } from './copy-text'
import styles from './schema-lists.module.css'

const iso = (atMs: number) => new Date(atMs).toISOString()

export function AppliedTable({ applied }: { readonly applied: readonly AppliedMigration[] }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">When</th>
          <th scope="col" className={styles.number}>
            Took
          </th>
          <th scope="col">Checksum</th>
        </tr>
      </thead>
      <tbody>
        {applied.map((one) => (
          <tr key={one.version}>
            <td>{migrationLabel(one)}</td>
            <td>{moment(iso(one.appliedAt))}</td>
            <td className={styles.number}>{count(Math.round(one.durationMs))} ms</td>
            <td title={one.checksum}>
              <code>{one.checksum.slice(0, 10)}</code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function PlanList({ plan }: { readonly plan: SchemaPlan }) {
  return (
    <div className={styles.plan}>
      {plan.preparation !== null && (
        <details>
          <summary>First, what keeps the record of the steps</summary>
          <CopyText text={plan.preparation} label="SQL of the preparation" sql />
        </details>
      )}
      {plan.migrations.map((one) => (
        <details key={one.version}>
          <summary>
            {migrationLabel(one)} · {counted(one.sql.trimEnd().split('\n').length, 'line')}
            {one.inTransaction ? '' : ' · outside of a transaction, others go on writing'}
          </summary>
          <CopyText text={one.sql} label={`SQL of ${migrationLabel(one)}`} sql />
        </details>
      ))}
    </div>
  )
}

const words: Record<MigrationCheck['state'], string> = {
  same: 'as it is here',
  changed: 'applied, but with other SQL than this program has',
  'passed-over': 'not applied, though a later one was',
  unknown: 'applied, and not known to this program',
  pending: 'not applied yet',
}

export function CheckTable({ check }: { readonly check: SchemaCheck }) {
  const odd = check.migrations.filter(({ state }) => state !== 'same')
  const well = odd.length === 0 && check.invalidIndexes.length === 0
  return (
    <div className={styles.check} role="status">
      <Text size="sm" fw={600}>
        {well ? (
          <IconCheck size={15} className={styles.good} aria-hidden />
        ) : (
          <IconAlertTriangle size={15} className={styles.bad} aria-hidden />
        )}{' '}
        {well
          ? `${counted(check.migrations.length, 'step is', 'steps are')} as in this program, and every index is in use.`
          : `${counted(check.migrations.length - odd.length, 'step is', 'steps are')} as in this program; these are not:`}
      </Text>
      {odd.map((one) => (
        <Text key={one.version} size="sm">
          {migrationLabel(one)}: {words[one.state]}
        </Text>
      ))}
      {check.invalidIndexes.map((name) => (
        <Text key={name} size="sm">
          Index {name}: building it was interrupted, so PostgreSQL does not use it. Build it again on the page
          Index.
        </Text>
      ))}
    </div>
  )
}

export function LogList({ log }: { readonly log: readonly SchemaLogEntry[] }) {
  return (
    <ol className={styles.log}>
      {log.map(({ at, text }) => (
        <li key={`${at} ${text}`}>
          <time dateTime={iso(at)}>{moment(iso(at)).replace(/^today /, '')}</time> {text}
        </li>
      ))}
    </ol>
  )
}
