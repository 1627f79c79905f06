/** Requests that change people and domains, and show what was changed. The contract. */
import { z } from 'zod'
import { actSchema } from '../act'
import { binEntrySchema, ledgerEntrySchema, lookalikeSchema, tagSchema, wikidataIdSchema } from '../gallery'
import {
  clientIdSchema,
  domainSchema,
  faceIdSchema,
  personIdSchema,
  personNameSchema,
  sha256Schema,
} from '../ids'
import { domainRef, faceIds, personIds, personRef, request } from './request'

export const curationRequests = {
  'gallery.deleteDomain': request(domainRef, actSchema),
  'gallery.updatePerson': request(
    z.object({
      personId: personIdSchema,
      name: personNameSchema.optional(),
      wikidataId: wikidataIdSchema.nullable().optional(),
      occupation: z.string().max(200).nullable().optional(),
      description: z.string().max(4000).nullable().optional(),
      tags: z.array(tagSchema).max(50).optional(),
      /** What the editor saw in the fields that are changed; where one is something else by now, `conflict`. */
      seen: z
        .object({
          name: z.string(),
          wikidataId: z.string().nullable(),
          occupation: z.string().nullable(),
          description: z.string().nullable(),
        })
        .partial()
        .optional(),
    }),
    actSchema,
  ),
  /** Adds and takes tags of many people at once. */
  'gallery.tagPersons': request(
    z.object({ personIds, add: z.array(tagSchema).max(50), remove: z.array(tagSchema).max(50) }),
    actSchema,
  ),
  'gallery.tags': request(
    /** Of these people only, where some are named. */
    z.object({ clientId: clientIdSchema, personIds: personIds.optional() }),
    z.array(z.object({ tag: z.string(), persons: z.number().int().nonnegative() })),
  ),
  'gallery.setCover': request(
    z.object({ personId: personIdSchema, faceId: faceIdSchema.nullable() }),
    actSchema,
  ),
  'gallery.mergePersons': request(z.object({ target: personIdSchema, sources: personIds }), actSchema),
  'gallery.moveFaces': request(
    z.object({
      faceIds,
      domain: domainSchema,
      to: personRef,
    }),
    actSchema,
  ),
  'gallery.takeFaces': request(z.object({ faceIds, reject: z.boolean() }), actSchema),
  /** Faces that the person was ruled out for, newest first, and when. */
  'gallery.rejects': request(
    z.object({ personId: personIdSchema }),
    z.array(z.object({ faceId: faceIdSchema, at: z.iso.datetime() })),
  ),
  'gallery.withdrawReject': request(z.object({ faceId: faceIdSchema, personId: personIdSchema }), actSchema),
  /** Says whether a photo is a mirror or a collage, in which a person may be more than once. */
  'gallery.setRepeatsPeople': request(
    z.object({ clientId: clientIdSchema, photo: sha256Schema, repeats: z.boolean() }),
    actSchema,
  ),
  'gallery.movePersons': request(
    z.object({ personIds, domain: domainSchema, onClash: z.enum(['refuse', 'merge']) }),
    actSchema,
  ),
  'gallery.renameDomain': request(domainRef.extend({ to: domainSchema }), actSchema),
  'gallery.lookalikes': request(z.object({ personId: personIdSchema }), z.array(lookalikeSchema)),
  'gallery.history': request(
    z.object({
      clientId: clientIdSchema,
      personId: personIdSchema.optional(),
      before: z.number().int().positive().optional(),
      limit: z.number().int().min(1).max(200),
    }),
    z.array(ledgerEntrySchema),
  ),
  'gallery.bin': request(z.object({ clientId: clientIdSchema }), z.array(binEntrySchema)),
  'gallery.emptyBin': request(
    z.object({ clientId: clientIdSchema }),
    z.object({ persons: z.number().int() }),
  ),
  'gallery.deletePersons': request(z.object({ personIds }), actSchema),
  /** Pairs among these people who were told apart. */
  'gallery.toldApart': request(
    z.object({ personIds: personIds.max(60) }),
    z.array(z.tuple([personIdSchema, personIdSchema])),
  ),
  /** Says that two people are not the same person, or withdraws it. */
  'gallery.tellApart': request(
    z.object({ personId: personIdSchema, otherId: personIdSchema, apart: z.boolean() }),
    actSchema,
  ),
} as const
