/** How much room a store takes, as far as it can say. Every process. */
import { z } from 'zod'

const bytes = z.number().nonnegative()

export const storeSizesSchema = z.object({
  /** Everything: tables and indexes, or the file with its log. */
  totalBytes: bytes,
  /** What it is made of; `null` where only reading all of it would tell. */
  parts: z
    .object({
      vectors: bytes,
      crops: bytes,
      /** By which neighbours are found, and all others. */
      searchIndexes: bytes,
      otherIndexes: bytes,
    })
    .nullable(),
  /** Of one embedding and of one face's picture, on average: to tell about how much a domain takes. */
  bytesPerEmbedding: bytes,
  bytesPerCrop: bytes,
})
export type StoreSizes = z.infer<typeof storeSizesSchema>
