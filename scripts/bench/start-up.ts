/** How long from the command to a usable window, against a bare Electron window on the same machine. Electron's Node. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { median, printFigure } from './figure'

const rounds = 5
const timeoutMs = 60_000
/** What the program prints, when it is asked to, once its window has painted its first usable frame. */
const usable = 'visor:usable'

const visor = join(import.meta.dirname, '..', '..')
const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []

/** A window with nothing in it, shown as soon as it can be. */
const bareProgram = `
const { app, BrowserWindow } = require('electron')
app.setPath('userData', process.argv.at(-1))
app.whenReady().then(() => {
  const window = new BrowserWindow({ show: false })
  window.once('ready-to-show', () => {
    window.show()
    console.log('${usable}')
  })
  window.loadURL('data:text/html,<title>bare</title>')
})
`

/** Milliseconds from starting Electron with `args` to its word that the window is usable; it is ended afterwards. */
async function startOnce(args: readonly string[]): Promise<number> {
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env
  const startedMs = performance.now()
  const child = spawn(process.execPath, [...sandbox, ...args], {
    env: { ...environment, VISOR_BENCH_STARTUP: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const limit = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith(usable)) return performance.now() - startedMs
    }
    throw new Error(`Electron ended, or took ${timeoutMs / 1000} s, without a usable window.`)
  } finally {
    child.kill()
    await ended
    clearTimeout(limit)
  }
}

/**
 * Cold: the first start ever, on a data folder of its own. Warm: every later one. In both, the system has Electron's
 * files in memory already, as after any earlier start.
 */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'visor-start-up-'))
  const measured: Record<'bare' | 'cold' | 'warm', number[]> = { bare: [], cold: [], warm: [] }
  try {
    const bare = join(folder, 'bare')
    mkdirSync(bare)
    writeFileSync(join(bare, 'package.json'), '{"name":"bare","main":"main.cjs"}')
    writeFileSync(join(bare, 'main.cjs'), bareProgram)
    const startBare = () => startOnce([bare, join(folder, 'bare-data')])
    await startBare()
    for (let round = 0; round < rounds; round += 1) {
      const data = `--data=${join(folder, `data-${round}`)}`
      measured.bare.push(await startBare())
      measured.cold.push(await startOnce([visor, data]))
      measured.warm.push(await startOnce([visor, data]))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const bareMs = median(measured.bare)
  for (const kind of ['cold', 'warm'] as const) {
    const ms = median(measured[kind])
    printFigure({
      benchmark: 'start-up',
      figure: `${kind} start to a usable window, times a bare Electron window`,
      value: ms / bareMs,
      details: { ms, slowestMs: Math.max(...measured[kind]), bareMs, rounds },
    })
  }
}
