/** Makes rows of what readers find, with the checks that all sources have in common. Import worker thread. */
import { domainSchema, type ModelId, modelIdSchema, personNameSchema } from '../../src-shared/ids'
import type { RowProblem, SourcePerson, SourceRow } from './source'
import { squaredLength } from './unit-vector'

type Found = Pick<SourceRow, 'position' | 'key'> & Partial<Omit<SourceRow, 'squared'>>

/**
 * A row with what was found; the rest is `null`. The first of these is its problem: what the reader itself says, a path that
 * cannot be, no person, a name that cannot be, a vector that is none. Whether its length fits is the target's to say.
 */
export function rowOf({
  person = null,
  photoPath = null,
  embedding = null,
  problem = null,
  ...found
}: Found): SourceRow {
  const squared = embedding === null ? 0 : squaredLength(embedding)
  const ownProblem = problem ?? (photoPath === null ? null : pathProblem(photoPath)) ?? personProblem(person)
  return {
    image: null,
    box: null,
    confidence: null,
    createdAt: null,
    modelId: null,
    ...found,
    person: person === null ? null : clippedPerson(person),
    photoPath: photoPath?.slice(0, longestPath) ?? null,
    embedding,
    squared,
    problem: ownProblem ?? (embedding === null ? null : vectorProblem(squared)),
  }
}

/** Somebody of whom the source has the name alone. */
export const personByName = (name: string): SourcePerson => ({
  key: name,
  name,
  domain: null,
  clientId: null,
  wikidataId: null,
  occupation: null,
  description: null,
  createdAt: null,
})

const longestName = 200
/** Of every system's paths the longest, characters. */
export const longestPath = 4096
/** Numbers; pgvector's own limit is 16,000, the longest that DeepFace's models give 4,096. */
const longestVector = 16_384

/** `undefined` where a vector of so many numbers may be read: what a source claims is not set aside unseen, a thousand times. */
export const lengthProblem = (numbers: number): RowProblem | undefined =>
  numbers <= longestVector
    ? undefined
    : {
        reason: 'not-a-vector',
        detail: `${numbers.toLocaleString('en-GB')} numbers are no embedding; ${longestVector.toLocaleString('en-GB')} are the most.`,
      }

function pathProblem(path: string): RowProblem | null {
  if (path.length > longestPath)
    return { reason: 'invalid-text', detail: 'The photo’s path is longer than any may be.' }
  return hasBrokenText(path)
    ? { reason: 'invalid-text', detail: 'The photo’s path holds bytes that are no text.' }
    : null
}

function personProblem(person: SourcePerson | null): RowProblem | null {
  if (person === null) return { reason: 'no-person', detail: 'Nothing says who this is.' }
  const { name } = person
  if (name.trim() === '') return { reason: 'no-person', detail: 'The name is empty.' }
  if (name.length > longestName) {
    return {
      reason: 'name-too-long',
      detail: `The name has ${name.length > 4000 ? 'more than 4,000' : name.length} characters; ${longestName} is the most.`,
    }
  }
  if (hasBrokenText(name)) return { reason: 'invalid-text', detail: 'The name holds bytes that are no text.' }
  const checked = personNameSchema.safeParse(name)
  if (!checked.success) {
    return { reason: 'invalid-text', detail: checked.error.issues[0]?.message ?? 'It cannot be a name.' }
  }
  const { domain } = person
  return domain === null || (domainSchema.safeParse(domain).success && !hasBrokenText(domain))
    ? null
    : { reason: 'invalid-text', detail: 'The name of the domain cannot be one.' }
}

/** What decoding made of bytes that are no UTF-8. */
export const hasBrokenText = (text: string): boolean => text.includes('\ufffd')

/** Why a vector cannot be at length 1, by its {@link squaredLength}. */
export function vectorProblem(squared: number): RowProblem | null {
  if (!Number.isFinite(squared)) {
    return { reason: 'not-finite', detail: 'The embedding holds numbers that are infinite or none.' }
  }
  return squared === 0 ? { reason: 'zero-length', detail: 'The embedding is all zeros.' } : null
}

/** What is too long to be somebody's is not carried along. */
function clippedPerson(person: SourcePerson): SourcePerson {
  const { name, domain, clientId } = person
  return {
    ...person,
    name: clipped(name),
    domain: domain === null ? null : clipped(domain),
    clientId: clientId === null ? null : clipped(clientId),
  }
}

/** As much of a text as can be shown. */
const clipped = (text: string): string =>
  text.length <= longestName ? text : `${text.slice(0, longestName)}…`

/** `deepface/vggface`; see [Note: Claimed models]. `null` where the name is none. */
export function claimedModel(name: string): ModelId | null {
  const plain = name.includes('/') ? name.trim() : `deepface/${name.toLowerCase().replaceAll(/[-_\s]/g, '')}`
  const parsed = modelIdSchema.safeParse(plain)
  return parsed.success && plain !== 'deepface/' ? parsed.data : null
}
