/** Requests that fill and show galleries: domains, people, enrolment, the sample gallery. The contract. */
import { z } from 'zod'
import { clientSummarySchema, personDetailSchema, personSortSchema, personSummarySchema } from '../gallery'
import { findingKindSchema } from '../health'
import { clientIdSchema, domainSchema, jobIdSchema, personIdSchema } from '../ids'
import { thresholdsInForceSchema } from '../recognition'
import { storeSizesSchema } from '../store-sizes'
import { domainRef, maybeJob, nothing, page, personIds, request } from './request'

/** Which people, in which order. */
const peopleFilter = z.object({
  clientId: clientIdSchema,
  /** `null` = every domain of the client. */
  domain: domainSchema.nullable(),
  /** Part of a name, any case, accents aside. */
  text: z.string().max(200),
  sort: personSortSchema,
  flags: z.array(findingKindSchema).max(10),
  tag: z.string().max(60).nullable(),
})

export const galleryRequests = {
  'gallery.clients': request(nothing, z.array(clientSummarySchema)),
  'gallery.sizes': request(nothing, storeSizesSchema),
  'gallery.createDomain': request(domainRef, nothing),
  'gallery.persons': request(
    peopleFilter.extend(page),
    z.object({ total: z.number().int().nonnegative(), persons: z.array(personSummarySchema) }),
  ),
  /** Who is at the places `first` … `last`. */
  'gallery.personIds': request(
    peopleFilter.extend({ first: z.number().int().nonnegative(), last: z.number().int().nonnegative() }),
    z.array(personIdSchema),
  ),
  'gallery.personsById': request(z.object({ personIds: personIds.max(500) }), z.array(personSummarySchema)),
  /** Those of these people who cannot be moved to the domain without a merge. */
  'gallery.namesakes': request(
    z.object({ personIds, domain: domainSchema }),
    z.array(z.object({ personId: personIdSchema, name: z.string() })),
  ),
  'gallery.person': request(z.object({ personId: personIdSchema }), personDetailSchema),
  /** Asks for a folder of folders, one a person, and enrols it. */
  'gallery.enrolFolder': request(domainRef, maybeJob),
  /** Asks for photos, or a folder of photos, of one person, and enrols them. */
  'gallery.choosePhotos': request(
    z.object({ personId: personIdSchema, kind: z.enum(['files', 'folder']) }),
    maybeJob,
  ),
  /** Files dropped on a person; the preload alone sends them. */
  'gallery.addPaths': request(
    z.object({ personId: personIdSchema, paths: z.array(z.string().min(1)).min(1).max(100_000) }),
    maybeJob,
  ),
  'gallery.installSamples': request(nothing, z.object({ jobId: jobIdSchema })),
  'gallery.removeSamples': request(nothing, nothing),
  /** The distances a search of these domains would use, before any override. */
  'gallery.thresholds': request(
    z.object({ clientId: clientIdSchema, domain: domainSchema.nullable() }),
    thresholdsInForceSchema,
  ),
} as const
