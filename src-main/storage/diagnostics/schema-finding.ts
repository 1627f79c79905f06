/** How a schema stands to this program, as a finding. Diagnostics worker thread. */
import { type CheckFinding, type Diagnosed, failed, passed } from '../../../src-shared/diagnosis'
import { migrationLabel, type SchemaCheck } from '../../../src-shared/schema'

const words = {
  same: 'applied',
  changed: 'changed since it was applied',
  'passed-over': 'passed over',
  unknown: 'not known to this Visor',
  pending: 'not applied yet',
} as const

/** Invalid indexes have a check of their own. */
export function schemaFinding({ state, migrations, fault }: SchemaCheck, diagnosed: Diagnosed): CheckFinding {
  const applied = migrations.filter((migration) => migration.state !== 'pending')
  const latest = applied.at(-1)
  const figure = latest === undefined ? 'none' : migrationLabel(latest)
  const others = migrations.filter((migration) => migration.state !== 'same')
  const table =
    others.length === 0
      ? null
      : {
          columns: ['Migration', 'State'],
          rows: others.map((migration) => [migrationLabel(migration), words[migration.state]]),
        }
  switch (state) {
    case 'current':
      return passed('The schema is this program’s.', { figure })
    case 'absent':
    case 'older':
      return failed(
        state === 'absent'
          ? 'Visor has no tables in this database yet.'
          : `The schema is that of an older Visor: ${others.length} ${others.length === 1 ? 'migration is' : 'migrations are'} to be run before it can be worked with.`,
        {
          figure,
          next: {
            text:
              diagnosed === 'server'
                ? 'Run the migrations: in Settings under Schema, or:'
                : 'Start Visor: it does that by itself.',
            copy: diagnosed === 'server' ? 'visor schema up' : null,
          },
          table,
        },
      )
    case 'newer':
    case 'tampered':
      return failed(fault?.message ?? 'The schema is not one that this program knows.', {
        figure,
        next: fault?.remedy === undefined ? null : { text: fault.remedy, copy: null },
        table,
      })
  }
}
