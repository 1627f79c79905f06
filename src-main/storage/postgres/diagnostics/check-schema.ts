/** Whether the schema is this program's, with all its indexes, foreign keys and triggers. Diagnostics worker thread. */
import pg from 'pg'
import { z } from 'zod'
import { type CheckFinding, failed, passed, unchecked } from '../../../../src-shared/diagnosis'
import { type ExpectedForeignKey, expectedObjects } from '../../diagnostics/migration-objects'
import type { ServerDatabase } from './server-database'

const nothingThere = () => unchecked('The schema is not there yet; see Schema.')

const indexRow = z.object({ name: z.string(), table: z.string(), valid: z.boolean() })
const triggerRow = z.object({ name: z.string(), table: z.string(), on: z.boolean() })

/** Indexes that are missing or were left half-built, and triggers that are missing or turned off. */
export async function checkIndexes(database: ServerDatabase): Promise<CheckFinding> {
  const applied = await database.applied()
  if (applied.length === 0) return nothingThere()
  const expected = expectedObjects(applied)
  const indexes = z.array(indexRow).parse(
    (
      await database.query(`
        SELECT index.relname AS name, tables.relname AS table, indisvalid AND indisready AND indislive AS valid
        FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid JOIN pg_class AS tables ON tables.oid = indrelid
        WHERE index.relnamespace = to_regnamespace('visor') ORDER BY index.relname`)
    ).rows,
  )
  const triggers = z.array(triggerRow).parse(
    (
      await database.query(`
        SELECT tgname AS name, relname AS table, tgenabled IN ('O', 'A') AS on
        FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE relnamespace = to_regnamespace('visor') AND NOT tgisinternal ORDER BY relname, tgname`)
    ).rows,
  )
  const there = new Set(indexes.map(({ name }) => name))
  const hasTrigger = new Set(triggers.map(({ name, table }) => `${table} ${name}`))
  const invalid = indexes.filter(({ valid }) => !valid)
  const missing = expected.indexes.filter(({ name }) => !there.has(name))
  const missingTriggers = expected.triggers.filter(({ name, table }) => !hasTrigger.has(`${table} ${name}`))
  const off = triggers.filter(({ on }) => !on)
  const faults = [
    ...invalid.map(({ name, table }) => ['index', name, table, 'not valid: building it was interrupted']),
    ...missing.map(({ name, table }) => ['index', name, table, 'missing']),
    ...off.map(({ name, table }) => ['trigger', name, table, 'turned off']),
    ...missingTriggers.map(({ name, table }) => ['trigger', name, table, 'missing']),
  ]
  const figure = `${indexes.length} indexes`
  if (faults.length === 0) {
    return passed('All indexes are there and valid, and all triggers are on.', {
      figure: `${figure}, ${triggers.length} triggers`,
    })
  }
  const copy = [
    ...invalid.map(({ name }) => `REINDEX INDEX CONCURRENTLY visor.${pg.escapeIdentifier(name)};`),
    ...(missing.length === 0 ? [] : ['SET search_path = visor;']),
    ...missing.map(({ sql }) => `${sql};`),
    ...off.map(
      ({ name, table }) =>
        `ALTER TABLE visor.${pg.escapeIdentifier(table)} ENABLE TRIGGER ${pg.escapeIdentifier(name)};`,
    ),
  ].join('\n')
  const sentences = [
    invalid.length > 0 ? amountOf(invalid.length, 'index is not valid', 'indexes are not valid') : undefined,
    missing.length > 0 ? amountOf(missing.length, 'index is missing', 'indexes are missing') : undefined,
    off.length > 0 ? amountOf(off.length, 'trigger is turned off', 'triggers are turned off') : undefined,
    missingTriggers.length > 0
      ? amountOf(missingTriggers.length, 'trigger is missing', 'triggers are missing')
      : undefined,
  ].filter((part) => part !== undefined)
  return failed(`${sentences.join(', ')}: searches and edits are slow, or unsafe.`, {
    figure: `${faults.length} of ${indexes.length + triggers.length + missing.length + missingTriggers.length}`,
    next:
      copy === ''
        ? { text: 'Restore the schema from a backup: a trigger cannot be made by hand.', copy: null }
        : {
            text: 'Let the owner of the schema run this. Duplicates that a unique index finds have to go first.',
            copy,
          },
    table: { columns: ['Kind', 'Name', 'Table', 'State'], rows: faults },
  })
}

const amountOf = (amount: number, one: string, more: string) => `${amount} ${amount === 1 ? one : more}`

const foreignKeyRow = z.object({
  name: z.string(),
  table: z.string(),
  columns: z.array(z.string()),
  target: z.string(),
  validated: z.boolean(),
})

/** Foreign keys that are missing, and those that were never checked against the rows that were there. */
export async function checkForeignKeys(database: ServerDatabase): Promise<CheckFinding> {
  const applied = await database.applied()
  if (applied.length === 0) return nothingThere()
  const there = z.array(foreignKeyRow).parse(
    (
      await database.query(`
        SELECT conname AS name, own.relname AS table, target.relname AS target, convalidated AS validated,
          ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
                JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY place) AS columns
        FROM pg_constraint JOIN pg_class AS own ON own.oid = conrelid JOIN pg_class AS target ON target.oid = confrelid
        WHERE contype = 'f' AND own.relnamespace = to_regnamespace('visor') ORDER BY own.relname, conname`)
    ).rows,
  )
  const { foreignKeys } = expectedObjects(applied)
  const keyOf = ({ table, columns, target }: Pick<ExpectedForeignKey, 'table' | 'columns' | 'target'>) =>
    `${table} (${columns.join(', ')}) → ${target}`
  const known = new Set(there.map(keyOf))
  const missing = foreignKeys.filter((key) => !known.has(keyOf(key)))
  const unvalidated = there.filter(({ validated }) => !validated)
  if (missing.length + unvalidated.length === 0) {
    return passed('All foreign keys are there and validated.', { figure: `${there.length} keys` })
  }
  const copy = [
    ...missing.map(
      ({ table, columns, target, targetColumns, actions }) =>
        `ALTER TABLE visor.${table} ADD FOREIGN KEY (${columns.join(', ')}) REFERENCES visor.${target} (${targetColumns.join(', ')}) ${actions}`.trimEnd() +
        ';',
    ),
    ...unvalidated.map(
      ({ table, name }) =>
        `ALTER TABLE visor.${pg.escapeIdentifier(table)} VALIDATE CONSTRAINT ${pg.escapeIdentifier(name)};`,
    ),
  ].join('\n')
  return failed('Some foreign keys do not hold rows together: orphans can come about, or are there.', {
    figure: `${missing.length + unvalidated.length} of ${there.length + missing.length}`,
    next: { text: 'See Orphans first. Then let the owner of the schema run this.', copy },
    table: {
      columns: ['Key', 'State'],
      rows: [
        ...missing.map((key) => [keyOf(key), 'missing']),
        ...unvalidated.map((key) => [keyOf(key), 'not validated']),
      ],
    },
  })
}

const tableRow = z.object({ name: z.string() })

/** For each foreign key of the schema, also one that is missing: what it is about, and a statement that counts the rows it does not hold. */
export async function orphanRules(
  database: ServerDatabase,
): Promise<{ readonly what: string; readonly sql: string; readonly select: string }[]> {
  const readable = new Set(
    z
      .array(tableRow)
      .parse(
        (
          await database.query(`
            SELECT relname AS name FROM pg_class
            WHERE relnamespace = to_regnamespace('visor') AND relkind IN ('r', 'p') AND has_table_privilege(oid, 'SELECT')`)
        ).rows,
      )
      .map(({ name }) => name),
  )
  return expectedObjects(await database.applied())
    .foreignKeys.filter(({ table, target }) => readable.has(table) && readable.has(target))
    .map(({ table, columns, target, targetColumns }) => {
      const set = columns.map((column) => `one.${column} IS NOT NULL`)
      const same = columns.map((column, index) => `other.${targetColumns[index]} = one.${column}`)
      const from = `FROM visor.${table} one WHERE ${set.join(' AND ')}
        AND NOT EXISTS (SELECT FROM visor.${target} other WHERE ${same.join(' AND ')})`
      return {
        what: `${table} without their ${target} (${columns.join(', ')})`,
        sql: `SELECT count(*) AS amount ${from}`,
        select: `SELECT ${columns.map((column) => `one.${column}`).join(', ')} ${from} LIMIT 100;`.replaceAll(
          /\s+/g,
          ' ',
        ),
      }
    })
}
