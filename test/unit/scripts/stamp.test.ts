/** When a step of set-up is done again, and when not. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stampOf } from '../../../scripts/setup/stamp.mjs'

let folder: string
const stamp = () => stampOf(join(folder, 'stamp'), [join(folder, 'source'), join(folder, 'absent')])
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-stamp-'))
  mkdirSync(join(folder, 'source'))
  writeFileSync(join(folder, 'source/a.ts'), 'one')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a step that never succeeded is not current; one that did is', () => {
  expect(stamp().matches()).toBe(false)
  stamp().write()
  expect(stamp().matches()).toBe(true)
})

test('a step that was interrupted is not current', () => {
  stamp().write()
  stamp().remove()
  expect(stamp().matches()).toBe(false)
})

test('other contents, another name, a new file: not current', () => {
  stamp().write()
  writeFileSync(join(folder, 'source/a.ts'), 'two')
  expect(stamp().matches()).toBe(false)
  stamp().write()
  writeFileSync(join(folder, 'source/b.ts'), '')
  expect(stamp().matches()).toBe(false)
  stamp().write()
  rmSync(join(folder, 'source/b.ts'))
  expect(stamp().matches()).toBe(false)
})

test('new times and the old contents, as after a checkout: current', () => {
  stamp().write()
  utimesSync(join(folder, 'source/a.ts'), 1, 1)
  expect(stamp().matches()).toBe(true)
})

test('what the build itself writes among the sources does not count', () => {
  stamp().write()
  writeFileSync(join(folder, 'source/kernel.generated.ts'), 'bytes')
  expect(stamp().matches()).toBe(true)
})

test('a change made while the step runs makes it run again', () => {
  const before = stamp()
  before.remove()
  writeFileSync(join(folder, 'source/a.ts'), 'changed meanwhile')
  before.write()
  expect(stamp().matches()).toBe(false)
})
