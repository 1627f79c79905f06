/** Files that a test makes up, in a folder that is gone after it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A folder for this test file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'visor-import-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

let last = 0

/** A new file with this content. */
export function fileIn(folder: string, content: Uint8Array | string, name = `file-${++last}`): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
