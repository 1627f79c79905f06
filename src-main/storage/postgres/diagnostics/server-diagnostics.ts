/** The checks that the server's database answers. Diagnostics worker thread. */
import { z } from 'zod'
import { type CheckFinding, failed, unchecked, warned } from '../../../../src-shared/diagnosis'
import type { SchemaCheck } from '../../../../src-shared/schema'
import { ServerError } from '../../../../src-shared/server-failure'
import type { ServerTestReport } from '../../../../src-shared/server-test'
import {
  checkUniqueness,
  checkVectors,
  contradictingRows,
  countRows,
  type Fault,
  orphansFinding,
} from '../../diagnostics/integrity'
import { schemaFinding } from '../../diagnostics/schema-finding'
import { storedFaces } from '../../diagnostics/stored-faces'
import type { DatabaseCheckId, StoredFace } from '../../diagnostics-store'
import { verifySchema } from '../../schema/migrate'
import { PostgresSchema } from '../postgres-schema'
import { testConnection } from '../test-connection'
import { checkClock, checkRoundTrip, connectionFinding, versionFinding } from './check-connection'
import { checkLogins, checkRights } from './check-roles'
import { checkForeignKeys, checkIndexes, orphanRules } from './check-schema'
import { checkDisk, checkSettings } from './check-settings'
import { checkWrite } from './check-write'
import type { ServerDatabase } from './server-database'

const amountRow = z.object({ amount: z.coerce.number() })
const boundRow = z.object({ bound: z.boolean() })

/** So that rows are counted, and not what an index says of them. */
const withoutIndexes = { enable_indexscan: 'off', enable_indexonlyscan: 'off', enable_bitmapscan: 'off' }

/** What a check needs that is there only where the ones before it did not fail. */
const needs: Readonly<Record<DatabaseCheckId, 'nothing' | 'connection' | 'tables' | 'schema'>> = {
  connection: 'nothing',
  version: 'nothing',
  'round-trip': 'connection',
  clock: 'connection',
  schema: 'connection',
  indexes: 'tables',
  settings: 'connection',
  disk: 'connection',
  rights: 'connection',
  logins: 'connection',
  write: 'schema',
  'foreign-keys': 'tables',
  orphans: 'tables',
  uniqueness: 'tables',
  vectors: 'tables',
  counts: 'tables',
  file: 'nothing',
}

export class ServerDiagnostics {
  readonly #database: ServerDatabase
  readonly #test: () => Promise<ServerTestReport>
  #report: Promise<ServerTestReport> | undefined
  #schema: Promise<SchemaCheck> | undefined

  /** `test`: the connection test, which is taken once. */
  constructor(
    database: ServerDatabase,
    settings: Parameters<typeof testConnection>[0],
    password: string | undefined,
  ) {
    this.#database = database
    this.#test = () => testConnection(settings, { password })
  }

  /** Whatever the server is to blame for is a finding. */
  async check(id: DatabaseCheckId): Promise<CheckFinding> {
    const hindrance = await this.#hindrance(id)
    if (hindrance !== undefined) return hindrance
    try {
      return await this.#run(id)
    } catch (error) {
      if (error instanceof ServerError) return findingOfError(error)
      throw error
    }
  }

  storedFaces(limit: number): Promise<StoredFace[]> {
    return storedFaces(this.#database, limit)
  }

  close(): Promise<void> {
    return this.#database.close()
  }

  async #hindrance(id: DatabaseCheckId): Promise<CheckFinding | undefined> {
    const needed = needs[id]
    if (needed === 'nothing') return undefined
    const { failure } = await this.#tested()
    if (failure !== null) return unchecked('There is no connection; see Connection.')
    if (needed === 'connection') return undefined
    const { state, migrations } = await this.#verified()
    if (needed === 'schema' && state !== 'current') {
      return unchecked('The schema is not this program’s; see Schema.')
    }
    const hasTables = migrations.some((migration) => migration.state === 'same')
    return hasTables ? undefined : unchecked('Visor has no tables in this database yet; see Schema.')
  }

  #tested(): Promise<ServerTestReport> {
    this.#report ??= this.#test()
    return this.#report
  }

  #verified(): Promise<SchemaCheck> {
    this.#schema ??= this.#verify()
    return this.#schema
  }

  async #verify(): Promise<SchemaCheck> {
    const schema = await PostgresSchema.connect(this.#database.target, this.#database.migrations)
    try {
      return await verifySchema(schema)
    } finally {
      await schema.close()
    }
  }

  async #run(id: DatabaseCheckId): Promise<CheckFinding> {
    const database = this.#database
    switch (id) {
      case 'connection':
        return connectionFinding(await this.#tested())
      case 'version':
        return versionFinding(await this.#tested())
      case 'round-trip':
        return checkRoundTrip(database)
      case 'clock':
        return checkClock(database)
      case 'schema':
        return schemaFinding(await this.#verified(), 'server')
      case 'indexes':
        return checkIndexes(database)
      case 'settings':
        return checkSettings(database)
      case 'disk':
        return checkDisk(database)
      case 'rights':
        return checkRights(database)
      case 'logins':
        return checkLogins(database)
      case 'write':
        return checkWrite(database)
      case 'foreign-keys':
        return checkForeignKeys(database)
      case 'orphans':
        return this.#orphans()
      case 'uniqueness':
        return database.rolledBack(() => checkUniqueness(database), withoutIndexes)
      case 'vectors':
        return database.rolledBack(() => checkVectors(database))
      case 'counts':
        return database.rolledBack(async () => countRows(database, await this.#whose()))
      case 'file':
        return unchecked('Files are the server’s business.')
    }
  }

  async #orphans(): Promise<CheckFinding> {
    const database = this.#database
    const rules = await orphanRules(database)
    return database.rolledBack(async () => {
      const faults: Fault[] = []
      const selects: string[] = []
      for (const { what, sql, select } of rules) {
        const { amount } = await database.one(amountRow, sql)
        faults.push({ what, amount })
        if (amount > 0) selects.push(select)
      }
      faults.push(...(await contradictingRows(database)))
      return orphansFinding(faults, faults.length, selects.length === 0 ? null : selects.join('\n'))
    }, withoutIndexes)
  }

  /** Whose rows a login sees: those of its clients. */
  async #whose(): Promise<string> {
    const hasFunction = await this.#database.one(
      boundRow,
      `SELECT to_regprocedure('visor.has_every_client()') IS NOT NULL AS bound`,
    )
    if (!hasFunction.bound) return ''
    const { bound } = await this.#database.one(boundRow, 'SELECT NOT visor.has_every_client() AS bound')
    return bound ? ', of the clients that this login works for' : ''
  }
}

/** What a check that the server did not answer says. */
function findingOfError({ failure, message, consequence, remedy }: ServerError): CheckFinding {
  switch (failure.kind) {
    case 'rights':
      return unchecked('This login may not look at it.')
    case 'cancelled':
      return warned('It was not through in time, and was ended: what it would have found is not known.', {
        next: { text: 'Run it again when less is done on the server.', copy: null },
      })
    default:
      return failed([message, consequence].filter((part) => part !== undefined).join(' '), {
        next: remedy === undefined ? null : { text: remedy, copy: null },
      })
  }
}
