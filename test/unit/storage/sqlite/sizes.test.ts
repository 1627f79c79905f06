/** How much room a data folder's galleries take, of a real file. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { sizesOf } from '../../../../src-main/storage/sqlite/sizes'

it('tells the file with its log, and the average picture of some', () => {
  const folder = mkdtempSync(join(tmpdir(), 'visor-sizes-'))
  const file = join(folder, 'visor.sqlite')
  const database = new Database(file)
  try {
    database.pragma('journal_mode = WAL')
    database.exec('CREATE TABLE crops (face_id TEXT, jpeg BLOB)')
    const connection = {
      row: <T>(shape: { parse: (row: unknown) => T }, sql: string) =>
        shape.parse(database.prepare(sql).get()),
    }
    expect(sizesOf(connection as never, file)).toMatchObject({ parts: null, bytesPerCrop: 0 })
    const insert = database.prepare('INSERT INTO crops VALUES (?, ?)')
    for (const bytes of [100, 300]) insert.run(`face ${bytes}`, Buffer.alloc(bytes))
    expect(sizesOf(connection as never, file)).toEqual({
      totalBytes: statSync(file).size + statSync(`${file}-wal`).size,
      parts: null,
      bytesPerEmbedding: 2048,
      bytesPerCrop: 200,
    })
  } finally {
    database.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
