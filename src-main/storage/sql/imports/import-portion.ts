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
  type ModelId,
  type PersonId,
  personIdSchema,
} from '../../../../src-shared/ids'
import type { ImportRun, RejectedRow } from '../../../../src-shared/import-run'
import type { FaceAssignment, PersonRef } from '../../gallery-records'
import type {
  ImportedDetails,
  ImportedFace,
  ImportPortion,
  ImportRows,
  PortionOutcome,
} from '../../import-store'
import { unpackFaces } from '../../packed-faces'
import type { Connection } from '../connection'
import { ensureDomain } from '../faces/assign-faces'
import { type AssignDetails, Assigning, newAssignDetails } from '../faces/assign-portion'
import { GalleryState } from '../faces/portion-state'
import { addRejects } from '../faces/rejections'
import { type Done, WriteScope } from '../ledger/ledger'
import { rowSteps } from '../row-steps'
import { flag } from '../rows'
import { inOneTurn, type Steps } from '../steps'
import { toldApartFromOwners } from '../unknown/told-apart'
import { advance, runAt } from './advance'
import { type KnownAs, knownAs } from './known-as'
import { importRefusals, type Refusal } from './refusals'

/**
 * One that went into another face of the same person is there. Where PostgreSQL knows that thousands are asked for, it reads all faces
 * of the gallery instead of looking each up, which takes several times as long: of a list of texts it does not know.
 */
export const selectGivenFaces = `
  WITH given (id) AS MATERIALIZED (SELECT id_of(value) FROM texts(?))
  SELECT f.id, f.removed_by IS NOT NULL AND f.former_of IS NULL AS removed
  FROM given CROSS JOIN faces f ON f.id = given.id`
export const updateDetails = `
  UPDATE persons SET wikidata_id = json_extract(given.value, '$.wikidataId'),
    occupation = json_extract(given.value, '$.occupation'), description = json_extract(given.value, '$.description')
  FROM texts(?) given WHERE persons.id = id_of(json_extract(given.value, '$.personId'))`

const givenFaceRow = z.object({ id: faceIdSchema, removed: flag })

/** What becomes of a row that the gallery was asked for. */
type Fate = 'imported' | 'already-there' | Refusal

const facesInTurn = 250

/** The body of `ImportStore.importPortion`. */
export function* importPortion(
  connection: Connection,
  scope: WriteScope,
  runId: ImportRunId,
  portion: ImportPortion,
): Steps<Done<ImportRun>> {
  const { run, isBehind } = runAt(connection, runId, portion)
  if (isBehind) return { value: run, details: undefined }
  const total = facesIn(portion)
  const faces: ImportedFace[] = []
  for (const packed of portion.faces) {
    faces.push(...unpackFaces(packed))
    if (takesLong(portion)) yield { done: 0, total }
  }
  const details = newAssignDetails()
  const outcome = yield* decide(connection, scope, { ...portion, faces }, [], details, { writes: true })
  const apart = toldApartFromOwners(connection, scope, details.moved)
  details.ruledOut.push(...addRejects(connection, apart, scope.at))
  const { action: _action, ...lists } = details
  const changed = Object.values(lists).some((list) => list.length > 0)
  const value = advance(connection, scope, runId, portion, outcome, changed)
  return { value, details: changed ? details : undefined }
}

const facesIn = ({ faces }: Pick<ImportPortion, 'faces'>) => faces.reduce((sum, { count }) => sum + count, 0)

/** Whether a portion has more faces than are written in one turn: what is broken off as too long has to be done again. */
export const takesLong = (portion: Pick<ImportPortion, 'faces'>) => facesIn(portion) > facesInTurn

/** The body of `ImportStore.tryPortion`. */
export function tryPortion(
  connection: Connection,
  clientId: ClientId,
  rows: ImportRows,
  earlier: readonly ImportedFace[],
): PortionOutcome {
  const scope = new WriteScope(connection, clientId, '')
  const steps = decide(connection, scope, rows, earlier, newAssignDetails(), { writes: false })
  return inOneTurn(steps, Number.POSITIVE_INFINITY)
}

/** Decides on the rows of each domain and model, in turn: the next on what was written of the one before. */
function* decide(
  connection: Connection,
  scope: WriteScope,
  { faces, rejects }: ImportRows,
  earlier: readonly ImportedFace[],
  details: AssignDetails,
  { writes }: { readonly writes: boolean },
): Steps<PortionOutcome> {
  const rejected: RejectedRow[] = [...rejects]
  let [imported, alreadyThere, done] = [0, 0, 0]
  for (const group of Map.groupBy(faces, groupKey).values()) {
    const [{ domain, modelId }] = group as [ImportedFace]
    const before = earlier.filter((row) => row.domain === domain && row.modelId === modelId)
    const all = [...before, ...group]
    if (writes) ensureDomain(connection, scope.clientId, domain, false)
    const rows = new Rows(connection, scope, domain, modelId, details)
    for (const { first, end, readTo } of rowSteps(connection, all.length)) {
      if (readTo !== undefined) rows.read(all.slice(first, readTo))
      for (const [index, given] of all.slice(first, end).entries()) {
        const row = rows.asItIs(given)
        const fate = rows.bring(row)
        if (first + index < before.length) continue
        if (fate === 'imported') imported++
        else if (fate === 'already-there') alreadyThere++
        else rejected.push({ ...namesOf(row), ...fate })
      }
      if (writes) rows.write()
      done += end - first
      if (faces.length > facesInTurn) yield { done, total: faces.length }
    }
    if (writes) rows.end()
  }
  rejected.sort((a, b) => a.position - b.position)
  return { imported, alreadyThere, rejects: rejected }
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
  readonly #connection: Connection
  readonly #scope: WriteScope
  readonly #details: AssignDetails
  readonly #state: GalleryState
  readonly #portion: Assigning
  /** New people who have details. */
  readonly #given: (ImportedDetails & { readonly personId: PersonId })[] = []
  /** Of the faces that were there, whether they were removed. */
  readonly #faces = new Map<FaceId, boolean>()
  readonly #known = new Map<ImportedFace, KnownAs>()
  /** By the source's id: who the person is here. */
  readonly #persons = new Map<PersonId, PersonId>()

  constructor(
    connection: Connection,
    scope: WriteScope,
    domain: Domain,
    modelId: ModelId,
    details: AssignDetails,
  ) {
    this.#connection = connection
    this.#scope = scope
    this.#details = details
    this.#state = new GalleryState(connection, scope.clientId, domain, modelId)
    this.#portion = new Assigning(connection, scope, domain, modelId, details, this.#state)
  }

  /** Reads what these rows are decided by: before {@link bring}. */
  read(rows: readonly ImportedFace[]): void {
    const connection = this.#connection
    const places = rows.map(({ ids, face }) => ({ photoId: ids.photoId, box: face.box }))
    for (const [index, known] of knownAs(connection, places).entries()) {
      if (known !== undefined) this.#known.set(rows[index]!, known)
    }
    this.#state.read({
      persons: unique(rows.map(({ ids }) => ids.personId)),
      names: unique(rows.map(({ person }) => person.name)),
      photos: unique(rows.map((row) => this.asItIs(row).photo.sha256)),
    })
    const faceIds = JSON.stringify(rows.map(({ ids }) => ids.faceId))
    for (const { id, removed } of connection.rows(givenFaceRow, selectGivenFaces, faceIds)) {
      this.#faces.set(id, removed)
    }
  }

  /** A row of a photo that was seen since, as of the photo and at the box where its face is by now. */
  asItIs(row: ImportedFace): ImportedFace {
    const now = this.#known.get(row)
    if (now === undefined) return row
    const photo = { ...row.photo, sha256: now.sha256, path: now.path }
    return { ...row, photo, face: { ...row.face, box: now.now } }
  }

  /** Writes what was decided since it last did. */
  write(): void {
    this.#portion.write()
  }

  /** Writes what is best written once for all. */
  end(): void {
    this.#portion.end()
    if (this.#given.length > 0) this.#connection.run(updateDetails, JSON.stringify(this.#given))
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
    const assigned = this.#portion.assign(assignment)
    this.#persons.set(ids.personId, assigned.personId)
    if (assigned.personCreated && Object.values(person.details).some((value) => value !== null)) {
      this.#given.push({ personId: assigned.personId, ...person.details })
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
    if (!this.#state.taken.has(ids.personId)) return ids
    return { ...ids, personId: personIdSchema.parse(this.#scope.newId()) }
  }
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)]
