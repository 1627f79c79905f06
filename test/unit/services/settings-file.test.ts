/** Settings: remembered, repaired field by field, written whole. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SettingsFile } from '../../../src-main/services/settings-file'
import { defaultSettings } from '../../../src-shared/settings'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-settings-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const path = () => join(folder, 'settings.json')

it('begins with the defaults', () => {
  expect(new SettingsFile(path()).current).toEqual(defaultSettings)
})

it('remembers', async () => {
  const file = new SettingsFile(path())
  file.update({ theme: 'light', search: { topK: 9 } })
  file.update({ panes: { queue: 300, inspector: 400 } })
  await file.flush()
  const again = new SettingsFile(path()).current
  expect([again.theme, again.search.topK, again.panes.queue]).toEqual(['light', 9, 300])
  expect(readdirSync(folder)).toEqual(['settings.json'])
})

it.each(['', 'not json', '[]', 'null', '{"theme":'])('takes the broken file %j for an empty one', (text) => {
  writeFileSync(path(), text)
  expect(new SettingsFile(path()).current).toEqual(defaultSettings)
})

it('repairs broken fields one by one', () => {
  writeFileSync(path(), JSON.stringify({ theme: 'pink', search: { topK: 700, thorough: true }, unknown: 1 }))
  const { theme, search } = new SettingsFile(path()).current
  expect([theme, search.topK, search.thorough]).toEqual(['dark', 5, true])
})

it('tells listeners, and goes on in memory where the file cannot be written', async () => {
  const file = new SettingsFile(join(folder, 'no', 'such', 'folder', 'settings.json'))
  const themes: string[] = []
  const failures: unknown[] = []
  file.changed.add(({ theme }) => themes.push(theme))
  file.writeFailed.add((error) => failures.push(error))
  file.update({ theme: 'light' })
  await file.flush()
  expect(themes).toEqual(['light'])
  expect(failures).toHaveLength(1)
  expect(file.current.theme).toBe('light')
})

it('leaves the file whole when it is written many times', async () => {
  const file = new SettingsFile(path())
  for (let topK = 1; topK <= 50; topK += 1) {
    file.update({ search: { topK } })
    void file.flush()
  }
  await file.flush()
  expect(JSON.parse(readFileSync(path(), 'utf8')).search.topK).toBe(50)
})
