/** Everything about a person or a face that curators change, read and written whole. Store worker thread. */
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import {
  type ClientId,
  clientIdSchema,
  type Domain,
  domainSchema,
  type FaceId,
  faceIdSchema,
  ledgerIdSchema,
  type PersonId,
  personIdSchema,
  photoIdSchema,
} from '../../../../src-shared/ids'
import { foldText } from '../../../../src-shared/text'
import type { Connection } from '../connection'
import type { WriteScope } from '../ledger/ledger'
import { isUniqueViolation } from '../refusals'
import { faceSourceSchema, jsonList } from '../rows'

/** What of a person can be changed, and is put back by an undo. Tags and aliases are one field each, in order. */
export const personFieldsSchema = z.object({
  domain: domainSchema,
  name: z.string(),
  wikidataId: z.string().nullable(),
  occupation: z.string().nullable(),
  description: z.string().nullable(),
  coverFaceId: faceIdSchema.nullable(),
  tags: z.array(z.string()),
  aliases: z.array(z.string()),
  /** Removed by the entry that says so. */
  removed: z.boolean(),
})
export type PersonFields = z.infer<typeof personFieldsSchema>

/** What of a face can be changed, and is put back by an undo. */
export const faceFieldsSchema = z.object({
  personId: personIdSchema.nullable(),
  source: faceSourceSchema,
  domain: domainSchema,
  /** The photo's record in that domain. */
  photoId: photoIdSchema,
})
export type FaceFields = z.infer<typeof faceFieldsSchema>

const personStateRow = personFieldsSchema.omit({ removed: true }).extend({
  personId: personIdSchema,
  clientId: clientIdSchema,
  /** Unix milliseconds. */
  updatedAt: z.number().int(),
  removedBy: ledgerIdSchema.nullable(),
  tags: jsonList(z.string()),
  aliases: jsonList(z.string()),
})
/** A person, live or removed. */
export type PersonState = z.infer<typeof personStateRow>

const faceStateRow = faceFieldsSchema.extend({ faceId: faceIdSchema, clientId: clientIdSchema })
/** A live face. */
export type FaceState = z.infer<typeof faceStateRow>

export const selectPersonState = `
  SELECT id AS personId, client_id AS clientId, domain, name, wikidata_id AS wikidataId, occupation, description,
    cover_face_id AS coverFaceId, updated_at AS updatedAt, removed_by AS removedBy,
    (SELECT json_group_array(tag ORDER BY key) FROM person_tags WHERE person_id = persons.id) AS tags,
    (SELECT json_group_array(name ORDER BY name) FROM person_aliases WHERE person_id = persons.id) AS aliases
  FROM persons WHERE id = ?`
export const selectFaceState = `
  SELECT id AS faceId, client_id AS clientId, person_id AS personId, source, domain, photo_id AS photoId
  FROM faces WHERE id = ? AND removed_by IS NULL`
export const selectFaceStates = `
  SELECT f.id AS faceId, f.client_id AS clientId, f.person_id AS personId, f.source, f.domain, f.photo_id AS photoId
  FROM ids(?) asked CROSS JOIN faces f ON f.id = asked.value WHERE f.removed_by IS NULL`
export const updateFaces = `
  UPDATE faces SET person_id = id_of(json_extract(given.value, '$.personId')),
    source = json_extract(given.value, '$.source'), domain = json_extract(given.value, '$.domain'),
    photo_id = id_of(json_extract(given.value, '$.photoId'))
  FROM texts(?) given WHERE faces.id = id_of(json_extract(given.value, '$.faceId'))`

/** What tags are compared by: case aside. */
export const tagKey = (tag: string) => tag.toLowerCase()

/** Tags in the order in which they are kept; one of each. */
export function orderedTags(tags: Iterable<string>): string[] {
  const byKey = new Map<string, string>()
  for (const tag of tags) if (!byKey.has(tagKey(tag))) byKey.set(tagKey(tag), tag)
  return [...byKey].sort(([a], [b]) => compareBytes(a, b)).map(([, tag]) => tag)
}

/** Aliases in the order in which they are kept; one of each. */
export function orderedAliases(aliases: Iterable<string>): string[] {
  return [...new Set(aliases)].sort(compareBytes)
}

/** SQLite's order of text. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** A person, live or removed; `undefined` where they are gone for good. */
export function personState(connection: Connection, personId: PersonId): PersonState | undefined {
  return connection.row(personStateRow, selectPersonState, personId)
}

/** A live person, of this client where one is given. Raises `not-found`. */
export function livePersonState(
  connection: Connection,
  personId: PersonId,
  clientId?: ClientId,
): PersonState {
  const person = personState(connection, personId)
  if (person === undefined || person.removedBy !== null) {
    throw new VisorError('not-found', 'That person is no longer in the gallery.')
  }
  if (clientId !== undefined && person.clientId !== clientId) {
    throw new VisorError('not-found', 'That person is not of this client.')
  }
  return person
}

/** A live face; `undefined` where there is none. */
export function faceState(connection: Connection, faceId: FaceId): FaceState | undefined {
  return connection.row(faceStateRow, selectFaceState, faceId)
}

/** Adds a person with nothing but a name. */
export function insertPerson(
  connection: Connection,
  scope: WriteScope,
  domain: Domain,
  name: string,
): PersonId {
  const { clientId, at } = scope
  const personId = personIdSchema.parse(scope.newId())
  connection.run(
    `INSERT INTO persons (id, client_id, domain, name, folded, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    personId,
    clientId,
    domain,
    name,
    foldText(name),
    at,
    at,
  )
  return personId
}

/** Writes all of a person but the id and the client. Raises `conflict` where the domain has another person of the name. */
export function writePerson(connection: Connection, before: PersonState, after: PersonState): void {
  const { personId, clientId, domain, name } = after
  try {
    connection.run(
      `UPDATE persons SET domain = ?, name = ?, folded = ?, wikidata_id = ?, occupation = ?, description = ?,
         cover_face_id = ?, updated_at = ?, removed_by = ? WHERE id = ?`,
      domain,
      name,
      foldText(name),
      after.wikidataId,
      after.occupation,
      after.description,
      after.coverFaceId,
      after.updatedAt,
      after.removedBy,
      personId,
    )
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw nameTaken(domain, name, error)
  }
  if (!sameList(before.tags, after.tags)) {
    connection.run('DELETE FROM person_tags WHERE person_id = ?', personId)
    for (const tag of after.tags) {
      connection.run(
        'INSERT INTO person_tags (person_id, key, tag, client_id) VALUES (?, ?, ?, ?)',
        personId,
        tagKey(tag),
        tag,
        clientId,
      )
    }
  }
  if (!sameList(before.aliases, after.aliases)) {
    connection.run('DELETE FROM person_aliases WHERE person_id = ?', personId)
    for (const alias of after.aliases) {
      connection.run(
        'INSERT INTO person_aliases (person_id, name, folded, client_id) VALUES (?, ?, ?, ?)',
        personId,
        alias,
        foldText(alias),
        clientId,
      )
    }
  }
}

/** Live faces by id; those that are gone are left out. */
export function faceStates(connection: Connection, faceIds: readonly FaceId[]): Map<FaceId, FaceState> {
  if (faceIds.length === 0) return new Map()
  const rows = connection.rows(faceStateRow, selectFaceStates, JSON.stringify(faceIds))
  return new Map(rows.map((face) => [face.faceId, face]))
}

/** Writes whose faces are, and where. */
export function writeFaces(
  connection: Connection,
  faces: readonly (FaceFields & { readonly faceId: FaceId })[],
): void {
  if (faces.length > 0) connection.run(updateFaces, JSON.stringify(faces))
}

export function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}

/** A name that another person of the domain has. */
export function nameTaken(domain: string, name: string, cause?: unknown): VisorError {
  return new VisorError('conflict', `${domain} already has a person called ${name}.`, {
    ...(cause === undefined ? {} : { cause }),
    consequence: 'Nothing was changed.',
    remedy: 'Choose another name, or merge the two people.',
  })
}
