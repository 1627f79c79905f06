/** A diagnosis of this machine's store: in order, and broken. Electron's Node. */
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { folderToDiagnose } from '../../../src-main/diagnosed-stores'
import { diagnose } from '../../../src-main/services/diagnostics/diagnose'
import { openLocalStore } from '../../../src-main/storage/threads/local-store'
import { checksOf, type Diagnosis, worstOf } from '../../../src-shared/diagnosis'
import { diagnosisJson, diagnosisReport } from '../../../src-shared/diagnosis-report'
import { enrolMadeGallery } from '../../fixtures/made-gallery'

const builtFolder = join(import.meta.dirname, '../../../out/main')

let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'visor-diagnosis-'))
  await enrolMadeGallery(folder, { domain: 'slovenia', persons: 5, photosEach: 2, spread: 0.3, seed: 1 })
})
afterEach(() => rmSync(folder, { recursive: true }))

const diagnosed = () =>
  diagnose(
    folderToDiagnose({
      folder,
      builtFolder,
      openGallery: async () => {
        const store = await openLocalStore({ folder, builtFolder, threads: 1 })
        return { ...store.gallery, close: () => store.close() }
      },
    }),
    { version: '1.2.3', signal: new AbortController().signal },
  )

const checkOf = ({ checks }: Diagnosis, id: string) => checks.find((check) => check.id === id)!

function changed(...statements: string[]): void {
  const database = new Database(join(folder, 'visor.sqlite'))
  database.pragma('foreign_keys = OFF')
  for (const statement of statements) database.exec(statement)
  database.close()
}

test('in order: every check passes, with the gallery’s figures', async () => {
  const found = await diagnosed()
  expect(found.checks.map(({ id }) => id)).toEqual(checksOf('local'))
  expect(found.checks.filter(({ state }) => state === 'fail' || state === 'unchecked')).toEqual([])
  expect(checkOf(found, 'counts')).toMatchObject({
    figure: '10 faces',
    table: { rows: [['default', 'slovenia', '5', '10', '10', '0', '10']] },
  })
  expect(checkOf(found, 'self').figure).toBe('10 of 10')
})

test('the report names neither people nor what they look like, and is whole', async () => {
  const found = await diagnosed()
  const text = diagnosisReport(found)
  expect(text).toContain('# Diagnosis of this machine’s store')
  expect(text).toContain('**File: passed**')
  expect(text).toContain('| default | slovenia | 5 | 10 | 10 | 0 | 10 |')
  const json = JSON.stringify(diagnosisJson(found))
  for (const report of [text, json]) expect(report).not.toMatch(/Person \d/)
  expect(diagnosisJson(found)).toMatchObject({
    version: '1.2.3',
    state: worstOf(found.checks),
    cancelled: false,
  })
})

test('orphans, twins and vectors of the wrong length are found', async () => {
  changed(
    'DELETE FROM photos WHERE id = (SELECT min(id) FROM photos)',
    'DROP INDEX persons_name',
    "UPDATE persons SET name = 'Person 1', folded = 'person 1'",
    `UPDATE embeddings SET vector = zeroblob(2048) WHERE id = (SELECT max(id) FROM embeddings)`,
  )
  const found = await diagnosed()
  expect(checkOf(found, 'orphans')).toMatchObject({
    state: 'fail',
    table: { rows: [['faces without their photos', '1']] },
  })
  expect(checkOf(found, 'uniqueness')).toMatchObject({ state: 'fail', figure: '1 twice' })
  expect(checkOf(found, 'vectors')).toMatchObject({ state: 'fail', figure: '1 wrong' })
})

test('a ledger that was changed by hand, and a file that is damaged', async () => {
  changed('DROP TRIGGER IF EXISTS ledger_stays', "UPDATE ledger SET actor = 'somebody else'")
  expect(checkOf(await diagnosed(), 'ledger')).toMatchObject({ state: 'fail' })
  // A page in the middle, which belongs to some index or table.
  const file = openSync(join(folder, 'visor.sqlite'), 'r+')
  writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, 8192 * 20)
  closeSync(file)
  expect(checkOf(await diagnosed(), 'file')).toMatchObject({ state: 'fail' })
})

test('an empty folder: said so, and nothing is made in it', async () => {
  rmSync(folder, { recursive: true })
  folder = mkdtempSync(join(tmpdir(), 'visor-diagnosis-'))
  const found = await diagnosed()
  expect(checkOf(found, 'schema')).toMatchObject({ state: 'fail' })
  expect(checkOf(found, 'self').state).toBe('unchecked')
  expect(readdirSync(folder)).toEqual([])
})

test('a folder that a window has open: what goes through the store says where to look', async () => {
  const other = await openLocalStore({ folder, builtFolder, threads: 1 })
  try {
    const found = await diagnosed()
    expect(checkOf(found, 'vectors').state).toBe('pass')
    expect(checkOf(found, 'ledger')).toMatchObject({
      state: 'unchecked',
      sentence: expect.stringContaining('open'),
    })
  } finally {
    await other.close()
  }
})
