/**
 * The store that everybody works on, which may become another while Visor runs. Runs in main.
 *
 * [Note: One act, one store] Services hold the parts of this facade for good; each call goes to the store that is current then.
 * What takes several calls (a search, a request, a job) is run by `during`, and keeps the store that it began on to its end,
 * whatever the mode is by then. A store that was replaced is closed when the last of them is over.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OpenStore } from '../storage/open-store'

/** A store, and how much is asked of it just now. */
interface Held {
  readonly store: OpenStore
  uses: number
  /** Told when nothing more will be asked, once it was replaced. */
  unused: (() => void) | undefined
}

/** What runs in `during`; what it left behind when it was over (timers, loops) is bound to no store. */
interface Act {
  readonly held: Held
  over: boolean
}

type Part = Exclude<keyof OpenStore, 'close'>

export class CurrentStore {
  readonly gallery = this.#part('gallery')
  readonly reviews = this.#part('reviews')
  readonly unknown = this.#part('unknown')
  readonly erasure = this.#part('erasure')
  readonly health = this.#part('health')
  readonly imports = this.#part('imports')
  readonly #acts = new AsyncLocalStorage<Act>()
  readonly #closing = new Set<Promise<void>>()
  #current: Held

  constructor(store: OpenStore) {
    this.#current = held(store)
  }

  /** Runs `work` on the store that is current now, to its end. */
  async during<T>(work: () => T | Promise<T>): Promise<T> {
    const act: Act = { held: this.#current, over: false }
    try {
      return await this.#using(act.held, () => this.#acts.run(act, work))
    } finally {
      act.over = true
    }
  }

  /**
   * From now on `next` is asked. At once; the former is closed when it has ended what it was asked, then `whenClosed` is called. Raises
   * nothing: how that closing went is told by {@link close}.
   */
  replace(next: OpenStore, whenClosed: () => void = () => undefined): void {
    const former = this.#current
    this.#current = held(next)
    const closed = whenUnused(former)
      .then(() => former.store.close())
      .then(whenClosed)
      .finally(() => this.#closing.delete(closed))
    // Who closes all is told.
    closed.catch(() => undefined)
    this.#closing.add(closed)
  }

  /** Resolves once what was replaced is closed, or after `atMostMs`: what began on it may take long. */
  async formerClosed(atMostMs: number): Promise<void> {
    const over = new AbortController()
    const enough = sleep(atMostMs, undefined, { signal: over.signal, ref: false }).catch(() => undefined)
    await Promise.race([Promise.allSettled(this.#closing), enough])
    over.abort()
  }

  /** Closes the store, and waits for those before it. */
  async close(): Promise<void> {
    await Promise.all([this.#current.store.close(), ...this.#closing])
  }

  #part<P extends Part>(part: P): OpenStore[P] {
    const store = () => this.#held().store[part]
    return new Proxy({} as OpenStore[P], {
      get: (_, name) => {
        const value: unknown = Reflect.get(store(), name)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) =>
          this.#using(this.#held(), () => {
            const now = store()
            return Reflect.apply(Reflect.get(now, name) as () => unknown, now, args)
          })
      },
    })
  }

  #held(): Held {
    const act = this.#acts.getStore()
    return act === undefined || act.over ? this.#current : act.held
  }

  async #using<T>(one: Held, work: () => T | Promise<T>): Promise<T> {
    one.uses += 1
    try {
      return await work()
    } finally {
      one.uses -= 1
      if (one.uses === 0) one.unused?.()
    }
  }
}

const held = (store: OpenStore): Held => ({ store, uses: 0, unused: undefined })

function whenUnused(one: Held): Promise<void> {
  if (one.uses === 0) return Promise.resolve()
  return new Promise((resolve) => {
    one.unused = resolve
  })
}
