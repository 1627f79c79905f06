/** What the statements over findings share. Store worker thread. */
import { z } from 'zod'
import { pairKinds } from '../../../../src-shared/health'

/** The state of a finding; `gone`: no longer so, kept because it was dismissed and may come back. */
export const stateSchema = z.enum(['open', 'dismissed', 'gone'])

/** Kinds that are about two people, as a list of SQL. */
export const pairKindsSql = pairKinds.map((kind) => `'${kind}'`).join(', ')
