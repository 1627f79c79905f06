/**
 * The Identify queue: photos in, answers out, one after the other, kept on disk. Runs in main.
 *
 * [Note: Queue and gallery] An answer is never stored: what is kept is the photo's analysis (faces, embeddings), and who they are
 * is searched when it is asked for. So a change of thresholds or of the gallery changes every answer, and nothing is
 * decoded or embedded twice. Only the summaries that the list shows are held, and searched again in portions.
 */
import { basename } from 'node:path'
import { v7 as uuid } from 'uuid'
import { hasCode, toWireError, VisorError, type WireError } from '../../src-shared/errors'
import { type ItemId, itemIdSchema } from '../../src-shared/ids'
import type { ItemDetail, ItemState, QueueItem, QueueProgress } from '../../src-shared/queue'
import type { Recognition } from '../../src-shared/recognition'
import type { AnalyseResult, PhotoSource } from '../../src-shared/vision-protocol'
import type { PhotoRunner } from '../host/photo-runner'
import type { QueueStore, StoredAnalysis, StoredItem } from '../storage/queue-store'
import { withDrawnFaces } from './drawn-faces'
import { type CopyChanges, PhotoCopies } from './photo-copies'
import { photoTimeoutMs } from './photo-timeout'
import { QueueFeed } from './queue-feed'
import { type AnswerSummary, noAnswer, sameSummary, summarise } from './queue-summary'

/** Photos handed to the vision process at once: it decodes the next ones while it infers. */
const photosAtOnce = 4
/** Photos searched again in one portion, and the wait for further changes before it begins. */
const searchPortion = 16
const searchDelayMs = 250
const thumbnailPx = 256

export interface QueueDependencies {
  readonly store: QueueStore
  readonly analyser: Pick<PhotoRunner, 'run' | 'embedBoxes'>
  /** Recognises with the settings in force; `undefined` while no domain is chosen. */
  readonly recognise: () => ((photos: readonly StoredAnalysis[]) => Promise<Recognition[]>) | undefined
  /** How photos are analysed, from the settings in force. */
  readonly analysis: () => { readonly thorough: boolean; readonly flip: boolean }
  /** Told of every photo that was recognised for the first time, with its path and its crops; '' for a pasted picture. */
  readonly recognised?: (path: string, analysis: AnalyseResult, recognition: Recognition) => void
  readonly onError: (error: unknown) => void
}

interface Entry {
  item: QueueItem
  crashes: number
  pasted: boolean
  cancel?: AbortController
}

export class IdentifyQueue {
  readonly #needs: QueueDependencies
  readonly #entries = new Map<ItemId, Entry>()
  readonly #copies = new PhotoCopies()
  readonly #feed: QueueFeed
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
  #searchTimer: NodeJS.Timeout | undefined
  #searching: Promise<void> | undefined
  readonly #runs = new Set<Promise<void>>()

  constructor(needs: QueueDependencies) {
    this.#needs = needs
    this.#feed = new QueueFeed({
      items: () => this.#items(),
      itemOf: (itemId) => this.#entries.get(itemId)?.item,
      isPaused: () => this.#paused,
    })
  }

  /** What changed, at most ten times a second. */
  get changed(): QueueFeed['changed'] {
    return this.#feed.changed
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
    const entry: Entry = {
      item: {
        itemId,
        position,
        name: path === '' ? 'Pasted picture' : basename(path),
        path,
        state,
        ...noAnswer,
        faces,
        revision: 0,
        ...(elapsedMs === undefined ? {} : { elapsedMs }),
        ...(error === undefined ? {} : { error }),
      },
      crashes,
      pasted: path === '',
    }
    this.#entries.set(itemId, entry)
    this.#nextPosition = Math.max(this.#nextPosition, position + 1)
    if (sha256 !== undefined) this.#markCopies(this.#copies.put(itemId, sha256, position))
    if (state === 'waiting') this.#waiting.push(itemId)
    this.#feed.touch(entry.item.itemId)
  }

  snapshot(): { items: QueueItem[]; progress: QueueProgress } {
    return { items: [...this.#items()], progress: this.#feed.progress() }
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
      const name = path === '' ? 'Pasted picture' : basename(path)
      const item: QueueItem = { itemId, position, name, path, state: 'waiting', ...noAnswer, revision: 0 }
      const entry: Entry = { item, crashes: 0, pasted: path === '' }
      this.#entries.set(itemId, entry)
      this.#waiting.push(itemId)
      this.#feed.touch(entry.item.itemId)
    }
    this.#pump()
    return records.map(({ itemId }) => itemId)
  }

  /** The item with its answer, searched now. Raises `not-found`. */
  async detail(itemId: ItemId): Promise<ItemDetail> {
    const { item } = this.#entry(itemId)
    if (item.state !== 'done') return { item }
    const recognise = this.#needs.recognise()
    const analysis = await this.analysis(itemId)
    const recognition = recognise === undefined ? undefined : (await recognise([analysis]))[0]
    if (recognition === undefined) return { item }
    this.#show(this.#entry(itemId), summarise(recognition))
    return { item: this.#entry(itemId).item, recognition }
  }

  /** Counts the changes of the item's answer. Raises `not-found`. */
  revision(itemId: ItemId): number {
    return this.#entry(itemId).item.revision
  }

  /** What the vision process said of the photo. Raises `not-found` while there is no answer. */
  async analysis(itemId: ItemId): Promise<StoredAnalysis> {
    const { state } = this.#entry(itemId).item
    const analysis = state === 'done' ? (await this.#needs.store.analyses([itemId])).get(itemId) : undefined
    if (analysis === undefined) throw new VisorError('not-found', 'This photo has no answer yet.')
    return analysis
  }

  /** The photo's file, or its bytes. Raises `not-found`. */
  async source(itemId: ItemId): Promise<PhotoSource> {
    const entry = this.#entry(itemId)
    if (!entry.pasted) return { path: entry.item.path }
    const bytes = await this.#needs.store.pasted(itemId)
    if (bytes === undefined) throw new VisorError('not-found', 'The pasted picture is not there any more.')
    return { bytes }
  }

  pause(): void {
    this.#paused = true
    this.#feed.tellSoon()
  }

  resume(): void {
    this.#paused = false
    this.#feed.tellSoon()
    this.#pump()
  }

  /** What it waited for may be there now, the vision process or a domain: what waits is taken up. */
  wake(): void {
    this.#blocked = false
    this.#pump()
  }

  /** Cancels what waits or is in work; absent ids = all of it. */
  async cancel(itemIds: readonly ItemId[] = [...this.#entries.keys()]): Promise<void> {
    const waiting: Entry[] = []
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
    const again = (itemIds ?? [...this.#entries.keys()])
      .map((itemId) => this.#entries.get(itemId))
      .filter((entry): entry is Entry => entry !== undefined && ended.includes(entry.item.state))
    for (const entry of again) {
      entry.crashes = 0
      this.#waiting.push(entry.item.itemId)
      this.#update(entry, { ...noAnswer, elapsedMs: undefined })
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
  async remove(itemIds: readonly ItemId[] = [...this.#entries.keys()]): Promise<ItemId[]> {
    const entries = itemIds.map((itemId) => this.#entries.get(itemId)).filter((entry) => entry !== undefined)
    const taken = entries.map(({ item }) => item.itemId)
    await this.#needs.store.remove(taken)
    this.#drop(taken)
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
      this.#drop(gone)
      return value
    } finally {
      this.#held -= 1
      this.#pump()
    }
  }

  /** Searches all answers again, in portions, because the gallery or the settings changed. */
  searchAgain(): void {
    clearTimeout(this.#searchTimer)
    this.#searchTimer = setTimeout(() => {
      const before = this.#searching ?? Promise.resolve()
      this.#searchTimer = undefined
      const turn: Promise<void> = before.then(() => this.#searchAll(turn)).catch(this.#needs.onError)
      this.#searching = turn
    }, searchDelayMs)
  }

  /** Marks the item's answer as changed, so that the window asks for it again. */
  refresh(itemId: ItemId): void {
    const entry = this.#entries.get(itemId)
    if (entry !== undefined) this.#update(entry, { revision: entry.item.revision + 1 })
  }

  /** Lets what is in work end, or cancels it after `limitMs`; it waits again at the next start. */
  async stop(limitMs: number): Promise<void> {
    this.#stopping = true
    clearTimeout(this.#searchTimer)
    const runs = Promise.all(this.#runs)
    const timer = setTimeout(() => {
      for (const { cancel } of this.#entries.values())
        cancel?.abort(new VisorError('cancelled', 'Visor is closing.'))
    }, limitMs)
    await runs
    clearTimeout(timer)
    await this.#searching
    this.#feed.stop()
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
      if (this.#working === 0) this.#feed.begin()
      this.#working += 1
      const run = this.#analyse(entry).finally(() => {
        this.#working -= 1
        this.#runs.delete(run)
        this.#pump()
      })
      this.#runs.add(run)
    }
  }

  async #analyse(entry: Entry): Promise<void> {
    const { itemId } = entry.item
    const cancel = new AbortController()
    const startedAt = performance.now()
    entry.cancel = cancel
    this.#update(entry, { state: 'working', error: undefined })
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

  async #complete(entry: Entry, result: AnalyseResult, elapsedMs: number): Promise<void> {
    await this.#needs.store.complete(entry.item.itemId, result, elapsedMs)
    if (this.#entries.get(entry.item.itemId) !== entry) return
    this.#markCopies(this.#copies.put(entry.item.itemId, result.sha256, entry.item.position))
    this.#feed.done()
    const recognition = (await this.#needs.recognise()?.([result]))?.[0]
    if (recognition !== undefined) this.#needs.recognised?.(entry.item.path, result, recognition)
    const summary =
      recognition === undefined ? { ...noAnswer, faces: result.faces.length } : summarise(recognition)
    this.#update(entry, { state: 'done', elapsedMs, ...summary, revision: entry.item.revision + 1 })
  }

  async #fail(entry: Entry, error: unknown): Promise<void> {
    const notToBlame = hasCode(error, 'vision-unavailable') || (hasCode(error, 'cancelled') && this.#stopping)
    if (notToBlame) {
      this.#blocked = !this.#stopping
      this.#waiting.unshift(entry.item.itemId)
      this.#update(entry, { state: 'waiting' })
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
    entries: readonly Entry[],
    state: Exclude<ItemState, 'working'>,
    details: { readonly error?: WireError; readonly crashes?: number } = {},
  ): Promise<void> {
    if (entries.length === 0) return
    for (const entry of entries) this.#update(entry, { state, error: details.error })
    await this.#needs.store.setState(
      entries.map(({ item }) => item.itemId),
      state,
      details,
    )
  }

  async #searchAll(turn: Promise<void>): Promise<void> {
    const done = [...this.#entries.values()]
      .filter(({ item }) => item.state === 'done')
      .map(({ item }) => item.itemId)
    for (let start = 0; start < done.length; start += searchPortion) {
      // A newer change began another round: this one's answers would be out of date.
      if (this.#stopping || (this.#searching !== undefined && this.#searching !== turn)) return
      const analyses = await this.#needs.store.analyses(done.slice(start, start + searchPortion))
      const summaries = await this.#summaries([...analyses.values()])
      for (const [index, itemId] of [...analyses.keys()].entries()) {
        const entry = this.#entries.get(itemId)
        const summary = summaries[index]
        if (entry?.item.state === 'done' && summary !== undefined) this.#show(entry, summary)
      }
    }
  }

  /** What the list shows of these photos: who is in each; without a domain to search, how many faces. */
  async #summaries(photos: readonly StoredAnalysis[]): Promise<AnswerSummary[]> {
    const recognise = this.#needs.recognise()
    if (recognise === undefined) return photos.map(({ faces }) => ({ ...noAnswer, faces: faces.length }))
    return (await recognise(photos)).map(summarise)
  }

  /** Shows a newly searched answer in the list; its revision grows only where the list would show something else. */
  #show(entry: Entry, summary: AnswerSummary): void {
    if (!sameSummary(summary, entry.item)) {
      this.#update(entry, { ...summary, revision: entry.item.revision + 1 })
    }
  }

  #drop(itemIds: readonly ItemId[]): void {
    for (const itemId of itemIds) {
      const entry = this.#entries.get(itemId)
      if (entry === undefined) continue
      entry.cancel?.abort(new VisorError('cancelled', 'Taken out of the queue.'))
      this.#entries.delete(itemId)
      this.#feed.remove(itemId)
      this.#markCopies(this.#copies.remove(itemId))
    }
  }

  #entry(itemId: ItemId): Entry {
    const entry = this.#entries.get(itemId)
    if (entry === undefined) throw new VisorError('not-found', 'This photo is not in the queue any more.')
    return entry
  }

  *#items(): Generator<QueueItem> {
    for (const { item } of this.#entries.values()) yield item
  }

  #markCopies(changes: CopyChanges): void {
    for (const [itemId, duplicateOf] of changes) {
      const entry = this.#entries.get(itemId)
      if (entry !== undefined && entry.item.duplicateOf !== duplicateOf) this.#update(entry, { duplicateOf })
    }
  }

  #update(entry: Entry, change: { [K in keyof QueueItem]?: QueueItem[K] | undefined }): void {
    const next = Object.fromEntries(
      Object.entries({ ...entry.item, ...change }).filter(([, v]) => v !== undefined),
    )
    entry.item = next as QueueItem
    this.#feed.touch(entry.item.itemId)
  }
}
