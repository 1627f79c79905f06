/** The ledger's entries and the frame that every write of the gallery runs in. Store worker thread. */
import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import { moveSchema } from '../../../../src-shared/dual'
import { boxSchema } from '../../../../src-shared/geometry'
import { findingIdSchema } from '../../../../src-shared/health'
import type { ClientId, Domain, FaceId, LedgerId, ModelId, PersonId } from '../../../../src-shared/ids'
import {
  domainSchema,
  faceIdSchema,
  ledgerIdSchema,
  modelIdSchema,
  personIdSchema,
  photoIdSchema,
  sha256Schema,
} from '../../../../src-shared/ids'
import type { LedgerContext, Written } from '../../written'
import type { Connection } from '../connection'
import { faceSourceSchema } from '../rows'
import type { FlatIndexes } from '../search/flat-indexes'
import { inOneTurn, inTurns, type Steps, TakesLonger } from '../steps'
import { ActIds } from './act-ids'
import { beginAct, keepAct, toldSummary } from './acts'
import { changesSchema } from './changes'
import { chainEnd, hashContent, hashEntry, newSalt } from './ledger-chain'

/** What curators do to people and faces: all of it is kept, and undone, as `Changes`. */
const curationActionSchema = z.enum([
  'update-person',
  'tag-persons',
  'set-cover',
  'merge-persons',
  'move-persons',
  'move-faces',
  'take-faces',
  'reject-faces',
  'withdraw-reject',
  'tell-apart',
])
export type CurationAction = z.infer<typeof curationActionSchema>

/** Details that somebody had in the system that they were imported from. */
export const givenDetailsSchema = z.object({
  wikidataId: z.string().nullable(),
  occupation: z.string().nullable(),
  description: z.string().nullable(),
})
export type GivenDetails = z.infer<typeof givenDetailsSchema>

/** What a face got that it had not: an embedding of the model in use, a crop. */
const addedSchema = { embedded: modelIdSchema.nullable(), cropped: z.boolean() }

/** What undo needs, by the action that was done. What was removed is found by `removed_by`. */
export const ledgerDetailsSchema = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('assign-faces'),
    /** Those made, and what an import gave them besides. */
    persons: z.array(
      z.object({ personId: personIdSchema, name: z.string(), given: givenDetailsSchema.optional() }),
    ),
    photos: z.array(photoIdSchema),
    added: z.array(z.object({ faceId: faceIdSchema, personId: personIdSchema })),
    moved: z.array(
      z.object({
        faceId: faceIdSchema,
        personId: personIdSchema,
        fromPersonId: personIdSchema.nullable(),
        fromSource: faceSourceSchema,
      }),
    ),
    /** Embeddings of a further model, given to a face that was there. */
    embedded: z.array(z.object({ faceId: faceIdSchema, modelId: modelIdSchema })),
    /** Rejects that the assignment withdrew. */
    withdrawn: z.array(z.object({ faceId: faceIdSchema, personId: personIdSchema })),
    /** Faces that were told apart from those assigned, and so from the person. Older entries have none. */
    ruledOut: z.array(z.object({ faceId: faceIdSchema, personId: personIdSchema })).default([]),
  }),
  z.object({
    action: z.literal('reject-face'),
    faceId: faceIdSchema,
    personId: personIdSchema,
    /** The face was made to hold the reject. */
    faceAdded: z.boolean(),
    photoAdded: photoIdSchema.nullable(),
    /** The reject is new. */
    rejected: z.boolean(),
    /** The face was the person's, from this source. */
    takenSource: faceSourceSchema.nullable(),
  }),
  z.object({ action: curationActionSchema, changes: changesSchema }),
  // Written before there was `update-person`.
  z.object({
    action: z.literal('rename-person'),
    personId: personIdSchema,
    from: z.string(),
    to: z.string(),
  }),
  /** A face of nobody, drawn by hand. */
  z.object({ action: z.literal('add-face'), faceId: faceIdSchema }),
  /** What the face was before is kept as `formerId`; the box and the one embedding that it got. */
  z.object({
    action: z.literal('change-box'),
    faceId: faceIdSchema,
    formerId: faceIdSchema,
    modelId: modelIdSchema,
    box: boxSchema,
  }),
  z.object({ action: z.literal('delete-faces'), faceIds: z.array(faceIdSchema) }),
  z.object({
    action: z.literal('locate-photo'),
    photos: z.array(z.object({ photoId: photoIdSchema, from: z.string() })),
    to: z.string(),
  }),
  /** Photos of an import that were seen at last; see [Note: Stand-ins]. */
  z.object({
    action: z.literal('see-photos'),
    /** Records that became those of real bytes, and what they were. */
    photos: z.array(
      z.object({
        photoId: photoIdSchema,
        sha256: sha256Schema,
        before: z.object({
          sha256: sha256Schema,
          path: z.string(),
          format: z.string(),
          width: z.number(),
          height: z.number(),
        }),
      }),
    ),
    /** Faces that were measured; what they were before is kept as `formerId`. */
    faces: z.array(
      z.object({
        faceId: faceIdSchema,
        formerId: faceIdSchema,
        photoId: photoIdSchema,
        box: boxSchema,
        ...addedSchema,
      }),
    ),
    /** Faces that became former ones of another; whose they were, and the embeddings and rejects that went over. */
    joined: z.array(
      z.object({
        faceId: faceIdSchema,
        personId: personIdSchema.nullable(),
        intoId: faceIdSchema,
        moved: z.array(modelIdSchema),
        ruledOut: z.array(personIdSchema),
        ...addedSchema,
      }),
    ),
  }),
  z.object({ action: z.literal('delete-persons') }),
  z.object({ action: z.literal('delete-domain'), domain: domainSchema, sample: z.boolean() }),
  z.object({ action: z.literal('rename-domain'), from: domainSchema, to: domainSchema }),
  /** Unknown faces whose group was ignored, or brought back. */
  z.object({ action: z.literal('ignore-unknown'), faceIds: z.array(faceIdSchema), ignored: z.boolean() }),
  /** Faces that were taken out of a group of unknown faces. */
  z.object({
    action: z.literal('take-out-unknown'),
    groupId: z.number().int(),
    faceIds: z.array(faceIdSchema),
  }),
  /** A photo was said to be a mirror or a collage, or none; its record in each domain. */
  z.object({ action: z.literal('repeats-people'), photoIds: z.array(photoIdSchema), repeats: z.boolean() }),
  z.object({ action: z.literal('forget-unknown'), faces: z.number().int() }),
  /** A review of an enrolment was decided, and nothing else was changed; which one is found by `settled_by`. */
  z.object({ action: z.literal('settle-review') }),
  /** Findings of gallery health that somebody said are fine, or took that back. */
  z.object({
    action: z.literal('dismiss-findings'),
    findingIds: z.array(findingIdSchema),
    dismissed: z.boolean(),
  }),
  /** The entries whose people and faces went for good. */
  z.object({ action: z.literal('empty-bin'), emptied: z.array(ledgerIdSchema) }),
  /** The entries (by sequence number) whose content went. */
  z.object({ action: z.literal('erase'), erased: z.array(z.number().int()) }),
  /** A step of the move to a server, or back. */
  z.object({ action: z.literal('move'), move: moveSchema }),
  /** What a server had meanwhile came here; see [Note: Following of a paired gallery]. */
  z.object({
    action: z.literal('follow-server'),
    persons: z.number().int().nonnegative(),
    photos: z.number().int().nonnegative(),
    faces: z.number().int().nonnegative(),
  }),
  /** People and faces that came from another store of Visor, with their ids; people as they were then. */
  z.object({
    action: z.literal('copy-in'),
    persons: z.array(z.object({ personId: personIdSchema, updatedAt: z.number() })),
    photos: z.array(photoIdSchema),
    faces: z.array(z.object({ faceId: faceIdSchema, personId: personIdSchema.nullable() })),
  }),
  z.object({ action: z.literal('undo'), undoes: ledgerIdSchema }),
])
export type LedgerDetails = z.infer<typeof ledgerDetailsSchema>

/** Whose an entry is where the client was erased: nobody's, and its content is gone. */
export const noClient = '' as ClientId

/** Acts that are never undone. */
export const actsForGood: ReadonlySet<string> = new Set<LedgerDetails['action']>([
  'undo',
  'empty-bin',
  'forget-unknown',
  'erase',
  'move',
  'follow-server',
])

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
  /** Whom it touches: it is in their history. */
  readonly people = new Set<PersonId>()
  /** A domain that has another name now. */
  renamedDomain: { readonly from: Domain; readonly to: Domain } | undefined
  /** Embeddings that may be new to the indexes. */
  reserve = 0
  readonly #connection: Connection
  readonly #ids: ActIds

  /** `ledgerId`: the act's, where it is one; see [Note: Acts]. */
  constructor(connection: Connection, clientId: ClientId, chain: string, ledgerId = newLedgerId()) {
    this.#connection = connection
    this.clientId = clientId
    this.chain = chain
    this.at = Date.now()
    this.ledgerId = ledgerId
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
 * nothing. In one turn of the thread, or as a long write where its steps take longer; see [Note: Long writes].
 */
export async function write<T>(
  connection: Connection,
  indexes: FlatIndexes,
  clientId: ClientId,
  context: LedgerContext,
  work: (scope: WriteScope) => Done<T> | Steps<Done<T>>,
): Promise<Written<T>> {
  context.signal?.throwIfAborted()
  await indexes.settled()
  const told = { ...context, summary: toldSummary(context) }
  // Known before the first try: by it is told whether one was carried out.
  const ledgerId = context.act?.id ?? newLedgerId()
  const begin = (chain: string) =>
    beginAct<T>(connection, clientId, context.act) ?? new WriteScope(connection, clientId, chain, ledgerId)
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
  { actor, summary, reason: why }: LedgerContext,
  details: LedgerDetails,
): void {
  const { action } = details
  const reason = why ?? null
  const salt = newSalt()
  const text = JSON.stringify(details)
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
