/**
 * Looks after the galleries in the background: whoever was touched, then everybody once, a portion at a time. Runs in main and
 * on the command line.
 *
 * [Note: In the background] One portion is a few tens of milliseconds of the store's searching, in turns that let others
 * through; after each it rests as long as it took, so that at most half of the store's time goes into it. How far it is, and
 * what it found, is in the database: a pause, an end or a crash costs one portion.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { VisorError } from '../../../src-shared/errors'
import type { HealthState } from '../../../src-shared/health'
import { type ClientId, modelIdSchema } from '../../../src-shared/ids'
import { type ModelPack, modelIdOf } from '../../../src-shared/model-pack'
import type { Settings } from '../../../src-shared/settings'
import { Listeners } from '../../host/listeners'
import type { GalleryStore } from '../../storage/gallery-store'
import type { HealthLook, HealthStore } from '../../storage/health-store'
import { chosenFor } from '../domain-thresholds'
import { thresholdsInForce } from '../thresholds'

/** People of one portion. */
const personsPerPortion = 16
/** Changes are gathered this long before they are followed. */
const followDelayMs = 400
/** Progress is told at most this often. */
const tellEveryMs = 500
/** Rest after a portion, in times of what it took, and at least. */
const restShare = 1
const leastRestMs = 4

interface HealthDependencies {
  readonly health: HealthStore
  readonly gallery: Pick<GalleryStore, 'clients' | 'rights'>
  /** The pack in use. */
  readonly pack: () => ModelPack
  readonly settings: () => Pick<Settings, 'thresholds' | 'healthPaused'>
  readonly onError: (error: unknown) => void
  /** Runs what is done at a time; see [Note: One act, one store]. */
  readonly run?: (work: () => Promise<void>) => Promise<void>
}

/** What happened in the background. */
export interface HealthNews {
  readonly state: HealthState
  /** Clients whose findings changed since the last news. */
  readonly changed: readonly ClientId[]
}

export class GalleryHealth {
  readonly news = new Listeners<HealthNews>()
  readonly #needs: HealthDependencies
  readonly #stop = new AbortController()
  readonly #changed = new Set<ClientId>()
  #state: HealthState = { looked: 0, persons: 0, finished: false, paused: false }
  /** What is in work on the store of now. */
  #round = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #working: Promise<void> | undefined
  /** Something changed while a run was at work: it is followed by another. */
  #again = false
  #toldAt = 0

  constructor(needs: HealthDependencies) {
    this.#needs = needs
  }

  get state(): HealthState {
    return { ...this.#state, paused: this.#needs.settings().healthPaused }
  }

  /** Something in the galleries, the thresholds or the settings changed: it is followed soon, unless paused. */
  wake(): void {
    if (this.#stop.signal.aborted || this.#needs.settings().healthPaused) return
    if (this.#working !== undefined) {
      this.#again = true
      return
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#begin()
    }, followDelayMs)
  }

  /** Paused or resumed, as the settings say now. */
  pauseChanged(): void {
    this.#tell(true)
    this.wake()
  }

  /** Another store is worked on: its galleries are looked through. */
  storeChanged(): void {
    this.#round.abort(new VisorError('cancelled', 'Another store is in use.'))
    this.#round = new AbortController()
    this.#changed.clear()
    this.#state = { ...this.#state, looked: 0, persons: 0, finished: false }
    this.#tell(true)
    this.wake()
  }

  /** Looks until nothing is left, without rest. Raises what `signal` is aborted with. */
  async lookThrough(signal: AbortSignal, onProgress?: (state: HealthState) => void): Promise<HealthState> {
    await this.#run(signal, 0, onProgress)
    return this.state
  }

  /** Ends after the portion in work. */
  async stop(): Promise<void> {
    this.#stop.abort(new VisorError('cancelled', 'Visor is closing.'))
    clearTimeout(this.#timer)
    await this.#working
  }

  #begin(): void {
    this.#again = false
    const signal = AbortSignal.any([this.#stop.signal, this.#round.signal])
    const { run = (work) => work() } = this.#needs
    this.#working = run(async () => {
      // Analysts see what the consoles of curators found.
      if ((await this.#needs.gallery.rights()).curate) await this.#run(signal, restShare)
    })
      .catch((error: unknown) => {
        // Whatever ends a run that is to end is that end.
        if (!signal.aborted) this.#needs.onError(error)
      })
      .finally(() => {
        this.#working = undefined
        this.#tell(true)
        if (this.#again) this.wake()
      })
  }

  async #run(signal: AbortSignal, rest: number, onProgress?: (state: HealthState) => void): Promise<void> {
    const { health } = this.#needs
    const { persons, ...query } = await this.#query()
    for (;;) {
      signal.throwIfAborted()
      if (rest > 0 && this.#needs.settings().healthPaused) return
      const startedAt = performance.now()
      const portion = await health.look({ ...query, persons: personsPerPortion })
      for (const clientId of portion.changed) this.#changed.add(clientId)
      const looked = Math.min(portion.passed, persons)
      this.#state = { ...this.#state, looked, persons, finished: portion.finished }
      onProgress?.(this.state)
      if (portion.finished) return
      this.#tell(false)
      if (rest > 0)
        await sleep(Math.max(leastRestMs, rest * (performance.now() - startedAt)), undefined, { signal })
    }
  }

  /** What a look needs to know of the pack and the domains, and how many people there are. */
  async #query(): Promise<Omit<HealthLook, 'persons'> & { readonly persons: number }> {
    const { gallery, pack, settings } = this.#needs
    const { thresholds } = pack()
    const modelId = modelIdSchema.parse(modelIdOf(pack()))
    const domains = (await gallery.clients()).flatMap((client) =>
      client.domains.map((summary) => ({ clientId: client.clientId, ...summary })),
    )
    return {
      modelId,
      verifyDistance: thresholds.verify,
      matchDistances: domains.map(({ clientId, domain, embeddingsByModel }) => {
        const chosen = chosenFor(settings().thresholds, clientId, [domain], modelId)
        const embeddings = embeddingsByModel[modelId] ?? 0
        return {
          clientId,
          domain,
          distance: thresholdsInForce(thresholds, embeddings, undefined, chosen).match,
        }
      }),
      persons: domains.reduce((sum, { persons }) => sum + persons, 0),
    }
  }

  /** Tells the news, at once or where enough time has passed. */
  #tell(atOnce: boolean): void {
    const now = performance.now()
    if (!atOnce && now - this.#toldAt < tellEveryMs) return
    this.#toldAt = now
    const changed = [...this.#changed]
    this.#changed.clear()
    this.news.emit({ state: this.state, changed })
  }
}
