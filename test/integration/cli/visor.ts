/** Runs the command line: in the test's own process, or the built one as a process of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { runCommandLine } from '../../../src-main/cli/command-line'

const root = join(import.meta.dirname, '../../..')
const commandLine = join(root, 'out/main/cli.js')

export interface Ended {
  readonly code: number | null
  /** The objects on stdout, one a line. */
  readonly answers: readonly Record<string, unknown>[]
  readonly stdout: string
  readonly stderr: string
}

/** `visor --json --data DATA …`, in this process; every line of stdout has to be an object. */
export async function visor(data: string, ...args: readonly string[]): Promise<Ended> {
  return withAnswers(await runHere(['--json', '--data', data, ...args]))
}

/** The same as a process of its own. */
export async function visorProcess(data: string, ...args: readonly string[]): Promise<Ended> {
  return withAnswers(await runVisor(['--json', '--data', data, ...args]))
}

function withAnswers(ended: Omit<Ended, 'answers'>): Ended {
  const lines = ended.stdout.split('\n').filter((line) => line !== '')
  return { ...ended, answers: lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

/** These very arguments in this process, by what the entry calls: its threads and the vision process are those of the build. */
export async function runHere(args: readonly string[]): Promise<Omit<Ended, 'answers'>> {
  let stdout = ''
  let stderr = ''
  const code = await runCommandLine({
    args,
    builtFolder: join(root, 'out/main'),
    signal: new AbortController().signal,
    streams: {
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
    },
  })
  return { code, stdout, stderr }
}

/** These very arguments as a process of its own. */
export function runVisor(args: readonly string[], cwd = root): Promise<Omit<Ended, 'answers'>> {
  const child = spawn(process.execPath, [commandLine, ...args], {
    cwd,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** The same, with nobody who reads stderr. */
export async function runUnheard(args: readonly string[]): Promise<Pick<Ended, 'code' | 'stdout'>> {
  const child = spawn(process.execPath, [commandLine, ...args], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stderr.destroy()
  const ended = once(child, 'close')
  const stdout = await text(child.stdout)
  const [code] = await ended
  return { code, stdout }
}

/** A new folder, removed when the test process ends. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'visor-cli-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
