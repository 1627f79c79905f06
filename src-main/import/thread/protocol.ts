/**
 * What main and an import worker thread say to each other. Both sides.
 *
 * [Note: Import protocol] Every request has an id and gets one answer, an inspection after any number of `progress`. `rows`
 * begins a reading and gives its first portion, `next` the next one; `null` is its end. Vectors of a portion are numbers in one
 * buffer, which is handed over and not copied.
 */
import { z } from 'zod'
import { type Inspection, inspectionSchema, sourceSpecSchema } from '../../../src-shared/import'
import { sentErrorSchema } from '../../../src-shared/server-failure'
import type { Portion, SourceRow } from '../source'

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
  readonly rows: readonly Omit<SourceRow, 'embedding'>[]
  /** Numbers of each row's embedding; -1 = it has none. */
  readonly lengths: readonly number[]
  readonly vectors: Float32Array<ArrayBuffer>
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

/** A portion, its vectors in one buffer of their own. */
export function toSent({ from, rows }: Portion): SentPortion {
  const lengths = rows.map(({ embedding }) => embedding?.length ?? -1)
  const vectors = new Float32Array(lengths.reduce((sum, length) => sum + Math.max(0, length), 0))
  let at = 0
  const sent = rows.map(({ embedding, ...row }) => {
    if (embedding !== null) {
      vectors.set(embedding, at)
      at += embedding.length
    }
    return row
  })
  return { from, rows: sent, lengths, vectors }
}

export function fromSent({ from, rows, lengths, vectors }: SentPortion): Portion {
  let at = 0
  return {
    from,
    rows: rows.map((row, index) => {
      const length = lengths[index] ?? -1
      if (length < 0) return { ...row, embedding: null }
      at += length
      return { ...row, embedding: vectors.subarray(at - length, at) }
    }),
  }
}
