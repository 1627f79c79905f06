/** The count that `npm test` ends with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addCounts, countLine, readCounts } from '../../../scripts/setup/test-count.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-count-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function report(files: readonly { status: string; tests: readonly string[] }[]): string {
  const file = join(folder, 'report.json')
  const testResults = files.map(({ status, tests }) => ({
    status,
    assertionResults: tests.map((one) => ({ status: one })),
  }))
  writeFileSync(file, JSON.stringify({ testResults }))
  return file
}

test('passed, failed and skipped are counted apart', () => {
  const file = report([
    { status: 'passed', tests: ['passed', 'passed', 'skipped', 'todo'] },
    { status: 'failed', tests: ['failed', 'passed'] },
  ])
  expect(readCounts(file, 1)).toEqual({ passed: 3, failed: 1, skipped: 2 })
})

test('a file that could not be loaded is one failure', () => {
  expect(readCounts(report([{ status: 'failed', tests: [] }]), 1)).toEqual({
    passed: 0,
    failed: 1,
    skipped: 0,
  })
})

test('a run that ended badly is a failure, whatever its report says', () => {
  expect(readCounts(report([{ status: 'passed', tests: ['passed'] }]), 134).failed).toBe(1)
  expect(readCounts(join(folder, 'absent.json'), 1)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

test('the line is plain, and names the skipped where there are any', () => {
  const sum = addCounts({ passed: 2, failed: 0, skipped: 0 }, { passed: 3, failed: 1, skipped: 0 })
  expect(countLine(sum)).toBe('5 passed, 1 failed')
  expect(countLine({ passed: 1, failed: 0, skipped: 2 })).toBe('1 passed, 0 failed, 2 skipped')
})
