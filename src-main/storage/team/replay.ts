/** Brings to the server what was changed while it was away, in order, each act once; see [Note: Acts]. Main, command line. */
import { toWireError, VisorError } from '../../../src-shared/errors'
import type { LedgerId } from '../../../src-shared/ids'
import { ServerError } from '../../../src-shared/server-failure'
import { type Act, decodeArguments, type WholeAct } from '../act'
import type { PersonPatch } from '../gallery-records'
import type { GalleryStore } from '../gallery-store'
import type { OutboxStore } from '../outbox-store'
import type { LedgerContext } from '../written'
import { queued } from './away'

/** Failures of a server that say something of the act, not of the server. */
const verdicts: ReadonlySet<string> = new Set(['rights', 'constraint', 'other'])

/** Whether the server refused the act, and would again. */
function isRefusal(error: unknown): error is VisorError {
  if (!(error instanceof ServerError))
    return error instanceof VisorError && error.code !== 'store-unavailable'
  const { kind, outage, retry } = error.failure
  return !outage && retry === 'no' && verdicts.has(kind)
}

export class Replay {
  readonly #outbox: OutboxStore
  readonly #console: string
  readonly #onChange: () => void
  /** Edits that are being put into the outbox, and how many there were ever. */
  #queueing = 0
  #everQueued = 0
  #whenQueued = Promise.withResolvers<void>()
  #running: Promise<void> = Promise.resolve()

  /** `onChange`: the outbox has less, or another reason. */
  constructor(outbox: OutboxStore, console: string, onChange: () => void) {
    this.#outbox = outbox
    this.#console = console
    this.#onChange = onChange
  }

  /** Runs an edit that goes to the outbox: until it is there, nobody says that the outbox is empty. */
  async whileQueueing<T>(edit: () => Promise<T>): Promise<T> {
    this.#queueing++
    this.#everQueued++
    try {
      return await edit()
    } finally {
      this.#queueing--
      if (this.#queueing === 0) {
        this.#whenQueued.resolve()
        this.#whenQueued = Promise.withResolvers()
      }
    }
  }

  /**
   * Replays all that waits, and calls `emptied` in the very turn in which nothing does. What the server refuses is held. Raises
   * what makes it impossible to go on, and what `usable` is aborted with.
   */
  run(server: GalleryStore, emptied: () => void, usable?: AbortSignal): Promise<void> {
    const run = this.#running.then(() => this.#all(server, emptied, usable))
    this.#running = run.catch(() => undefined)
    return run
  }

  async #all(server: GalleryStore, emptied: () => void, usable?: AbortSignal): Promise<void> {
    for (;;) {
      const seen = this.#everQueued
      const ready = await this.#outbox.ready()
      if (ready.length > 0) {
        await this.#some(server, ready, usable)
      } else if (this.#queueing > 0) {
        await this.#whenQueued.promise
      } else if (seen === this.#everQueued) {
        emptied()
        return
      }
    }
  }

  /** Until one is held: then others may have to wait for it. */
  async #some(server: GalleryStore, ready: readonly LedgerId[], usable?: AbortSignal): Promise<void> {
    for (const id of ready) {
      usable?.throwIfAborted()
      const sent = await this.#one(server, await this.#outbox.act(id))
      this.#onChange()
      if (!sent) return
    }
  }

  /** Whether the server took it. */
  async #one(server: GalleryStore, whole: WholeAct): Promise<boolean> {
    try {
      await carryOut(server, whole, this.#console)
    } catch (error) {
      if (!isRefusal(error)) throw error
      await this.#outbox.hold(whole.id, toWireError(error))
      return false
    }
    await this.#outbox.sent(whole.id)
    return true
  }
}

async function carryOut(server: GalleryStore, whole: WholeAct, console: string): Promise<void> {
  const { id, clientId, call, actor, summary, reason, madeAt, people, base } = whole
  if (!queued.has(call.method)) throw new VisorError('internal', `The outbox has a call of ${call.method}.`)
  const act: Act = { kind: 'sent', id, console, replayed: { clientId, madeAt, people, base } }
  const context: LedgerContext = { actor, summary, act, ...(reason === undefined ? {} : { reason }) }
  const method = Reflect.get(server, call.method) as (...args: unknown[]) => Promise<unknown>
  const args = decodeArguments(call.args)
  await method.call(server, ...(base === null ? insisting(call.method, args) : args), context)
}

/** Whoever decided that an edit holds all the same has seen what it goes over: it is not compared once more. */
function insisting(method: string, args: readonly unknown[]): readonly unknown[] {
  if (method !== 'updatePerson') return args
  const [personId, patch] = args
  return [personId, { ...(patch as PersonPatch), seen: {} }]
}
