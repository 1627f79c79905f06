/** Enrols photos of people through the gate, in three piles: fine, needs a look, refused. Main, command line. */

import { basename } from 'node:path'
import pMap from 'p-map'
import { counted } from '../../../src-shared/amounts'
import { hasCode, VisorError } from '../../../src-shared/errors'
import type { Batch, EnrolReport } from '../../../src-shared/gallery'
import type { GateReason } from '../../../src-shared/gate'
import { sentenceOf } from '../../../src-shared/gate-sentences'
import type { ClientId, Domain, LedgerId, ModelId, PersonId, Sha256 } from '../../../src-shared/ids'
import type { PhotoRunner } from '../../host/photo-runner'
import type { FaceAssignment } from '../../storage/gallery-records'
import type { GalleryStore } from '../../storage/gallery-store'
import type { NewReview, ReviewStore } from '../../storage/review-store'
import type { EnrolmentGate, GatePerson } from '../gate/enrolment-gate'
import { type Pile, pileOf } from '../gate/policy'
import { personByName } from '../person-by-name'
import { fingerprint } from '../photo-files'
import { photoTimeoutMs } from '../photo-timeout'
import { findPeople, photosAt, type Skip } from './people-folder'
import { type ChosenPhoto, choosePhotos, type EnrolledPhoto } from './whose-face'

/** People in work at once: enough that the vision process never waits for a fingerprint or a commit. */
const personsAtOnce = 4
const photosAtOnce = 4
/** Photos of one person that are judged and stored together; they are compared with each other on this very thread. */
const photosAtATime = 64
/** Faces of one photo that are kept to choose from, the largest ones. */
const facesToChooseFrom = 24

export interface EnrolOptions {
  readonly clientId: ClientId
  readonly domain: Domain
  readonly modelId: ModelId
  /** Cosine distance of one comparison, see [Note: Thresholds]. */
  readonly verifyDistance: number
  readonly actor: string
  readonly flip: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { done: number; total: number; detail: string }) => void
  /** What every entry is a step of. */
  readonly partOf?: Batch
  /** Told of each entry of the ledger as soon as it is written, so that what a cancel leaves can be undone, too. */
  readonly onWritten?: (ledgerId: LedgerId) => void
}

export interface EnrolNeeds {
  readonly gallery: GalleryStore
  readonly reviews: Pick<ReviewStore, 'add' | 'photos'>
  readonly gate: Pick<EnrolmentGate, 'reasons' | 'underPolicy'>
  readonly analyser: Pick<PhotoRunner, 'run'>
}

/** Whose photos these are; without an id who has the name, or somebody new. */
interface PersonPhotos extends GatePerson {
  readonly photos: readonly string[]
}

/**
 * Enrols the people of `folder`. Idempotent: photos that are enrolled, wait in review or were decided there are not analysed
 * again. What was enrolled or put into review before a crash or a cancel stays, and a second run adds the rest.
 *
 * Raises `file-missing`, `file-unreadable`, `invalid-argument` (no sub-folders), and what {@link enrolPhotos} raises.
 */
export async function enrolFolder(
  folder: string,
  needs: EnrolNeeds,
  options: EnrolOptions,
): Promise<EnrolReport> {
  const enrolment = new Enrolment(needs, options)
  return enrolment.run(await findPeople(folder, enrolment.skip, options.signal))
}

/**
 * Enrols photos, or folders of photos, of one person of the domain; idempotent as well.
 *
 * Raises `cancelled`, `vision-unavailable`, `conflict` (the vision process has another model than `options.modelId` by now) and
 * what the store raises; a photo that cannot be used is in `skipped`, with the reason.
 */
export async function enrolPhotos(
  person: { readonly personId: PersonId; readonly name: string },
  paths: readonly string[],
  needs: EnrolNeeds,
  options: EnrolOptions,
): Promise<EnrolReport> {
  const enrolment = new Enrolment(needs, options)
  return enrolment.run([{ ...person, photos: await photosAt(paths, enrolment.skip, options.signal) }])
}

type Report = { -readonly [K in keyof EnrolReport]: EnrolReport[K] }

class Enrolment {
  readonly #needs: EnrolNeeds
  readonly #options: EnrolOptions
  readonly #report: Report = {
    persons: 0,
    photos: 0,
    faces: 0,
    alreadyThere: 0,
    needsLook: [],
    refused: [],
    skipped: [],
  }
  /** By photo: the names that it is enrolled for, or waits or was decided for. */
  readonly #known = new Map<Sha256, Set<string>>()
  #done = 0
  #total = 0

  constructor(needs: EnrolNeeds, options: EnrolOptions) {
    this.#needs = needs
    this.#options = options
  }

  readonly skip: Skip = (path, error) => {
    this.#report.skipped.push({ path, reason: error.message, code: error.code })
  }

  async run(people: readonly PersonPhotos[]): Promise<EnrolReport> {
    const { gallery, reviews } = this.#needs
    const { clientId, domain, modelId } = this.#options
    this.#total = people.reduce((sum, { photos }) => sum + photos.length, 0)
    await gallery.ensureDomain(clientId, domain)
    const [enrolled, reviewed] = await Promise.all([
      gallery.enrolledPhotos(clientId, domain, modelId),
      reviews.photos({ clientId, domain, modelId }),
    ])
    for (const [sha256, names] of [...enrolled, ...reviewed]) {
      const known = this.#known.get(sha256) ?? new Set()
      for (const name of names) known.add(name)
      this.#known.set(sha256, known)
    }
    // Judged and stored in their order, whoever is analysed first: each is compared with those before.
    let last: Promise<unknown> = Promise.resolve()
    await pMap(
      people,
      (person) => {
        const enrolled = this.#person(person, last)
        // What fails ends the enrolment by `enrolled`; whoever is next only waits for it.
        last = Promise.allSettled([last, enrolled])
        return enrolled
      },
      { concurrency: personsAtOnce },
    )
    const byPath = (a: { path: string }, b: { path: string }) =>
      a.path.localeCompare(b.path, 'en', { numeric: true })
    for (const list of [this.#report.needsLook, this.#report.refused, this.#report.skipped]) list.sort(byPath)
    return this.#report
  }

  /** `before`: the end of the person before. */
  async #person(person: PersonPhotos, before: Promise<unknown>): Promise<void> {
    for (let first = 0; first < person.photos.length; first += photosAtATime) {
      const some = person.photos.slice(first, first + photosAtATime)
      const analysed = await pMap(some, (path) => this.#analyse(person.name, path), {
        concurrency: photosAtOnce,
      })
      const usable = analysed.filter((photo) => photo !== undefined)
      await before
      await this.#store(person, usable)
    }
  }

  /** The photo with its faces; `undefined` where it is known already, or cannot be used. */
  async #analyse(name: string, path: string): Promise<EnrolledPhoto | undefined> {
    const { signal, flip, modelId, onProgress } = this.#options
    signal?.throwIfAborted()
    try {
      const sha256 = await fingerprint(path, signal)
      const names = this.#known.get(sha256) ?? new Set<string>()
      if (names.has(name)) {
        this.#report.alreadyThere += 1
        return undefined
      }
      this.#known.set(sha256, names.add(name))
      const analysis = await this.#needs.analyser.run(
        { params: { source: { path }, thorough: false, flip, thumbnailPx: 0, crops: true } },
        { timeoutMs: photoTimeoutMs, ...(signal === undefined ? {} : { signal }) },
      )
      if (analysis.modelId !== modelId) throw modelChanged()
      if (analysis.faces.length === 0) throw new VisorError('no-face', 'No face was found.')
      return { path, analysis }
    } catch (error) {
      if (!(error instanceof VisorError) || stopsEverything(error)) throw error
      this.skip(path, error)
      return undefined
    } finally {
      this.#done += 1
      onProgress?.({ done: this.#done, total: this.#total, detail: `${name} · ${basename(path)}` })
    }
  }

  /** Judges photos of one person and puts each on its pile. */
  async #store(wanted: GatePerson, photos: readonly EnrolledPhoto[]): Promise<void> {
    if (photos.length === 0) return
    const { gallery, gate } = this.#needs
    const { clientId, domain, verifyDistance } = this.#options
    const { name } = wanted
    const personId = wanted.personId ?? (await personByName(gallery, clientId, domain, name))
    const person: GatePerson = { personId, name }
    const chosen = choosePhotos(photos, verifyDistance, await this.#theirs(personId, photos))
    const clear = chosen.filter(({ choice }) => choice !== 'unclear')
    const reasonsOfClear = await gate.reasons(
      { clientId, domain },
      person,
      clear.map(({ photo: { analysis }, faces, choice }) => ({
        photo: analysis,
        face: faces[0]!,
        facesInPhoto: analysis.faces.length,
        choice,
      })),
      false,
    )
    const piles: Record<Pile, { readonly chosen: ChosenPhoto; readonly reasons: readonly GateReason[] }[]> = {
      fine: [],
      look: [],
      refused: [],
    }
    for (const one of chosen) {
      const place = clear.indexOf(one)
      const reasons =
        place !== -1
          ? reasonsOfClear[place]!
          : gate.underPolicy({ clientId, domain }, [
              { kind: 'several-faces', faces: one.photo.analysis.faces.length, choice: 'unclear' },
            ])
      piles[pileOf(reasons)].push({ chosen: one, reasons })
    }
    await this.#enrol(
      person,
      piles.fine.map((one) => one.chosen),
    )
    await this.#putInReview(person, piles.look)
    for (const { chosen: one, reasons } of piles.refused) {
      const reason = reasons.map(({ finding }) => sentenceOf(finding)).join(' ')
      this.#report.refused.push({ path: one.photo.path, reason, code: reasons[0]!.finding.kind })
    }
  }

  /** Tells the faces of photos of several that are like one that is enrolled for the person. */
  async #theirs(
    personId: PersonId | undefined,
    photos: readonly EnrolledPhoto[],
  ): Promise<(face: ChosenPhoto['faces'][number]) => boolean> {
    const faces = photos.flatMap(({ analysis }) => (analysis.faces.length > 1 ? analysis.faces : []))
    if (personId === undefined || faces.length === 0) return () => false
    const { modelId, verifyDistance } = this.#options
    const probes = faces.map(({ embedding }) => embedding)
    const own = await this.#needs.gallery.ownFaces({ personId, modelId, probes, limit: 1 })
    const near = own.map(({ nearest }) => (nearest[0]?.distance ?? 2) <= verifyDistance)
    const theirs = new Set(faces.filter((_, index) => near[index]))
    return (face) => theirs.has(face)
  }

  async #enrol({ personId, name }: GatePerson, chosen: readonly ChosenPhoto[]): Promise<void> {
    if (chosen.length === 0) return
    const { clientId, domain, modelId, actor, partOf, onWritten } = this.#options
    const { value, ledgerId } = await this.#needs.gallery.assignFaces(
      clientId,
      domain,
      modelId,
      chosen.map(
        ({ photo, faces }): FaceAssignment => ({
          person: personId === undefined ? { name } : { personId },
          photo: { ...photo.analysis, path: photo.path },
          face: faces[0]!,
          source: 'enrolled',
        }),
      ),
      {
        actor,
        summary: `Enrolled ${counted(chosen.length, 'photo')} of ${name}`,
        ...(partOf === undefined ? {} : { partOf }),
      },
    )
    if (ledgerId !== undefined) onWritten?.(ledgerId)
    const added = value.filter(({ outcome }) => outcome !== 'already-there')
    this.#report.persons += value.some(({ personCreated }) => personCreated) ? 1 : 0
    this.#report.photos += added.length
    this.#report.faces += added.length
    this.#report.alreadyThere += value.length - added.length
  }

  async #putInReview(
    person: GatePerson,
    look: readonly { readonly chosen: ChosenPhoto; readonly reasons: readonly GateReason[] }[],
  ): Promise<void> {
    if (look.length === 0) return
    const { clientId, domain, modelId } = this.#options
    await this.#needs.reviews.add(
      { clientId, domain, modelId },
      look.map(
        ({ chosen: { photo, faces, choice }, reasons }): NewReview => ({
          person,
          photo: { ...photo.analysis, path: photo.path },
          facesInPhoto: photo.analysis.faces.length,
          choice,
          kinds: [...new Set(reasons.map(({ finding }) => finding.kind))],
          faces: faces.slice(0, facesToChooseFrom),
        }),
      ),
    )
    for (const { chosen, reasons } of look) {
      this.#report.needsLook.push({
        path: chosen.photo.path,
        name: person.name,
        reasons: reasons.map(({ finding }) => sentenceOf(finding)),
      })
    }
  }
}

/** Embeddings of two models under one name would make every search of it wrong. */
function modelChanged(): VisorError {
  return new VisorError('conflict', 'The model pack was changed meanwhile.', {
    consequence: 'The enrolment ended; the people enrolled before stay.',
    remedy: 'Enrol the folder again: the rest is added with the pack now in use.',
  })
}

/** Whether an error is about the whole enrolment, not about one photo. */
function stopsEverything(error: VisorError): boolean {
  if (hasCode(error, 'cancelled') || hasCode(error, 'conflict')) return true
  return error.fault !== 'input' && !hasCode(error, 'deadline-exceeded')
}
