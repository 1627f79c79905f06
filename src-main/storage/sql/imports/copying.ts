/** A page of another store's gallery while it comes in: its rows, and what becomes of them. Store worker thread; called within a write. */
import { z } from 'zod'
import { VisorError } from '../../../../src-shared/errors'
import { type Domain, domainSchema, personIdSchema } from '../../../../src-shared/ids'
import type { RejectedRow } from '../../../../src-shared/import-run'
import type { CopyPage, PortionOutcome } from '../../import-store'
import type { Connection, SqlValue, Table } from '../connection'
import { ensureDomain } from '../faces/assign-faces'
import type { WriteScope } from '../ledger/ledger'
import type { LedgerDetails } from '../ledger/ledger-details'
import { flag } from '../rows'
import { embeddingsTable, facesTable, photosTable } from '../tables'
import { wholePersonsTable } from './copied-rows'
import type { Refusal } from './refusals'

export const selectKnownPersons = `
  SELECT p.id, p.domain, p.removed_by IS NOT NULL AS removed FROM ids(?) given CROSS JOIN persons p ON p.id = given.value`

const knownPersonRow = z.object({ id: personIdSchema, domain: domainSchema, removed: flag })

export type CopyDetails = Extract<LedgerDetails, { action: 'copy-in' }>
/** Values in the order of their table's columns. */
export type CopiedRow = readonly SqlValue[]

export class Copying {
  readonly details: CopyDetails = { action: 'copy-in', persons: [], photos: [], faces: [] }
  readonly connection: Connection
  readonly scope: WriteScope
  alreadyThere = 0
  readonly #rejects: RejectedRow[] = []
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
    this.connection = connection
    this.scope = scope
    this.#page = page
    this.#from = from
    this.#brought = brought
    for (const table of [wholePersonsTable, photosTable, facesTable, embeddingsTable]) {
      const { rows, columns } = this.rowsOf(table)
      const [client] = columns('client_id')
      if (rows.some((row) => row[client] !== scope.clientId)) {
        throw new VisorError('forbidden', 'These rows are of another client.')
      }
    }
  }

  get isTrial(): boolean {
    return this.#brought !== undefined
  }

  get outcome(): PortionOutcome {
    const { persons, faces } = this.details
    const imported = persons.length + faces.length
    return { imported, alreadyThere: this.alreadyThere, rejects: this.#rejects }
  }

  has({ name }: Table): boolean {
    return this.#page.tables.some(({ table }) => table === name)
  }

  /** Of the page; `columns` gives their places in a row. */
  rowsOf({ name, columns }: Table) {
    const rows: readonly CopiedRow[] = this.#page.tables.find(({ table }) => table === name)?.rows ?? []
    const names = Object.keys(columns)
    return {
      rows,
      columns: <N extends string[]>(...wanted: N) =>
        wanted.map((one) => names.indexOf(one)) as { [I in keyof N]: number },
    }
  }

  /** Rows whose first column is one of these. */
  ownedBy(table: Table, owners: ReadonlySet<SqlValue>): CopiedRow[] {
    return this.rowsOf(table).rows.filter(([owner]) => owners.has(owner!))
  }

  /** Who of these is or was here; whether they were removed. */
  knownPersons(ids: Iterable<SqlValue | undefined>): ReadonlyMap<string, { readonly removed: boolean }> {
    const list = JSON.stringify([...new Set(ids)])
    const rows = this.connection.rows(knownPersonRow, selectKnownPersons, list)
    return new Map(rows.map((row) => [row.id, row]))
  }

  /** Whether an earlier part of a trial would have brought them. */
  wouldBeHere(personId: SqlValue): boolean {
    return this.#brought?.has(personId) === true
  }

  reject(index: number, key: string, person: string | null, photo: string | null, refusal: Refusal): void {
    this.#rejects.push({ position: this.#from + index, key, person, photo, ...refusal })
  }

  ensureDomains(domains: Iterable<SqlValue | undefined>): void {
    if (this.isTrial) return
    const { connection, scope } = this
    for (const domain of new Set(domains))
      ensureDomain(connection, scope.clientId, String(domain) as Domain, false)
  }

  ensureModels(models: Iterable<SqlValue | undefined>): void {
    if (this.isTrial) return
    const sql = 'INSERT INTO models (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING'
    for (const modelId of new Set(models)) this.connection.run(sql, modelId!, this.scope.at)
  }

  write(table: Table, rows: readonly CopiedRow[]): void {
    if (rows.length > 0 && !this.isTrial) this.connection.insertMany([{ table, rows }])
  }
}

/** Of a name or a hash in a domain. */
export const placeOf = (domain: SqlValue | undefined, name: SqlValue | undefined) =>
  JSON.stringify([domain, name])
