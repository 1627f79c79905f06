/** A part of another store's gallery as it comes in: with its ids, where they are free. Store worker thread; called within a write. */
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import { mostOverlapping, sameFaceIou } from '../../../../src-shared/geometry'
import {
  type ClientId,
  type Domain,
  domainSchema,
  type FaceId,
  faceIdSchema,
  type ImportRunId,
  type PersonId,
  type PhotoId,
  personIdSchema,
  photoIdSchema,
  sha256Schema,
} from '../../../../src-shared/ids'
import type { RejectReason } from '../../../../src-shared/import'
import type { ImportRun, RejectedRow } from '../../../../src-shared/import-run'
import type { CopyPage, PortionOutcome } from '../../import-store'
import type { Connection, SqlValue, Table } from '../connection'
import { ensureDomain } from '../faces/assign-faces'
import { liveFacesOf } from '../faces/portion-state'
import { type Done, type LedgerDetails, WriteScope } from '../ledger/ledger'
import { flag } from '../rows'
import { cropsTable, embeddingsTable, facesTable, photosTable } from '../tables'
import { advance, runAt } from './advance'
import {
  peopleApartTable,
  personAliasesTable,
  personTagsTable,
  rejectionsTable,
  unknownFacesTable,
  wholePersonsTable,
} from './copied-rows'
import { runOf } from './runs'

export const selectKnownPersons = `
  SELECT p.id, p.domain, p.removed_by IS NOT NULL AS removed FROM ids(?) given CROSS JOIN persons p ON p.id = given.value`
/** `?`: names, client. */
export const selectBearers = `
  SELECT p.id, p.domain, p.name FROM texts(?) given
  CROSS JOIN domains d ON d.client_id = ?
  CROSS JOIN persons p ON p.client_id = d.client_id AND p.domain = d.name AND p.name = given.value
  WHERE p.removed_by IS NULL`
export const selectFacesHere = `
  SELECT f.id, f.removed_by IS NOT NULL AS removed FROM ids(?) given CROSS JOIN faces f ON f.id = given.value`
/** `?`: hashes, client. */
export const selectSamePhotos = `
  SELECT p.id, p.domain, p.sha256 FROM texts(?) given
  CROSS JOIN photos p ON p.client_id = ? AND p.sha256 = given.value`
export const insertUnknown = `
  INSERT INTO unknown_faces (embedding_id, face_id, client_id, model_id, kept_at, ignored)
  SELECT e.id, e.face_id, e.client_id, e.model_id, CAST(json_extract(given.value, '$.keptAt') AS bigint),
    json_extract(given.value, '$.ignored') = '1'
  FROM texts(?) given CROSS JOIN embeddings e ON e.face_id = id_of(json_extract(given.value, '$.faceId'))
    AND e.model_id = json_extract(given.value, '$.modelId')`

const knownPersonRow = z.object({ id: personIdSchema, domain: domainSchema, removed: flag })
const bearerRow = z.object({ id: personIdSchema, domain: domainSchema, name: z.string() })
const knownFaceRow = z.object({ id: faceIdSchema, removed: flag })
const samePhotoRow = z.object({ id: photoIdSchema, domain: domainSchema, sha256: sha256Schema })

type Details = Extract<LedgerDetails, { action: 'copy-in' }>
type Row = readonly SqlValue[]
interface Unfit {
  readonly reason: RejectReason
  readonly detail: string
}

/** The body of `ImportStore.copyPortion`. */
export function copyPortion(
  connection: Connection,
  scope: WriteScope,
  runId: ImportRunId,
  { from, page }: { readonly from: number; readonly page: CopyPage },
): Done<ImportRun> {
  const to = from + page.count
  const { run, isBehind } = runAt(connection, runId, { from, to })
  if (isBehind || page.count === 0) return { value: run, details: undefined }
  const { details, outcome } = copied(new Copying(connection, scope, page, from, undefined))
  const changed = details.persons.length + details.faces.length > 0
  advance(connection, scope, runId, { from, to }, outcome, changed)
  return { value: runOf(connection, runId), details: changed ? details : undefined }
}

/** The body of `ImportStore.tryCopy`. */
export function tryCopy(
  connection: Connection,
  clientId: ClientId,
  { from, page }: { readonly from: number; readonly page: CopyPage },
  brought: readonly PersonId[],
): PortionOutcome {
  const scope = new WriteScope(connection, clientId, '')
  return copied(new Copying(connection, scope, page, from, new Set(brought))).outcome
}

function copied(copying: Copying): Copying {
  if (copying.hasPersons) copying.persons()
  else copying.photos()
  return copying
}

class Copying {
  readonly details: Details = { action: 'copy-in', persons: [], photos: [], faces: [] }
  readonly #rejects: RejectedRow[] = []
  #alreadyThere = 0
  readonly #connection: Connection
  readonly #scope: WriteScope
  readonly #page: CopyPage
  readonly #from: number
  /** Who would be here by now, where it is only tried: nothing is written. */
  readonly #brought: ReadonlySet<SqlValue> | undefined

  /** Raises `forbidden` for rows of another client. */
  constructor(
    connection: Connection,
    scope: WriteScope,
    page: CopyPage,
    from: number,
    brought: ReadonlySet<SqlValue> | undefined,
  ) {
    this.#connection = connection
    this.#scope = scope
    this.#page = page
    this.#from = from
    this.#brought = brought
    for (const table of [wholePersonsTable, photosTable, facesTable, embeddingsTable]) {
      const { rows, columns } = this.#rowsOf(table)
      const [client] = columns('client_id')
      if (rows.some((row) => row[client] !== scope.clientId)) {
        throw new VisorError('forbidden', 'These rows are of another client.')
      }
    }
  }

  get hasPersons(): boolean {
    return this.#page.tables.some(({ table }) => table === wholePersonsTable.name)
  }

  get outcome(): PortionOutcome {
    const { persons, faces } = this.details
    return {
      imported: persons.length + faces.length,
      alreadyThere: this.#alreadyThere,
      rejects: this.#rejects,
    }
  }

  persons(): void {
    const { rows, columns } = this.#rowsOf(wholePersonsTable)
    const [id, domain, name, updatedAt] = columns('id', 'domain', 'name', 'updated_at')
    const list = JSON.stringify(rows.map((row) => row[id]))
    const known = new Map<string, z.output<typeof knownPersonRow>>(
      this.#connection.rows(knownPersonRow, selectKnownPersons, list).map((row) => [row.id, row]),
    )
    const names = JSON.stringify([...new Set(rows.map((row) => row[name]))])
    const bearers = new Set(
      this.#connection
        .rows(bearerRow, selectBearers, names, this.#scope.clientId)
        .map((row) => placeOf(row.domain, row.name)),
    )
    const made = rows.filter((row, index) => {
      const there = known.get(String(row[id]))
      if (there?.removed === false) {
        this.#alreadyThere += 1
        return false
      }
      const unfit =
        there !== undefined ? deleted : bearers.has(placeOf(row[domain], row[name])) ? nameTaken : null
      if (unfit !== null) this.#reject(index, `person ${row[id]}`, String(row[name]), null, unfit)
      return unfit === null
    })
    for (const wanted of new Set(made.map((row) => row[domain]))) this.#ensureDomain(String(wanted) as Domain)
    for (const row of made) {
      const personId = personIdSchema.parse(row[id])
      this.details.persons.push({ personId, updatedAt: Number(row[updatedAt]) })
      this.#scope.people.add(personId)
    }
    const here = new Set<SqlValue>(made.map((row) => row[id]!))
    const both = new Set<SqlValue>([
      ...here,
      ...[...known.values()].flatMap((one) => (one.removed ? [] : one.id)),
    ])
    this.#write(wholePersonsTable, made)
    this.#write(personTagsTable, this.#ownedBy(personTagsTable, here))
    this.#write(personAliasesTable, this.#ownedBy(personAliasesTable, here))
    this.#apart(both)
  }

  photos(): void {
    const connection = this.#connection
    const photos = this.#rowsOf(photosTable)
    const faces = this.#rowsOf(facesTable)
    const [photoId, domain, sha256, path] = photos.columns('id', 'domain', 'sha256', 'path')
    const [faceId, ofPhoto, person] = faces.columns('id', 'photo_id', 'person_id')
    const [x, y, w, h] = faces.columns('box_x', 'box_y', 'box_w', 'box_h')
    const hashes = JSON.stringify(photos.rows.map((row) => row[sha256]))
    const same = new Map(
      connection
        .rows(samePhotoRow, selectSamePhotos, hashes, this.#scope.clientId)
        .map((row) => [placeOf(row.domain, row.sha256), row.id]),
    )
    /** Which photo of this store stands for one of the other: itself, where it is new. */
    const photoHere = new Map<SqlValue, { readonly id: PhotoId; readonly path: string }>()
    for (const row of photos.rows) {
      const id = same.get(placeOf(row[domain], row[sha256])) ?? photoIdSchema.parse(row[photoId])
      photoHere.set(row[photoId]!, { id, path: String(row[path]) })
    }
    const live = liveFacesOf(connection, [...same.values()])
    const known = new Map<string, boolean>(
      connection
        .rows(knownFaceRow, selectFacesHere, JSON.stringify(faces.rows.map((row) => row[faceId])))
        .map((row) => [row.id, row.removed]),
    )
    const people = JSON.stringify([
      ...new Set(faces.rows.map((row) => row[person]).filter((one) => one !== null)),
    ])
    const owners = new Map<string, z.output<typeof knownPersonRow>>(
      connection.rows(knownPersonRow, selectKnownPersons, people).map((row) => [row.id, row]),
    )
    const made: SqlValue[][] = []
    for (const [index, row] of faces.rows.entries()) {
      const photo = photoHere.get(row[ofPhoto]!)!
      const removed = known.get(String(row[faceId]))
      if (removed === false) {
        this.#alreadyThere += 1
        continue
      }
      const owner = row[person] === null ? undefined : owners.get(String(row[person]))
      const ownerIsHere = row[person] === null || owner?.removed === false
      const box = { x: Number(row[x]), y: Number(row[y]), w: Number(row[w]), h: Number(row[h]) }
      const others = (live.get(photo.id) ?? []).map((face) => ({ face, box: face }))
      const unfit =
        removed === true
          ? deleted
          : !(ownerIsHere || this.#brought?.has(row[person]!) === true)
            ? nobody
            : mostOverlapping(others, box, sameFaceIou) !== undefined
              ? otherFace
              : null
      if (unfit !== null) {
        this.#reject(index, `face ${row[faceId]}`, null, photo.path, unfit)
        continue
      }
      made.push(row.map((value, place) => (place === ofPhoto ? photo.id : value)))
    }
    this.#writeFaces(photos.rows, photoHere, made, { faceId, ofPhoto, person, photoId, domain })
  }

  #writeFaces(
    photos: readonly Row[],
    photoHere: ReadonlyMap<SqlValue, { readonly id: PhotoId }>,
    made: readonly Row[],
    column: Readonly<Record<'faceId' | 'ofPhoto' | 'person' | 'photoId' | 'domain', number>>,
  ): void {
    const used = new Set(made.map((row) => row[column.ofPhoto]))
    const newPhotos = photos.filter((row) => {
      const id = row[column.photoId]!
      return photoHere.get(id)?.id === id && used.has(id)
    })
    for (const wanted of new Set(newPhotos.map((row) => row[column.domain]))) {
      this.#ensureDomain(String(wanted) as Domain)
    }
    const here = new Set<SqlValue>(made.map((row) => row[column.faceId]!))
    const embeddings = this.#ownedBy(embeddingsTable, here)
    for (const modelId of new Set(embeddings.map(([, of]) => of!))) this.#ensureModel(modelId)
    this.#write(photosTable, newPhotos)
    this.#write(facesTable, made)
    this.#write(embeddingsTable, embeddings)
    this.#write(cropsTable, this.#ownedBy(cropsTable, here))
    this.#write(rejectionsTable, this.#ruledOut(here))
    const unknown = this.#ownedBy(unknownFacesTable, here).map(([faceId, modelId, keptAt, ignored]) => ({
      faceId,
      modelId,
      keptAt,
      ignored: String(ignored),
    }))
    if (unknown.length > 0 && this.#brought === undefined)
      this.#connection.run(insertUnknown, JSON.stringify(unknown))
    this.details.photos.push(...newPhotos.map((row) => photoIdSchema.parse(row[column.photoId])))
    const faceIds: FaceId[] = []
    for (const row of made) {
      const faceId = faceIdSchema.parse(row[column.faceId])
      const personId = personIdSchema.nullable().parse(row[column.person])
      faceIds.push(faceId)
      this.details.faces.push({ faceId, personId })
      if (personId !== null) this.#scope.people.add(personId)
    }
    this.#scope.reserve += embeddings.length
    if (this.#brought === undefined) this.#scope.touchFaces(faceIds)
  }

  #rowsOf({ name, columns }: Table) {
    const rows: readonly Row[] = this.#page.tables.find(({ table }) => table === name)?.rows ?? []
    const names = Object.keys(columns)
    return {
      rows,
      columns: <N extends string[]>(...wanted: N) =>
        wanted.map((one) => names.indexOf(one)) as { [I in keyof N]: number },
    }
  }

  /** Rows whose first column is one of these. */
  #ownedBy(table: Table, owners: ReadonlySet<SqlValue>): Row[] {
    return this.#rowsOf(table).rows.filter(([owner]) => owners.has(owner!))
  }

  /** Only people who came, too. */
  #ruledOut(faces: ReadonlySet<SqlValue>): Row[] {
    const rows = this.#ownedBy(rejectionsTable, faces)
    if (rows.length === 0) return rows
    const list = JSON.stringify([...new Set(rows.map(([, personId]) => personId))])
    const there = new Set<SqlValue>(
      this.#connection.rows(knownPersonRow, selectKnownPersons, list).map(({ id }) => id),
    )
    return rows.filter(([, personId]) => there.has(personId!))
  }

  /** Those of pairs of whom both are here. */
  #apart(here: ReadonlySet<SqlValue>): void {
    const { rows } = this.#rowsOf(peopleApartTable)
    if (rows.length === 0 || this.#brought !== undefined) return
    const list = JSON.stringify([...new Set(rows.map(([personId]) => personId))])
    const others = new Set<SqlValue>([
      ...here,
      ...this.#connection.rows(knownPersonRow, selectKnownPersons, list).map(({ id }) => id),
    ])
    for (const [personId, otherId, createdAt] of rows) {
      if (!others.has(personId!) || !here.has(otherId!)) continue
      this.#connection.run(
        'INSERT INTO people_apart (person_id, other_id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        personId!,
        otherId!,
        createdAt!,
      )
    }
  }

  #ensureDomain(domain: Domain): void {
    if (this.#brought === undefined) ensureDomain(this.#connection, this.#scope.clientId, domain, false)
  }

  #ensureModel(modelId: SqlValue): void {
    if (this.#brought !== undefined) return
    const sql = 'INSERT INTO models (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING'
    this.#connection.run(sql, modelId, this.#scope.at)
  }

  #write(table: Table, rows: readonly Row[]): void {
    if (rows.length > 0 && this.#brought === undefined) this.#connection.insertMany([{ table, rows }])
  }

  #reject(index: number, key: string, person: string | null, photo: string | null, unfit: Unfit): void {
    this.#rejects.push({ position: this.#from + index, key, person, photo, ...unfit })
  }
}

const placeOf = (domain: SqlValue | undefined, name: SqlValue | undefined) => JSON.stringify([domain, name])

const deleted = {
  reason: 'deleted',
  detail: 'It was deleted here. It can be restored from the bin.',
} as const
const nameTaken = {
  reason: 'other-person',
  detail: 'Somebody else has this name here. Rename one of them, or merge them first.',
} as const
const nobody = { reason: 'no-person', detail: 'Whose face it is, is not here.' } as const
const otherFace = {
  reason: 'duplicate',
  detail: 'Another face is here in the same place of the photo.',
} as const
