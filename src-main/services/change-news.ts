/** Tells of changes to galleries no more often than they are worth being looked at. Runs in main. */
import type { ClientId } from '../../src-shared/ids'

/** A console that imports commits many times a second. */
const restMs = 400

/** The first change is told at once, those that follow together after a rest: the last one always is. */
export class ChangeNews {
  readonly #tell: (clientId: ClientId) => void
  /** Clients that rest, and whether something came meanwhile. */
  readonly #resting = new Map<ClientId, { more: boolean }>()

  constructor(tell: (clientId: ClientId) => void) {
    this.#tell = tell
  }

  heard(clientId: ClientId): void {
    const rest = this.#resting.get(clientId)
    if (rest !== undefined) {
      rest.more = true
      return
    }
    this.#rest(clientId)
    this.#tell(clientId)
  }

  #rest(clientId: ClientId): void {
    const rest = { more: false }
    this.#resting.set(clientId, rest)
    const over = () => {
      this.#resting.delete(clientId)
      if (rest.more) this.heard(clientId)
    }
    // Nobody waits for it at the end.
    setTimeout(over, restMs).unref()
  }
}
