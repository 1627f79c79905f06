/** Rows of a source as they go to a gallery, or why they do not. Main, command line. */
import type { UnitEmbedding } from '../../../src-shared/face'
import { wikidataIdSchema } from '../../../src-shared/gallery'
import type { Box } from '../../../src-shared/geometry'
import {
  type ClientId,
  type Domain,
  domainSchema,
  type FaceId,
  type PersonId,
  personNameSchema,
  type Sha256,
} from '../../../src-shared/ids'
import type { RejectReason } from '../../../src-shared/import'
import { type ImportOptions, type RejectedRow, unclaimedModel } from '../../../src-shared/import-run'
import type { GivenRow, Portion, SourcePerson } from '../../import/source'
import type { ImportedDetails, ImportedFace, ImportRows } from '../../storage/import-store'
import { unmeasured } from '../../storage/packed-faces'
import {
  importedFaceId,
  importedFaceOfPhoto,
  importedPersonId,
  importedPhotoId,
  standInSha256,
} from './identity'
import type { PersonNames } from './person-names'
import type { LookedAt } from './photo-rows'
import { remembered } from './remembered'
import { wrongDimension } from './source-vector'

/** Characters of a text of the source that are kept with a rejected row. */
const longestTold = 500
/** Longest path of a photo, characters. */
const longestPath = 4096

/** People whose ids are at hand. */
const personIdsKept = 10_000
const noBox: Box = { x: 0, y: 0, w: 0, h: 0 }

interface Unfit {
  readonly reason: RejectReason
  readonly detail: string
}
interface Placed {
  readonly domain: Domain
  readonly name: string
  readonly key: string
}

export interface RowsOptions {
  readonly clientId: ClientId
  readonly options: Pick<ImportOptions, 'domain' | 'domains' | 'fromClient' | 'modelId'>
  readonly names: PersonNames
  /** What the rows are called that are to be imported; absent: all of them. */
  readonly onlyKeys?: ReadonlySet<string>
}

/** Takes the rows of a source in their order, all of them from the first: what came before decides what is a duplicate. */
export class SourceRows {
  readonly #options: RowsOptions
  /** What the first row of each face is called. */
  readonly #seen = new Map<FaceId, string>()
  readonly #personIds = new Map<string, PersonId>()

  constructor(options: RowsOptions) {
    this.#options = options
  }

  /** What of a portion is at `position` or behind it. `looked`: what photos gave, by position. */
  portion(
    { from, rows }: Portion,
    position: number,
    looked: ReadonlyMap<number, LookedAt> = new Map(),
  ): PreparedPortion {
    const faces: ImportedFace[] = []
    const known: KnownPhoto[] = []
    const rejects: RejectedRow[] = []
    for (const row of rows) {
      const outcome = this.#prepared(row, looked.get(row.position))
      if (outcome === undefined) continue
      if ('sha256' in outcome) known.push(outcome)
      else if (row.position < position) continue
      else if ('reason' in outcome) rejects.push(rejected(row, outcome))
      else faces.push(outcome)
    }
    return { from: Math.max(from, position), to: from + rows.length, faces, rejects, known }
  }

  /** `undefined`: the row is none that is to be imported. */
  #prepared(row: GivenRow, looked: LookedAt | undefined): ImportedFace | KnownPhoto | Unfit | undefined {
    const { onlyKeys, options } = this.#options
    const asked = onlyKeys === undefined || onlyKeys.has(row.key)
    const placed = placeOf(row, options)
    if (placed === undefined) return undefined
    const problem = looked === undefined ? row.problem : null
    const face = problem ?? ('reason' in placed ? placed : this.#face(row, placed, looked))
    if ('reason' in face) return asked ? face : undefined
    const first = this.#seen.get(face.ids.faceId)
    if (first === undefined) this.#seen.set(face.ids.faceId, row.key)
    if (!asked) return undefined
    return first === undefined ? face : { reason: 'duplicate', detail: `The same as ${first}.` }
  }

  #face(row: GivenRow, placed: Placed, looked: LookedAt | undefined): ImportedFace | KnownPhoto | Unfit {
    if (looked !== undefined) return 'reason' in looked ? looked : this.#photographed(row, placed, looked)
    const { embedding: given, vectorDigest } = row
    if (given === null || vectorDigest === null) {
      return { reason: 'no-embedding', detail: 'The source has no embedding of this face.' }
    }
    const unfit = wrongDimension(given)
    if (unfit !== undefined) return unfit
    const embedding = given as UnitEmbedding
    const path = row.photoPath ?? ''
    if (path.length > longestPath || path.includes('\0')) {
      return { reason: 'invalid-text', detail: 'The path of its photo is none.' }
    }
    const { clientId, names, options } = this.#options
    const { domain } = placed
    const { name, key } = names.nameOf(domain, placed.name, placed.key)
    const modelId = options.modelId ?? row.modelId ?? unclaimedModel
    const box = boxOf(row)
    const sha256 = standInSha256(path, box, vectorDigest)
    return {
      position: row.position,
      key: told(row.key),
      domain,
      modelId,
      person: { name, details: detailsOf(row.person) },
      photo: {
        sha256,
        path: path.toWellFormed(),
        format: 'unknown',
        ...leastSize(box ?? noBox),
        seen: false,
      },
      face: { box: box ?? noBox, score: scoreOf(row), ...unmeasured, embedding },
      since: sinceOf(row),
      ids: {
        personId: this.#personId(domain, key, name),
        photoId: importedPhotoId(clientId, domain, sha256),
        faceId: importedFaceId(clientId, domain, sha256, modelId, vectorDigest),
      },
    }
  }

  /** Somebody has several rows. */
  #personId(domain: Domain, key: string, name: string): PersonId {
    const person = JSON.stringify([domain, key, name])
    const known = this.#personIds.get(person)
    if (known !== undefined) return known
    const personId = importedPersonId(this.#options.clientId, domain, key, name)
    if (this.#personIds.size >= personIdsKept) this.#personIds.clear()
    this.#personIds.set(person, personId)
    return personId
  }

  /** A face that was found in the photo itself: known by the photo and the person, whatever is measured on it. */
  #photographed(
    row: GivenRow,
    placed: Placed,
    looked: Exclude<LookedAt, { readonly reason: unknown }>,
  ): ImportedFace | KnownPhoto {
    const { clientId, names } = this.#options
    const { domain } = placed
    const { name, key } = names.nameOf(domain, placed.name, placed.key)
    const sha256 = 'photo' in looked ? looked.photo.sha256 : looked.sha256
    const personId = this.#personId(domain, key, name)
    const ids = {
      personId,
      photoId: importedPhotoId(clientId, domain, sha256),
      faceId: importedFaceOfPhoto(clientId, domain, sha256, personId),
    }
    const { modelId } = looked
    const person = { name, details: detailsOf(row.person) }
    const common = { key: told(row.key), domain, modelId, person, ids }
    if (!('photo' in looked)) return { ...common, sha256 }
    const { photo, face } = looked
    return { ...common, position: row.position, photo, face, since: sinceOf(row) }
  }
}

/** A row that was dealt with before: which photo it is of. */
export interface KnownPhoto extends Pick<ImportedFace, 'key' | 'domain' | 'modelId' | 'person' | 'ids'> {
  readonly sha256: Sha256
}

/** A portion, and rows of photos that are not looked at. */
export interface PreparedPortion extends ImportRows {
  readonly known: readonly KnownPhoto[]
}

/** Whose a row is, and in which domain; `undefined` where it is of a domain or a client that is not asked for. */
export function placeOf(
  { person }: GivenRow,
  options: Pick<ImportOptions, 'domain' | 'domains' | 'fromClient'>,
): Placed | Unfit | undefined {
  const { fromClient } = options
  if (fromClient !== null && person !== null && person.clientId !== fromClient) return undefined
  if (person === null) return { reason: 'no-person', detail: 'Nothing says who this is.' }
  const into = domainOf(person.domain, options)
  if (into === undefined) return undefined
  const { domain } = into
  if (domain === null) {
    return { reason: 'invalid-text', detail: 'Its domain is none, or has no name that can be used.' }
  }
  const name = checkedName(person.name)
  if (name !== undefined) return { domain, name, key: person.key }
  if (person.name.length > 200) {
    return {
      reason: 'name-too-long',
      detail: `The name has ${person.name.length} characters, not at most 200.`,
    }
  }
  return { reason: 'invalid-text', detail: 'The name is none: it is empty, or nothing of it can be seen.' }
}

/** The domain that rows of a domain go to, `null` where that has no name that can be used; `undefined`: they are not asked for. */
function domainOf(
  own: string | null | undefined,
  { domain: only, domains }: Pick<ImportOptions, 'domain' | 'domains'>,
): { readonly domain: Domain | null } | undefined {
  if (domains !== undefined) {
    const chosen = domains.find(({ from }) => from === (own ?? null))
    return chosen === undefined ? undefined : { domain: chosen.to }
  }
  const domain = own == null ? only : (checkedDomain(own) ?? null)
  return only !== null && domain !== only ? undefined : { domain }
}

const checkedDomain = remembered((text) => domainSchema.safeParse(text).data)
const checkedName = remembered((text) => personNameSchema.safeParse(text).data)

function rejected({ position, key, person, photoPath }: GivenRow, unfit: Unfit): RejectedRow {
  return {
    position,
    key: told(key),
    person: person === null ? null : told(person.name),
    photo: photoPath === null ? null : told(photoPath),
    reason: unfit.reason,
    detail: told(unfit.detail),
  }
}

/** A text as it can be kept by any database. */
const told = (text: string) => text.slice(0, longestTold).toWellFormed().replaceAll('\0', '\uFFFD')

function boxOf({ box }: GivenRow): Box | null {
  if (box === null || ![box.x, box.y, box.w, box.h].every(Number.isFinite)) return null
  return box.w > 0 && box.h > 0 ? box : null
}

/** The least photo that has the face in it. */
function leastSize({ x, y, w, h }: Box): { readonly width: number; readonly height: number } {
  const side = (length: number) => Math.min(1e9, Math.max(1, Math.ceil(length)))
  return { width: side(x + w), height: side(y + h) }
}

function scoreOf({ confidence }: GivenRow): number {
  return confidence === null || !Number.isFinite(confidence) ? 0 : Math.min(1, Math.max(0, confidence))
}

/** As far as they can be: a clock that was wrong says nothing. */
function sinceOf({ createdAt, person }: GivenRow): NonNullable<ImportedFace['since']> {
  const isTime = (time: number | null | undefined) => time != null && time > 0 && time <= Date.now()
  return {
    ...(isTime(person?.createdAt) ? { person: person!.createdAt! } : {}),
    ...(isTime(createdAt) ? { face: createdAt! } : {}),
  }
}

function detailsOf(person: SourcePerson | null): ImportedDetails {
  const text = (value: string | null | undefined, longest: number) => {
    if (value == null) return null
    const plain = value.toWellFormed().replaceAll('\0', '').trim().slice(0, longest)
    return plain === '' ? null : plain
  }
  const wikidataId = person?.wikidataId ?? null
  return {
    wikidataId: wikidataId === null ? null : (wikidataIdSchema.safeParse(wikidataId).data ?? null),
    occupation: text(person?.occupation, 200),
    description: text(person?.description, 4000),
  }
}
