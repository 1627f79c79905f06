/** What callers give, as it is kept. Store's threads. */
import type { z } from 'zod'
import { VisorError } from '../../../src-shared/errors'

/** Gives a value that fits the schema. Raises `invalid-argument`. */
export function argument<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new VisorError('invalid-argument', parsed.error.issues[0]?.message ?? 'That is not a value for this.')
}
