/** Requests about unknown faces: their groups, naming them, whom they may be. The contract. */
import { z } from 'zod'
import { actSchema } from '../act'
import { clientIdSchema, domainSchema, faceIdSchema, personIdSchema } from '../ids'
import {
  nearestPersonSchema,
  suggestionSchema,
  unknownCountsSchema,
  unknownFaceSchema,
  unknownGroupSchema,
  unknownIdSchema,
} from '../unknown'
import { faceIds, page, personRef, request } from './request'

const groupRef = z.object({ clientId: clientIdSchema, groupId: unknownIdSchema })

export const unknownRequests = {
  'unknown.counts': request(z.object({ clientId: clientIdSchema }), unknownCountsSchema),
  /** Largest first. */
  'unknown.groups': request(
    z.object({ clientId: clientIdSchema, ignored: z.boolean(), ...page }),
    z.object({ total: z.number().int().nonnegative(), groups: z.array(unknownGroupSchema) }),
  ),
  /** The group that a face is in now; `null` where it is in none, or is unknown no more. */
  'unknown.groupOf': request(
    z.object({ clientId: clientIdSchema, faceId: faceIdSchema }),
    unknownIdSchema.nullable(),
  ),
  'unknown.faces': request(
    groupRef.extend(page),
    z.object({ total: z.number().int().nonnegative(), faces: z.array(unknownFaceSchema) }),
  ),
  /** The people nearest to a group; absent faces = the best of them. */
  'unknown.nearest': request(
    groupRef.extend({ domain: domainSchema, faceIds: faceIds.optional() }),
    z.array(nearestPersonSchema),
  ),
  /** Names a group, or some of its faces. `leftOut` faces cannot be that person's, and stay unknown. */
  'unknown.name': request(
    groupRef.extend({ domain: domainSchema, to: personRef, faceIds: faceIds.optional() }),
    actSchema.extend({ leftOut: z.number().int().nonnegative() }),
  ),
  'unknown.takeOut': request(groupRef.extend({ faceIds }), actSchema),
  'unknown.ignore': request(groupRef.extend({ ignored: z.boolean() }), actSchema),
  /** By person, nearest first. */
  'unknown.suggestions': request(
    z.object({ clientId: clientIdSchema, limit: page.limit }),
    z.object({ total: z.number().int().nonnegative(), some: z.array(suggestionSchema) }),
  ),
  'unknown.accept': request(z.object({ personId: personIdSchema, faceIds }), actSchema),
  'unknown.reject': request(z.object({ personId: personIdSchema, faceIds }), actSchema),
  /** Removes all unknown faces of the client for good. */
  'unknown.forget': request(
    z.object({ clientId: clientIdSchema }),
    z.object({ faces: z.number().int().nonnegative() }),
  ),
} as const
