/** A typed list of listeners. Any process. */

export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>()

  /** Adds a listener; the function it returns takes it away again. */
  on(listener: (value: T) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  emit(value: T): void {
    for (const listener of this.#listeners) listener(value)
  }
}
