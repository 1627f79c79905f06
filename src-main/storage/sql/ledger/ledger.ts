/** The frame that every write of the gallery runs in, with its entry in the ledger. Store's threads. */
import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import type { ClientId, Domain, FaceId, LedgerId, ModelId, PersonId } from '../../../../src-shared/ids'
import { ledgerIdSchema, modelIdSchema } from '../../../../src-shared/ids'
import type { RuledOut } from '../../act'
import type { LedgerContext, Written } from '../../written'
import type { Connection } from '../connection'
import type { FlatIndexes } from '../search/flat-indexes'
import { inOneTurn, inTurns, type Steps, TakesLonger } from '../steps'
import { ActIds } from './act-ids'
import { beginAct, keepAct, ruledOutBefore, toldSummary } from './acts'
import { chainEnd, hashContent, hashEntry, newSalt } from './ledger-chain'
import type { LedgerDetails } from './ledger-details'

const embeddingRow = z.object({ id: z.number().int(), modelId: modelIdSchema })

export const selectEmbeddingsOfFaces = `
  SELECT e.id, e.model_id AS modelId
  FROM ids(?) touched CROSS JOIN embeddings e ON e.face_id = touched.value`

export const newLedgerId = (): LedgerId => ledgerIdSchema.parse(uuid())

/** One write in the making: what it is called in the ledger, and what it touches in the indexes. */
export class WriteScope {
  readonly clientId: ClientId
  /** The ledger's chain that its entry is added to. */
  readonly chain: string
  readonly ledgerId: LedgerId
  /** Unix milliseconds. */
  readonly at: number
  readonly touched = new Map<ModelId, Set<number>>()
  /** Faces that were told apart from those it gives to somebody, on the console that it was done on; see [Note: Acts]. */
  readonly ruledOut: readonly RuledOut[]
  /** Whom it touches: it is in their history. */
  readonly people = new Set<PersonId>()
  /** A domain that has another name now. */
  renamedDomain: { readonly from: Domain; readonly to: Domain } | undefined
  /** Embeddings that may be new to the indexes. */
  reserve = 0
  readonly #connection: Connection
  readonly #ids: ActIds

  /** `ledgerId`: the act's, where it is one; see [Note: Acts]. */
  constructor(
    connection: Connection,
    clientId: ClientId,
    chain: string,
    ledgerId = newLedgerId(),
    ruledOut: readonly RuledOut[] = [],
  ) {
    this.#connection = connection
    this.clientId = clientId
    this.chain = chain
    this.at = Date.now()
    this.ledgerId = ledgerId
    this.ruledOut = ruledOut
    this.#ids = new ActIds(ledgerId)
  }

  /** An id for something that this write makes. */
  newId(): string {
    return this.#ids.next()
  }

  /** Says that faces change hands or go. Call it while they are still there. */
  touchFaces(faces: readonly FaceId[]): void {
    if (!this.#connection.tellsIndexes) return
    const list = JSON.stringify(faces)
    for (const { id, modelId } of this.#connection.rows(embeddingRow, selectEmbeddingsOfFaces, list)) {
      this.touchEmbedding(id, modelId)
    }
  }

  touchEmbedding(id: number, modelId: ModelId): void {
    const touched = this.touched.get(modelId) ?? new Set<number>()
    this.touched.set(modelId, touched.add(id))
  }
}

/** What a write did: its value, and the details for the ledger, `undefined` where nothing was changed. */
export interface Done<T> {
  readonly value: T
  readonly details: LedgerDetails | undefined
  /** Whose the entry is, if not the client's that it was written for. */
  readonly entryOf?: ClientId
}

/**
 * Runs a write: one transaction with its ledger entry, then the indexes, so that the next search sees all of it or
 * nothing. In one turn of the thread, or as a long write where its steps take longer; see [Note: Long writes]. `takesLong`: that is
 * known before, and no turn is tried.
 */
export async function write<T>(
  connection: Connection,
  indexes: FlatIndexes,
  clientId: ClientId,
  context: LedgerContext,
  work: (scope: WriteScope) => Done<T> | Steps<Done<T>>,
  { takesLong = false }: { readonly takesLong?: boolean } = {},
): Promise<Written<T>> {
  context.signal?.throwIfAborted()
  await indexes.settled()
  const told = { ...context, summary: toldSummary(context) }
  // Known before the first try: by it is told whether one was carried out.
  const ledgerId = context.act?.id ?? newLedgerId()
  const ruledOut = ruledOutBefore(context)
  const begin = (chain: string) =>
    beginAct<T>(connection, clientId, context.act) ??
    new WriteScope(connection, clientId, chain, ledgerId, ruledOut)
  const finish = (scope: WriteScope, done: Done<T>): Done<T> => {
    if (done.details !== undefined) {
      const { chain, ledgerId, at, people } = scope
      const entry = { clientId: done.entryOf ?? clientId, chain, ledgerId, at, people }
      appendEntry(connection, entry, told, done.details)
    }
    keepAct(connection, scope, context, done)
    indexes.reserve(clientId, scope.reserve)
    return done
  }
  const written = ({ ledgerId }: WriteScope, { value, details }: Done<T>): Written<T> =>
    details === undefined ? { value } : { value, ledgerId }
  try {
    if (takesLong) throw new TakesLonger()
    const outcome = connection.transaction(
      clientId,
      (chain) => {
        const scope = begin(chain)
        if (!(scope instanceof WriteScope)) return scope
        const outcome = work(scope)
        const done = isSteps(outcome) ? inOneTurn(outcome, connection.gate.sliceMs) : outcome
        return { scope, done: finish(scope, done) }
      },
      ledgerId,
    )
    if (!('scope' in outcome)) return outcome
    indexes.follow(clientId, outcome.scope)
    return written(outcome.scope, outcome.done)
  } catch (error) {
    if (!(error instanceof TakesLonger)) throw error
  }
  return connection.gate.alone(() =>
    connection.longTransaction(
      clientId,
      async (chain, commit) => {
        const scope = begin(chain)
        if (!(scope instanceof WriteScope)) return scope
        const outcome = work(scope)
        const done = isSteps(outcome) ? await inTurns(outcome, connection.gate.sliceMs, context) : outcome
        await indexes.settled()
        finish(scope, done)
        commit()
        await indexes.followInTurns(clientId, scope)
        return written(scope, done)
      },
      ledgerId,
    ),
  )
}

function isSteps<T>(outcome: Done<T> | Steps<Done<T>>): outcome is Steps<Done<T>> {
  return Symbol.iterator in outcome
}

/** Adds the write's entry at the end of the chain, and to the history of whom it touched. */
export function appendEntry(
  connection: Connection,
  {
    clientId,
    chain,
    ledgerId,
    at,
    people,
  }: Pick<WriteScope, 'clientId' | 'chain' | 'ledgerId' | 'at' | 'people'>,
  { actor, summary, reason: why, partOf }: LedgerContext,
  details: LedgerDetails,
): void {
  const { action } = details
  const reason = why ?? null
  const salt = newSalt()
  const text = JSON.stringify({ ...details, partOf })
  const contentHash = hashContent(salt, { clientId, summary, reason, details: text })
  const { sequence, previousHash } = chainEnd(connection, chain)
  const hash = hashEntry({ sequence, id: ledgerId, at, actor, action, contentHash, previousHash })
  connection.run(
    `INSERT INTO ledger (sequence, id, client_id, chain, at, actor, action, summary, reason, details, salt,
       content_hash, previous_hash, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    sequence,
    ledgerId,
    clientId,
    chain,
    at,
    actor,
    action,
    summary,
    reason,
    text,
    salt,
    contentHash,
    previousHash,
    hash,
  )
  connection.run(
    'INSERT INTO ledger_persons (person_id, sequence) SELECT value, CAST(? AS bigint) FROM ids(?)',
    sequence,
    JSON.stringify([...people]),
  )
}
