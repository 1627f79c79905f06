/** A moment until which something is waited for. Runs in main and on the command line. */
export class Deadline {
  readonly #endsAt: number

  constructor(limitMs: number) {
    this.#endsAt = performance.now() + limitMs
  }

  /** Milliseconds, 0 … . */
  get leftMs(): number {
    return Math.max(0, this.#endsAt - performance.now())
  }

  /**
   * Whether `work` was through in time; with `atMostMs`, in that time, too. Where it was not it goes on by itself, and what it raises then is
   * told to whoever else waits for it. Raises what it raises in time.
   */
  async sees(work: Promise<unknown>, atMostMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    const over = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => over.resolve(false), Math.min(this.leftMs, atMostMs))
    const through = work.then(() => true)
    // Late, it is the business of others.
    through.catch(() => undefined)
    try {
      return await Promise.race([through, over.promise])
    } finally {
      clearTimeout(timer)
    }
  }
}
