/**
 * The answers of the Identify queue: searched when they are asked for, and again when the gallery or the settings change; see
 * [Note: Queue and gallery] in `identify-queue.ts`. Runs in main.
 */
import { VisorError } from '../../src-shared/errors'
import type { ItemId } from '../../src-shared/ids'
import type { ItemDetail } from '../../src-shared/queue'
import type { Recognition } from '../../src-shared/recognition'
import type { QueueStore, StoredAnalysis } from '../storage/queue-store'
import type { QueueEntries, QueueEntry } from './queue-entries'
import { type AnswerSummary, noAnswer, sameSummary, summarise } from './queue-summary'
import { SearchRounds } from './search-rounds'

/** Recognises with the settings in force; `undefined` while no domain is chosen. */
export type CurrentRecognise = () =>
  | ((photos: readonly StoredAnalysis[]) => Promise<Recognition[]>)
  | undefined

export class QueueAnswers {
  readonly #entries: QueueEntries
  readonly #store: Pick<QueueStore, 'analyses'>
  readonly #recognise: CurrentRecognise
  /** The searches of all answers again. */
  readonly rounds: SearchRounds

  constructor(
    entries: QueueEntries,
    store: Pick<QueueStore, 'analyses'>,
    recognise: CurrentRecognise,
    onError: (error: unknown) => void,
  ) {
    this.#entries = entries
    this.#store = store
    this.#recognise = recognise
    const answered = () => entries.all().filter(({ item }) => item.state === 'done')
    this.rounds = new SearchRounds({
      answered: () => answered().map(({ itemId }) => itemId),
      search: (itemIds) => this.#searchAgain(itemIds),
      onError,
    })
  }

  /** The item with its answer, searched now. Raises `not-found`. */
  async detail(itemId: ItemId): Promise<ItemDetail> {
    const { item } = this.#entries.entry(itemId)
    if (item.state !== 'done') return { item }
    const recognise = this.#recognise()
    const analysis = await this.analysis(itemId)
    const recognition = recognise === undefined ? undefined : (await recognise([analysis]))[0]
    if (recognition === undefined) return { item }
    this.#show(this.#entries.entry(itemId), summarise(recognition))
    return { item: this.#entries.entry(itemId).item, recognition }
  }

  /** What the vision process said of the photo. Raises `not-found` while there is no answer. */
  async analysis(itemId: ItemId): Promise<StoredAnalysis> {
    const { state } = this.#entries.entry(itemId).item
    const analysis = state === 'done' ? (await this.#store.analyses([itemId])).get(itemId) : undefined
    if (analysis === undefined) throw new VisorError('not-found', 'This photo has no answer yet.')
    return analysis
  }

  async #searchAgain(itemIds: readonly ItemId[]): Promise<void> {
    const analyses = await this.#store.analyses(itemIds)
    const summaries = await this.#summaries([...analyses.values()])
    for (const [index, itemId] of [...analyses.keys()].entries()) {
      const entry = this.#entries.get(itemId)
      const summary = summaries[index]
      if (entry?.item.state === 'done' && summary !== undefined) this.#show(entry, summary)
    }
  }

  /** What the list shows of these photos: who is in each; without a domain to search, how many faces. */
  async #summaries(photos: readonly StoredAnalysis[]): Promise<AnswerSummary[]> {
    const recognise = this.#recognise()
    if (recognise === undefined) return photos.map(({ faces }) => ({ ...noAnswer, faces: faces.length }))
    return (await recognise(photos)).map(summarise)
  }

  /** Shows a newly searched answer in the list; its revision grows only where the list would show something else. */
  #show(entry: QueueEntry, summary: AnswerSummary): void {
    if (!sameSummary(summary, entry.item)) {
      this.#entries.update(entry, { ...summary, revision: entry.item.revision + 1 })
    }
  }
}
