/** Starting, talking to and losing a Node child. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { childProcessLauncher } from '../../../src-main/host/child-process'
import type { ProcessExit } from '../../../src-main/host/process-handle'

/** Runs `script` as a child; resolves when it is gone. */
async function run(
  script: string,
  meet: (handle: ReturnType<ReturnType<typeof childProcessLauncher>>) => void,
) {
  const folder = mkdtempSync(join(tmpdir(), 'visor-child-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'child.mjs')
  writeFileSync(path, script)
  const messages: unknown[] = []
  const exits: ProcessExit[] = []
  const gone = Promise.withResolvers<void>()
  const handle = childProcessLauncher(path)({
    message: (message) => {
      expect(exits).toEqual([])
      messages.push(message)
    },
    exit: (exit) => {
      exits.push(exit)
      gone.resolve()
    },
    output: () => {},
  })
  meet(handle)
  await gone.promise
  handle.post('too late')
  handle.kill()
  return { messages, exit: exits[0]!, exits }
}

it('typed arrays cross whole, and all that was said comes before the exit', async () => {
  const script = `
    process.once('message', (message) => {
      for (let index = 0; index < 50; index++) process.send(message)
      process.send(message, () => process.exit(0))
    })`
  const vector = new Float32Array(50_000).map((_, index) => index / 3)
  const { messages, exit, exits } = await run(script, (handle) =>
    handle.post({ vector, bytes: new Uint8Array([7]) }),
  )
  expect(messages).toHaveLength(51)
  expect(messages[50]).toEqual({ vector, bytes: new Uint8Array([7]) })
  expect(exit).toEqual({ code: 0, lastWords: '' })
  expect(exits).toHaveLength(1)
})

it('its last words are kept', async () => {
  const { exit } = await run(
    `console.log('hello'); console.error('free(): invalid pointer'); process.abort()`,
    () => {},
  )
  expect(exit.signal).toBe('SIGABRT')
  expect(exit.lastWords).toContain('free(): invalid pointer')
})

it('somebody who holds its output open does not hide its end', async () => {
  const script = `
    import { spawn } from 'node:child_process'
    const other = spawn('sleep', ['30'], { stdio: ['ignore', 'inherit', 'inherit'], detached: true })
    process.send(other.pid, () => process.exit(5))`
  const { exit, messages } = await run(script, () => {})
  process.kill(Number(messages[0]), 'SIGKILL')
  expect(exit).toMatchObject({ code: 5 })
})

it('a child that closes its channel and stays is killed', async () => {
  const { exit } = await run(`process.disconnect(); setInterval(() => {}, 1000)`, () => {})
  expect(exit.signal).toBe('SIGKILL')
})

it('a runtime that is not there is an exit that says so', async () => {
  const { execPath } = process
  onTestFinished(() => {
    process.execPath = execPath
  })
  process.execPath = '/nonexistent/electron'
  const { exit, exits } = await run('', (handle) => expect(handle.pid).toBeUndefined())
  expect(exit.code).toBeNull()
  expect(exit.startError).toMatchObject({ code: 'ENOENT' })
  expect(exits).toHaveLength(1)
})
