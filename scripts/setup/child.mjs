/** Child processes that end with the script that started them. Set-up scripts, system Node. */
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { basename, dirname } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { at, root } from './places.mjs'

const running = new Map()

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** The exit code a shell gives for a child that a signal ended. */
const codeOf = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0)

function signalChild(child, group, signal) {
  try {
    process.kill(group ? -child.pid : child.pid, signal)
  } catch (error) {
    // It has ended by itself in the meantime.
    if (error.code !== 'ESRCH') throw error
  }
}

/** What an interrupted tool gets to end by itself. */
const graceMs = 5_000

async function onSignal(signal) {
  const foreground = [...running].filter(([, { passesSignals }]) => passesSignals)
  if (foreground.length === 0) {
    // Only when the tools are gone may the next start touch what they were writing.
    for (const [child, { group }] of running) signalChild(child, group, 'SIGTERM')
    setTimeout(() => process.exit(128 + constants.signals[signal]), graceMs).unref()
    await Promise.allSettled([...running.values()].map(({ ended }) => ended))
    process.exit(128 + constants.signals[signal])
  }
  // A child in the foreground decides how to end, and its exit code becomes ours. Ctrl-C has reached it already, with
  // the terminal's whole foreground group; a second one would mean "at once".
  if (signal === 'SIGINT' && process.stdin.isTTY) return
  for (const [child, { group }] of foreground) signalChild(child, group, signal)
}

function listen() {
  for (const signal of signals) process.on(signal, onSignal)
  process.on('exit', () => {
    for (const [child, { group }] of running) signalChild(child, group, 'SIGKILL')
  })
}

/**
 * Starts a child. `group`: its own process group, so that its descendants can be ended with it (not on Windows).
 * `passesSignals`: a signal to us is the child's to answer.
 */
export function startChild(command, args, { group = false, passesSignals = false, ...options } = {}) {
  if (process.listenerCount('SIGINT') === 0) listen()
  const ownGroup = group && process.platform !== 'win32'
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options, detached: ownGroup })
  const ended = new Promise((resolve, reject) => {
    child.once('error', (error) => {
      running.delete(child)
      reject(error)
    })
    child.once('close', (code, signal) => {
      running.delete(child)
      if (ownGroup) signalChild(child, true, 'SIGKILL')
      resolve(codeOf(code, signal))
    })
  })
  running.set(child, { group: ownGroup, passesSignals, ended })
  return { child, ended }
}

/** Runs a child to its end; resolves to its exit code. Options as in {@link startChild}. */
export const runChild = (command, args, options) => startChild(command, args, options).ended

/**
 * Starts a child with its output in `.cache/logs/<log>.log`; `ended` resolves to `{code,output,logFile}`, `output` being
 * what it printed to both streams.
 */
export function startLogged(log, command, args, options = {}) {
  const logFile = at('.cache/logs', `${log}.log`)
  mkdirSync(dirname(logFile), { recursive: true })
  const output = openSync(logFile, 'w')
  const { child, ended } = startChild(command, args, { ...options, stdio: ['ignore', output, output] })
  closeSync(output)
  const result = ended.then((code) => ({
    code,
    output: stripVTControlCharacters(readFileSync(logFile, 'utf8')),
    logFile: logFile.slice(root.length + 1),
  }))
  return { child, ended: result }
}

/** Runs a child to its end as {@link startLogged} does. */
export const runLogged = (log, command, args, options) => startLogged(log, command, args, options).ended

/** The last lines of a program's output, indented, for a failure's text. */
export const tail = (output, lines = 12) =>
  output
    .trim()
    .split('\n')
    .slice(-lines)
    .map((line) => `  | ${line}`)
    .join('\n')

/** What npm itself says went wrong, indented; the stack and the advice that follow it are in the log. */
export const npmErrors = (output) =>
  output
    .split('\n')
    .filter((line) => /^npm error \S/.test(line))
    .slice(0, 6)
    .map((line) => `  | ${line}`)
    .join('\n')

/** The npm that runs us, or the one on the path: `[command, leading arguments, spawn options]`. */
export function npm() {
  const own = process.env.npm_execpath
  if (own && basename(own) === 'npm-cli.js') return [process.execPath, [own], {}]
  // npm is a batch file on Windows, which only a shell can run.
  return ['npm', [], { shell: process.platform === 'win32' }]
}
