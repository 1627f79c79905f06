/** Writes an erasure's report. Runs in main and on the command line. */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { ErasureReport } from '../../../src-shared/erasure'
import { isDiskFull, VisorError } from '../../../src-shared/errors'

/** Writes it whole or not at all; readable by its owner only. Raises `disk-full`, `read-only`. */
export async function writeReport(path: string, report: ErasureReport): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeFileAtomic(path, `${JSON.stringify(report, null, 2)}\n`, { mode: 0o600 })
  } catch (cause) {
    const full = isDiskFull(cause)
    throw new VisorError(full ? 'disk-full' : 'read-only', 'The report of the erasure cannot be written.', {
      cause,
      consequence: 'What was erased is gone; only its report is missing.',
      remedy: full ? 'Free some space and try again.' : 'Check the rights of the folder, or choose another.',
      detail: path,
    })
  }
}
