/** Searches the answers of the Identify queue again, in portions, when the gallery or the settings change. Runs in main. */
import type { ItemId } from '../../src-shared/ids'

/** Photos searched again in one portion, and the wait for further changes before it begins. */
const searchPortion = 16
const searchDelayMs = 250

export class SearchRounds {
  readonly #answered: () => readonly ItemId[]
  readonly #search: (itemIds: readonly ItemId[]) => Promise<void>
  readonly #onError: (error: unknown) => void
  #timer: NodeJS.Timeout | undefined
  #latest: Promise<void> = Promise.resolve()
  #stopping = false

  constructor(needs: {
    /** Items that have an answer. */
    readonly answered: () => readonly ItemId[]
    /** Searches these again and shows what came of it. */
    readonly search: (itemIds: readonly ItemId[]) => Promise<void>
    readonly onError: (error: unknown) => void
  }) {
    this.#answered = needs.answered
    this.#search = needs.search
    this.#onError = needs.onError
  }

  /** Something changed: soon another round begins; one that is under way ends with its portion. */
  begin(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      const turn: Promise<void> = this.#latest.then(() => this.#round(turn)).catch(this.#onError)
      this.#latest = turn
    }, searchDelayMs)
  }

  /** Ends with the portion under way. */
  stop(): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#timer)
    return this.#latest
  }

  async #round(turn: Promise<void>): Promise<void> {
    const itemIds = this.#answered()
    for (let start = 0; start < itemIds.length; start += searchPortion) {
      // A newer change began another round: this one's answers would be out of date.
      if (this.#stopping || this.#latest !== turn) return
      await this.#search(itemIds.slice(start, start + searchPortion))
    }
  }
}
