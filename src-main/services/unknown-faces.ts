/**
 * Faces that nobody was named for: kept where the settings say so, grouped in the background, named or set aside by
 * curators, gone when their time is over. Runs in main and on the command line.
 */
import { hasCode, VisorError } from '../../src-shared/errors'
import type { EmbeddedFace } from '../../src-shared/face'
import { type ClientId, type Domain, type LedgerId, modelIdSchema, type PersonId } from '../../src-shared/ids'
import { type ModelPack, modelIdOf } from '../../src-shared/model-pack'
import type { Recognition } from '../../src-shared/recognition'
import type { Settings } from '../../src-shared/settings'
import type { AnalyseResult } from '../../src-shared/vision-protocol'
import type { GalleryStore, PersonRef } from '../storage/gallery-store'
import type { UnknownId, UnknownScope, UnknownStore, UnknownSuggestion } from '../storage/unknown-store'
import { Grouping, type GroupingProgress } from './clustering/grouping'
import { clusterParametersOf } from './clustering/parameters'
import { identifyDistance } from './thresholds'

/** Faces of a lesser quality are not kept: they are alike in what they lack. Chosen, not measured. */
const leastQuality = 0.3
/** Changes are gathered this long before faces are grouped anew. */
const groupDelayMs = 3000
const expireEveryMs = 60 * 60 * 1000
const dayMs = 24 * 60 * 60 * 1000

export interface UnknownDependencies {
  readonly unknown: UnknownStore
  readonly gallery: GalleryStore
  /** The pack in use. */
  readonly pack: () => ModelPack
  readonly settings: () => Pick<Settings, 'keepUnknown' | 'unknownRetentionDays' | 'search'>
  readonly actor: string
  readonly onError: (error: unknown) => void
}

/** What became of a group that was named. */
export interface NamedGroup {
  readonly ledgerId: LedgerId
  readonly personId: PersonId
  readonly faces: number
  /** Faces that cannot be this person's; they stay unknown. */
  readonly leftOut: number
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
  readonly #waiting = new Map<string, UnknownScope>()
  readonly #stop = new AbortController()
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
    const { clientId } = this.#needs.settings().search
    for (const scope of await this.scopes(clientId)) this.#groupSoon(scope)
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
    for (const { scope } of this.#groupings.values()) {
      if (scope.clientId === clientId) this.#groupSoon(scope)
    }
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

  /**
   * Gives a group's faces to a person of `domain`, or to a new one of that name, in one entry of the ledger. Raises
   * `not-found`; `conflict` where none of them can be this person's.
   */
  async name(clientId: ClientId, groupId: UnknownId, domain: Domain, to: PersonRef): Promise<NamedGroup> {
    const { unknown, gallery, actor } = this.#needs
    const { faceIds, leftOut } = await unknown.groupFaces(clientId, groupId, domain, to)
    const name = 'name' in to ? to.name : (await gallery.person(to.personId)).name
    if (faceIds.length === 0) {
      throw new VisorError('conflict', `No face of this group can be one of ${name}.`, {
        consequence: 'Nobody was named.',
        remedy: `They were ruled out for ${name}, or are in photos that have ${name} already.`,
      })
    }
    const summary = `Named ${faceIds.length} unknown ${faceIds.length === 1 ? 'face' : 'faces'} ${name}`
    const written = await gallery.moveFaces(faceIds, domain, to, { actor, summary })
    this.galleryChanged(clientId)
    return { ledgerId: written.ledgerId!, personId: written.value, faces: faceIds.length, leftOut }
  }

  /** Sets a group aside, or takes it back; gives how many faces that changed. Raises `not-found`. */
  async ignore(
    clientId: ClientId,
    groupId: UnknownId,
    ignored: boolean,
  ): Promise<{ readonly faces: number }> {
    const { unknown, actor } = this.#needs
    const summary = `${ignored ? 'Set aside' : 'Took back'} a group of unknown faces`
    return (await unknown.ignore(clientId, groupId, ignored, { actor, summary })).value
  }

  /**
   * Unknown faces that may be these people's: what to offer after they were enrolled. Within the distance of a *possible*
   * answer when one face is searched for among all that are unknown here.
   */
  async suggestions(
    scope: UnknownScope,
    personIds: readonly PersonId[],
    limit: number,
  ): Promise<readonly UnknownSuggestion[]> {
    const { unknown, pack } = this.#needs
    const { faces } = await unknown.groups({ ...scope, ignored: false, offset: 0, limit: 1 })
    const { thresholds } = pack()
    const withinDistance = identifyDistance(thresholds, thresholds.identify.possibleFpir, faces)
    return unknown.suggestions({ ...scope, personIds, withinDistance, limit })
  }

  /** Removes for good what was kept longer than the settings allow; gives how many faces. */
  async expire(): Promise<number> {
    const before = Date.now() - this.#needs.settings().unknownRetentionDays * dayMs
    let expired = 0
    for (let some = -1; some !== 0; expired += some) some = await this.#needs.unknown.expire(before)
    if (expired > 0) {
      const scopes = [...this.#groupings.values()].map(({ scope }) => scope)
      // Numbers of faces that are gone may be given again.
      this.#groupings.clear()
      for (const scope of scopes) this.#groupSoon(scope)
    }
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
    if ((await this.#needs.unknown.keep(scope, [{ photo, faces }])) > 0) this.#groupSoon(scope)
  }

  #groupSoon(scope: UnknownScope): void {
    this.#waiting.set(keyOf(scope), scope)
    if (this.#stop.signal.aborted) return
    this.#groupTimer ??= setTimeout(() => {
      this.#groupTimer = undefined
      const scopes = [...this.#waiting.values()]
      this.#waiting.clear()
      this.#working = this.#working.then(() => this.#groupAll(scopes))
    }, groupDelayMs)
  }

  async #groupAll(scopes: readonly UnknownScope[]): Promise<void> {
    try {
      for (const scope of scopes) await this.group(scope)
    } catch (error) {
      if (!(this.#stop.signal.aborted && hasCode(error, 'cancelled'))) this.#needs.onError(error)
    }
  }
}

function keyOf({ clientId, domain, modelId }: UnknownScope): string {
  return JSON.stringify([clientId, domain, modelId])
}
