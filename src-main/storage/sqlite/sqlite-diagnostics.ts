/** The checks that the database of a data folder answers; it is only read. Diagnostics worker thread. */

import { statfsSync, statSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { z } from 'zod'
import { byteSize } from '../../../src-shared/amounts'
import { type CheckFinding, failed, passed, unchecked, warned } from '../../../src-shared/diagnosis'
import type { SchemaCheck } from '../../../src-shared/schema'
import type { AskedDatabase } from '../diagnostics/asked-database'
import {
  checkUniqueness,
  checkVectors,
  contradictingRows,
  countRows,
  type Fault,
  orphansFinding,
} from '../diagnostics/integrity'
import { schemaFinding } from '../diagnostics/schema-finding'
import { storedFaces } from '../diagnostics/stored-faces'
import type { DatabaseCheckId, StoredFace } from '../diagnostics-store'
import { verifySchema } from '../schema/migrate'
import { databaseFile, openForReading } from './open-database'
import { SqliteConnection } from './sqlite-connection'
import { explainStorageError } from './sqlite-errors'
import { SqliteSchema } from './sqlite-schema'

const integrityRow = z.object({ integrity_check: z.string() })
const foreignKeyRow = z.object({ table: z.string(), parent: z.string() })
const pageRow = z.object({ page_count: z.number() })

/** Less than this is free: the next import may not fit. And less than this: the next write may not. */
const littleFreeBytes = 2e9
const noneFreeBytes = 100e6

export class SqliteDiagnostics {
  readonly place: string
  readonly #folder: string
  #open: { readonly database: Database.Database; readonly asked: AskedDatabase } | undefined
  #schema: Promise<SchemaCheck> | undefined

  constructor(folder: string) {
    this.#folder = folder
    this.place = databaseFile(folder)
  }

  /** Raises `database-corrupt` and the like, where the file cannot be read. */
  async check(id: DatabaseCheckId): Promise<CheckFinding> {
    try {
      return await this.#check(id)
    } catch (error) {
      throw explainStorageError(error, this.#folder)
    }
  }

  async #check(id: DatabaseCheckId): Promise<CheckFinding> {
    if (id === 'schema') return schemaFinding(await this.#verified(), 'local')
    if (id === 'disk') return this.#disk()
    const { migrations } = await this.#verified()
    if (!migrations.some(({ state }) => state === 'same')) {
      return unchecked('Visor has no tables in this database yet; see Schema.')
    }
    const { database, asked } = this.#opened()
    switch (id) {
      case 'file':
        return checkFile(database)
      case 'orphans':
        return this.#orphans(database, asked)
      case 'uniqueness':
        return checkUniqueness(asked)
      case 'vectors':
        return checkVectors(asked)
      case 'counts':
        return countRows(asked, '')
      default:
        return unchecked('This makes sense for a server only.')
    }
  }

  async storedFaces(limit: number): Promise<StoredFace[]> {
    return storedFaces(this.#opened().asked, limit)
  }

  async close(): Promise<void> {
    this.#open?.database.close()
  }

  #verified(): Promise<SchemaCheck> {
    this.#schema ??= verifySchema(new SqliteSchema(this.#folder))
    return this.#schema
  }

  #opened() {
    if (this.#open !== undefined) return this.#open
    const database = openForReading(this.place)
    // pgvector's words; bytes that are no vector of finite numbers are of no length.
    const floatsOf = (bytes: unknown) =>
      bytes instanceof Uint8Array && bytes.byteLength % 4 === 0
        ? new Float32Array(bytes.slice().buffer)
        : new Float32Array(0)
    database.function('vector_dims', { deterministic: true }, (bytes) => floatsOf(bytes).length)
    database.function('vector_norm', { deterministic: true }, (bytes) => {
      let squared = 0
      for (const value of floatsOf(bytes)) squared += value * value
      return Number.isFinite(squared) ? Math.sqrt(squared) : Number.MAX_VALUE
    })
    const connection = new SqliteConnection(database)
    const asked: AskedDatabase = {
      engine: 'sqlite',
      rows: async (row, sql, ...values) => connection.rows(row, sql, ...values),
    }
    this.#open = { database, asked }
    return this.#open
  }

  async #orphans(database: Database.Database, asked: AskedDatabase): Promise<CheckFinding> {
    const found = new Map<string, number>()
    for (const raw of database.prepare('PRAGMA foreign_key_check').iterate()) {
      const { table, parent } = foreignKeyRow.parse(raw)
      const what = `${table} without their ${parent}`
      found.set(what, (found.get(what) ?? 0) + 1)
    }
    const tables = database.pragma('table_list') as readonly unknown[]
    const faults: Fault[] = [...found].map(([what, amount]) => ({ what, amount }))
    const contradicting = await contradictingRows(asked)
    return orphansFinding([...faults, ...contradicting], tables.length + contradicting.length, null)
  }

  #disk(): CheckFinding {
    const bytesOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0
    const { bavail, bsize } = statfsSync(this.#folder)
    const free = bavail * bsize
    const table = {
      columns: ['What', 'Size'],
      rows: [
        ['database', byteSize(bytesOf(this.place))],
        ['written, not yet in it', byteSize(bytesOf(`${this.place}-wal`))],
        ['free on the disk', byteSize(free)],
      ],
    }
    const figure = `${byteSize(bytesOf(this.place))}, ${byteSize(free)} free`
    if (free >= littleFreeBytes) return passed('The disk has room.', { figure, table })
    const next = { text: 'Make room on the disk of the data folder, or move the folder.', copy: null }
    return free >= noneFreeBytes
      ? warned('The disk is almost full: the next import may not fit.', { figure, next, table })
      : failed('The disk is full: nothing can be kept any more.', { figure, next, table })
  }
}

/** SQLite's own check of the file: pages, indexes, constraints of columns. https://www.sqlite.org/pragma.html#pragma_integrity_check */
function checkFile(database: Database.Database): CheckFinding {
  const said = z
    .array(integrityRow)
    .parse(database.prepare('PRAGMA integrity_check(20)').all())
    .map((row) => row.integrity_check)
  const { page_count: pages } = pageRow.parse(database.prepare('PRAGMA page_count').get())
  if (said.length === 1 && said[0] === 'ok') {
    return passed('The file is whole.', { figure: `${pages.toLocaleString('en-GB')} pages` })
  }
  return failed('The file is damaged.', {
    figure: `${said.length} ${said.length === 1 ? 'fault' : 'faults'}`,
    next: { text: 'Close Visor, keep a copy of the data folder, and restore it from a backup.', copy: null },
    table: { columns: ['What SQLite says'], rows: said.map((text) => [text]) },
  })
}
