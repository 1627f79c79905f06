/** Gallery health: what a curator should look at, with the evidence. Every process. */
import { z } from 'zod'
import { keptFaceSchema } from './face'
import { clientIdSchema, domainSchema, faceIdSchema, personIdSchema, photoIdSchema } from './ids'

/** Kinds of findings, in the order in which a queue names them. */
export const findingKindSchema = z.enum([
  /** A face that does not look like the others of its person. */
  'outlier',
  /** Two people of a domain whose photos are as near to one another as a match. */
  'look-alike',
  /** Two faces of one photo given to one person. */
  'twice-in-photo',
  /** Two copies of one photo; of one person, or of two people under the same face. */
  'near-duplicate',
  /** Two people of a domain whose names differ by case, accents or script only. */
  'same-name',
  /** Faces that the model in use cannot search for. */
  'older-model',
  /** No photo at all: a search never finds them. */
  'no-photo',
  /** One photo only: a bad day is all there is to compare with. */
  'one-photo',
  /** No face of a quality of {@link goodQuality} or better. */
  'poor-photos',
])
export type FindingKind = z.infer<typeof findingKindSchema>

/** A face of less quality is a poor one. */
export const goodQuality = 0.5

/** Kinds that are about two people alike: the mark is on both. */
export const pairKinds: readonly FindingKind[] = ['look-alike', 'same-name', 'near-duplicate']

/** Kinds that are settled by saying that the two are different people; the others by *it is fine*. */
export const apartKinds: readonly FindingKind[] = ['look-alike', 'same-name']

const distance = z.number().min(0).max(2)
const amount = z.number().int().nonnegative()

/** What a finding rests on, by kind. Ids and numbers only: names and pictures are looked up when it is shown. */
export const evidenceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('outlier'),
    faceId: faceIdSchema,
    /** The best of the person's other photos, to compare it with. */
    ownFaceId: faceIdSchema,
    /** Within this distance of the face lies half of the person's other photos. */
    ownDistance: distance,
    /** The nearest face of somebody else, where it is nearer than the own ones. */
    otherFaceId: faceIdSchema.optional(),
    otherDistance: distance.optional(),
  }),
  z.object({
    kind: z.literal('look-alike'),
    /** The two faces that are nearest to one another: the person's, the other's. */
    faceId: faceIdSchema,
    otherFaceId: faceIdSchema,
    distance,
    /** How many of the faces compared are within the match distance of a face of the other, of each person. */
    near: amount,
    compared: amount,
    otherNear: amount,
    otherCompared: amount,
  }),
  z.object({
    kind: z.literal('twice-in-photo'),
    photoId: photoIdSchema,
    faceId: faceIdSchema,
    otherFaceId: faceIdSchema,
    distance: distance.optional(),
  }),
  z.object({
    kind: z.literal('near-duplicate'),
    /** The better of the two, which would be kept; of the person, while the other may be another person's. */
    faceId: faceIdSchema,
    otherFaceId: faceIdSchema,
    /** Bits of 64 in which the photos' perceptual hashes differ. */
    bits: amount,
    distance: distance.optional(),
  }),
  z.object({
    kind: z.literal('same-name'),
    faceId: faceIdSchema.optional(),
    otherFaceId: faceIdSchema.optional(),
  }),
  z.object({
    kind: z.literal('older-model'),
    faceId: faceIdSchema,
    /** Faces without an embedding of the model in use, of all the person's faces. */
    missing: amount,
    faces: amount,
  }),
  z.object({ kind: z.literal('no-photo') }),
  z.object({ kind: z.literal('one-photo'), faceId: faceIdSchema }),
  z.object({
    kind: z.literal('poor-photos'),
    faceId: faceIdSchema,
    quality: z.number().min(0).max(1),
  }),
])
export type Evidence = z.infer<typeof evidenceSchema>

export const findingIdSchema = z.uuid().brand<'FindingId'>()
export type FindingId = z.infer<typeof findingIdSchema>

/** Somebody whom a finding is about. */
const findingPersonSchema = z.object({
  personId: personIdSchema,
  name: z.string(),
  photos: amount,
  faces: amount,
})
export type FindingPerson = z.infer<typeof findingPersonSchema>

/** A face to be shown as evidence, and where it is in its photo. */
const findingFaceSchema = keptFaceSchema.extend({
  personId: personIdSchema.nullable(),
})

export const findingSchema = z.object({
  findingId: findingIdSchema,
  clientId: clientIdSchema,
  domain: domainSchema,
  /** 0 … 1: how much it can cost a search; the queue begins with the greatest. */
  harm: z.number().min(0).max(1),
  evidence: evidenceSchema,
  person: findingPersonSchema,
  other: findingPersonSchema.optional(),
  /** Those of the evidence, in its order; gone ones are left out. */
  faces: z.array(findingFaceSchema),
  foundAt: z.iso.datetime(),
  /** Somebody said that it is fine. */
  dismissed: z.boolean(),
})
export type Finding = z.infer<typeof findingSchema>

/** Open findings by domain and kind. */
export const findingCountSchema = z.object({
  clientId: clientIdSchema,
  domain: domainSchema,
  kind: findingKindSchema,
  open: amount,
  dismissed: amount,
})
export type FindingCount = z.infer<typeof findingCountSchema>

/** How far the galleries have been looked through. */
const healthProgressSchema = z.object({
  /** People looked at in the first pass, and all there are. */
  looked: amount,
  persons: amount,
  /** Nothing is left to be looked at. */
  finished: z.boolean(),
})

/** The same, and whether somebody wants it to rest. */
export const healthStateSchema = healthProgressSchema.extend({ paused: z.boolean() })
export type HealthState = z.infer<typeof healthStateSchema>

/** What a finding says, one or two short sentences without the people's names. */
export function findingSentence({ evidence, other }: Pick<Finding, 'evidence' | 'other'>): string {
  switch (evidence.kind) {
    case 'outlier':
      return evidence.otherDistance === undefined
        ? `Half of the person’s other photos are farther than ${decimal(evidence.ownDistance)} from this one, and nobody else is near.`
        : `It is nearer to somebody else (${decimal(evidence.otherDistance)}) than to the person’s other photos (${decimal(evidence.ownDistance)}).`
    case 'look-alike':
      return `${evidence.near} of ${evidence.compared} and ${evidence.otherNear} of ${evidence.otherCompared} of their faces are as near to the other as a match; the nearest are at ${decimal(evidence.distance)}.`
    case 'twice-in-photo':
      return 'Nobody is in a photo twice, unless it is a mirror or a collage.'
    case 'near-duplicate':
      if (other !== undefined)
        return 'The same face in copies of one photo, under two names: one of them is wrong.'
      return evidence.bits === 0
        ? 'The two photos look exactly alike: a copy tells a search nothing new.'
        : `The two photos are nearly alike: a copy tells a search nothing new.`
    case 'same-name':
      return 'The names differ by case, accents or script only.'
    case 'older-model':
      return evidence.missing === evidence.faces
        ? 'Enrolled with another model: a search with the one in use never finds them.'
        : `${evidence.missing} of ${evidence.faces} faces were enrolled with another model, and a search with the one in use passes over them.`
    case 'no-photo':
      return 'There is no photo to compare with: a search never finds them.'
    case 'one-photo':
      return 'One photo only: a bad day is all there is to compare with.'
    case 'poor-photos':
      return `No good photo: the best has a quality of ${decimal(evidence.quality)}; all are small, blurred or turned away.`
  }
}

function decimal(value: number): string {
  return value.toFixed(2)
}
