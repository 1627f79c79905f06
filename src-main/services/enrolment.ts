/** Enrols a folder of people: each sub-folder is a person, named as the folder is. Runs in main and on the command line. */
import { realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import pMap from 'p-map'
import { hasCode, VisorError } from '../../src-shared/errors'
import type { EmbeddedFace } from '../../src-shared/face'
import type { EnrolReport } from '../../src-shared/gallery'
import { type Box, intersectionOverUnion, sameFaceIou } from '../../src-shared/geometry'
import { type ClientId, type Domain, type ModelId, personNameSchema, type Sha256 } from '../../src-shared/ids'
import type { AnalyseResult } from '../../src-shared/vision-protocol'
import type { PhotoRunner } from '../host/photo-runner'
import type { FaceAssignment, GalleryStore } from '../storage/gallery-store'
import { cosineDistance } from './gate/cosine-distance'
import { fileError, findPhotos, fingerprint, isPhotoName, listFolder } from './photo-files'
import { photoTimeoutMs } from './photo-timeout'

/** People in work at once: enough that the vision process never waits for a fingerprint or a commit. */
const personsAtOnce = 4
const photosAtOnce = 4
/**
 * [Note: Whose face] In a photo of several faces the enrolled person is the one that dominates it: a box at least this
 * many times the area of the next. Else it is the one face within the *verify* distance of the person's other photos.
 * Else nobody can say, and the photo is skipped with that reason.
 */
const dominatingArea = 4

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
}

interface EnrolledPhoto {
  readonly path: string
  readonly analysis: AnalyseResult
}

interface ChosenFace {
  readonly photo: EnrolledPhoto
  readonly face: EmbeddedFace
}

/**
 * Enrols the people of `folder`. Idempotent: photos that are enrolled already are not analysed again, and a face that is
 * somebody else's in this domain, enrolled or confirmed, is left to them. Each person is one
 * transaction, so what was enrolled before a crash or a cancel stays, and a second run adds the rest.
 *
 * Raises `file-missing`, `file-unreadable`, `invalid-argument` (no sub-folders), `cancelled`, `vision-unavailable`,
 * `conflict` (the vision process has another model than `options.modelId` by now) and what the store raises; a photo that cannot be used is in `skipped`, with the reason.
 */
export async function enrolFolder(
  folder: string,
  gallery: GalleryStore,
  analyser: Pick<PhotoRunner, 'run'>,
  options: EnrolOptions,
): Promise<EnrolReport> {
  const report = { persons: 0, photos: 0, faces: 0, alreadyThere: 0, skipped: [] as EnrolReport['skipped'] }
  const skip = (path: string, error: VisorError) => {
    report.skipped.push({ path, reason: error.message, code: error.code })
  }
  const people = await findPeople(folder, skip, options.signal)
  const total = people.reduce((sum, person) => sum + person.photos.length, 0)
  let done = 0

  await gallery.ensureDomain(options.clientId, options.domain)
  const enrolled = new Map<Sha256, Set<string>>()
  for (const [sha256, names] of await gallery.enrolledPhotos(
    options.clientId,
    options.domain,
    options.modelId,
  )) {
    enrolled.set(sha256, new Set(names))
  }

  /** Faces that this run has given away: two folders may hold the same photo. */
  const given: { readonly sha256: Sha256; readonly box: Box; readonly name: string }[] = []
  const leaveToOthers = async (name: string, faces: readonly ChosenFace[]): Promise<ChosenFace[]> => {
    const known = await gallery.knownFaces(
      options.clientId,
      faces.map(({ photo }) => photo.analysis.sha256),
    )
    return faces.filter(({ photo: { path, analysis }, face: { box } }) => {
      const { sha256 } = analysis
      const owners = [
        ...given.filter((face) => face.sha256 === sha256),
        ...(known.get(sha256) ?? []).flatMap(({ person, box: knownBox }) =>
          person?.domain === options.domain ? [{ name: person.name, box: knownBox }] : [],
        ),
      ]
      const owner = owners.find((face) => intersectionOverUnion(face.box, box) >= sameFaceIou)
      if (owner !== undefined && owner.name !== name) {
        skip(path, new VisorError('conflict', `This face is ${owner.name}'s already.`))
        return false
      }
      given.push({ sha256, box, name })
      return true
    })
  }

  const analyse = async (name: string, path: string): Promise<EnrolledPhoto | undefined> => {
    options.signal?.throwIfAborted()
    try {
      const sha256 = await fingerprint(path, options.signal)
      const names = enrolled.get(sha256) ?? new Set<string>()
      if (names.has(name)) {
        report.alreadyThere += 1
        return undefined
      }
      enrolled.set(sha256, names.add(name))
      const analysis = await analyser.run(
        { params: { source: { path }, thorough: false, flip: options.flip, thumbnailPx: 0, crops: true } },
        { timeoutMs: photoTimeoutMs, ...(options.signal === undefined ? {} : { signal: options.signal }) },
      )
      if (analysis.modelId !== options.modelId) throw modelChanged()
      return { path, analysis }
    } catch (error) {
      if (!(error instanceof VisorError) || stopsEverything(error)) throw error
      skip(path, error)
      return undefined
    } finally {
      done += 1
      options.onProgress?.({ done, total, detail: `${name} · ${basename(path)}` })
    }
  }

  await pMap(
    people,
    async ({ name, photos }) => {
      const analysed = await pMap(photos, (path) => analyse(name, path), { concurrency: photosAtOnce })
      const usable = analysed.filter((photo) => photo !== undefined)
      const chosen = await leaveToOthers(name, chooseFaces(usable, options.verifyDistance, skip))
      if (chosen.length === 0) return
      const { value } = await gallery.assignFaces(
        options.clientId,
        options.domain,
        options.modelId,
        chosen.map(
          ({ photo, face }): FaceAssignment => ({
            person: { name },
            photo: { ...photo.analysis, path: photo.path },
            face,
            source: 'enrolled',
          }),
        ),
        { actor: options.actor, summary: `Enrolled ${chosen.length} photos of ${name}` },
      )
      const added = value.filter(({ outcome }) => outcome !== 'already-there')
      report.persons += value.some(({ personCreated }) => personCreated) ? 1 : 0
      report.photos += added.length
      report.faces += added.length
      report.alreadyThere += value.length - added.length
    },
    { concurrency: personsAtOnce },
  )
  report.skipped.sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }))
  return report
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

async function findPeople(
  folder: string,
  skip: (path: string, error: VisorError) => void,
  signal?: AbortSignal,
): Promise<{ name: string; photos: string[] }[]> {
  const entries = await listFolder(folder)
  if (entries instanceof VisorError) throw entries
  const real = await realpath(folder)
  const people: { name: string; photos: string[] }[] = []
  let folders = 0
  for (const entry of entries) {
    const path = join(folder, entry.name)
    const target = entry.isSymbolicLink()
      ? await stat(path).catch((cause: unknown) => fileError(path, cause))
      : entry
    if (target instanceof VisorError) skip(path, target)
    else if (target.isDirectory()) {
      folders += 1
      const name = personNameSchema.safeParse(entry.name)
      if (!name.success) {
        skip(
          path,
          new VisorError('invalid-argument', 'The name of this folder cannot be a name of a person.'),
        )
        continue
      }
      const photos: string[] = []
      for await (const photo of findPhotos([path], signal, real)) {
        if (photo.error === undefined) photos.push(photo.path)
        else skip(photo.path, photo.error)
      }
      people.push({ name: name.data, photos })
    } else if (isPhotoName(entry.name)) {
      skip(path, new VisorError('invalid-argument', 'The photo is not in the folder of a person.'))
    }
  }
  if (folders === 0) {
    throw new VisorError('invalid-argument', 'This folder has no folders of people in it.', {
      detail: folder,
      consequence: 'Nobody was enrolled.',
      remedy: 'Make one folder for each person, named as the person is, with their photos inside.',
    })
  }
  return people
}

/** One face per photo, by [Note: Whose face]; photos without such a face are skipped. */
function chooseFaces(
  photos: readonly EnrolledPhoto[],
  verifyDistance: number,
  skip: (path: string, error: VisorError) => void,
): ChosenFace[] {
  const chosen: ChosenFace[] = []
  const ambiguous: EnrolledPhoto[] = []
  for (const photo of photos) {
    const [largest, next] = photo.analysis.faces
    if (largest === undefined) skip(photo.path, new VisorError('no-face', 'No face was found.'))
    else if (next === undefined || area(largest) >= dominatingArea * area(next))
      chosen.push({ photo, face: largest })
    else ambiguous.push(photo)
  }
  const certain = chosen.map(({ face }) => face.embedding)
  for (const photo of ambiguous) {
    const near = photo.analysis.faces.filter((face) =>
      certain.some((embedding) => cosineDistance(face.embedding, embedding) <= verifyDistance),
    )
    if (near.length === 1 && near[0] !== undefined) chosen.push({ photo, face: near[0] })
    else {
      const reason = `The photo has ${photo.analysis.faces.length} faces, and which of them is meant cannot be told.`
      skip(photo.path, new VisorError('several-faces', reason))
    }
  }
  return chosen
}

function area({ box }: Pick<EmbeddedFace, 'box'>): number {
  return box.w * box.h
}
