/**
 * The parent of one PostgreSQL server: it ends the server when whoever started it is gone, however that ended. A process of
 * its own, Electron's Node: `keeper.mjs FOLDER PROGRAM ARGUMENTS…`, its standard input a pipe from its owner; the server's
 * process id is the one line it prints, and the server's exit code is its own. FOLDER takes `server.log`.
 */
import { spawn } from 'node:child_process'
import { openSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const [folder, program, ...args] = process.argv.slice(2)
const { VISOR_POSTGRES_UID: uid, VISOR_POSTGRES_GID: gid, ...env } = process.env
const log = openSync(join(folder, 'server.log'), 'a')
const server = spawn(program, args, {
  stdio: ['ignore', log, log],
  env,
  windowsHide: true,
  ...(uid === undefined ? {} : { uid: Number(uid), gid: Number(gid) }),
})
let orphaned = false
server.once('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(127)
})
server.once('exit', (code) => {
  if (orphaned) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  process.exit(code ?? 1)
})
if (server.pid !== undefined) process.stdout.write(`${server.pid}\n`)

// Ctrl+C reaches a whole terminal; the owner decides when the server ends.
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
process.stdin.resume()
process.stdin.once('close', () => {
  orphaned = true
  // "Immediate": nobody is left to whom the data is of use.
  server.kill('SIGQUIT')
})
