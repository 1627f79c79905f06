/**
 * What main and an import worker thread say to each other. Both sides.
 *
 * [Note: Import protocol] Every request has an id and gets one answer, an inspection after any number of `progress`. `rows`
 * begins a reading and gives its first portion, `next` the next one; `null` is its end. Vectors of a portion are numbers in one
 * buffer, which is handed over and not copied, at length 1 and with their digests: main would have no time for that. The rest of the
 * rows is one text: objects are sent property by property, which takes longer than reading them did.
 */
import { z } from 'zod'
import { type Inspection, inspectionSchema, sourceSpecSchema } from '../../../src-shared/import'
import { sentErrorSchema } from '../../../src-shared/server-failure'
import type { GivenRow, Portion, SourceRow } from '../source'
import { vectorDigest, writeUnit } from '../unit-vector'

/** What the thread is started with. */
export const importDataSchema = z.object({
  spec: sourceSpecSchema,
  /** Of a server; absent: a password file or none. */
  password: z.string().optional(),
})
export type ImportData = z.infer<typeof importDataSchema>

const id = z.number().int().nonnegative()

export const toImportSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('inspect'), id }),
  z.object({ type: z.literal('holdsImages'), id }),
  z.object({ type: z.literal('rows'), id, from: z.number().int().nonnegative(), withImages: z.boolean() }),
  z.object({ type: z.literal('next'), id }),
  /** Nobody takes the rest of the reading: its file or transaction is given up. */
  z.object({ type: z.literal('stop') }),
  /** An inspection ends with `cancelled`. */
  z.object({ type: z.literal('cancel') }),
  z.object({ type: z.literal('close') }),
])
export type ToImport = z.infer<typeof toImportSchema>

/** A portion as it is sent. */
interface SentPortion {
  readonly from: number
  /** A JSON list of {@link SentRow}. */
  readonly rows: string
  /** By place in the list. */
  readonly images: ReadonlyMap<number, Uint8Array>
  readonly vectors: Float32Array<ArrayBuffer>
}

interface SentRow extends Omit<GivenRow, 'embedding' | 'image'> {
  /** Numbers of its embedding; -1 = it has none. */
  readonly numbers: number
}

const sentPortionSchema = z.custom<SentPortion>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    'vectors' in value &&
    value.vectors instanceof Float32Array,
)

export const fromImportSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), id, rows: z.number(), share: z.number() }),
  z.object({ type: z.literal('inspection'), id, inspection: inspectionSchema }),
  z.object({ type: z.literal('holdsImages'), id, holds: z.boolean() }),
  z.object({ type: z.literal('portion'), id, portion: sentPortionSchema.nullable() }),
  z.object({ type: z.literal('error'), id, error: sentErrorSchema }),
])
export type FromImport =
  | { readonly type: 'inspection'; readonly id: number; readonly inspection: Inspection }
  | Exclude<z.infer<typeof fromImportSchema>, { type: 'inspection' }>

/** A portion, its vectors in one buffer of their own, those that can be at length 1. */
export function toSent({ from, rows }: Portion<SourceRow>): SentPortion {
  const images = new Map<number, Uint8Array>()
  const vectors = new Float32Array(rows.reduce((sum, { embedding }) => sum + (embedding?.length ?? 0), 0))
  let at = 0
  const sent = rows.map(({ embedding, squared, image, ...row }, index): SentRow => {
    if (image !== null) images.set(index, image)
    if (embedding === null) return { ...row, numbers: -1, vectorDigest: null }
    const numbers = embedding.length
    const own = vectors.subarray(at, at + numbers)
    at += numbers
    if (squared === 0 || !Number.isFinite(squared)) {
      own.set(embedding)
      return { ...row, numbers, vectorDigest: null }
    }
    writeUnit(embedding, squared, own)
    return { ...row, numbers, vectorDigest: vectorDigest(own) }
  })
  return { from, rows: JSON.stringify(sent), images, vectors }
}

/** What of a row is a number and is none came as `null`. */
export function fromSent({ from, rows, images, vectors }: SentPortion): Portion {
  let at = 0
  return {
    from,
    rows: (JSON.parse(rows) as SentRow[]).map(({ numbers, ...row }, index) => {
      const image = images.get(index) ?? null
      if (numbers < 0) return { ...row, image, embedding: null }
      at += numbers
      return { ...row, image, embedding: vectors.subarray(at - numbers, at) }
    }),
  }
}
