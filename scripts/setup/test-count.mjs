/** Counting tests from Vitest's JSON reports. Set-up scripts, system Node. */
import { readJson } from './stamp.mjs'

/**
 * The counts of one run. A file that could not be loaded has no tests of its own and counts as one that failed; so
 * does a run that ended badly without saying which test it was.
 */
export function readCounts(reportFile, exitCode) {
  const report = readJson(reportFile)
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const file of report?.testResults ?? []) {
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed += 1
      else if (status === 'failed') counts.failed += 1
      else counts.skipped += 1
    }
    const failedInside = file.assertionResults.some(({ status }) => status === 'failed')
    if (file.status === 'failed' && !failedInside) counts.failed += 1
  }
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

export const addCounts = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
})

/** `12 passed, 0 failed`, and the skipped where there are any. */
export const countLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
