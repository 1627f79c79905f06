/**
 * Erasure where the gallery is on a server: there, and from this console's Identify queue and caches. Main, command line.
 *
 * The queue goes first: it is found by what is still there, and if the server's part fails the erasure is asked for again. The
 * server then takes people and ledger contents in one transaction. Other consoles' caches and outboxes follow by the
 * change feed; their queues are their own, and the report says so.
 */
import type { ErasurePreview, ErasureReport, ErasureTarget, Removed } from '../../../src-shared/erasure'
import type { LedgerId } from '../../../src-shared/ids'
import type {
  DeskFindings,
  DueErasure,
  Erased,
  ErasureContext,
  ErasureQuery,
  ErasureStore,
} from '../erasure-store'
import type { QueueStore } from '../queue-store'
import type { WriteControl } from '../written'

/** A database of this console that held some of what went: its file is rewritten without it. */
export type Scrubbed = Pick<ErasureStore, 'scrub'>

export class TeamErasure implements ErasureStore {
  readonly #server: ErasureStore
  readonly #queue: Pick<QueueStore, 'desk' | 'forget'>
  readonly #consoles: readonly Scrubbed[]

  /** `consoles`: this console's own databases. */
  constructor(
    server: ErasureStore,
    queue: Pick<QueueStore, 'desk' | 'forget'>,
    consoles: readonly Scrubbed[],
  ) {
    this.#server = server
    this.#queue = queue
    this.#consoles = consoles
  }

  checkReason(target: ErasureTarget, reason: string): Promise<void> {
    return this.#server.checkReason(target, reason)
  }

  async inQueue(query: ErasureQuery): Promise<DeskFindings> {
    return this.#server.inQueue(await this.#withDesk(query))
  }

  async preview(query: ErasureQuery): Promise<ErasurePreview> {
    return this.#server.preview(await this.#withDesk(query))
  }

  async erase(query: ErasureQuery, context: ErasureContext): Promise<Erased> {
    const whole = await this.#withDesk(query)
    await this.#server.checkReason(query.target, context.reason)
    const { known, alike, named } = await this.#server.inQueue(whole)
    await this.#queue.forget([...known, ...alike, ...named])
    return this.#server.erase(whole, context)
  }

  due(): Promise<readonly DueErasure[]> {
    return this.#server.due()
  }

  addRemoved(ledgerId: LedgerId, removed: readonly Removed[]): Promise<void> {
    return this.#server.addRemoved(ledgerId, removed)
  }

  /** This console's databases first: once the server is cleared, nothing is due any more. */
  async scrub(control: Pick<WriteControl, 'onProgress'>): Promise<void> {
    for (const console of this.#consoles) await console.scrub(control)
    await this.#server.scrub(control)
  }

  unreported(): Promise<readonly ErasureReport[]> {
    return this.#server.unreported()
  }

  reported(ledgerId: LedgerId): Promise<void> {
    return this.#server.reported(ledgerId)
  }

  reports(): Promise<readonly ErasureReport[]> {
    return this.#server.reports()
  }

  async #withDesk(query: ErasureQuery): Promise<ErasureQuery> {
    return { ...query, desk: await this.#queue.desk() }
  }
}
