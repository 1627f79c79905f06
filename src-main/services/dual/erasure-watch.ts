/** What others erase on the server is asked for in mode local too, where the gallery is on it as well: now and then. Runs in main. */
import { ServerError } from '../../../src-shared/server-failure'

/** An erasure is here an hour later, as long as the server answers. */
const everyMs = 60 * 60 * 1000

interface WatchNeeds {
  /** Whether the gallery is on a server that nobody works with just now. */
  readonly isDue: () => boolean
  /** Asks the server, and carries out here what it tells. Raises why it cannot be asked. */
  readonly ask: () => Promise<void>
  readonly onError: (error: unknown) => void
}

export class ErasureWatch {
  readonly #needs: WatchNeeds
  #timer: NodeJS.Timeout | undefined
  #asking: Promise<void> = Promise.resolve()

  constructor(needs: WatchNeeds) {
    this.#needs = needs
  }

  /** Asks now, and from then on once an hour. */
  start(): void {
    this.#timer = setInterval(() => this.#ask(), everyMs)
    this.#timer.unref()
    this.#ask()
  }

  /** Resolves once nothing is under way any more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#asking
  }

  #ask(): void {
    this.#asking = this.#asking.then(async () => {
      if (!this.#needs.isDue()) return
      try {
        await this.#needs.ask()
      } catch (error) {
        // It will be there again.
        if (error instanceof ServerError && error.failure.outage) return
        // A wrong password is not tried again and again.
        clearInterval(this.#timer)
        this.#needs.onError(error)
      }
    })
  }
}
