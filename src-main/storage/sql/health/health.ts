/** Gallery health in SQLite: `HealthStore` as it runs in the store worker thread. */
import { z } from 'zod'
import type { Finding, FindingCount, FindingId } from '../../../../src-shared/health'
import { type ClientId, clientIdSchema } from '../../../../src-shared/ids'
import type { FindingsQuery, HealthLook, HealthStore, LookedPortion } from '../../health-store'
import type { MethodsOfKind } from '../../threads/protocol'
import type { LedgerContext, Written } from '../../written'
import type { Connection } from '../connection'
import { write } from '../ledger/ledger'
import { personRow } from '../rows'
import type { Feed } from '../search/feed'
import type { FlatIndexes } from '../search/flat-indexes'
import { PhotoHashes } from '../search/photo-hashes'
import { dismissFindings } from './dismiss-findings'
import { writeFindings } from './findings'
import { findingCounts, listFindings } from './findings-list'
import { lookAt, type PersonLook } from './health-look'
import { selectLookedPerson } from './health-people'
import { deleteMarks, healthMarks, keepMarks, nextPortion } from './health-progress'

/** Another number makes everybody be looked at anew: count it up when a rule changes. */
const rulesVersion = 1
/** People of a portion at most. */
const personsAtMost = 64

const ownerRow = z.object({ clientId: clientIdSchema })

export const selectClientOfPerson = 'SELECT client_id AS clientId FROM persons WHERE id = ?'

/** What was found, as it is read. */
export class HealthReader implements Pick<HealthStore, MethodsOfKind<'health', 'read' | 'slow-read'>> {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async counts(clientId: ClientId): Promise<FindingCount[]> {
    return findingCounts(this.#connection, clientId)
  }

  async findings(query: FindingsQuery): Promise<{ total: number; findings: Finding[] }> {
    return listFindings(this.#connection, query)
  }
}

export class HealthWriter implements Pick<HealthStore, MethodsOfKind<'health', 'write' | 'search'>> {
  readonly #connection: Connection
  /** What was last committed: a look reads that, and writes only at its end. */
  readonly #reads: Connection
  readonly #indexes: FlatIndexes
  readonly #feed: Feed | undefined
  readonly #hashes = new Map<ClientId, Promise<PhotoHashes>>()
  #looking: Promise<unknown> = Promise.resolve()

  constructor(connection: Connection, reads: Connection, indexes: FlatIndexes, feed?: Feed) {
    this.#connection = connection
    this.#reads = reads
    this.#indexes = indexes
    this.#feed = feed
  }

  look(query: HealthLook): Promise<LookedPortion> {
    const look = this.#looking.then(() => this.#look(query))
    this.#looking = look.catch(() => undefined)
    return look
  }

  async lookAnew(): Promise<void> {
    this.#connection.run(deleteMarks)
  }

  dismiss(
    clientId: ClientId,
    findingIds: readonly FindingId[],
    dismissed: boolean,
    context: LedgerContext,
  ): Promise<Written<void>> {
    return write(this.#connection, this.#indexes, clientId, context, (scope) =>
      dismissFindings(this.#connection, scope, findingIds, dismissed),
    )
  }

  async #look(query: HealthLook): Promise<LookedPortion> {
    const rules = `${rulesVersion} ${query.modelId}`
    const marks = healthMarks(this.#reads, rules)
    const limit = Math.min(personsAtMost, Math.max(1, query.persons))
    const portion = nextPortion(this.#reads, marks, limit)
    const context = {
      connection: this.#reads,
      write: <T>(work: (connection: Connection) => T) => this.#write(work),
      indexes: this.#indexes,
      query,
      hashesOf: (clientId: ClientId) => this.#hashesOf(clientId),
    }
    const looks = portion.people.length === 0 ? [] : await lookAt(context, portion.people, portion.touched)
    const changed = new Set<ClientId>()
    await this.#write((connection) => {
      for (const look of looks) for (const clientId of keep(connection, look)) changed.add(clientId)
      keepMarks(connection, portion.after)
    })
    const finished = portion.people.length === 0 && portion.after.passedPerson === null
    // They are read again when somebody is next looked at: much memory for what may be never, and what is erased goes.
    if (finished) this.#hashes.clear()
    return {
      looked: looks.length,
      passed: portion.after.looked,
      finished,
      changed: [...changed],
    }
  }

  /** One transaction, once no long write has the store to itself. */
  async #write<T>(work: (connection: Connection) => T): Promise<T> {
    const connection = this.#connection
    await connection.gate.enter()
    try {
      return connection.transaction(null, () => work(connection))
    } finally {
      connection.gate.leave()
    }
  }

  /** The hashes of all that is committed now. */
  async #hashesOf(clientId: ClientId): Promise<PhotoHashes> {
    const known = this.#hashes.get(clientId)
    if (known !== undefined) {
      const hashes = await known
      if (hashes.follow()) return hashes
    }
    const hashes = PhotoHashes.open(this.#reads, clientId, this.#feed).catch((error: unknown) => {
      this.#hashes.delete(clientId)
      throw error
    })
    this.#hashes.set(clientId, hashes)
    return hashes
  }
}

/** Keeps what was found of one person, but for what went meanwhile; gives the client where that changed anything. */
function keep(connection: Connection, { personId, person, found }: PersonLook): ClientId[] {
  const isThere = (id: string) => connection.row(personRow, selectLookedPerson, id) !== undefined
  if (person === undefined || !isThere(personId)) {
    // Gone for good means that the findings went along; in the bin, what was said of them is kept.
    const inBin = connection.row(ownerRow, selectClientOfPerson, personId)
    return inBin !== undefined && writeFindings(connection, inBin.clientId, personId, [])
      ? [inBin.clientId]
      : []
  }
  const lasting = found.filter(
    (thing) => isThere(thing.personId) && (thing.otherId === null || isThere(thing.otherId)),
  )
  return writeFindings(connection, person.clientId, personId, lasting) ? [person.clientId] : []
}
