/** Work that is asked for more often than it has to be done. Main, command line. */

/** Does its work once at a time; whoever asks before a run begins shares that run. */
export class Rerun {
  readonly #work: () => Promise<void>
  #last: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined

  constructor(work: () => Promise<void>) {
    this.#work = work
  }

  /** Resolves once a run is over that began after this was asked. Raises what that raises. */
  soon(): Promise<void> {
    if (this.#next !== undefined) return this.#next
    const next = this.#last.then(() => {
      this.#next = undefined
      return this.#work()
    })
    this.#next = next
    this.#last = next.catch(() => undefined)
    return next
  }
}
