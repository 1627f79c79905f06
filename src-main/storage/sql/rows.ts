/** The shapes of rows that several statements read. Store worker thread. */
import { z } from 'zod'
import { bytesSchema } from '../../../src-shared/face'
import { clientIdSchema, domainSchema, faceIdSchema, personIdSchema } from '../../../src-shared/ids'

export const isoTime = z.number().transform((milliseconds) => new Date(milliseconds).toISOString())
export const jsonList = <S extends z.ZodType>(item: S) =>
  z.string().transform((text): z.output<S>[] => z.array(item).parse(JSON.parse(text)))

/** The least and the greatest UUID there can be (RFC 9562): before and after every id. */
export const beforeAllIds = '00000000-0000-0000-0000-000000000000'
export const afterAllIds = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** A column of 0 or 1. */
export const flag = z.number().transform((value) => value === 1)

export const countRow = z.object({ count: z.number().int() })

export const faceSourceSchema = z.enum(['enrolled', 'confirmed', 'manual', 'imported'])

export const vectorRow = z.object({ vector: bytesSchema })

export const embeddingStateRow = z.object({
  id: z.number().int(),
  personId: personIdSchema,
  domain: domainSchema,
})

/** A live person's place and name. */
export const personRow = z.object({
  id: personIdSchema,
  clientId: clientIdSchema,
  domain: domainSchema,
  name: z.string(),
})
export type PersonRow = z.infer<typeof personRow>

export const boxColumns = { x: z.number(), y: z.number(), w: z.number(), h: z.number() }

/** A live face, where it is and whose. */
export const faceRow = z.object({
  id: faceIdSchema,
  personId: personIdSchema.nullable(),
  domain: domainSchema,
  source: faceSourceSchema,
  ...boxColumns,
})
export type FaceRow = z.infer<typeof faceRow>

export const faceIdRow = z.object({ id: faceIdSchema })
export const personIdRow = z.object({ id: personIdSchema })
