/** Notes which rows of a cache were changed here, so that they are read anew from the server. Store worker thread. */
import type { SqliteConnection } from '../sqlite/sqlite-connection'
import { type CachedTable, cachedTables, ownerTables } from './tables'

const name = (table: string, act: string) => `cache_notes_${table}_${act.toLowerCase()}`

/** The client of a row: its own column says it, or that of its owner. Of an owner that is gone itself, it is noted there. */
function clientOf({ columns, owner, ownerColumn }: CachedTable, row: string): string {
  if (columns.some(({ name: column }) => column === 'client_id')) return `${row}.client_id`
  return `(SELECT client_id FROM ${ownerTables[owner]} WHERE id = ${row}.${ownerColumn})`
}

const acts = [
  { act: 'INSERT', rows: ['NEW'] },
  { act: 'UPDATE', rows: ['OLD', 'NEW'] },
  { act: 'DELETE', rows: ['OLD'] },
] as const

/** A row of two is noted for both. */
const triggers = cachedTables.flatMap((table) => {
  const owners = [
    { kind: table.owner, column: table.ownerColumn },
    ...(table.otherPersonColumn === undefined
      ? []
      : [{ kind: 'person' as const, column: table.otherPersonColumn }]),
  ]
  return acts.map(({ act, rows }) => {
    const trigger = name(table.name, act)
    const notes = rows.flatMap((row) =>
      owners.map(
        ({ kind, column }) => `INSERT OR IGNORE INTO cache_edits (client_id, kind, id)
          SELECT ${clientOf(table, row)}, '${kind}', ${row}.${column};`,
      ),
    )
    return {
      trigger,
      sql: `CREATE TEMP TRIGGER ${trigger} AFTER ${act} ON main.${table.name} BEGIN ${notes.join(' ')} END`,
    }
  })
})

/** See [Note: Own faces]. A face whose box was changed is unknown anew, and was kept before. */
const ownFaces = `
  CREATE TEMP TRIGGER cache_notes_own_faces AFTER INSERT ON main.unknown_faces
  WHEN NOT EXISTS (SELECT 1 FROM faces former WHERE former.former_of = NEW.face_id) BEGIN
    INSERT OR IGNORE INTO own_faces (face_id, client_id) VALUES (NEW.face_id, NEW.client_id);
  END`

const begin = [...triggers.map(({ sql }) => sql), ownFaces].join(';\n')
const end = [...triggers.map(({ trigger }) => trigger), 'cache_notes_own_faces']
  .map((trigger) => `DROP TRIGGER IF EXISTS temp.${trigger}`)
  .join(';\n')

/** From here on, what is written over this connection is noted. */
export function noteEdits(connection: SqliteConnection): void {
  connection.script(begin)
}

/** What is written from here on is the server's own. */
export function stopNoting(connection: SqliteConnection): void {
  connection.script(end)
}
