/** A legacy SQLite file, read-only. Import worker thread. */
import Database from 'better-sqlite3'
import { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'
import { fileError } from '../file-bytes'
import type { LegacyTable } from './layout'
import type { LegacyDatabase, LegacyRow } from './legacy-reader'

/** Bytes of text and blobs in one portion, roughly, at most. */
const portionBytes = 16 * 1024 * 1024

const tableRow = z.object({ name: z.string() })
const columnRow = z.object({ name: z.string(), type: z.string() })

export class SqliteLegacyDatabase implements LegacyDatabase {
  readonly kind = 'legacy-sqlite'
  readonly engine = 'SQLite'
  readonly #path: string
  readonly #database: Database.Database

  /** Raises `file-missing`, `file-unreadable`, `source-unfit`. */
  constructor(path: string) {
    this.#path = path
    this.#database = this.#told(() => {
      const database = new Database(path, { readonly: true, fileMustExist: true, timeout: 5000 })
      database.pragma('query_only = ON')
      // Views and triggers of a foreign file run nothing.
      database.pragma('trusted_schema = OFF')
      return database
    })
  }

  async tables(): Promise<LegacyTable[]> {
    return this.#told(() => {
      const names = this.#database
        .prepare(
          // A virtual table may need a module that is not here.
          `SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
             AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name`,
        )
        .all()
      return names.map((raw) => {
        const { name } = tableRow.parse(raw)
        const columns = this.#database.prepare('SELECT name, type FROM pragma_table_info(?)').all(name)
        return { name, sql: `"${name.replaceAll('"', '""')}"`, columns: z.array(columnRow).parse(columns) }
      })
    })
  }

  async all(sql: string): Promise<LegacyRow[]> {
    return this.#told(() => this.#database.prepare<[], LegacyRow>(sql).all())
  }

  *stream(sql: string, rowsAtATime: number): Generator<readonly LegacyRow[]> {
    const rows = this.#told(() => this.#database.prepare<[], LegacyRow>(sql).iterate())
    try {
      for (;;) {
        const some = this.#told(() => take(rows, rowsAtATime))
        if (some.length === 0) return
        yield some
      }
    } finally {
      rows.return?.()
    }
  }

  async close(): Promise<void> {
    this.#database.close()
  }

  #told<T>(act: () => T): T {
    try {
      return act()
    } catch (cause) {
      if (!(cause instanceof Database.SqliteError)) throw cause
      throw sqliteError(this.#path, cause)
    }
  }
}

function take(rows: IterableIterator<LegacyRow>, most: number): LegacyRow[] {
  const taken: LegacyRow[] = []
  let bytes = 0
  while (taken.length < most && bytes < portionBytes) {
    const { value, done } = rows.next()
    if (done === true) break
    taken.push(value)
    for (const one of Object.values(value)) {
      if (typeof one === 'string' || one instanceof Uint8Array) bytes += one.length
    }
  }
  return taken
}

/** https://www.sqlite.org/rescode.html */
function sqliteError(path: string, cause: InstanceType<typeof Database.SqliteError>): VisorError {
  const { code } = cause
  if (/^SQLITE_(?:IOERR|CANTOPEN|READONLY|PERM|AUTH|BUSY|LOCKED)/.test(code)) return fileError(path, cause)
  if (/^SQLITE_(?:CORRUPT|NOTADB|FORMAT|ERROR|TOOBIG)/.test(code)) {
    return new VisorError('source-unfit', `“${path}” cannot be read on: SQLite finds it broken.`, {
      cause,
      consequence: 'What comes after that place in it is missing.',
      remedy: 'Repair it with the sqlite3 program (.recover), or take an older copy.',
    })
  }
  return new VisorError('file-unreadable', `“${path}” cannot be read.`, { cause })
}
