/** What curators do with unknown faces: name, ignore, tell apart, say who they are. Runs in main and on the command line. */

import type { Act } from '../../src-shared/act'
import { counted } from '../../src-shared/amounts'
import { VisorError } from '../../src-shared/errors'
import { type ClientId, type Domain, type FaceId, modelIdSchema, type PersonId } from '../../src-shared/ids'
import { type ModelPack, modelIdOf } from '../../src-shared/model-pack'
import type { NearestPerson, Suggestion, UnknownCounts } from '../../src-shared/unknown'
import type { PersonRef } from '../storage/gallery-records'
import type { GalleryStore } from '../storage/gallery-store'
import type {
  SuggestionSearch,
  UnknownGroups,
  UnknownId,
  UnknownScope,
  UnknownStore,
} from '../storage/unknown-store'
import { identifyDistance } from './thresholds'

/** People who are named for a group. */
const nearestShown = 8

interface UnknownActsDependencies {
  readonly unknown: UnknownStore
  readonly gallery: GalleryStore
  /** The pack in use. */
  readonly pack: () => ModelPack
  readonly actor: string
  /** Who groups the faces: what an act changes is to be grouped anew. */
  readonly changed: {
    galleryChanged(clientId: ClientId): void
    forgotten(clientId: ClientId): void
  }
}

/** What became of a group that was named. */
interface NamedGroup extends Act {
  readonly personId: PersonId
  readonly faces: number
  /** Faces that cannot be this person's; they stay unknown. */
  readonly leftOut: number
}

export class UnknownActs {
  readonly #needs: UnknownActsDependencies

  constructor(needs: UnknownActsDependencies) {
    this.#needs = needs
  }

  /** What there is of unknown faces. */
  async counts(clientId: ClientId): Promise<UnknownCounts> {
    const { unknown, pack } = this.#needs
    const { modelId } = everywhere(pack(), clientId)
    const [counts, suggestions] = await Promise.all([
      unknown.counts(clientId, modelId),
      this.suggestions(clientId, 1),
    ])
    return { ...counts, suggestions: suggestions.total }
  }

  /** A page of the client's groups, largest first. */
  groups(
    clientId: ClientId,
    page: { readonly ignored: boolean; readonly offset: number; readonly limit: number },
  ): Promise<UnknownGroups> {
    const { unknown, pack } = this.#needs
    return unknown.groups({ ...everywhere(pack(), clientId), domain: null, ...page })
  }

  /** The people nearest to the faces of a group, or to some of them. Raises `not-found`. */
  async nearest(
    clientId: ClientId,
    groupId: UnknownId,
    domain: Domain,
    faceIds?: readonly FaceId[],
  ): Promise<readonly NearestPerson[]> {
    const { unknown } = this.#needs
    const { modelId } = everywhere(this.#needs.pack(), clientId)
    const chosen =
      faceIds ?? (await unknown.faces(clientId, groupId, 0, 16)).faces.map(({ faceId }) => faceId)
    return unknown.nearestPersons({ clientId, domain, modelId, faceIds: chosen, limit: nearestShown })
  }

  /**
   * Gives a group's faces, or some of them, to a person of `domain`, or to a new one of that name, in one entry of the
   * ledger. Raises `not-found`; `conflict` where none of them can be this person's.
   */
  async name(
    clientId: ClientId,
    groupId: UnknownId,
    domain: Domain,
    to: PersonRef,
    chosen?: readonly FaceId[],
  ): Promise<NamedGroup> {
    const { unknown, gallery, actor } = this.#needs
    const { faceIds, leftOut } = await unknown.groupFaces(clientId, groupId, domain, to, chosen)
    const name = 'name' in to ? to.name : (await gallery.person(to.personId)).name
    if (faceIds.length === 0) {
      throw new VisorError('conflict', `No face of this group can be one of ${name}.`, {
        consequence: 'Nobody was named.',
        remedy: `They were ruled out for ${name}, or are in photos that have ${name} already.`,
      })
    }
    const summary = `Named ${facesOf(faceIds.length)} ${name}`
    const written = await gallery.moveFaces(faceIds, domain, to, { actor, summary })
    this.#needs.changed.galleryChanged(clientId)
    return { ledgerId: written.ledgerId!, summary, personId: written.value, faces: faceIds.length, leftOut }
  }

  /** Ignores a group, or brings it back. Raises `not-found`; `conflict` where that was said already. */
  async ignore(
    clientId: ClientId,
    groupId: UnknownId,
    ignored: boolean,
  ): Promise<Act & { readonly faces: number }> {
    const { unknown, actor } = this.#needs
    const summary = ignored ? 'Ignored a group of unknown faces' : 'Brought back a group of unknown faces'
    const { ledgerId, value } = await unknown.ignore(clientId, groupId, ignored, { actor, summary })
    if (ledgerId === undefined)
      throw new VisorError('conflict', 'That was said already; nothing was changed.')
    return { ledgerId, summary, faces: value.faces }
  }

  /** Tells faces apart from the rest of their group. Raises `not-found`, `invalid-argument`. */
  async takeOut(clientId: ClientId, groupId: UnknownId, faceIds: readonly FaceId[]): Promise<Act> {
    const { unknown, actor } = this.#needs
    const summary = `Took ${facesOf(faceIds.length)} out of a group`
    const { ledgerId } = await unknown.takeOut(clientId, groupId, faceIds, { actor, summary })
    this.#needs.changed.galleryChanged(clientId)
    return { ledgerId: ledgerId!, summary }
  }

  /** Unknown faces that may be somebody's who was enrolled since they were kept. */
  async suggestions(
    clientId: ClientId,
    limit: number,
  ): Promise<{ readonly total: number; readonly some: readonly Suggestion[] }> {
    const { unknown, pack } = this.#needs
    return unknown.suggestions(await suggestionSearch(unknown, pack(), clientId, limit))
  }

  /** These suggested faces are the person's. Raises `not-found`, `conflict`. */
  async accept(personId: PersonId, faceIds: readonly FaceId[]): Promise<Act> {
    const { gallery, actor } = this.#needs
    const { name, domain, clientId } = await gallery.person(personId)
    const summary = `Confirmed ${facesOf(faceIds.length)} as ${name}`
    const { ledgerId } = await gallery.moveFaces(faceIds, domain, { personId }, { actor, summary })
    this.#needs.changed.galleryChanged(clientId)
    return { ledgerId: ledgerId!, summary }
  }

  /** These faces are not the person's, and are not offered for them again. Raises `not-found`, `conflict`. */
  async reject(personId: PersonId, faceIds: readonly FaceId[]): Promise<Act> {
    const { gallery, actor } = this.#needs
    const { name } = await gallery.person(personId)
    const summary = `Ruled out ${name} for ${facesOf(faceIds.length)}`
    const { ledgerId } = await gallery.rejectFaces(faceIds, personId, { actor, summary })
    if (ledgerId === undefined)
      throw new VisorError('conflict', 'That was said already; nothing was changed.')
    return { ledgerId, summary }
  }

  /** Removes all unknown faces of the client for good; gives how many. */
  async forget(clientId: ClientId): Promise<number> {
    const { unknown, actor } = this.#needs
    const forgotten = await unknown.forget(clientId, { actor, summary: 'Forgot all unknown faces' })
    this.#needs.changed.forgotten(clientId)
    return forgotten
  }
}

/** What suggestions are asked for by: within the distance of a *possible* answer in a search of all unknown faces. */
export async function suggestionSearch(
  unknown: UnknownStore,
  pack: ModelPack,
  clientId: ClientId,
  limit: number,
): Promise<SuggestionSearch> {
  const { modelId } = everywhere(pack, clientId)
  const { faces } = await unknown.counts(clientId, modelId)
  const { thresholds } = pack
  const withinDistance = identifyDistance(thresholds, thresholds.identify.possibleFpir, Math.max(1, faces))
  return { clientId, modelId, withinDistance, limit }
}

function everywhere(pack: ModelPack, clientId: ClientId): Pick<UnknownScope, 'clientId' | 'modelId'> {
  return { clientId, modelId: modelIdSchema.parse(modelIdOf(pack)) }
}

function facesOf(count: number): string {
  return counted(count, 'unknown face')
}
