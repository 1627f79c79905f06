/** Unknown faces, their groups, and whom they may be, as the window sees them. */
import { z } from 'zod'
import { keptFaceSchema } from './face'
import { domainSchema, faceIdSchema, personIdSchema } from './ids'

/** The number of an unknown face; a group is known by the least number in it, so that it may get another one. */
export const unknownIdSchema = z.number().int().positive()

export const unknownGroupSchema = z.object({
  groupId: unknownIdSchema,
  domain: domainSchema,
  faces: z.number().int().positive(),
  photos: z.number().int().positive(),
  /** Best quality first, at most twelve. */
  someFaces: z.array(faceIdSchema),
  /** When the oldest and the newest of them were kept. */
  oldestAt: z.iso.datetime(),
  newestAt: z.iso.datetime(),
})
export type UnknownGroup = z.infer<typeof unknownGroupSchema>

export const unknownFaceSchema = keptFaceSchema.extend({
  keptAt: z.iso.datetime(),
})
export type UnknownFace = z.infer<typeof unknownFaceSchema>

/** A person whom some unknown faces look like. */
export const nearestPersonSchema = z.object({
  personId: personIdSchema,
  name: z.string(),
  domain: domainSchema,
  /** Cosine distance of the nearest pair. */
  distance: z.number().min(0).max(2),
  /** The person's face of that pair. */
  referenceFaceId: faceIdSchema,
})
export type NearestPerson = z.infer<typeof nearestPersonSchema>

/** An unknown face that may be the face of somebody who was enrolled since it was kept. */
export const suggestionSchema = unknownFaceSchema.extend({
  person: nearestPersonSchema,
})
export type Suggestion = z.infer<typeof suggestionSchema>

/** What there is of unknown faces in one client. */
export const unknownCountsSchema = z.object({
  /** In groups or not. */
  faces: z.number().int().nonnegative(),
  groups: z.number().int().nonnegative(),
  ignoredGroups: z.number().int().nonnegative(),
  suggestions: z.number().int().nonnegative(),
})
export type UnknownCounts = z.infer<typeof unknownCountsSchema>
