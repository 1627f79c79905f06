/**
 * One Visor per data folder. Store worker thread.
 *
 * [Note: Folder lock] The lock is an exclusive transaction on a small database of its own: the operating system gives it
 * back when the process dies, however it dies, so no lock is ever stale. Nobody else can read a file that is locked so;
 * who holds it is written beside it, for people.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database, { SqliteError } from 'better-sqlite3'
import { systemCodeOf, VisorError } from '../../../src-shared/errors'

interface FolderLock {
  release(): void
}

/** Takes the folder. Raises `data-folder-in-use`. */
export function lockFolder(folder: string): FolderLock {
  const database = new Database(join(folder, 'visor.lock'), { timeout: 0 })
  const holderFile = join(folder, 'visor.pid')
  try {
    database.pragma('journal_mode = MEMORY')
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (error instanceof SqliteError && error.code === 'SQLITE_BUSY') throw inUse(holderFile, folder, error)
    throw error
  }
  try {
    writeFileSync(holderFile, `${process.pid}\n`)
  } catch (error) {
    database.close()
    throw error
  }
  return { release: () => database.close() }
}

function inUse(holderFile: string, folder: string, cause: unknown): VisorError {
  const holder = holderOf(holderFile)
  return new VisorError(
    'data-folder-in-use',
    `Another Visor${holder === undefined ? '' : ` (process ${holder})`} is using this data folder.`,
    {
      cause,
      consequence: 'Only one Visor at a time may write there, so this one did not open it.',
      remedy: 'Close the other Visor, or choose another data folder.',
      detail: folder,
    },
  )
}

/** The holder may be about to write its number: then it is not named. */
function holderOf(file: string): number | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined
    throw error
  }
  const pid = Number.parseInt(text, 10)
  return Number.isSafeInteger(pid) ? pid : undefined
}
