/**
 * The Identify queue: photos in, answers out, one after the other, kept on disk. Runs in main.
 *
 * [Note: Queue and gallery] An answer is never stored: what is kept is the photo's analysis (faces, embeddings), and who they are
 * is searched when it is asked for. So a change of thresholds or of the gallery changes every answer, and nothing is
 * decoded or embedded twice. Only the summaries that the list shows are held, and searched again in portions.
 */
import { v7 as uuid } from 'uuid'
import { hasCode, toWireError, VisorError, type WireError } from '../../src-shared/errors'
import { type ItemId, itemIdSchema, type Sha256 } from '../../src-shared/ids'
import type { ItemDetail, ItemState, QueueItem, QueueProgress } from '../../src-shared/queue'
import type { Recognition } from '../../src-shared/recognition'
import type { AnalyseResult, PhotoSource } from '../../src-shared/vision-protocol'
import type { PhotoRunner } from '../host/photo-runner'
import type { QueueStore, StoredAnalysis, StoredItem } from '../storage/queue-store'
import { withDrawnFaces } from './drawn-faces'
import { photoTimeoutMs } from './photo-timeout'
import { type CurrentRecognise, QueueAnswers } from './queue-answers'
import { QueueEntries, type QueueEntry } from './queue-entries'
import type { QueueFeed } from './queue-feed'
import { noAnswer, summarise } from './queue-summary'

/** Photos handed to the vision process at once: it decodes the next ones while it infers. */
const photosAtOnce = 4
const thumbnailPx = 256

interface QueueDependencies {
  readonly store: QueueStore
  readonly analyser: Pick<PhotoRunner, 'run' | 'embedBoxes'>
  readonly recognise: CurrentRecognise
  /** How photos are analysed, from the settings in force. */
  readonly analysis: () => { readonly thorough: boolean; readonly flip: boolean }
  /** Told of every photo that was recognised for the first time, with its path and its crops; '' for a pasted picture. */
  readonly recognised?: (path: string, analysis: AnalyseResult, recognition: Recognition) => void
  readonly onError: (error: unknown) => void
}

export class IdentifyQueue {
  readonly #needs: QueueDependencies
  readonly #entries = new QueueEntries(() => this.#paused)
  readonly #answers: QueueAnswers
  readonly #waiting: ItemId[] = []
  #loading: Promise<void> = Promise.resolve()
  #nextPosition = 0
  #working = 0
  #paused = false
  #stopping = false
  /** Somebody needs it idle; what waits goes on waiting. */
  #held = 0
  /** The vision process said it cannot work; set back by {@link wake}. */
  #blocked = false
  readonly #runs = new Set<Promise<void>>()

  constructor(needs: QueueDependencies) {
    this.#needs = needs
    this.#answers = new QueueAnswers(this.#entries, needs.store, needs.recognise, needs.onError)
  }

  /** What changed, at most ten times a second. */
  get changed(): QueueFeed['changed'] {
    return this.#entries.feed.changed
  }

  /** Takes up what an earlier run left: answers stay, what was in work waits again. What is added meanwhile comes after. */
  load(): Promise<void> {
    this.#loading = this.#load()
    return this.#loading
  }

  async #load(): Promise<void> {
    for (const stored of await this.#needs.store.load()) this.#takeUp(stored)
    this.searchAgain()
    this.#pump()
  }

  #takeUp(stored: StoredItem): void {
    const { itemId, position, path, state, crashes, elapsedMs, error, sha256, faces = 0 } = stored
    const details = {
      ...(elapsedMs === undefined ? {} : { elapsedMs }),
      ...(error === undefined ? {} : { error }),
    }
    this.#entries.put({ itemId, position, path, state, faces, ...details }, crashes)
    this.#nextPosition = Math.max(this.#nextPosition, position + 1)
    if (sha256 !== undefined) this.#entries.identify(itemId, sha256)
    if (state === 'waiting') this.#waiting.push(itemId)
  }

  /** The first item that is this photo. */
  itemOf(photo: Sha256): ItemId | undefined {
    return this.#entries.itemOf(photo)
  }

  snapshot(): { items: QueueItem[]; progress: QueueProgress } {
    return { items: [...this.#entries.items()], progress: this.#entries.feed.progress() }
  }

  /** Adds photos at the end. They are on disk when the promise resolves. */
  async add(
    photos: readonly ({ readonly path: string } | { readonly pasted: Uint8Array })[],
  ): Promise<ItemId[]> {
    await this.#loading
    const records = photos.map((photo) => ({
      itemId: itemIdSchema.parse(uuid()),
      position: this.#nextPosition++,
      ...('path' in photo ? { path: photo.path } : { path: '', pasted: photo.pasted }),
    }))
    await this.#needs.store.append(records)
    for (const { itemId, position, path } of records) {
      this.#entries.put({ itemId, position, path, state: 'waiting' })
      this.#waiting.push(itemId)
    }
    this.#pump()
    return records.map(({ itemId }) => itemId)
  }

  /** The item with its answer, searched now. Raises `not-found`. */
  detail(itemId: ItemId): Promise<ItemDetail> {
    return this.#answers.detail(itemId)
  }

  /** Counts the changes of the item's answer. Raises `not-found`. */
  revision(itemId: ItemId): number {
    return this.#entries.entry(itemId).item.revision
  }

  /** What the vision process said of the photo. Raises `not-found` while there is no answer. */
  analysis(itemId: ItemId): Promise<StoredAnalysis> {
    return this.#answers.analysis(itemId)
  }

  /** The photo's file, or its bytes. Raises `not-found`. */
  async source(itemId: ItemId): Promise<PhotoSource> {
    const entry = this.#entries.entry(itemId)
    if (!entry.pasted) return { path: entry.item.path }
    const bytes = await this.#needs.store.pasted(itemId)
    if (bytes === undefined) throw new VisorError('not-found', 'The pasted picture is not there any more.')
    return { bytes }
  }

  pause(): void {
    this.#paused = true
    this.#entries.feed.tellSoon()
  }

  resume(): void {
    this.#paused = false
    this.#entries.feed.tellSoon()
    this.#pump()
  }

  /** What it waited for may be there now, the vision process or a domain: what waits is taken up. */
  wake(): void {
    this.#blocked = false
    this.#pump()
  }

  /** Cancels what waits or is in work; absent ids = all of it. */
  async cancel(itemIds: readonly ItemId[] = this.#entries.ids()): Promise<void> {
    const waiting: QueueEntry[] = []
    for (const itemId of itemIds) {
      const entry = this.#entries.get(itemId)
      if (entry?.item.state === 'working') entry.cancel?.abort(new VisorError('cancelled', 'Cancelled.'))
      if (entry?.item.state === 'waiting') waiting.push(entry)
    }
    await this.#setStates(waiting, 'cancelled')
  }

  /**
   * Tries again what failed, was set aside or cancelled, and what is done (with other options of the search, or another
   * pack, it may be answered otherwise); absent ids = all of it that is not done.
   */
  async retry(itemIds?: readonly ItemId[]): Promise<void> {
    const ended: ItemState[] = ['failed', 'set-aside', 'cancelled']
    if (itemIds !== undefined) ended.push('done')
    const again = (itemIds ?? this.#entries.ids())
      .map((itemId) => this.#entries.get(itemId))
      .filter((entry): entry is QueueEntry => entry !== undefined && ended.includes(entry.item.state))
    for (const entry of again) {
      entry.crashes = 0
      this.#waiting.push(entry.itemId)
      this.#entries.update(entry, { ...noAnswer, elapsedMs: undefined })
    }
    const stored = this.#setStates(again, 'waiting', { crashes: 0 })
    this.#pump()
    await stored
  }

  /** Puts photos back that were taken out since the start, with their answers. */
  async restore(itemIds: readonly ItemId[]): Promise<void> {
    for (const stored of await this.#needs.store.restore(itemIds)) this.#takeUp(stored)
    this.searchAgain()
    this.#pump()
  }

  /** Takes photos out of the queue; absent ids = all. Resolves with those that were there. */
  async remove(itemIds: readonly ItemId[] = this.#entries.ids()): Promise<ItemId[]> {
    const entries = itemIds.map((itemId) => this.#entries.get(itemId)).filter((entry) => entry !== undefined)
    const taken = entries.map(({ itemId }) => itemId)
    await this.#needs.store.remove(taken)
    this.#entries.drop(taken)
    return taken
  }

  /**
   * Runs `work` while no photo is being analysed, and then drops the items that it says are gone for good; what is added
   * meanwhile waits.
   */
  async whileIdle<T>(
    work: () => Promise<{ readonly value: T; readonly gone: readonly ItemId[] }>,
  ): Promise<T> {
    this.#held += 1
    try {
      await Promise.all(this.#runs)
      const { value, gone } = await work()
      this.#entries.drop(gone)
      return value
    } finally {
      this.#held -= 1
      this.#pump()
    }
  }

  /** Searches all answers again, in portions, because the gallery or the settings changed. */
  searchAgain(): void {
    this.#answers.rounds.begin()
  }

  /** Marks the item's answer as changed, so that the window asks for it again. */
  refresh(itemId: ItemId): void {
    const entry = this.#entries.get(itemId)
    if (entry !== undefined) this.#entries.update(entry, { revision: entry.item.revision + 1 })
  }

  /** Lets what is in work end, or cancels it after `limitMs`; it waits again at the next start. */
  async stop(limitMs: number): Promise<void> {
    this.#stopping = true
    const searched = this.#answers.rounds.stop()
    const runs = Promise.all(this.#runs)
    const timer = setTimeout(() => {
      for (const { cancel } of this.#entries.all())
        cancel?.abort(new VisorError('cancelled', 'Visor is closing.'))
    }, limitMs)
    await runs
    clearTimeout(timer)
    await searched
    this.#entries.feed.stop()
  }

  #pump(): void {
    const domainIsChosen = this.#needs.recognise() !== undefined
    while (
      !this.#paused &&
      !this.#stopping &&
      this.#held === 0 &&
      !this.#blocked &&
      domainIsChosen &&
      this.#working < photosAtOnce &&
      this.#waiting.length > 0
    ) {
      const entry = this.#entries.get(this.#waiting.shift()!)
      if (entry?.item.state !== 'waiting') continue
      if (this.#working === 0) this.#entries.feed.begin()
      this.#working += 1
      const run = this.#analyse(entry).finally(() => {
        this.#working -= 1
        this.#runs.delete(run)
        this.#pump()
      })
      this.#runs.add(run)
    }
  }

  async #analyse(entry: QueueEntry): Promise<void> {
    const { itemId } = entry.item
    const cancel = new AbortController()
    const startedAt = performance.now()
    entry.cancel = cancel
    this.#entries.update(entry, { state: 'working', error: undefined })
    try {
      const source = await this.source(itemId)
      const job = {
        params: { source, ...this.#needs.analysis(), thumbnailPx, crops: true },
        crashes: entry.crashes,
        onCrash: (crashes: number) => {
          entry.crashes = crashes
          this.#needs.store.setState([itemId], 'waiting', { crashes }).catch(this.#needs.onError)
        },
      }
      const options = { signal: cancel.signal, timeoutMs: photoTimeoutMs }
      const found = await this.#needs.analyser.run(job, options)
      const before = (await this.#needs.store.analyses([itemId])).get(itemId)
      const { flip } = job.params
      const result = await withDrawnFaces(this.#needs.analyser, source, before, found, flip, options)
      cancel.signal.throwIfAborted()
      await this.#complete(entry, result, performance.now() - startedAt)
    } catch (error) {
      if (this.#entries.get(itemId) === entry) await this.#fail(entry, error)
    } finally {
      delete entry.cancel
    }
  }

  async #complete(entry: QueueEntry, result: AnalyseResult, elapsedMs: number): Promise<void> {
    await this.#needs.store.complete(entry.itemId, result, elapsedMs)
    if (this.#entries.get(entry.itemId) !== entry) return
    this.#entries.identify(entry.itemId, result.sha256)
    this.#entries.feed.done()
    const recognition = (await this.#needs.recognise()?.([result]))?.[0]
    if (recognition !== undefined) this.#needs.recognised?.(entry.item.path, result, recognition)
    const summary =
      recognition === undefined ? { ...noAnswer, faces: result.faces.length } : summarise(recognition)
    this.#entries.update(entry, { state: 'done', elapsedMs, ...summary, revision: entry.item.revision + 1 })
  }

  async #fail(entry: QueueEntry, error: unknown): Promise<void> {
    const notToBlame = hasCode(error, 'vision-unavailable') || (hasCode(error, 'cancelled') && this.#stopping)
    if (notToBlame) {
      this.#blocked = !this.#stopping
      this.#waiting.unshift(entry.itemId)
      this.#entries.update(entry, { state: 'waiting' })
      return
    }
    if (!(error instanceof VisorError)) this.#needs.onError(error)
    const state = hasCode(error, 'cancelled')
      ? 'cancelled'
      : hasCode(error, 'set-aside')
        ? 'set-aside'
        : 'failed'
    const wire = state === 'cancelled' ? undefined : toWireError(error)
    // Where even this cannot be stored (a full disk) the item still shows it; at the next start it waits again.
    await this.#setStates([entry], state, wire === undefined ? {} : { error: wire }).catch(
      this.#needs.onError,
    )
  }

  /** Shows the state, then stores it: what is taken up meanwhile has to know already. */
  async #setStates(
    entries: readonly QueueEntry[],
    state: Exclude<ItemState, 'working'>,
    details: { readonly error?: WireError; readonly crashes?: number } = {},
  ): Promise<void> {
    if (entries.length === 0) return
    for (const entry of entries) this.#entries.update(entry, { state, error: details.error })
    await this.#needs.store.setState(
      entries.map(({ itemId }) => itemId),
      state,
      details,
    )
  }
}
