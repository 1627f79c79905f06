/** Every statement that grows with the gallery uses the index that was made for it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as assign from '../../../../src-main/storage/sqlite/assign-faces'
import * as change from '../../../../src-main/storage/sqlite/change-persons'
import * as indexes from '../../../../src-main/storage/sqlite/flat-indexes'
import * as gallery from '../../../../src-main/storage/sqlite/gallery'
import * as reads from '../../../../src-main/storage/sqlite/gallery-reads'
import * as ledger from '../../../../src-main/storage/sqlite/ledger'
import { databaseFile, openDatabase } from '../../../../src-main/storage/sqlite/open-database'
import * as queue from '../../../../src-main/storage/sqlite/queue'
import * as undo from '../../../../src-main/storage/sqlite/undo'

/** SQLite's name for the index of a primary key or a unique constraint. */
const own = (table: string, number = 1) => `sqlite_autoindex_${table}_${number}`

/** Statement → the indexes that its plan must name, and nothing may be scanned but these. */
const plans: Record<string, { sql: string; uses: string[]; scans?: string[] }> = {
  selectPerson: { sql: assign.selectPerson, uses: [own('persons')] },
  selectPersonByName: { sql: assign.selectPersonByName, uses: ['persons_name'] },
  selectFacesOfPhoto: { sql: assign.selectFacesOfPhoto, uses: ['faces_photo'] },
  selectPhoto: { sql: assign.selectPhoto, uses: [own('photos', 2)] },
  selectEmbeddingOfFace: { sql: assign.selectEmbeddingOfFace, uses: [own('embeddings')] },
  selectDomain: { sql: change.selectDomain, uses: ['PRIMARY KEY'] },
  removeFacesOfPerson: { sql: change.removeFacesOfPerson, uses: ['faces_person'] },
  removePersonsOfDomain: { sql: change.removePersonsOfDomain, uses: ['persons_folded'] },
  removeFacesOfDomain: { sql: change.removeFacesOfDomain, uses: ['faces_photo'] },
  selectVectors: { sql: indexes.selectVectors, uses: ['embeddings_scan', own('faces')] },
  selectVector: { sql: indexes.selectVector, uses: ['INTEGER PRIMARY KEY'] },
  countEmbeddings: { sql: indexes.countEmbeddings, uses: ['embeddings_scan'] },
  selectEmbeddingStates: {
    sql: indexes.selectEmbeddingStates,
    uses: ['INTEGER PRIMARY KEY', own('faces')],
    scans: ['touched'],
  },
  selectFacesOfEmbeddings: {
    sql: gallery.selectFacesOfEmbeddings,
    uses: ['INTEGER PRIMARY KEY', own('faces'), own('photos')],
    scans: ['hit'],
  },
  selectNames: { sql: gallery.selectNames, uses: [own('persons')], scans: ['hit'] },
  selectUndoable: { sql: gallery.selectUndoable, uses: ['ledger_undoable'] },
  // Lists of all there is read an index that holds just what they need.
  countPersonsByDomain: {
    sql: reads.countPersonsByDomain,
    uses: ['COVERING INDEX persons_'],
    scans: ['persons'],
  },
  countFacesByDomain: {
    sql: reads.countFacesByDomain,
    uses: ['COVERING INDEX faces_domain'],
    scans: ['faces'],
  },
  countEmbeddingsByDomain: {
    sql: reads.countEmbeddingsByDomain,
    uses: [own('embeddings')],
    scans: ['f', 'e'],
  },
  selectPersonsOfDomain: { sql: reads.selectPersonsOfDomain, uses: ['persons_folded', 'faces_person'] },
  selectPersonsOfClient: { sql: reads.selectPersonsOfClient, uses: ['persons_folded_all', 'faces_person'] },
  countPersonsOfDomain: { sql: reads.countPersonsOfDomain, uses: ['COVERING INDEX persons_folded'] },
  countPersonsOfClient: { sql: reads.countPersonsOfClient, uses: ['COVERING INDEX persons_folded_all'] },
  selectPersonDetail: { sql: reads.selectPersonDetail, uses: [own('persons'), 'faces_person'] },
  selectFacesOfPerson: {
    sql: reads.selectFacesOfPerson,
    uses: ['faces_person', own('photos'), own('embeddings')],
  },
  selectKnownFaces: {
    sql: reads.selectKnownFaces,
    uses: [own('photos', 2), 'faces_photo'],
    scans: ['asked'],
  },
  selectEnrolledPhotos: {
    sql: reads.selectEnrolledPhotos,
    uses: ['COVERING INDEX faces_domain', own('embeddings')],
  },
  selectCrop: { sql: reads.selectCrop, uses: [own('crops'), own('faces')] },
  selectEmbeddingsOfFaces: {
    sql: ledger.selectEmbeddingsOfFaces,
    uses: [own('embeddings')],
    scans: ['touched'],
  },
  selectEntry: { sql: undo.selectEntry, uses: [own('ledger')] },
  selectFace: { sql: undo.selectFace, uses: [own('faces')] },
  countRejectsOfFace: { sql: undo.countRejectsOfFace, uses: ['PRIMARY KEY'] },
  countFacesOfPerson: { sql: undo.countFacesOfPerson, uses: ['faces_person'] },
  selectRemovedFaces: { sql: undo.selectRemovedFaces, uses: ['faces_removed_by'] },
  restoreFaces: { sql: undo.restoreFaces, uses: ['faces_removed_by'] },
  restorePersons: { sql: undo.restorePersons, uses: ['persons_removed_by'] },
  countStranded: { sql: undo.countStranded, uses: [own('faces'), own('persons')], scans: ['json_each'] },
  countHomeless: { sql: undo.countHomeless, uses: ['persons_removed_by'] },
  deleteEmptyPhoto: { sql: undo.deleteEmptyPhoto, uses: [own('photos'), 'faces_photo'] },
  selectAnalyses: { sql: queue.selectAnalyses, uses: [own('queue_analyses')], scans: ['asked'] },
  selectPicture: { sql: queue.selectPicture, uses: [own('queue_pictures')] },
  deleteItem: { sql: queue.deleteItem, uses: [own('queue_items')] },
  selectItems: { sql: queue.selectItems, uses: [own('queue_items', 2)], scans: ['queue_items'] },
}

let folder: string
let database: Database.Database
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-plans-'))
  database = openDatabase(databaseFile(folder))
})
afterAll(() => {
  database.close()
  rmSync(folder, { recursive: true })
})

test.each(Object.entries(plans))('%s', (_, { sql, uses, scans = [] }) => {
  const values = Array.from({ length: sql.split('?').length - 1 }, () => '[]')
  const lines = database
    .prepare<string[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...values)
    .map(({ detail }) => detail)
  const plan = lines.join('\n')
  for (const index of uses) expect(plan).toContain(index)
  const scanned = lines.filter((line) => line.startsWith('SCAN '))
  for (const line of scanned) expect(scans).toContain(line.split(' ')[1])
})

test('every statement of the modules is asserted', () => {
  const modules = [assign, change, indexes, gallery, reads, ledger, queue, undo]
  const statements = modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, value]) => (typeof value === 'string' ? [name] : [])),
  )
  expect(statements.filter((name) => !(name in plans) && name !== 'selectDomains')).toEqual([])
})
