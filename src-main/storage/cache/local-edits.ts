/** Notes which rows of a cache were changed here, so that they are read anew from the server. Store worker thread. */
import type { SqliteConnection } from '../sqlite/sqlite-connection'
import { cachedTables, type OwnerKind } from './tables'

const name = (table: string, act: string) => `cache_notes_${table}_${act.toLowerCase()}`

/** Per table: whose rows they are. A row of two is noted for both. */
const noted = cachedTables.map(({ name: table, owner, ownerColumn, otherPersonColumn }) => ({
  table,
  owners: [
    { kind: owner, column: ownerColumn },
    ...(otherPersonColumn === undefined ? [] : [{ kind: 'person' as OwnerKind, column: otherPersonColumn }]),
  ],
}))
const acts = [
  { act: 'INSERT', rows: ['NEW'] },
  { act: 'UPDATE', rows: ['OLD', 'NEW'] },
  { act: 'DELETE', rows: ['OLD'] },
] as const

const triggers = noted.flatMap(({ table, owners }) =>
  acts.map(({ act, rows }) => {
    const notes = rows.flatMap((row) =>
      owners.map(
        ({ kind, column }) => `INSERT OR IGNORE INTO cache_edits (kind, id) VALUES ('${kind}', ${row}.${column});`,
      ),
    )
    const trigger = name(table, act)
    return { trigger, sql: `CREATE TEMP TRIGGER ${trigger} AFTER ${act} ON main.${table} BEGIN ${notes.join(' ')} END` }
  }),
)

const begin = triggers.map(({ sql }) => sql).join(';\n')
const end = triggers.map(({ trigger }) => `DROP TRIGGER IF EXISTS temp.${trigger}`).join(';\n')

/** From here on, what is written over this connection is noted. */
export function noteEdits(connection: SqliteConnection): void {
  connection.script(begin)
}

/** What is written from here on is the server's own. */
export function stopNoting(connection: SqliteConnection): void {
  connection.script(end)
}
