/** Where tests put their databases and data folders. Set-up scripts, system Node. */
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Linux's file system in memory. */
const inMemory = '/dev/shm'
/** A run needs a fraction of it; memory that it takes is missing elsewhere. */
const wantedBytes = 4 * 1024 ** 3

/** Programs are run from it, and it holds a run beside what else the machine does. */
function fitsInMemory() {
  if (!existsSync(inMemory) || process.availableMemory() < 2 * wantedBytes) return false
  const mount = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, place]) => place === inMemory)
  if (mount === undefined || mount[3].split(',').includes('noexec')) return false
  try {
    accessSync(inMemory, constants.W_OK)
  } catch {
    return false
  }
  const { bavail, bsize } = statfsSync(inMemory)
  return bavail * bsize >= wantedBytes
}

/**
 * A new folder, which ends with this process; in memory where there is room: tests kill programs, not machines, and waiting for the
 * disk is much of what opening a store takes.
 */
export function scratchFolder() {
  const folder = mkdtempSync(join(fitsInMemory() ? inMemory : tmpdir(), 'visor-test-'))
  // PostgreSQL does not run as root: as another user it passes through here to the folder that it is given.
  chmodSync(folder, 0o711)
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}
