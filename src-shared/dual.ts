/** A gallery that moves to a server: what both answered to the same searches, the gate, the move. Every process. */
import { z } from 'zod'
import { wireErrorSchema } from './errors'
import {
  clientIdSchema,
  domainSchema,
  faceIdSchema,
  itemIdSchema,
  ledgerIdSchema,
  modelIdSchema,
  personIdSchema,
  photoIdSchema,
  sha256Schema,
} from './ids'
import { distanceSchema } from './recognition'
import { storeModeSchema } from './store-mode'

/** Nearest people of each answer that are compared. */
export const comparedPersons = 5

/** Distances of one pair of vectors that differ by no more are the same: float32 products, summed in another order. */
export const floatTolerance = 1e-5

/** Where a probe came from: somebody's search, a folder that was replayed, a photo of the Identify queue that was searched before. */
export const probeOriginSchema = z.enum(['live', 'folder', 'past'])
export type ProbeOrigin = z.infer<typeof probeOriginSchema>

/**
 * Why two answers differ. `missing-rows`: one side lacks a person, or faces of them. `index-recall`: the server's index passed somebody over;
 * without it, it agrees. `tie`: as near as each other. `float-precision`: the same people, at distances that differ a
 * little. `edits-in-flight`: something was on its way to the server.
 */
export const disagreementCauseSchema = z.enum([
  'missing-rows',
  'index-recall',
  'tie',
  'float-precision',
  'edits-in-flight',
  'unexplained',
])
export type DisagreementCause = z.infer<typeof disagreementCauseSchema>

/** A person of an answer, nearest first. */
export const dualHitSchema = z.object({
  personId: personIdSchema,
  name: z.string(),
  faceId: faceIdSchema,
  distance: distanceSchema,
})
export type DualHit = z.infer<typeof dualHitSchema>

/** Two answers that are not the same, or one that did not come. */
export const disagreementSchema = z.object({
  runId: z.number().int(),
  at: z.iso.datetime(),
  clientId: clientIdSchema,
  /** `null`: all domains, or several. */
  domain: domainSchema.nullable(),
  modelId: modelIdSchema,
  origin: probeOriginSchema,
  /** Of which photo and face the probe was, where it was of one. */
  sha256: sha256Schema.nullable(),
  face: z.number().int().nonnegative().nullable(),
  cause: disagreementCauseSchema,
  /** The nearest people on either side, nearest first. */
  local: z.array(dualHitSchema),
  server: z.array(dualHitSchema),
  sameFirst: z.boolean(),
  overlap: z.number().min(0).max(1),
  largestDifference: z.number().nonnegative(),
})
export type Disagreement = z.infer<typeof disagreementSchema>

const latencySchema = z.object({ median: z.number(), p95: z.number(), max: z.number() })
export type Latency = z.infer<typeof latencySchema>

/** Where the face of a probe can still be seen: its photo in the queue; itself in the gallery, or all of its photo there. */
export const probePictureSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('queued'), itemId: itemIdSchema }),
  z.object({ kind: z.literal('enrolled'), faceId: faceIdSchema }),
  z.object({ kind: z.literal('photo'), photoId: photoIdSchema }),
])
export type ProbePicture = z.infer<typeof probePictureSchema>

/** What was compared in a time. Durations in milliseconds. */
export const dualFiguresSchema = z.object({
  /** Probes that were searched on both sides. */
  probes: z.number().int().nonnegative(),
  /** Of these, those that the server did not answer. */
  errors: z.number().int().nonnegative(),
  /** Parts of those that were answered, 0 … 1; `null` where there are none. */
  sameFirst: z.number().nullable(),
  overlap: z.number().nullable(),
  largestDifference: z.number().nonnegative(),
  local: latencySchema.nullable(),
  server: latencySchema.nullable(),
  causes: z.array(z.object({ cause: disagreementCauseSchema, count: z.number().int() })),
  /** What the last of the errors was. */
  lastError: wireErrorSchema.nullable(),
})
export type DualFigures = z.infer<typeof dualFiguresSchema>

/** The figures of one domain; `null`: searches of several. */
export const domainFiguresSchema = dualFiguresSchema.extend({
  clientId: clientIdSchema,
  domain: domainSchema.nullable(),
})
export type DomainFigures = z.infer<typeof domainFiguresSchema>

/** Agreement and latency in one stretch of time. */
export const dualBucketSchema = dualFiguresSchema
  .pick({ probes: true, errors: true, sameFirst: true, overlap: true, local: true, server: true })
  .extend({ from: z.iso.datetime() })
export type DualBucket = z.infer<typeof dualBucketSchema>

/** When a server may take over. Parts 0 … 1. */
export const gateCriteriaSchema = z.object({
  sameFirst: z.number().min(0).max(1).catch(0.99).default(0.99),
  overlap: z.number().min(0).max(1).catch(0.95).default(0.95),
  /** Searches that the server may have left without an answer. */
  errors: z.number().int().min(0).max(1_000_000).catch(0).default(0),
  serverP95Ms: z.number().min(1).max(60_000).catch(100).default(100),
  probes: z.number().int().min(1).max(10_000_000).catch(100).default(100),
  /** Every client was found equal on both sides after it was copied. */
  validated: z.boolean().catch(true).default(true),
  /** Days back that are judged. */
  days: z.number().int().min(1).max(365).catch(7).default(7),
  /** Nothing before this (Unix ms) is judged: something was mended since. */
  countFrom: z.number().int().nonnegative().catch(0).default(0),
})
export type GateCriteria = z.infer<typeof gateCriteriaSchema>

/** One criterion of the gate, with its figure. */
export const gateCheckSchema = z.object({
  criterion: z.enum(['sameFirst', 'overlap', 'errors', 'serverP95Ms', 'probes', 'validated']),
  passed: z.boolean(),
  /** What was found; `null` where nothing was. Of `validated`, how many clients were not. */
  figure: z.number().nullable(),
  wanted: z.number(),
})
export type GateCheck = z.infer<typeof gateCheckSchema>

export const gateVerdictSchema = z.object({
  passed: z.boolean(),
  /** What is judged is since then. */
  since: z.iso.datetime(),
  checks: z.array(gateCheckSchema),
})
export type GateVerdict = z.infer<typeof gateVerdictSchema>

/** A step of the move, as the ledger keeps it. */
export const moveStepSchema = z.enum(['pair', 'unpair', 'dual', 'cut-over', 'roll-back', 'local', 'criteria'])
export type MoveStep = z.infer<typeof moveStepSchema>

export const moveSchema = z.object({
  step: moveStepSchema,
  /** The gate as it stood, where the step depends on it. */
  gate: gateVerdictSchema.nullable().default(null),
  /** Numbers that belong to the step, by name; `decidedAfterMs`: what it took until it was decided. */
  figures: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
})
export type Move = z.infer<typeof moveSchema>

/** A step as the ledger of a client has it. */
export const movedSchema = z.object({
  ledgerId: ledgerIdSchema,
  at: z.iso.datetime(),
  actor: z.string(),
  /** Why, where somebody was asked. */
  reason: z.string().nullable(),
  move: moveSchema,
})
export type Moved = z.infer<typeof movedSchema>

/** A client that is on a server as well. */
export const pairingSchema = z.object({
  clientId: clientIdSchema,
  serverId: z.uuid(),
  place: z.string(),
  /** `copying`: edits are kept for the server, but nobody found both equal yet. */
  state: z.enum(['copying', 'paired']),
  since: z.iso.datetime(),
  /** Of the client on the server, that this console has followed. */
  revision: z.number().int().nonnegative(),
  /** When the server had that revision; `null` before both were found equal. */
  asOf: z.iso.datetime().nullable(),
  domains: z.array(domainSchema),
})
export type Pairing = z.infer<typeof pairingSchema>

/** How it stands with the move. */
export const dualStateSchema = z.object({
  mode: storeModeSchema,
  pairings: z.array(pairingSchema),
  /** Edits that wait to be carried out on the server, and those that somebody has to decide about. */
  waiting: z.number().int().nonnegative(),
  conflicts: z.number().int().nonnegative(),
  /** Probes that wait to be compared, and those that were left out because too many did, since Visor was started. */
  queued: z.number().int().nonnegative(),
  dropped: z.number().int().nonnegative(),
})
export type DualState = z.infer<typeof dualStateSchema>

/** What a cut-over or a roll-back did, or would do. */
export const moveReportSchema = z.object({
  to: storeModeSchema,
  rehearsed: z.boolean(),
  /** What it takes, milliseconds, and its parts in their order. */
  elapsedMs: z.number().nonnegative(),
  parts: z.array(z.object({ what: z.string(), ms: z.number().nonnegative() })),
  gate: gateVerdictSchema.nullable(),
  /** Edits that wait for the server, and those that wait for a decision. */
  waiting: z.number().int().nonnegative(),
  conflicts: z.number().int().nonnegative(),
  /** What the server has and this console has not: empty where it has all. */
  notHere: z.array(z.string()),
})
export type MoveReport = z.infer<typeof moveReportSchema>
