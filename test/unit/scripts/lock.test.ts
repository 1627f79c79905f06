/** Two set-ups at once, and one that died. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const module = pathToFileURL(join(import.meta.dirname, '../../../scripts/setup/lock.mjs')).href

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A process that appends `in` and `out` to a journal around 30 ms alone. */
const contender = () => `
  import { appendFileSync } from 'node:fs'
  import { setTimeout as sleep } from 'node:timers/promises'
  import { alone } from ${JSON.stringify(module)}
  const journal = ${JSON.stringify(join(folder, 'journal'))}
  await alone(() => {}, async () => {
    appendFileSync(journal, 'in ')
    await sleep(30)
    appendFileSync(journal, 'out ')
  }, ${JSON.stringify(join(folder, 'lock'))})
`

function contend(): Promise<number | null> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', contender()], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: 'inherit',
  })
  return new Promise((resolve) => child.on('close', resolve))
}

test('several are each alone, one after the other, and leave nothing', async () => {
  expect(await Promise.all([contend(), contend(), contend()])).toEqual([0, 0, 0])
  expect(readFileSync(join(folder, 'journal'), 'utf8')).toBe('in out '.repeat(3))
  expect(existsSync(join(folder, 'lock'))).toBe(false)
})

test('the lock of a process that died is taken over by one at a time', async () => {
  const dead = spawnSync(process.execPath, ['-e', ''], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } })
  writeFileSync(join(folder, 'lock'), String(dead.pid))
  expect(await Promise.all([contend(), contend()])).toEqual([0, 0])
  expect(readFileSync(join(folder, 'journal'), 'utf8')).toBe('in out '.repeat(2))
})
