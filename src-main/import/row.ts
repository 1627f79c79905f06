/** Makes rows of what readers find, with the checks that all sources have in common. Import worker thread. */
import { domainSchema, type ModelId, modelIdSchema, personNameSchema } from '../../src-shared/ids'
import type { RowProblem, SourcePerson, SourceRow } from './source'

type Found = Pick<SourceRow, 'position' | 'key'> & Partial<SourceRow>

/**
 * A row with what was found; the rest is `null`. The first of these is its problem: what the reader itself says, no person, a
 * name that cannot be, a vector that is none. Whether its length fits is the target's to say.
 */
export function rowOf({ person = null, embedding = null, problem = null, ...found }: Found): SourceRow {
  return {
    photoPath: null,
    image: null,
    box: null,
    confidence: null,
    quality: null,
    createdAt: null,
    hash: null,
    modelId: null,
    ...found,
    person: person === null ? null : clippedPerson(person),
    embedding,
    problem: problem ?? personProblem(person) ?? (embedding === null ? null : vectorProblem(embedding)),
  }
}

/** Somebody of whom the source has the name alone. */
export const personByName = (name: string, domain: string | null = null): SourcePerson => ({
  key: JSON.stringify([domain, name]),
  name,
  domain,
  clientId: null,
  wikidataId: null,
  occupation: null,
  description: null,
  createdAt: null,
})

const longestName = 200

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

function vectorProblem(embedding: Float32Array): RowProblem | null {
  let squared = 0
  for (const value of embedding) squared += value * value
  if (!Number.isFinite(squared) && embedding.some((value) => !Number.isFinite(value))) {
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
export const clipped = (text: string): string =>
  text.length <= longestName ? text : `${text.slice(0, longestName)}…`

/** `deepface/vggface`; see [Note: Claimed models]. `null` where the name is none. */
export function claimedModel(name: string): ModelId | null {
  const plain = name.includes('/') ? name.trim() : `deepface/${name.toLowerCase().replaceAll(/[-_\s]/g, '')}`
  const parsed = modelIdSchema.safeParse(plain)
  return parsed.success && plain !== 'deepface/' ? parsed.data : null
}
