/** Ends a transfer that no longer moves. Main process and command line. */

/**
 * Aborts {@link signal} when the outer signal does, when nothing has moved for `stallMs`, or when it is told to. A limit on
 * the whole transfer would punish slow lines; a limit on standing still does not.
 */
export class StallGuard {
  readonly #controller = new AbortController()
  readonly #stallMs: number
  readonly signal: AbortSignal
  #timer: NodeJS.Timeout | undefined

  constructor(stallMs: number, outer: AbortSignal | undefined) {
    this.#stallMs = stallMs
    this.signal = outer ? AbortSignal.any([outer, this.#controller.signal]) : this.#controller.signal
    this.moved()
  }

  /** Bytes have come. */
  moved(): void {
    clearTimeout(this.#timer)
    const seconds = this.#stallMs / 1000
    this.#timer = setTimeout(
      () => this.#controller.abort(new Error(`Nothing came for ${seconds} s.`)),
      this.#stallMs,
    )
  }

  /** Ends the transfer if it still goes on, and the guard. */
  end(): void {
    clearTimeout(this.#timer)
    this.#controller.abort(new Error('The transfer is over.'))
  }
}
