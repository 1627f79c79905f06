/** What the ledger's entries say, by the action that was done. Store's threads. */
import { z } from 'zod'
import { moveSchema } from '../../../../src-shared/dual'
import { boxSchema } from '../../../../src-shared/geometry'
import { findingIdSchema } from '../../../../src-shared/health'
import type { ClientId } from '../../../../src-shared/ids'
import {
  domainSchema,
  faceIdSchema,
  ledgerIdSchema,
  modelIdSchema,
  personIdSchema,
  photoIdSchema,
  sha256Schema,
} from '../../../../src-shared/ids'
import { faceSourceSchema } from '../rows'
import { changesSchema } from './changes'

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

/**
 * What undo needs, by the action that was done. What was removed is found by `removed_by`. Beside it stands in the same JSON, as `partOf`,
 * the long work that the entry is a step of, where it is one: for the history alone.
 */
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
