/** How long something takes, and its parts. Pure but for the clock. */
export class Stopwatch {
  readonly #startedAt = performance.now()
  readonly #parts: { readonly what: string; readonly ms: number }[] = []
  #lappedAt = this.#startedAt

  /** What was done since the last time, or since the start. */
  lap(what: string): void {
    const now = performance.now()
    this.#parts.push({ what, ms: now - this.#lappedAt })
    this.#lappedAt = now
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt
  }

  get parts(): readonly { readonly what: string; readonly ms: number }[] {
    return this.#parts
  }
}
