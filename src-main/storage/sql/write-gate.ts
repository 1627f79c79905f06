/**
 * Who may write: many short writes, or one long one. Store's writing thread.
 *
 * [Note: Long writes] A write is one turn of the thread. One that would take longer than a slice is rolled back and begun
 * anew as a long write: it waits until the calls in work have ended, has the database to itself, and pauses between its
 * steps, so that searches are answered (from what was last committed) and it can be cancelled. Writes that come meanwhile
 * wait. It is still one transaction with one entry in the ledger: done as a whole, or not at all.
 */

/** What a write may take before others wait too long for it, ms. */
export const defaultSliceMs = 40

export class WriteGate {
  readonly sliceMs: number
  /** Calls in work that may write. */
  #working = 0
  #alone: Promise<void> | undefined
  #whenIdle: (() => void) | undefined

  constructor(sliceMs: number) {
    this.sliceMs = sliceMs
  }

  /** Before a call that may write. */
  async enter(): Promise<void> {
    while (this.#alone !== undefined) await this.#alone
    this.#working++
  }

  /** After it. */
  leave(): void {
    this.#working--
    if (this.#working <= 0) this.#whenIdle?.()
  }

  /** Runs the long write of a call that has entered. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    // Two long writes must not wait for one another.
    this.leave()
    while (this.#alone !== undefined) await this.#alone
    const over = Promise.withResolvers<void>()
    this.#alone = over.promise
    if (this.#working > 0) {
      const idle = Promise.withResolvers<void>()
      this.#whenIdle = idle.resolve
      await idle.promise
      this.#whenIdle = undefined
    }
    try {
      return await work()
    } finally {
      this.#working++
      this.#alone = undefined
      over.resolve()
    }
  }
}
