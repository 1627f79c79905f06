/** People, domains and clients as the window and the command line see them. */
import { z } from 'zod'
import { keptFaceSchema } from './face'
import { findingKindSchema } from './health'
import {
  batchIdSchema,
  clientIdSchema,
  domainSchema,
  faceIdSchema,
  ledgerIdSchema,
  modelIdSchema,
  personIdSchema,
  photoIdSchema,
  sha256Schema,
} from './ids'

const domainSummarySchema = z.object({
  domain: domainSchema,
  persons: z.number().int().nonnegative(),
  photos: z.number().int().nonnegative(),
  faces: z.number().int().nonnegative(),
  embeddingsByModel: z.record(z.string(), z.number().int().nonnegative()),
  /** The sample gallery: labelled so, and removable in one click. */
  sample: z.boolean(),
})
export type DomainSummary = z.infer<typeof domainSummarySchema>

export const clientSummarySchema = z.object({
  clientId: clientIdSchema,
  domains: z.array(domainSummarySchema),
})
export type ClientSummary = z.infer<typeof clientSummarySchema>

/** A Wikidata item, `Q` and its number. */
export const wikidataIdSchema = z
  .string()
  .regex(/^Q[1-9]\d{0,11}$/, 'A Wikidata id is Q and a number, like Q42.')

/** A short label that people are grouped by; compared without regard to case. */
export const tagSchema = z
  .string()
  .transform((text) => text.normalize('NFC').trim())
  .pipe(
    z
      .string()
      .min(1)
      .max(60)
      .regex(/^[^\p{Cc},]*$/u, 'A tag has no commas and no control characters.'),
  )

export const personSortSchema = z.enum(['name', 'faces', 'newest', 'changed'])
export type PersonSort = z.infer<typeof personSortSchema>

export const personSummarySchema = z.object({
  personId: personIdSchema,
  domain: domainSchema,
  name: z.string(),
  photos: z.number().int().nonnegative(),
  faces: z.number().int().nonnegative(),
  /** The face shown as cover; absent for a person without faces. */
  coverFaceId: faceIdSchema.optional(),
  /** What gallery health has found, open findings only; see `health.ts`. */
  flags: z.array(findingKindSchema),
  tags: z.array(z.string()),
  /** ISO 8601, UTC. */
  updatedAt: z.iso.datetime(),
})
export type PersonSummary = z.infer<typeof personSummarySchema>

const personFaceSchema = keptFaceSchema.extend({
  /** How the face came to be this person's. */
  source: z.enum(['enrolled', 'confirmed', 'manual', 'imported']),
  /** The box was drawn by hand. */
  manual: z.boolean(),
  /** `false`: Visor has not seen the photo, and the quality says nothing. */
  measured: z.boolean(),
  models: z.array(modelIdSchema),
  createdAt: z.iso.datetime(),
})
export type PersonFace = z.infer<typeof personFaceSchema>

/** A face of a photo in the gallery: somebody's, or nobody's. */
const photoFaceSchema = personFaceSchema
  .pick({ faceId: true, box: true, quality: true, source: true, manual: true, measured: true, models: true })
  .extend({
    /** The detector's score, 0 … 1; 0 where it saw no face in a box drawn by hand. */
    score: z.number().min(0).max(1),
    person: z.object({ personId: personIdSchema, name: z.string() }).optional(),
  })
export type PhotoFace = z.infer<typeof photoFaceSchema>

/** A photo as one domain knows it, with all its faces there. */
export const galleryPhotoSchema = z.object({
  photoId: photoIdSchema,
  clientId: clientIdSchema,
  domain: domainSchema,
  sha256: sha256Schema,
  /** Where the file was last seen; empty where it was pasted, or its place named somebody who was erased. */
  path: z.string(),
  /** Pixels of the upright photo. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** `false`: an import brought it, and Visor has not seen the file: `sha256` only stands in for that of its bytes. */
  seen: z.boolean(),
  /** From left to right. */
  faces: z.array(photoFaceSchema),
})
export type GalleryPhoto = z.infer<typeof galleryPhotoSchema>

export const personDetailSchema = personSummarySchema.extend({
  clientId: clientIdSchema,
  /** Names of people who were merged into this one: still found by a search, never lost. */
  aliases: z.array(z.string()),
  /** A cover chosen by somebody; without it the best face is the cover. */
  chosenCover: z.boolean(),
  wikidataId: z.string().optional(),
  occupation: z.string().optional(),
  description: z.string().optional(),
  facesList: z.array(personFaceSchema),
})
export type PersonDetail = z.infer<typeof personDetailSchema>

/** Another person who looks like one. */
export const lookalikeSchema = z.object({
  personId: personIdSchema,
  name: z.string(),
  domain: domainSchema,
  /** Cosine distance of the nearest two of their faces. */
  distance: z.number().min(0).max(2),
  /** Those two faces: the other person's, and this person's. */
  faceId: faceIdSchema,
  ownFaceId: faceIdSchema,
  /** Somebody said that the two are not the same person. */
  toldApart: z.boolean(),
})
export type Lookalike = z.infer<typeof lookalikeSchema>

/** One entry of the ledger, as the history shows it. */
/** Long work that left several entries in the ledger: an enrolment of many, an import. */
export const batchSchema = z.object({
  batchId: batchIdSchema,
  /** What it was, as the history shows it. */
  title: z.string(),
})
export type Batch = z.infer<typeof batchSchema>

export const ledgerEntrySchema = z.object({
  ledgerId: ledgerIdSchema,
  sequence: z.number().int().positive(),
  at: z.iso.datetime(),
  actor: z.string(),
  /** On a server: the login that wrote it, as the server saw it, where that is another name. */
  login: z.string().optional(),
  action: z.string(),
  summary: z.string(),
  /** Why it was done, where somebody was asked. */
  reason: z.string().optional(),
  undoneBy: ledgerIdSchema.optional(),
  /** What it was one of the steps of. */
  partOf: batchSchema.optional(),
  /** The erasure that took the entry's content, and when. */
  erasedBy: ledgerIdSchema.optional(),
  erasedAt: z.iso.datetime().optional(),
  /** Whether it is of a kind that can be undone, and was not. */
  undoable: z.boolean(),
})
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>

/** Something deleted that can still be restored. */
export const binEntrySchema = z.object({
  ledgerId: ledgerIdSchema,
  at: z.iso.datetime(),
  actor: z.string(),
  summary: z.string(),
  persons: z.number().int().nonnegative(),
  faces: z.number().int().nonnegative(),
  /** Some of the names, for recognising what it is. */
  names: z.array(z.string()),
  /** When it goes for good. */
  expiresAt: z.iso.datetime(),
})
export type BinEntry = z.infer<typeof binEntrySchema>

const skippedSchema = z.object({ path: z.string(), reason: z.string(), code: z.string() })

/**
 * What an enrolment did. `persons`, `photos` and `faces` count what was fine and is enrolled; `alreadyThere` what was enrolled,
 * in review or decided before.
 */
const enrolReportSchema = z.object({
  persons: z.number().int().nonnegative(),
  photos: z.number().int().nonnegative(),
  faces: z.number().int().nonnegative(),
  alreadyThere: z.number().int().nonnegative(),
  /** Photos that wait for somebody in Review, for whom, and why. */
  needsLook: z.array(z.object({ path: z.string(), name: z.string(), reasons: z.array(z.string()) })),
  /** Photos that the domain's policy blocks; `code` is the kind of the first reason. */
  refused: z.array(skippedSchema),
  /** Files that could not be used at all. */
  skipped: z.array(skippedSchema),
})
export type EnrolReport = z.infer<typeof enrolReportSchema>
