/** Who wants to hear of something. Main process and command line. */

/** Calls each listener with each value, in the order in which they were added. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>()

  /** The function it returns takes the listener away again. */
  add(listener: (value: T) => void): () => void {
    // A function of its own, so that adding the same listener twice and taking it away once leaves one.
    const own = (value: T) => listener(value)
    this.#listeners.add(own)
    return () => {
      this.#listeners.delete(own)
    }
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) listener(value)
  }

  get size(): number {
    return this.#listeners.size
  }
}
