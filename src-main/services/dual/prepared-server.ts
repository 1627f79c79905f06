/** A server that is opened before somebody goes there, who then does not wait for it. Runs in main and on the command line. */

/** Where nobody goes there, it is closed after this. */
const keptMs = 60_000

interface Opened<S> {
  readonly place: string
  readonly opening: Promise<S>
}

export class PreparedServer<S extends { close(): Promise<void> }> {
  readonly #open: () => Promise<S>
  readonly #place: () => string
  #opened: Opened<S> | undefined
  #timer: NodeJS.Timeout | undefined

  /** `place`: where it is opened now; what was opened elsewhere is given to nobody. */
  constructor(open: () => Promise<S>, place: () => string) {
    this.#open = open
    this.#place = place
  }

  /** Opens it, unless it is open. Raises why it cannot be. */
  async prepare(): Promise<void> {
    const place = this.#place()
    if (this.#opened?.place !== place) await this.close()
    const opened: Opened<S> = this.#opened ?? { place, opening: this.#open() }
    this.#opened = opened
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.close(), keptMs)
    this.#timer.unref()
    try {
      await opened.opening
    } catch (error) {
      if (this.#opened === opened) this.#take()
      throw error
    }
  }

  /** Gives it, or what it is being opened by, to whoever works with it and closes it; nothing where it was not prepared. */
  take(): Promise<S> | undefined {
    return this.#opened?.place === this.#place() ? this.#take()?.opening : undefined
  }

  async close(): Promise<void> {
    // Whoever prepared it was told why it could not be opened.
    const store = await this.#take()?.opening.catch(() => undefined)
    await store?.close()
  }

  #take(): Opened<S> | undefined {
    clearTimeout(this.#timer)
    const opened = this.#opened
    this.#opened = undefined
    return opened
  }
}
