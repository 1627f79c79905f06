/** How long something takes, and its parts. Pure but for the clock. */
export class Stopwatch {
  readonly #startedAt = performance.now()
  readonly #parts: { readonly what: string; readonly ms: number }[] = []
  #lappedAt = this.#startedAt
  #doing = ''

  /** What is done from now on; what was done until now has ended. */
  begin(what: string): void {
    this.end()
    this.#doing = what
  }

  /** What was done has ended; `what`: what it was, where that is known only now. */
  end(what = this.#doing): void {
    const now = performance.now()
    if (what !== '') this.#parts.push({ what, ms: now - this.#lappedAt })
    this.#lappedAt = now
    this.#doing = ''
  }

  /** What is being done, and for how long, milliseconds. */
  get doing(): { readonly what: string; readonly ms: number } {
    return { what: this.#doing, ms: performance.now() - this.#lappedAt }
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt
  }

  get parts(): readonly { readonly what: string; readonly ms: number }[] {
    return this.#parts
  }
}
