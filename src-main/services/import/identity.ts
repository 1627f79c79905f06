/**
 * The ids of what an import makes. Pure; main, command line.
 *
 * [Note: Imported ids] They follow from what the source holds, so that the same row gives the same person, photo and face in every
 * run, on whichever store: UUIDs of version 8 (RFC 9562), whose other 122 bits are of a SHA-256. A photo that Visor has not seen is
 * known by a hash that stands in for that of its bytes: of its path, and where no box says which face of it is meant, of the vector
 * too. No file has such a hash: what is hashed begins with a word that begins no format of pictures.
 *
 * [Note: Neighbours] A database writes rows fastest whose ids lie beside one another: each index is then written in few places. Most
 * sources have photos whose paths differ only in their last characters one after the other, so the first 32 bits of a stand-in are a
 * hash of what those paths have in common, and ids of photos and faces begin with the first 32 bits of the photo's hash. The other
 * 90 bits of an id are as good as chance.
 */
import { hash } from 'node:crypto'
import type { Box } from '../../../src-shared/geometry'
import {
  type ClientId,
  type Domain,
  type FaceId,
  faceIdSchema,
  type ModelId,
  type PersonId,
  type PhotoId,
  personIdSchema,
  photoIdSchema,
  type Sha256,
  sha256Schema,
} from '../../../src-shared/ids'
import { remembered } from './remembered'

/** Hexadecimal. Of a JSON list: no two lists of parts give the same text. */
function digestOf(kind: string, parts: readonly string[]): string {
  return hash('sha256', `visor import\0${kind}\0${JSON.stringify(parts)}`)
}

/** `beside`: begins with the first digits of this hash; see [Note: Neighbours]. */
function uuidOf(kind: string, parts: readonly string[], beside?: Sha256): string {
  const hex = digestOf(kind, parts)
  const first = (beside ?? hex).slice(0, neighbourDigits)
  // The variant is two bits of a digit.
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) % 4]
  return `${first}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** Hexadecimal; a UUID's first group. */
const neighbourDigits = 8
/** Characters in which the names of neighbours differ. */
const ownCharacters = 2

/** What photos beside one another have in common. */
function neighbourhoodOf(path: string): string {
  const withoutFormat = path.replace(/\.[^./\\]{1,5}$/, '')
  return withoutFormat.slice(0, Math.max(0, withoutFormat.length - ownCharacters))
}

const firstDigits = remembered((neighbourhood) =>
  digestOf('neighbours', [neighbourhood]).slice(0, neighbourDigits),
)

/** Stands in for the SHA-256 of a photo's bytes; `box`: `null` where the source has none; `vector`: the digest of its bits. */
export function standInSha256(path: string, box: Box | null, vector: string): Sha256 {
  const parts = box === null || path === '' ? [path, vector] : [path]
  const beside = firstDigits(neighbourhoodOf(path))
  return sha256Schema.parse(beside + digestOf('photo', parts).slice(neighbourDigits))
}

/** `key`: what tells people of one name apart in the source. */
export function importedPersonId(clientId: ClientId, domain: Domain, key: string, name: string): PersonId {
  return personIdSchema.parse(uuidOf('person', [clientId, domain, key, name]))
}

export function importedPhotoId(clientId: ClientId, domain: Domain, sha256: Sha256): PhotoId {
  return photoIdSchema.parse(uuidOf('photo', [clientId, domain, sha256], sha256))
}

export function importedFaceId(
  clientId: ClientId,
  domain: Domain,
  sha256: Sha256,
  modelId: ModelId,
  vector: string,
): FaceId {
  return faceIdSchema.parse(uuidOf('face', [clientId, domain, sha256, modelId, vector], sha256))
}

/** Of a face that was found in a photo whose person is known. */
export function importedFaceOfPhoto(
  clientId: ClientId,
  domain: Domain,
  sha256: Sha256,
  personId: PersonId,
): FaceId {
  return faceIdSchema.parse(uuidOf('face of photo', [clientId, domain, sha256, personId], sha256))
}
