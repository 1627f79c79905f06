/** SQLite's and the file system's errors as Visor's. Store worker thread. */
import { statfsSync } from 'node:fs'
import { isDiskFull, systemCodeOf, VisorError } from '../../../src-shared/errors'

/**
 * What a failure of the database in `folder` means: `disk-full`, `read-only`, `database-corrupt`, or the error itself
 * where it is none of these.
 */
export function explainStorageError(error: unknown, folder: string): unknown {
  if (error instanceof VisorError) return error
  const code = systemCodeOf(error) ?? ''
  if (code === 'SQLITE_FULL' || isDiskFull(error)) return diskFull(error)
  // The write-ahead log's index cannot grow on a full disk either; SQLite calls that an input/output error.
  if (code.startsWith('SQLITE_IOERR') && isFull(folder)) return diskFull(error)
  if (/^(SQLITE_READONLY|SQLITE_CANTOPEN|EROFS$|EACCES$|EPERM$)/.test(code)) {
    return new VisorError('read-only', 'The data folder cannot be written to.', {
      cause: error,
      consequence: 'Visor has nowhere to keep people and answers.',
      remedy: 'Make the folder writable, or choose another.',
      detail: `${folder}: ${String(error)}`,
    })
  }
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new VisorError('database-corrupt', 'The database is damaged.', {
      cause: error,
      consequence: 'People and answers in it cannot be relied on; nothing was changed.',
      remedy: 'Restore the data folder from a backup, or choose another.',
      detail: `${folder}: ${String(error)}`,
    })
  }
  return error
}

function isFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder)
  // SQLite asks for the log's index in pieces of 32 KiB.
  return bavail * bsize < 65_536
}

function diskFull(cause: unknown): VisorError {
  return new VisorError('disk-full', 'The disk is full.', {
    cause,
    consequence: 'What you asked for was not done; everything that was stored before is still there.',
    remedy: 'Free some space and try again.',
  })
}
