/**
 * Faces that nobody was named for: kept where the settings say so, grouped and compared with people in the background,
 * gone when their time is over: the latter by consoles of curators. What they do with them is in `unknown-acts.ts`. Runs in main
 * and on the command line.
 */
import { hasCode, VisorError } from '../../src-shared/errors'
import type { EmbeddedFace } from '../../src-shared/face'
import { type ClientId, modelIdSchema } from '../../src-shared/ids'
import { type ModelPack, modelIdOf } from '../../src-shared/model-pack'
import type { Recognition } from '../../src-shared/recognition'
import type { Settings } from '../../src-shared/settings'
import type { AnalyseResult } from '../../src-shared/vision-protocol'
import type { GalleryStore } from '../storage/gallery-store'
import type { UnknownScope, UnknownStore } from '../storage/unknown-store'
import { Grouping, type GroupingProgress } from './clustering/grouping'
import { clusterParametersOf } from './clustering/parameters'
import { suggestionSearch } from './unknown-acts'

/** Faces of a lesser quality are not kept: they are alike in what they lack. Chosen, not measured. */
const leastQuality = 0.3
/** Changes are gathered this long before faces are grouped anew. */
const groupDelayMs = 3000
const expireEveryMs = 60 * 60 * 1000
/** Unknown faces that one person can be offered at once. */
const suggestedOfPerson = 200
const dayMs = 24 * 60 * 60 * 1000

interface UnknownDependencies {
  readonly unknown: UnknownStore
  readonly gallery: Pick<GalleryStore, 'rights'>
  /** The pack in use. */
  readonly pack: () => ModelPack
  readonly settings: () => Pick<Settings, 'keepUnknown' | 'unknownRetentionDays' | 'search'>
  /** Told after faces of a client came or went, were grouped anew and compared with people; not for each. */
  readonly onChanged?: (clientId: ClientId) => void
  readonly onError: (error: unknown) => void
  /** Runs what is done at a time; see [Note: One act, one store]. */
  readonly run?: (work: () => Promise<void>) => Promise<void>
}

/** The faces of a photo that are kept: those that nobody was named for, of a quality of 0.3 or better. */
function facesToKeep(analysis: AnalyseResult, recognition: Recognition): EmbeddedFace[] {
  return recognition.faces
    .filter(({ decision, quality }) => decision === 'unknown' && quality.value >= leastQuality)
    .flatMap(({ index }) => analysis.faces[index] ?? [])
}

export class UnknownFaces {
  readonly #needs: UnknownDependencies
  readonly #groupings = new Map<string, { readonly scope: UnknownScope; readonly grouping: Grouping }>()
  readonly #waiting = new Set<ClientId>()
  readonly #stop = new AbortController()
  /** What is in work on the store of now. */
  #round = new AbortController()
  #groupTimer: NodeJS.Timeout | undefined
  #expireTimer: NodeJS.Timeout | undefined
  #working: Promise<void> = Promise.resolve()
  readonly #keeping = new Set<Promise<void>>()

  constructor(needs: UnknownDependencies) {
    this.#needs = needs
  }

  /** Takes up what an earlier run left, and lets go what is overdue, now and every hour. */
  async start(): Promise<void> {
    const expire = () => this.expire().catch(this.#needs.onError)
    this.#expireTimer = setInterval(expire, expireEveryMs)
    await this.expire()
    this.#groupSoon(this.#needs.settings().search.clientId)
  }

  /**
   * Keeps the unknown faces of a photo that was recognised in one domain, where the settings say so. A search of all domains
   * keeps none: they would belong to none of them.
   */
  keep(path: string, analysis: AnalyseResult, recognition: Recognition): Promise<void> {
    const kept = this.#keep(path, analysis, recognition).finally(() => this.#keeping.delete(kept))
    this.#keeping.add(kept)
    return kept
  }

  /** The gallery of a client was changed: faces may be somebody's now, or nobody's again. */
  galleryChanged(clientId: ClientId): void {
    this.#groupSoon(clientId)
  }

  /** Resolves when no faces are being kept. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#keeping)
  }

  /** Unknown faces of a client went for good. */
  forgotten(clientId: ClientId): void {
    // Numbers of faces that are gone may be given again: what was known of them goes.
    this.#groupings.clear()
    this.#needs.onChanged?.(clientId)
    this.#groupSoon(clientId)
  }

  /** Another store is worked on: what was known of the faces of the former goes. */
  storeChanged(): void {
    this.#round.abort(new VisorError('cancelled', 'Another store is in use.'))
    this.#round = new AbortController()
    this.#waiting.clear()
    this.forgotten(this.#needs.settings().search.clientId)
  }

  /** Where the client has unknown faces of the model in use. */
  async scopes(clientId: ClientId): Promise<UnknownScope[]> {
    const modelId = modelIdSchema.parse(modelIdOf(this.#needs.pack()))
    const domains = await this.#needs.unknown.domains(clientId, modelId)
    return domains.map((domain) => ({ clientId, domain, modelId }))
  }

  /** Brings a scope's groups up to date now. Faces of another model than the one in use are left as they are. */
  async group(
    scope: UnknownScope,
    signal: AbortSignal = this.#stop.signal,
    onProgress?: (progress: GroupingProgress) => void,
  ): Promise<void> {
    const pack = this.#needs.pack()
    if (scope.modelId !== modelIdOf(pack)) return
    const key = keyOf(scope)
    const { grouping } = this.#groupings.get(key) ?? {
      grouping: new Grouping(this.#needs.unknown, scope, clusterParametersOf(pack.thresholds)),
    }
    this.#groupings.set(key, { scope, grouping })
    await grouping.update(signal, onProgress)
    // One without faces remembers links to faces whose numbers may be given again.
    if (grouping.size === 0) this.#groupings.delete(key)
  }

  /** Compares people who were changed since with the unknown faces. */
  async findSuggestions(clientId: ClientId, signal: AbortSignal = this.#stop.signal): Promise<void> {
    const { unknown, pack } = this.#needs
    const search = await suggestionSearch(unknown, pack(), clientId, suggestedOfPerson)
    for (let compared = -1; compared !== 0; ) {
      signal.throwIfAborted()
      compared = await unknown.findSuggestions(search)
    }
  }

  /** Removes for good what was kept longer than the settings allow; gives how many faces. */
  async expire(): Promise<number> {
    if (!(await this.#needs.gallery.rights()).curate) return 0
    const before = Date.now() - this.#needs.settings().unknownRetentionDays * dayMs
    let expired = 0
    for (let some = -1; some !== 0; expired += some) some = await this.#needs.unknown.expire(before)
    if (expired > 0) this.forgotten(this.#needs.settings().search.clientId)
    return expired
  }

  /** Ends what is in work; faces that are being kept are kept. */
  async stop(): Promise<void> {
    this.#stop.abort(new VisorError('cancelled', 'Visor is closing.'))
    clearTimeout(this.#groupTimer)
    clearInterval(this.#expireTimer)
    await Promise.allSettled(this.#keeping)
    await this.#working
  }

  async #keep(path: string, analysis: AnalyseResult, recognition: Recognition): Promise<void> {
    const { keepUnknown, search } = this.#needs.settings()
    const [domain, ...others] = recognition.domains
    if (!keepUnknown || domain === undefined || others.length > 0) return
    const faces = facesToKeep(analysis, recognition)
    if (faces.length === 0) return
    const { sha256, format, width, height, perceptualHash, modelId } = analysis
    const scope = { clientId: search.clientId, domain, modelId }
    const photo = { sha256, path, format, width, height, perceptualHash }
    if ((await this.#needs.unknown.keep(scope, [{ photo, faces }])) === 0) return
    this.#groupSoon(search.clientId)
  }

  #groupSoon(clientId: ClientId): void {
    this.#waiting.add(clientId)
    if (this.#stop.signal.aborted) return
    this.#groupTimer ??= setTimeout(() => {
      this.#groupTimer = undefined
      const clientIds = [...this.#waiting]
      this.#waiting.clear()
      const { run = (work) => work() } = this.#needs
      this.#working = this.#working.then(() => run(() => this.#groupAll(clientIds)))
    }, groupDelayMs)
  }

  async #groupAll(clientIds: readonly ClientId[]): Promise<void> {
    const signal = AbortSignal.any([this.#stop.signal, this.#round.signal])
    try {
      const { curate } = await this.#needs.gallery.rights()
      for (const clientId of clientIds) {
        if (!curate) {
          this.#needs.onChanged?.(clientId)
          continue
        }
        const scopes = new Map((await this.scopes(clientId)).map((scope) => [keyOf(scope), scope]))
        // Those that had faces: they may have none any more.
        for (const [key, { scope }] of this.#groupings)
          if (scope.clientId === clientId) scopes.set(key, scope)
        for (const scope of scopes.values()) await this.group(scope, signal)
        await this.findSuggestions(clientId, signal)
        this.#needs.onChanged?.(clientId)
      }
    } catch (error) {
      if (!hasCode(error, 'cancelled')) this.#needs.onError(error)
    }
  }
}

function keyOf({ clientId, domain, modelId }: UnknownScope): string {
  return JSON.stringify([clientId, domain, modelId])
}
