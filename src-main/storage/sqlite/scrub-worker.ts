/**
 * Rewrites the database file without what was deleted, and empties its log. Entry, a thread beside the store's, so that
 * searches go on; it ends with one message.
 *
 * VACUUM writes every page that is in use anew, so that no old byte is left in free pages or in the unused parts of others;
 * the checkpoint brings that into the file, cuts it to its new length and empties the write-ahead log.
 */

import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { z } from 'zod'
import { systemCodeOf } from '../../../src-shared/errors'
import { type ScrubResult, scrubDataSchema } from './scrub'

/** The store's own reads last milliseconds; a checkpoint waits for them. */
const busyMs = 30_000

const checkpointRows = z.tuple([z.object({ busy: z.literal(0) })])

function scrub(): ScrubResult {
  const { file } = scrubDataSchema.parse(workerData)
  const database = new Database(file, { timeout: busyMs, fileMustExist: true })
  try {
    database.pragma('secure_delete = ON')
    // What the log holds goes into the file first: then there is room for the new pages.
    database.pragma('wal_checkpoint(TRUNCATE)')
    database.exec('VACUUM')
    checkpointRows.parse(database.pragma('wal_checkpoint(TRUNCATE)'))
    return { ok: true }
  } catch (error) {
    const code = systemCodeOf(error) ?? ''
    return { ok: false, code, message: String(error) }
  } finally {
    database.close()
  }
}

parentPort!.postMessage(scrub())
