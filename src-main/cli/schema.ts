/** `visor schema`: what a database's schema is, what would run, running it, and whether it is what it was. Runs on the command line. */

import { migrationLabel, type SchemaStatus } from '../../src-shared/schema'
import { sentenceOf } from '../storage/schema/open-schema'
import type { SchemaStore } from '../storage/schema-store'
import { inSnakeCase, type Output } from './output'

const states: Readonly<Record<SchemaStatus['state'], string>> = {
  absent: 'nothing of Visor is there yet',
  older: 'migrations are pending',
  current: 'up to date',
  newer: 'a newer Visor migrated it',
  tampered: 'not what this Visor knows',
}

/** Exit code 1 where it is not up to date. */
export async function showSchema(schema: SchemaStore, output: Output): Promise<void> {
  const status = await schema.status()
  const { place, state, applied, pending, fault } = status
  const lines = [
    `${place}: ${states[state]}`,
    ...applied.map(
      ({ appliedAt, durationMs, ...migration }) =>
        `${migrationLabel(migration)}  ${new Date(appliedAt).toISOString()}  ${Math.round(durationMs)} ms`,
    ),
    ...pending.map((migration) => `${migrationLabel(migration)}  pending`),
  ]
  output.answer(inSnakeCase(status), lines.join('\n'))
  if (fault !== null) output.note([fault.message, fault.remedy, fault.detail].join(' '))
  if (state !== 'current') output.countFailures(1)
}

/** One answer a step, with its SQL: together they are a script that can be read. */
export async function planSchema(schema: SchemaStore, output: Output): Promise<void> {
  const { preparation, migrations } = await schema.plan()
  if (preparation !== null) output.answer({ preparation }, `-- Before the first migration\n${preparation}\n`)
  for (const migration of migrations) {
    output.answer(inSnakeCase(migration), `-- ${migrationLabel(migration)}\n${migration.sql}`)
  }
  if (migrations.length === 0) output.note('Nothing is pending.')
}

/** One answer a migration that was applied. */
export async function migrateSchema(schema: SchemaStore, output: Output, signal: AbortSignal): Promise<void> {
  const applied = await schema.up({
    signal,
    onProgress: (progress) => {
      if (progress.type === 'applied') {
        const { version, name, durationMs } = progress
        output.endProgress()
        output.answer(
          { version, name, duration_ms: durationMs },
          `${migrationLabel(progress)}  ${Math.round(durationMs)} ms`,
        )
      } else if (progress.type === 'waiting') output.note(sentenceOf(progress))
      else output.progress(sentenceOf(progress))
    },
  })
  if (applied.length === 0) output.note('Nothing was to do: the schema is up to date.')
}

/** One answer a migration; exit code 1 where one is not what was applied, or where an index is not used. */
export async function verifySchema(schema: SchemaStore, output: Output): Promise<void> {
  const { migrations, invalidIndexes, fault } = await schema.verify()
  for (const migration of migrations) {
    output.answer(migration, `${migrationLabel(migration)}  ${migration.state.replace('-', ' ')}`)
  }
  for (const index of invalidIndexes) {
    output.answer({ index, state: 'invalid' }, `${index}  is not used: building it was interrupted`)
  }
  const wrong = migrations.filter(({ state }) => state !== 'same' && state !== 'pending')
  output.countFailures(wrong.length + invalidIndexes.length)
  if (fault !== null) output.note([fault.message, fault.remedy, fault.detail].join(' '))
}
