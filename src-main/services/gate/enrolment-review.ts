/** Deciding on enrolments that wait: what speaks against each by now, and what becomes of it. Main, command line. */
import type { Act, Joined } from '../../../src-shared/act'
import { VisorError } from '../../../src-shared/errors'
import type { GateKind, GateReason } from '../../../src-shared/gate'
import type { ReviewId } from '../../../src-shared/ids'
import type { ReviewDetail } from '../../../src-shared/review'
import type { PersonRef } from '../../storage/gallery-records'
import type { GalleryStore } from '../../storage/gallery-store'
import type { ReviewStore, WholeReview } from '../../storage/review-store'
import type { Written } from '../../storage/written'
import { personByName } from '../person-by-name'
import type { EnrolmentGate, GatePerson } from './enrolment-gate'
import { overriding } from './overriding'

/** What somebody says of a face that waits. */
interface Acceptance {
  /** Place among the faces to choose from; absent where there is nothing to choose. */
  readonly face?: number | undefined
  /** Somebody else than it was for: of the domain, or somebody new by name. */
  readonly to?: PersonRef | undefined
  /** Why it joins all the same. */
  readonly why?: string | undefined
  /** The kinds of reasons that were shown: a reason of another kind is shown first. Absent = whatever there is. */
  readonly seen?: readonly GateKind[] | undefined
}

export class EnrolmentReview {
  readonly #gallery: Pick<GalleryStore, 'person' | 'persons' | 'ownFaces'>
  readonly #reviews: ReviewStore
  readonly #gate: EnrolmentGate
  readonly #actor: string

  constructor(
    gallery: Pick<GalleryStore, 'person' | 'persons' | 'ownFaces'>,
    reviews: ReviewStore,
    gate: EnrolmentGate,
    actor: string,
  ) {
    this.#gallery = gallery
    this.#reviews = reviews
    this.#gate = gate
    this.#actor = actor
  }

  /** A review with what speaks against each of its faces now. Raises `not-found`. */
  async detail(reviewId: ReviewId): Promise<ReviewDetail> {
    const review = await this.#reviews.review(reviewId)
    const { person, modelId, faces } = review
    const probes = faces.map(({ embedding }) => embedding)
    const [reasons, own] = await Promise.all([
      this.#reasons(review, person),
      person.personId === undefined
        ? []
        : this.#gallery.ownFaces({ personId: person.personId, modelId, probes, limit: 1 }),
    ])
    const { domain, path, createdAt, facesInPhoto, choice } = review
    return {
      reviewId,
      domain,
      person,
      path,
      createdAt,
      facesInPhoto,
      unclear: choice === 'unclear',
      faces: faces.map(({ box, quality }, index) => {
        const nearest = own[index]?.nearest[0]
        return {
          box,
          quality: quality.value,
          reasons: reasons[index]!,
          ...(nearest === undefined ? {} : { own: { faceId: nearest.faceId, distance: nearest.distance } }),
        }
      }),
    }
  }

  /**
   * The face joins the person, or somebody else; or there are reasons against it. Raises `not-found`; `invalid-argument` where
   * it has to be said which face is meant.
   */
  async accept(reviewId: ReviewId, { face, to, why, seen }: Acceptance): Promise<Joined> {
    const review = await this.#reviews.review(reviewId)
    if (face === undefined && review.choice === 'unclear') throw whichFace(review)
    const person = to === undefined ? review.person : await this.#another(review, to)
    const reasons = (await this.#reasons(review, person))[face ?? 0]
    if (reasons === undefined) throw new VisorError('not-found', 'This photo has no such face.')
    const unseen = seen !== undefined && reasons.some(({ finding }) => !seen.includes(finding.kind))
    const override = unseen ? undefined : overriding(reasons, why)
    if (override === undefined) return { done: false, reasons }
    const summary = `Enrolled 1 photo of ${person.name}`
    const written = await this.#reviews.accept(
      reviewId,
      face ?? 0,
      person.personId === undefined ? { name: person.name } : { personId: person.personId },
      { actor: this.#actor, summary, ...override },
    )
    return { done: true, act: actOf(written, summary) }
  }

  /** The face is not the person's. Raises `not-found`. */
  async reject(reviewId: ReviewId): Promise<Act> {
    const { person } = await this.#reviews.review(reviewId)
    const summary = `Did not enrol 1 photo as ${person.name}`
    return actOf(await this.#reviews.reject(reviewId, { actor: this.#actor, summary }), summary)
  }

  /** What speaks against each face of a review joining a person; whoever chooses a face points at it. */
  #reasons(
    { clientId, domain, modelId, photo, facesInPhoto, choice, faces }: WholeReview,
    person: GatePerson,
  ): Promise<GateReason[][]> {
    if (modelId !== this.#gate.modelId) throw otherModel()
    const chosen = choice === 'unclear' ? 'pointed' : choice
    const joining = faces.map((face) => ({ photo, face, facesInPhoto, choice: chosen }))
    return this.#gate.reasons({ clientId, domain }, person, joining, false)
  }

  async #another({ clientId, domain }: WholeReview, to: PersonRef): Promise<GatePerson> {
    if ('name' in to) {
      const personId = await personByName(this.#gallery, clientId, domain, to.name)
      return { ...(personId === undefined ? {} : { personId }), name: to.name }
    }
    const { personId } = to
    const person = await this.#gallery.person(personId)
    if (person.domain !== domain) {
      throw new VisorError('invalid-argument', `${person.name} is not in the domain ${domain}.`)
    }
    return { personId, name: person.name }
  }
}

function whichFace({ faces }: WholeReview): VisorError {
  return new VisorError(
    'invalid-argument',
    `The photo has ${faces.length} faces; which of them is meant was not said.`,
    {
      consequence: 'It keeps waiting; nothing was changed.',
      remedy: 'Choose the face.',
    },
  )
}

/** A pack that was changed since: its distances would mean nothing. */
function otherModel(): VisorError {
  return new VisorError('conflict', 'This face was measured with another model pack than is in use now.', {
    consequence: 'It cannot be compared with the gallery; it keeps waiting.',
    remedy:
      'Choose the pack that it was enrolled with (Settings, Models), or say that it is not the person and enrol the photo again.',
  })
}

function actOf({ ledgerId }: Written<unknown>, summary: string): Act {
  if (ledgerId === undefined) throw new VisorError('conflict', 'That was said already; nothing was changed.')
  return { ledgerId, summary }
}
