/** The write-ahead log while very much is written. Store worker thread. */
import { statSync } from 'node:fs'
import type { SqliteConnection } from './sqlite-connection'

/** A log that has grown to this is brought into the file, in a thread beside. */
const aheadBytes = 256 * 1024 * 1024
/** One that has grown to this is waited for. */
const mostBytes = 1024 * 1024 * 1024

/**
 * [Note: Long log] By itself SQLite brings its log into the file after every few megabytes, in the thread that writes, and waits
 * for the drive: half of the time where a domain is filled into a cache. Meanwhile a thread of its own does that. What is lost
 * with the power, and what is not, stays as it was: nothing of the log is in the file before the log is on the drive.
 */
export class WriteLog {
  readonly #connection: SqliteConnection
  readonly #file: string
  readonly #checkpoint: () => Promise<void>
  #underway: Promise<void> | undefined
  #failure: unknown

  /** `checkpoint` brings the log of the database `file` into it. */
  constructor(connection: SqliteConnection, file: string, checkpoint: () => Promise<void>) {
    this.#connection = connection
    this.#file = `${file}-wal`
    this.#checkpoint = checkpoint
  }

  /** Runs `work`, whose commits only add to the log; it calls {@link keepBounded} between them. */
  async holding<T>(work: () => Promise<T>): Promise<T> {
    this.#connection.checkpoints(false)
    try {
      return await work()
    } finally {
      this.#connection.checkpoints(true)
      // Otherwise the next small write would do it all.
      this.#start()
    }
  }

  /** Raises what went wrong when the log was last brought into the file. */
  async keepBounded(): Promise<void> {
    const bytes = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0
    if (bytes >= aheadBytes) this.#start()
    if (bytes >= mostBytes) await this.#underway
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#underway
  }

  #start(): void {
    this.#underway ??= this.#checkpoint()
      .catch((error: unknown) => {
        this.#failure = error
      })
      .finally(() => {
        this.#underway = undefined
      })
  }
}
