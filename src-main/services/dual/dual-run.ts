/**
 * The dual run: what was searched here is searched on the server as well, compared and kept. Runs in main and on the command line.
 *
 * [Note: Dual run] The analyst's answer is given before the server is asked, and never waits for it. Comparisons wait in a queue
 * of their own until nothing is searched here for a moment: asking the server takes the processor as long as the next search does.
 * Where searches leave no such moment they begin once the queue is half full; those that find it full are left out and counted. The
 * server gets a few at a time, so that one that hangs costs a few promises, and nothing else.
 */
import type { ProbeOrigin } from '../../../src-shared/dual'
import { toWireError, VisorError } from '../../../src-shared/errors'
import type { PersonId } from '../../../src-shared/ids'
import type { DualRecord, DualStore } from '../../storage/dual-store'
import type { GalleryStore } from '../../storage/gallery-store'
import type { OutboxStore } from '../../storage/outbox-store'
import type { SearchAnswer, SearchQuery } from '../../storage/search-records'
import { causeInAnswers, compareAnswers, nearestOf } from './compare'

/** Searches that wait at most. */
const longestQueue = 256
/** Nobody has searched for so long: then the next search is not at the door. */
const quietMs = 20
const atOnce = 2
/** After this the server counts as not having answered. */
const defaultTimeoutMs = 10_000
/** Kept together: each writing is a moment in which nothing else is written or searched here. Half a second, then in a quiet moment. */
const recordsAtOnce = 64
const keptAfterMs = 500

/** A search that was answered here. */
interface Searched {
  readonly query: SearchQuery
  readonly answer: SearchAnswer
  /** Milliseconds. */
  readonly elapsedMs: number
}

interface DualRunDependencies {
  /** Raises why the server gave no answer. */
  readonly searchServer: (query: SearchQuery) => Promise<SearchAnswer>
  /** The server's people, while it answers. */
  readonly serverPeople: () => Pick<GalleryStore, 'personsById'> | undefined
  readonly localPeople: Pick<GalleryStore, 'personsById'>
  readonly outbox: Pick<OutboxStore, 'entries'>
  readonly store: Pick<DualStore, 'record'>
  readonly onError: (error: unknown) => void
  readonly timeoutMs?: number
}

export class DualRun {
  readonly #needs: DualRunDependencies
  readonly #queue: { readonly searched: Searched; readonly origin: ProbeOrigin }[] = []
  #running = 0
  #dropped = 0
  #records: DualRecord[] = []
  #timer: NodeJS.Timeout | undefined
  /** Records have waited long enough. */
  #isDue = false
  #isQuiet = true
  #untilQuiet: NodeJS.Timeout | undefined
  /** Somebody waits for all of it. */
  #draining = 0
  #writing: Promise<void> = Promise.resolve()
  #idle = Promise.withResolvers<void>()

  constructor(needs: DualRunDependencies) {
    this.#needs = needs
  }

  /** Searches that wait or are under way. */
  get queued(): number {
    return this.#queue.length + this.#running
  }

  /** Searches that were left out. */
  get dropped(): number {
    return this.#dropped
  }

  /** Takes a search that was answered here; returns at once. */
  observe(searched: Searched, origin: ProbeOrigin = 'live'): void {
    if (searched.query.probes.length === 0) return
    if (this.#queue.length >= longestQueue) {
      this.#dropped++
      return
    }
    this.#queue.push({ searched, origin })
    // What the analyst waits for comes first.
    if (this.#mayBegin()) setImmediate(() => this.#next())
  }

  /** Takes how many searches are under way here, whenever that is another number. */
  searching(underWay: number): void {
    this.#isQuiet = false
    clearTimeout(this.#untilQuiet)
    if (underWay > 0) return
    this.#untilQuiet = setTimeout(() => {
      this.#isQuiet = true
      this.#next()
      if (this.#isDue) void this.flush()
    }, quietMs)
  }

  /** Compares one search now, past the queue; gives whether the server answered. */
  async compareNow(searched: Searched, origin: ProbeOrigin): Promise<boolean> {
    const records = await this.#compare(searched, origin)
    this.#keep(records)
    return records.every(({ outcome }) => !('error' in outcome))
  }

  /** Waits until all that was observed is compared and kept, at most so long. */
  async drain(withinMs: number): Promise<void> {
    if (this.queued > 0) {
      const limit = AbortSignal.timeout(withinMs)
      const over = new Promise<void>((resolve) => limit.addEventListener('abort', () => resolve()))
      this.#draining++
      this.#next()
      await Promise.race([this.#idle.promise, over])
      this.#draining--
    }
    await this.flush()
  }

  /** Writes what is not written yet. A failure is told by `onError`: nothing depends on it. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#isDue = false
    const records = this.#records
    if (records.length === 0) return this.#writing
    this.#records = []
    this.#writing = this.#writing.then(() => this.#needs.store.record(records)).catch(this.#needs.onError)
    return this.#writing
  }

  #mayBegin(): boolean {
    return this.#isQuiet || this.#draining > 0 || this.#queue.length > longestQueue / 2
  }

  #next(): void {
    while (this.#running < atOnce && this.#mayBegin()) {
      const next = this.#queue.shift()
      if (next === undefined) return
      this.#running++
      this.#compare(next.searched, next.origin)
        .then((records) => this.#keep(records), this.#needs.onError)
        .finally(() => {
          this.#running--
          this.#next()
          if (this.queued > 0) return
          this.#idle.resolve()
          this.#idle = Promise.withResolvers()
        })
    }
  }

  async #compare({ query, answer, elapsedMs }: Searched, origin: ProbeOrigin): Promise<DualRecord[]> {
    const { clientId, domains, modelId, probes } = query
    const about = {
      at: Date.now(),
      clientId,
      domain: domains !== 'all' && domains.length === 1 ? domains[0]! : null,
      modelId,
      origin,
      localMs: elapsedMs / probes.length,
    }
    const { origins: _, ...asked } = query
    const startedAt = performance.now()
    let theirs: SearchAnswer
    try {
      theirs = await this.#inTime(this.#needs.searchServer(asked))
    } catch (error) {
      return probes.map(() => ({ ...about, outcome: { error: toWireError(error) } }))
    }
    const serverMs = (performance.now() - startedAt) / probes.length
    return Promise.all(
      probes.map(async (_, probe) => {
        const local = nearestOf(answer.probes[probe]?.persons ?? [])
        const server = nearestOf(theirs.probes[probe]?.persons ?? [])
        const { agree, ...figures } = compareAnswers(local, server)
        if (agree) return { ...about, outcome: { serverMs, ...figures } }
        const cause = await this.#causeOf(query, probe, local, server)
        const of = query.origins?.[probe]
        return { ...about, outcome: { serverMs, ...figures, disagreement: { ...of, cause, local, server } } }
      }),
    )
  }

  async #causeOf(
    query: SearchQuery,
    probe: number,
    local: ReturnType<typeof nearestOf>,
    server: ReturnType<typeof nearestOf>,
  ) {
    const told = causeInAnswers(local, server)
    if (told !== undefined) return told
    try {
      const { origins: _, ...asked } = query
      const exact = await this.#inTime(
        this.#needs.searchServer({ ...asked, probes: [query.probes[probe]!], exact: true }),
      )
      const found = nearestOf(exact.probes[0]?.persons ?? [])
      if (compareAnswers(local, found).agree || causeInAnswers(local, found) !== undefined)
        return 'index-recall'
      if ((await this.#needs.outbox.entries()).length > 0) return 'edits-in-flight'
      return (await this.#someAreMissing(local, found)) ? 'missing-rows' : 'unexplained'
    } catch (error) {
      if (error instanceof VisorError) return 'unexplained'
      throw error
    }
  }

  /** Whether one side lacks a person, or, as a person is not as near there, a face. */
  async #someAreMissing(
    local: ReturnType<typeof nearestOf>,
    server: ReturnType<typeof nearestOf>,
  ): Promise<boolean> {
    const { localPeople, serverPeople } = this.#needs
    const lacks = async (people: Pick<GalleryStore, 'personsById'> | undefined, ids: readonly PersonId[]) =>
      people !== undefined && (await people.personsById(ids)).length < ids.length
    const idsOf = (hits: typeof local) => hits.map(({ personId }) => personId)
    if (compareAnswers(local, server).largestDifference > 0.001) return true
    return (await lacks(serverPeople(), idsOf(local))) || lacks(localPeople, idsOf(server))
  }

  async #inTime(asked: Promise<SearchAnswer>): Promise<SearchAnswer> {
    const { timeoutMs = defaultTimeoutMs } = this.#needs
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(
      () =>
        late.reject(new VisorError('deadline-exceeded', `The server gave no answer within ${timeoutMs} ms.`)),
      timeoutMs,
    )
    try {
      return await Promise.race([asked, late.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  #keep(records: readonly DualRecord[]): void {
    this.#records.push(...records)
    if (this.#records.length >= recordsAtOnce) void this.flush()
    else this.#timer ??= setTimeout(() => this.#keepWhenQuiet(), keptAfterMs)
  }

  #keepWhenQuiet(): void {
    if (this.#isQuiet) void this.flush()
    else this.#isDue = true
  }
}
