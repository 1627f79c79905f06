/** No table is forgotten by an erasure, and none of its statements reads more than it must. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toSqlite } from '../../../../../src-main/storage/sql/dialect'
import * as carryOut from '../../../../../src-main/storage/sql/erasure/carry-out'
import * as people from '../../../../../src-main/storage/sql/erasure/erased-people'
import * as erasure from '../../../../../src-main/storage/sql/erasure/erasure'
import * as imports from '../../../../../src-main/storage/sql/erasure/imports-about'
import * as keeping from '../../../../../src-main/storage/sql/erasure/keep-deletions'
import * as places from '../../../../../src-main/storage/sql/erasure/named-places'
import * as near from '../../../../../src-main/storage/sql/erasure/near-faces'
import * as preview from '../../../../../src-main/storage/sql/erasure/preview'
import * as reviews from '../../../../../src-main/storage/sql/erasure/reviews-about'
import { databaseFile, openDatabase } from '../../../../../src-main/storage/sqlite/open-database'
import * as desk from '../../../../../src-main/storage/sqlite/queue-desk'

let folder: string
let database: Database.Database
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-tables-'))
  database = openDatabase(databaseFile(folder))
})
afterAll(() => {
  database.close()
  rmSync(folder, { recursive: true })
})

/**
 * What becomes of each table's rows about somebody who is erased. A new table fails this test until somebody has said it:
 * the erasure deletes its rows, or a cascade of the schema does, or it holds nothing about anybody.
 */
const whatBecomes: Readonly<
  Record<string, 'deleted' | 'cascade' | 'content blanked' | 'nothing of anybody'>
> = {
  cache_edits: 'nothing of anybody',
  cached_clients: 'nothing of anybody',
  cached_domains: 'nothing of anybody',
  chains: 'nothing of anybody',
  clients: 'deleted',
  console: 'nothing of anybody',
  crops: 'cascade',
  decided_mode: 'nothing of anybody',
  domains: 'deleted',
  dual_hits: 'cascade',
  // By triggers of the people and photos that it is about.
  dual_runs: 'deleted',
  embeddings: 'cascade',
  enrolment_review_faces: 'cascade',
  enrolment_reviews: 'deleted',
  erasures: 'nothing of anybody',
  faces: 'deleted',
  findings: 'cascade',
  health_progress: 'nothing of anybody',
  import_rejects: 'deleted',
  import_runs: 'content blanked',
  import_steps: 'nothing of anybody',
  import_unfound: 'deleted',
  ledger: 'content blanked',
  ledger_persons: 'deleted',
  models: 'nothing of anybody',
  name_keys: 'cascade',
  outbox: 'cascade',
  own_faces: 'cascade',
  pairings: 'cascade',
  people_apart: 'cascade',
  person_aliases: 'cascade',
  person_tags: 'cascade',
  persons: 'deleted',
  photos: 'deleted',
  queue_analyses: 'cascade',
  queue_items: 'deleted',
  queue_pictures: 'cascade',
  rejections: 'cascade',
  schema_migrations: 'nothing of anybody',
  settled_people: 'cascade',
  sqlite_sequence: 'nothing of anybody',
  suggestion_marks: 'deleted',
  suggestions: 'cascade',
  told_apart: 'cascade',
  unknown_faces: 'cascade',
}

test('every table is thought of', () => {
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all()
  expect(
    tables,
    'An erasure has to know the new table: see carry-out.ts, the places in src-shared/erasure.ts, docs/erasure.md.',
  ).toEqual(Object.keys(whatBecomes).sort())
})

test('what goes by a cascade has one', () => {
  for (const [table, fate] of Object.entries(whatBecomes)) {
    if (fate !== 'cascade') continue
    const keys = database
      .prepare<[string], { table: string; on_delete: string }>(
        'SELECT "table", on_delete FROM pragma_foreign_key_list(?)',
      )
      .all(table)
    expect(
      keys.some((key) => key.on_delete === 'CASCADE' && whatBecomes[key.table] !== undefined),
      table,
    ).toBe(true)
  }
})

/** Lists that the statements are given, and the row that there always is. */
const lists = ['gone', 'asked', 'erased', 'listed', 'touched', 'json_each', 'CONSTANT']
/** Statements that read a whole table, because everything in it has to be looked at. */
const wholeTables: Readonly<Record<string, string>> = {
  selectFacesOfClient: 'faces',
  clearCovers: 'persons',
  selectQueuePlaces: 'queue_items',
  selectAnalysisIds: 'queue_analyses',
  // A row for each client and model.
  clearMarks: 'suggestion_marks',
  // As many rows as there were erasures.
  selectDue: 'd',
  selectUnreported: 'd',
  selectReports: 'd',
  forgetClients: 'erasures',
  markCleared: 'erasures',
}

const statements = [
  carryOut,
  people,
  erasure,
  imports,
  keeping,
  places,
  near,
  reviews,
  preview,
  desk,
].flatMap((module) =>
  Object.entries(module).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
)

test.each(statements)('%s scans only what it must', (name, sql) => {
  const values = Array.from({ length: sql.split('?').length - 1 }, () => '[]')
  const plan = database
    .prepare<string[], { detail: string }>(`EXPLAIN QUERY PLAN ${toSqlite(sql)}`)
    .all(...values)
    .map(({ detail }) => detail)
  const scanned = plan.filter((line) => line.startsWith('SCAN ')).map((line) => line.split(' ')[1])
  expect(scanned.filter((table) => !lists.includes(table!))).toEqual(
    name in wholeTables ? [wholeTables[name]] : [],
  )
  // Page after page in the order of an index.
  if (sql.includes('LIMIT')) expect(plan.join('\n')).not.toContain('TEMP B-TREE FOR ORDER BY')
})
