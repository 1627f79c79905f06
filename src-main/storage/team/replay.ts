/** Brings to the server what was changed while it was away, in order, each act once; see [Note: Acts]. Main, command line. */
import { toWireError, VisorError } from '../../../src-shared/errors'
import type { LedgerId } from '../../../src-shared/ids'
import { ServerError } from '../../../src-shared/server-failure'
import { type Act, decodeArguments, type WholeAct } from '../act'
import type { PersonPatch } from '../gallery-records'
import type { OutboxStore } from '../outbox-store'
import type { ServerStore } from '../threads/server-store'
import type { LedgerContext } from '../written'
import { queued } from './away'
import { bringOwnFaces } from './bring-own-faces'

/** Failures of a server that say something of the act, not of the server. */
const verdicts: ReadonlySet<string> = new Set(['rights', 'constraint', 'other'])

/** Whether the server refused the act, and would again. */
function isRefusal(error: unknown): error is VisorError {
  if (!(error instanceof ServerError))
    return error instanceof VisorError && error.code !== 'store-unavailable'
  const { kind, outage, retry } = error.failure
  return !outage && retry === 'no' && verdicts.has(kind)
}

/** What of a server acts are replayed on. */
export type ReplayServer = Pick<ServerStore, 'gallery' | 'unknown' | 'feed'>

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
  run(server: ReplayServer, emptied: () => void, usable?: AbortSignal): Promise<void> {
    const run = this.#running.then(() => this.#all(server, emptied, usable))
    this.#running = run.catch(() => undefined)
    return run
  }

  /** Runs `work` while nothing is replayed. */
  alone(work: () => Promise<void>): Promise<void> {
    const run = this.#running.then(work)
    this.#running = run.catch(() => undefined)
    return run
  }

  async #all(server: ReplayServer, emptied: () => void, usable?: AbortSignal): Promise<void> {
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
  async #some(server: ReplayServer, ready: readonly LedgerId[], usable?: AbortSignal): Promise<void> {
    for (const id of ready) {
      usable?.throwIfAborted()
      const sent = await this.#one(server, await this.#outbox.act(id))
      this.#onChange()
      if (!sent) return
    }
  }

  /** Whether the server took it. */
  async #one(server: ReplayServer, whole: WholeAct): Promise<boolean> {
    // Before: what others do from here on is not seen by who decides.
    const seen = whole.base === null ? undefined : await server.feed.revision(whole.clientId)
    try {
      await this.#carryOut(server, whole)
    } catch (error) {
      if (!isRefusal(error)) throw error
      await this.#outbox.hold(whole.id, toWireError(error), seen)
      return false
    }
    await this.#outbox.sent(whole.id)
    return true
  }

  async #carryOut(server: ReplayServer, whole: WholeAct): Promise<void> {
    const { id, clientId, call, actor, summary, reason, madeAt, people, base, settled } = whole
    if (!queued.has(call.method)) throw new VisorError('internal', `The outbox has a call of ${call.method}.`)
    const { args, ruledOut } = await bringOwnFaces(
      this.#outbox,
      server.unknown,
      whole,
      decodeArguments(call.args),
    )
    const replayed = { clientId, madeAt, people, base, settled, ruledOut }
    const act: Act = { kind: 'sent', id, console: this.#console, replayed }
    const context: LedgerContext = { actor, summary, act, ...(reason === undefined ? {} : { reason }) }
    const method = Reflect.get(server.gallery, call.method) as (...args: unknown[]) => Promise<unknown>
    await method.call(server.gallery, ...(base === null ? insisting(call.method, args) : args), context)
  }
}

/** Whoever decided that an edit holds all the same has seen what it goes over: it is not compared once more. */
function insisting(method: string, args: readonly unknown[]): readonly unknown[] {
  if (method !== 'updatePerson') return args
  const [personId, patch] = args
  return [personId, { ...(patch as PersonPatch), seen: {} }]
}
