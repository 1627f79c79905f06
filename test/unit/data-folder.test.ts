/** The data folder, wherever it is named from. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { openDataFolder } from '../../src-main/data-folder'

it('is absolute, also where it was named from the working folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'visor-data-'))
  const opened = openDataFolder(relative(process.cwd(), folder))
  expect(opened.path).toBe(folder)
  for (const path of Object.values(opened)) expect(isAbsolute(path)).toBe(true)
  rmSync(folder, { recursive: true })
})
