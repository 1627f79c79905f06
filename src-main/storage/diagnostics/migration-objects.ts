/** The indexes, foreign keys and triggers that a database must have after its migrations, read from their SQL. Diagnostics worker thread. */
import type { Migration } from '../schema/migrations'

export interface ExpectedIndex {
  readonly name: string
  readonly table: string
  /** The statement that makes it, for whoever has to make it again. */
  readonly sql: string
}

export interface ExpectedForeignKey {
  readonly table: string
  readonly columns: readonly string[]
  readonly target: string
  readonly targetColumns: readonly string[]
  /** `ON DELETE CASCADE`, `DEFERRABLE INITIALLY DEFERRED`. */
  readonly actions: string
}

export interface ExpectedTrigger {
  readonly name: string
  readonly table: string
}

export interface ExpectedObjects {
  readonly indexes: readonly ExpectedIndex[]
  readonly foreignKeys: readonly ExpectedForeignKey[]
  readonly triggers: readonly ExpectedTrigger[]
}

const words = String.raw`\s+(?:CONCURRENTLY\s+)?(?:IF\s+(?:NOT\s+)?EXISTS\s+)?`
const madeIndex = new RegExp(String.raw`^CREATE\s+(?:UNIQUE\s+)?INDEX${words}(\w+)\s+ON\s+(\w+)`, 'i')
const droppedIndex = new RegExp(String.raw`^DROP\s+INDEX${words}(\w+)`, 'i')
const madeTrigger = /^CREATE\s+(?:CONSTRAINT\s+)?TRIGGER\s+(\w+)[\s\S]*?\sON\s+(\w+)/i
const droppedTrigger = /^DROP\s+TRIGGER\s+(?:IF\s+EXISTS\s+)?(\w+)\s+ON\s+(\w+)/i
const droppedTable = /^DROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?(\w+)/i
const tableStatement = /^(?:CREATE|ALTER)\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)/i
const references = /\bREFERENCES\s+(\w+)\s*\(([^)]*)\)/i
const ownColumns = /\bFOREIGN\s+KEY\s*\(([^)]*)\)/i
const actions =
  /\bON\s+(?:DELETE|UPDATE)\s+(?:CASCADE|RESTRICT|SET\s+NULL)|\bDEFERRABLE(?:\s+INITIALLY\s+DEFERRED)?/gi
const columnName = /^(?:ADD\s+(?:COLUMN\s+)?)?(\w+)/i

/** What the migrations that were applied leave behind; names are as they are written there, in lower case. */
export function expectedObjects(migrations: readonly Pick<Migration, 'sql'>[]): ExpectedObjects {
  const indexes = new Map<string, ExpectedIndex>()
  const triggers = new Map<string, ExpectedTrigger>()
  let foreignKeys: ExpectedForeignKey[] = []
  for (const sql of migrations.flatMap((migration) => statementsOf(migration.sql))) {
    const [, index, ofTable] = madeIndex.exec(sql) ?? []
    if (index !== undefined) indexes.set(index, { name: index, table: ofTable!, sql })
    indexes.delete(droppedIndex.exec(sql)?.[1] ?? '')
    const [, trigger, onTable] = madeTrigger.exec(sql) ?? []
    if (trigger !== undefined) triggers.set(`${onTable} ${trigger}`, { name: trigger, table: onTable! })
    const [, goneTrigger, goneFrom] = droppedTrigger.exec(sql) ?? []
    triggers.delete(`${goneFrom} ${goneTrigger}`)
    const gone = droppedTable.exec(sql)?.[1]
    if (gone !== undefined) {
      for (const { name, table } of indexes.values()) if (table === gone) indexes.delete(name)
      for (const [key, { table }] of triggers) if (table === gone) triggers.delete(key)
      foreignKeys = foreignKeys.filter(({ table }) => table !== gone)
    }
    const table = tableStatement.exec(sql)?.[1]
    if (table !== undefined) foreignKeys.push(...foreignKeysIn(sql, table))
  }
  return { indexes: [...indexes.values()], foreignKeys, triggers: [...triggers.values()] }
}

function foreignKeysIn(sql: string, table: string): ExpectedForeignKey[] {
  return partsOf(sql.replace(tableStatement, '')).flatMap((part) => {
    const [, target, targetColumns] = references.exec(part) ?? []
    if (target === undefined) return []
    const own = ownColumns.exec(part)?.[1] ?? columnName.exec(part)![1]!
    return [
      {
        table,
        columns: names(own),
        target,
        targetColumns: names(targetColumns!),
        actions: (part.match(actions) ?? []).join(' '),
      },
    ]
  })
}

/** The definitions of a statement about a table: what stands between commas, but for those within brackets. */
function partsOf(definitions: string): string[] {
  const inner = definitions.trim().replace(/^\(([\s\S]*)\)[^)]*$/, '$1')
  const parts = ['']
  let depth = 0
  for (const letter of inner) {
    if (letter === '(') depth++
    if (letter === ')') depth--
    if (letter === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += letter
  }
  return parts.map((part) => part.trim())
}

const names = (list: string) => list.split(',').map((name) => name.trim())

/**
 * The triggers that a block makes in a loop over tables: `FOR … IN SELECT * FROM (VALUES ('table', …), …) … LOOP`, with
 * `EXECUTE format('CREATE TRIGGER name … ON %I …')`. As the statements that it carries out.
 */
function triggersOfBlock(block: string): string {
  const tables = [...block.matchAll(/\(\s*'(\w+)'/g)].map(([, table]) => table!)
  const made = [...block.matchAll(/'(CREATE\s+TRIGGER\s+\w+\s[^']*?\sON\s+)%I/gi)].map(([, text]) => text!)
  return made.flatMap((text) => tables.map((table) => `${text}${table};\n`)).join('')
}

/** The statements of a file, without its comments and without what stands in `$$ … $$`, but for triggers made there. */
function statementsOf(sql: string): string[] {
  return sql
    .replaceAll(/--.*$/gm, '')
    .replaceAll(/^DO\s+\$\$([\s\S]*?)\$\$\s*;/gm, (_, block: string) => triggersOfBlock(block))
    .replaceAll(/\$\$[\s\S]*?\$\$/g, "''")
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
