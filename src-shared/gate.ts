/**
 * The enrolment gate's contract: what may speak against a face joining a person, and what is done about each. Every process.
 *
 * [Note: Enrolment gate] A *finding* is a fact with its evidence; a domain's *policy* says of each kind of finding whether it
 * blocks, warns or is ignored; a finding that is not ignored is a *reason*, and is shown. Method, constants and figures:
 * docs/enrolment-gate.md.
 */
import { z } from 'zod'
import { clientIdSchema, domainSchema, faceIdSchema, personIdSchema } from './ids'

/** What may speak against a face joining a person, the weightiest first. */
export const gateKinds = [
  'ruled-out',
  'same-photo',
  'near-another',
  'far-from-own',
  'print-or-screen',
  'several-faces',
  'quality',
  'near-duplicate',
] as const
export const gateKindSchema = z.enum(gateKinds)
export type GateKind = z.infer<typeof gateKindSchema>

/** `block`: the face does not join. `warn`: it joins once somebody says why. `ignore`: nothing is said. */
export const gateActionSchema = z.enum(['block', 'warn', 'ignore'])
export type GateAction = z.infer<typeof gateActionSchema>

export const gatePolicySchema = z.record(gateKindSchema, gateActionSchema)
export type GatePolicy = z.infer<typeof gatePolicySchema>

/** What holds in a domain that chose nothing. */
export const defaultGatePolicy: GatePolicy = {
  'ruled-out': 'warn',
  'same-photo': 'block',
  'near-another': 'warn',
  'far-from-own': 'warn',
  'print-or-screen': 'warn',
  // Where it can be told whose face is meant, the photo is as good as any other.
  'several-faces': 'ignore',
  quality: 'warn',
  'near-duplicate': 'warn',
}

/** What a domain chose. */
export const domainGatePolicySchema = z.object({
  clientId: clientIdSchema,
  domain: domainSchema,
  policy: gatePolicySchema,
})
export type DomainGatePolicy = z.infer<typeof domainGatePolicySchema>

const qualityPartSchema = z.enum(['size', 'sharpness', 'pose', 'exposure'])
export type QualityPart = z.infer<typeof qualityPartSchema>

/**
 * How it is known which face of a photo is meant: somebody pointed at it, it is the only one or by far the largest, it is the
 * one that looks like the person's others; or it is not known. [Note: Whose face]
 */
export const faceChoiceSchema = z.enum(['pointed', 'largest', 'resembles', 'unclear'])
export type FaceChoice = z.infer<typeof faceChoiceSchema>

const distance = z.number().min(0).max(2)
const someone = { personId: personIdSchema, name: z.string() }

/** A fact that may speak against a face joining a person, with its evidence. Distances are cosine distances. */
export const gateFindingSchema = z.discriminatedUnion('kind', [
  /** Somebody said that this very face is not this person. */
  z.object({ kind: z.literal('ruled-out'), name: z.string() }),
  /** `own`: another face of this photo is the person's already; `another`: this very face is somebody else's. */
  z.object({ kind: z.literal('same-photo'), whose: z.enum(['own', 'another']), ...someone }),
  /** Somebody else is within the distance at which a search would name, or offer, them. */
  z.object({
    kind: z.literal('near-another'),
    ...someone,
    faceId: faceIdSchema,
    distance,
    level: z.enum(['match', 'possible']),
    limit: distance,
    /** Of the person that it is to join, where they have faces. */
    ownDistance: distance.optional(),
  }),
  /** Further from every one of the person's faces than one comparison allows. */
  z.object({
    kind: z.literal('far-from-own'),
    name: z.string(),
    nearest: distance,
    median: distance,
    limit: distance,
    photos: z.number().int().positive(),
  }),
  /** `likelihood` of being a real face, 0 … 1, by the pack's optional model. */
  z.object({
    kind: z.literal('print-or-screen'),
    likelihood: z.number().min(0).max(1),
    limit: z.number().min(0).max(1),
  }),
  z.object({
    kind: z.literal('several-faces'),
    faces: z.number().int().min(2),
    choice: faceChoiceSchema,
  }),
  z.object({
    kind: z.literal('quality'),
    part: qualityPartSchema,
    value: z.number().min(0).max(1),
    minimum: z.number().min(0).max(1),
    /** What the part was measured from, for people: pixels, degrees. */
    sizePx: z.number().nonnegative(),
    yawDegrees: z.number(),
  }),
  /** Too like a photo of the person that is there already to add anything. */
  z.object({
    kind: z.literal('near-duplicate'),
    name: z.string(),
    /** The face of that photo; absent where the photo is of the same batch. */
    faceId: faceIdSchema.optional(),
    distance,
    /** Bits in which the photos' perceptual hashes differ, where both have one. */
    bits: z.number().int().min(0).max(64).optional(),
  }),
])
export type GateFinding = z.infer<typeof gateFindingSchema>

/** A finding that the domain's policy does not ignore. */
export const gateReasonSchema = z.object({
  action: gateActionSchema.exclude(['ignore']),
  finding: gateFindingSchema,
})
export type GateReason = z.infer<typeof gateReasonSchema>

/** Why somebody joins a person all the same: a word that is kept with the entry of the ledger. */
export const overrideSchema = z
  .string()
  .transform((text) => text.normalize('NFC').trim())
  .pipe(
    z
      .string()
      .min(1, 'A word of why is needed.')
      .max(300)
      .regex(/^\P{Cc}*$/u, 'The reason has no control characters.'),
  )

/** What is offered as a reason, so that one key is enough. */
export const presetOverride = 'Looked at: fine'
