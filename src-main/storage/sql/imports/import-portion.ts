/**
 * A portion of an import: what becomes of each row is decided in its order, from what the gallery has, and written at once. Store
 * worker thread; `importPortion` is called within a write.
 */
import { z } from 'zod'
import { mostOverlapping, sameFaceIou } from '../../../../src-shared/geometry'
import {
  type ClientId,
  type Domain,
  type FaceId,
  faceIdSchema,
  type ImportRunId,
  type PersonId,
  personIdSchema,
} from '../../../../src-shared/ids'
import type { ImportRun, RejectedRow } from '../../../../src-shared/import-run'
import type { FaceAssignment, PersonRef } from '../../gallery-records'
import type { ImportedDetails, ImportedFace, ImportPortion, PortionOutcome } from '../../import-store'
import type { Connection } from '../connection'
import { ensureDomain } from '../faces/assign-faces'
import { type AssignDetails, Assigning, newAssignDetails } from '../faces/assign-portion'
import { GalleryState } from '../faces/portion-state'
import { addRejects } from '../faces/rejections'
import { type Done, WriteScope } from '../ledger/ledger'
import { flag, personIdRow } from '../rows'
import { toldApartFromOwners } from '../unknown/told-apart'
import { advance, runAt } from './advance'
import { knownAs } from './known-as'
import { importRefusals, type Refusal } from './refusals'
import { runOf } from './runs'

/** One that went into another face of the same person is there. */
export const selectGivenFaces = `
  SELECT f.id, f.removed_by IS NOT NULL AND f.former_of IS NULL AS removed FROM ids(?) given CROSS JOIN faces f ON f.id = given.value`
/** Of these ids those that somebody has, removed or not. */
export const selectTakenPersons = 'SELECT p.id FROM ids(?) given CROSS JOIN persons p ON p.id = given.value'
export const updateDetails = `
  UPDATE persons SET wikidata_id = json_extract(given.value, '$.wikidataId'),
    occupation = json_extract(given.value, '$.occupation'), description = json_extract(given.value, '$.description')
  FROM texts(?) given WHERE persons.id = id_of(json_extract(given.value, '$.personId'))`

const givenFaceRow = z.object({ id: faceIdSchema, removed: flag })

/** What becomes of a row that the gallery was asked for. */
type Fate = 'imported' | 'already-there' | Refusal

/** The body of `ImportStore.importPortion`. */
export function importPortion(
  connection: Connection,
  scope: WriteScope,
  runId: ImportRunId,
  portion: ImportPortion,
): Done<ImportRun> {
  const { run, isBehind } = runAt(connection, runId, portion)
  if (isBehind) return { value: run, details: undefined }
  const details = newAssignDetails()
  const outcome = decide(connection, scope, portion, [], details, ({ domain, portion: rows, given }) => {
    ensureDomain(connection, scope.clientId, domain, false)
    rows.write()
    if (given.length > 0) connection.run(updateDetails, JSON.stringify(given))
  })
  const apart = toldApartFromOwners(connection, scope, details.moved)
  details.ruledOut.push(...addRejects(connection, apart, scope.at))
  const { action: _action, ...lists } = details
  const changed = Object.values(lists).some((list) => list.length > 0)
  advance(connection, scope, runId, portion, outcome, changed)
  return { value: runOf(connection, runId), details: changed ? details : undefined }
}

/** The body of `ImportStore.tryPortion`. */
export function tryPortion(
  connection: Connection,
  clientId: ClientId,
  portion: ImportPortion,
  earlier: readonly ImportedFace[],
): PortionOutcome {
  const scope = new WriteScope(connection, clientId, '')
  return decide(connection, scope, portion, earlier, newAssignDetails(), () => undefined)
}

/** The rows of one domain and model, decided. */
interface Decided {
  readonly domain: Domain
  readonly portion: Assigning
  /** New people who have details. */
  readonly given: readonly (ImportedDetails & { readonly personId: PersonId })[]
}

/** `write` is called for each domain and model, in turn: the next is decided on what it wrote. */
function decide(
  connection: Connection,
  scope: WriteScope,
  { faces, rejects }: ImportPortion,
  earlier: readonly ImportedFace[],
  details: AssignDetails,
  write: (decided: Decided) => void,
): PortionOutcome {
  const rejected: RejectedRow[] = [...rejects]
  let imported = 0
  let alreadyThere = 0
  for (const group of Map.groupBy(faces, groupKey).values()) {
    const [{ domain, modelId }] = group as [ImportedFace]
    const before = earlier.filter((row) => row.domain === domain && row.modelId === modelId)
    const now = asTheyAre(connection, [...before, ...group])
    const rows = new Rows(connection, scope, now, details)
    for (const row of now.slice(0, before.length)) rows.bring(row)
    for (const row of now.slice(before.length)) {
      const fate = rows.bring(row)
      if (fate === 'imported') imported++
      else if (fate === 'already-there') alreadyThere++
      else rejected.push({ ...namesOf(row), ...fate })
    }
    write({ domain, portion: rows.portion, given: rows.given })
  }
  rejected.sort((a, b) => a.position - b.position)
  return { imported, alreadyThere, rejects: rejected }
}

/** Rows of photos that were seen since, as of the photo and at the box where their faces are by now. */
function asTheyAre(connection: Connection, rows: readonly ImportedFace[]): readonly ImportedFace[] {
  const known = knownAs(
    connection,
    rows.map(({ ids, face }) => ({ photoId: ids.photoId, box: face.box })),
  )
  return rows.map((row, index) => {
    const now = known[index]
    if (now === undefined) return row
    const photo = { ...row.photo, sha256: now.sha256, path: now.path }
    return { ...row, photo, face: { ...row.face, box: now.now } }
  })
}

const groupKey = ({ domain, modelId }: ImportedFace) => JSON.stringify([domain, modelId])

const namesOf = ({ position, key, person, photo }: ImportedFace) => ({
  position,
  key,
  person: person.name,
  photo: photo.path,
})

/** Rows of one domain and model. */
class Rows {
  readonly portion: Assigning
  readonly given: (ImportedDetails & { readonly personId: PersonId })[] = []
  readonly #details: AssignDetails
  readonly #state: GalleryState
  readonly #scope: WriteScope
  readonly #faces: ReadonlyMap<FaceId, boolean>
  readonly #taken: ReadonlySet<PersonId>
  /** By the source's id: who the person is here. */
  readonly #persons = new Map<PersonId, PersonId>()

  constructor(
    connection: Connection,
    scope: WriteScope,
    rows: readonly ImportedFace[],
    details: AssignDetails,
  ) {
    const { domain, modelId } = rows[0]!
    const personIds = unique(rows.map(({ ids }) => ids.personId))
    const list = JSON.stringify(personIds)
    this.#scope = scope
    this.#details = details
    this.#state = new GalleryState(connection, scope.clientId, domain, modelId)
    this.#state.read({
      persons: personIds,
      names: unique(rows.map(({ person }) => person.name)),
      photos: unique(rows.map(({ photo }) => photo.sha256)),
    })
    const given = JSON.stringify(rows.map(({ ids }) => ids.faceId))
    this.#faces = new Map(
      connection.rows(givenFaceRow, selectGivenFaces, given).map(({ id, removed }) => [id, removed]),
    )
    this.#taken = new Set(connection.rows(personIdRow, selectTakenPersons, list).map(({ id }) => id))
    this.portion = new Assigning(connection, scope, domain, modelId, details, this.#state)
  }

  bring(row: ImportedFace): Fate {
    const { ids, photo, face, person, since = {} } = row
    const removed = this.#faces.get(ids.faceId)
    if (removed === true) return importRefusals.deleted
    if (removed === false) return 'already-there'
    const whom = this.#whom(row)
    const personId = 'personId' in whom ? whom.personId : undefined
    const there = this.#state.photos.get(photo.sha256)
    const same = mostOverlapping(there?.faces ?? [], face.box, sameFaceIou)
    if (same !== undefined && personId !== undefined && same.rejected.has(personId))
      return importRefusals.ruledOut
    if (same !== undefined && same.personId !== null && same.personId !== personId)
      return importRefusals.somebodyElse
    if (same === undefined && there?.repeats === false && personId !== undefined) {
      if (there.faces.some((other) => other.personId === personId)) return importRefusals.twice
    }
    const known = same?.personId === personId && same?.embedded === true
    if (same !== undefined && known) return 'already-there'
    const assignment: FaceAssignment = {
      person: whom,
      photo,
      face,
      source: 'imported',
      ids: this.#idsOf(ids),
      since,
    }
    const assigned = this.portion.assign(assignment)
    this.#persons.set(ids.personId, assigned.personId)
    if (assigned.personCreated && Object.values(person.details).some((value) => value !== null)) {
      this.given.push({ personId: assigned.personId, ...person.details })
      Object.assign(this.#details.persons.at(-1)!, { given: person.details })
    }
    return 'imported'
  }

  /** Who has the id, or the name; else somebody new. */
  #whom({ ids, person, domain }: ImportedFace): PersonRef {
    const known = this.#persons.get(ids.personId)
    if (known !== undefined) return { personId: known }
    const byId = this.#state.persons.get(ids.personId)
    if (byId?.domain === domain) return { personId: byId.id }
    const named = this.#state.byName.get(person.name)
    return named === undefined ? { name: person.name } : { personId: named }
  }

  /** Somebody who was deleted, merged or moved has the id for ever. */
  #idsOf(ids: ImportedFace['ids']): ImportedFace['ids'] {
    if (!this.#taken.has(ids.personId)) return ids
    return { ...ids, personId: personIdSchema.parse(this.#scope.newId()) }
  }
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)]
