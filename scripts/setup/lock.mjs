/** One set-up at a time in a working copy. Set-up scripts, system Node. */
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { at } from './places.mjs'

const heartbeatMs = 5_000
/** A holder that has been silent for so long is dead, whoever has its process id now. */
const silenceMs = 60_000

const ours = String(process.pid)

function take(lockFile) {
  try {
    writeFileSync(lockFile, ours, { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

/** The holder's process id and whether it is dead, or `null` where nobody holds the lock. */
function holder(lockFile) {
  try {
    const pid = readFileSync(lockFile, 'utf8')
    return { pid, dead: !isAlive(pid) || Date.now() - statSync(lockFile).mtimeMs > silenceMs }
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}

function isAlive(pid) {
  // Between creating the file and writing to it there is an instant without an id.
  if (pid === '') return true
  try {
    process.kill(Number(pid), 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Takes a dead holder's lock away; of several that try at once, one succeeds, and no live lock is lost. */
function clear(lockFile, deadPid) {
  const aside = `${lockFile}.${ours}`
  try {
    renameSync(lockFile, aside)
    if (readFileSync(aside, 'utf8') !== deadPid) linkSync(aside, lockFile)
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function release(lockFile) {
  if (holder(lockFile)?.pid === ours) rmSync(lockFile, { force: true })
}

/** Runs `work` alone; while another process has the lock, says so once through `say` and waits. */
export async function alone(say, work, lockFile = at('.cache/set-up.lock')) {
  mkdirSync(dirname(lockFile), { recursive: true })
  for (let said = false; !take(lockFile); ) {
    const other = holder(lockFile)
    if (other?.dead) {
      clear(lockFile, other.pid)
      continue
    }
    if (other && !said) say(`Another start is setting things up (process ${other.pid}); waiting for it.`)
    said ||= other !== null
    await sleep(200)
  }
  const letGo = () => release(lockFile)
  const heartbeat = setInterval(() => utimesSync(lockFile, new Date(), new Date()), heartbeatMs)
  process.once('exit', letGo)
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    process.off('exit', letGo)
    letGo()
  }
}
