/** The branded names of things that must not be mixed up. Every process. */
import { z } from 'zod'

const uuid = z.uuid()

export const personIdSchema = uuid.brand<'PersonId'>()
export type PersonId = z.infer<typeof personIdSchema>

export const photoIdSchema = uuid.brand<'PhotoId'>()
export type PhotoId = z.infer<typeof photoIdSchema>

export const faceIdSchema = uuid.brand<'FaceId'>()
export type FaceId = z.infer<typeof faceIdSchema>

/** One photo in the Identify queue. */
export const itemIdSchema = uuid.brand<'ItemId'>()
export type ItemId = z.infer<typeof itemIdSchema>

/** One piece of long work (an enrolment, a download) that shows progress and can be cancelled. */
export const jobIdSchema = uuid.brand<'JobId'>()
export type JobId = z.infer<typeof jobIdSchema>

/** One face of an enrolment that waits for somebody to look at it. */
export const reviewIdSchema = uuid.brand<'ReviewId'>()
export type ReviewId = z.infer<typeof reviewIdSchema>

/** One run of an import from another system. */
export const importRunIdSchema = uuid.brand<'ImportRunId'>()
export type ImportRunId = z.infer<typeof importRunIdSchema>

export const ledgerIdSchema = uuid.brand<'LedgerId'>()
export type LedgerId = z.infer<typeof ledgerIdSchema>

/** Long work that left several entries in the ledger, which are taken back together. */
export const batchIdSchema = uuid.brand<'BatchId'>()
export type BatchId = z.infer<typeof batchIdSchema>

/** The embedder that made an embedding, `pack/embedder`; embeddings of different models are never compared. */
export const modelIdSchema = z.string().min(1).max(200).brand<'ModelId'>()
export type ModelId = z.infer<typeof modelIdSchema>

/** SHA-256 of a photo's bytes, 64 lower-case hexadecimal digits. */
export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'Sha256'>()
export type Sha256 = z.infer<typeof sha256Schema>

/**
 * What has no place in a name, and is left out without a word: what turns the direction of the text around it (embeddings,
 * overrides, isolates; UAX #9), breaks lines, or marks the start of a file. Left-to-right marks and joiners stay: Arabic,
 * Hebrew, Persian and Indic names need them, and emoji.
 */
const unwantedMarks = /[\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g

/**
 * What a name may be: 1 … 200 characters of which one can be seen, well-formed, NFC, no control characters, no white space
 * at the ends.
 */
const name = z
  .string()
  .transform((text) => text.toWellFormed().replace(unwantedMarks, '').normalize('NFC').trim())
  .pipe(
    z
      .string()
      .min(1, 'A name is needed.')
      .max(200, 'A name has at most 200 characters.')
      .regex(/^\P{Cc}*$/u, 'A name has no control characters.')
      .regex(/[^\p{C}\p{Z}\p{M}]/u, 'A name needs a character that can be seen.'),
  )

/** An organisation whose data is isolated from every other's. */
export const clientIdSchema = name.brand<'ClientId'>()
export type ClientId = z.infer<typeof clientIdSchema>

/** The part of a gallery that a search looks in. */
export const domainSchema = name.brand<'Domain'>()
export type Domain = z.infer<typeof domainSchema>

export const personNameSchema = name

export const defaultClientId = clientIdSchema.parse('default')
