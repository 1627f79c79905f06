/** The Identify queue: one item a photo. Summaries are small (thousands are held by the window); details come one at a time. */
import { z } from 'zod'
import { wireErrorSchema } from './errors'
import { itemIdSchema, personIdSchema } from './ids'
import { decisionSchema, recognitionSchema } from './recognition'
import { foldText } from './text'

/**
 * `waiting` → `working` → `done` | `failed` | `set-aside` (it killed the vision process twice) | `cancelled`.
 * *Retry* takes any of the last three back to `waiting`, and `done` where it is asked for by name.
 */
export const itemStateSchema = z.enum(['waiting', 'working', 'done', 'failed', 'set-aside', 'cancelled'])
export type ItemState = z.infer<typeof itemStateSchema>

export const queueItemSchema = z.object({
  itemId: itemIdSchema,
  /** Order in the queue, growing. */
  position: z.number().int(),
  /** File name, for people. */
  name: z.string(),
  /** Whole path, for people (a tool tip); nothing is opened by it. */
  path: z.string(),
  state: itemStateSchema,
  /** Faces found; 0 until done. */
  faces: z.number().int().nonnegative(),
  matches: z.number().int().nonnegative(),
  possibles: z.number().int().nonnegative(),
  unknowns: z.number().int().nonnegative(),
  /** Whom the faces were named as, best first, each person once. */
  people: z.array(z.object({ personId: personIdSchema, name: z.string(), decision: decisionSchema })),
  /** From taking the photo up to its answer. */
  elapsedMs: z.number().nonnegative().optional(),
  error: wireErrorSchema.optional(),
  /** An earlier item holds the very same photo. */
  duplicateOf: itemIdSchema.optional(),
  /** Counts up whenever the item's answer changes: part of the key of what is cached for it. */
  revision: z.number().int().nonnegative(),
})
export type QueueItem = z.infer<typeof queueItemSchema>

export const itemDetailSchema = z.object({ item: queueItemSchema, recognition: recognitionSchema.optional() })
export type ItemDetail = z.infer<typeof itemDetailSchema>

export const queueProgressSchema = z.object({
  total: z.number().int().nonnegative(),
  waiting: z.number().int().nonnegative(),
  working: z.number().int().nonnegative(),
  done: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  cancelled: z.number().int().nonnegative(),
  paused: z.boolean(),
  /** Mean milliseconds from one answer to the next over the last hundred of this stretch of work; absent before two. */
  msPerPhoto: z.number().nonnegative().optional(),
  /** Estimate for what waits; absent where nothing is known yet. */
  remainingMs: z.number().nonnegative().optional(),
})
export type QueueProgress = z.infer<typeof queueProgressSchema>

/** What changed since the last event; at most ten events a second. */
export const queueChangeSchema = z.object({
  upserts: z.array(queueItemSchema),
  removed: z.array(itemIdSchema),
  progress: queueProgressSchema,
})
export type QueueChange = z.infer<typeof queueChangeSchema>

export const queueFilterSchema = z.object({
  /** Part of a file name, any case, accents aside. */
  text: z.string().max(200),
  personId: personIdSchema.nullable(),
  decision: decisionSchema.nullable(),
  state: itemStateSchema.nullable(),
})
export type QueueFilter = z.infer<typeof queueFilterSchema>

/** The filter that shows everything. */
export const emptyFilter: QueueFilter = { text: '', personId: null, decision: null, state: null }

/** Whether the list shows `item` under `filter`. */
export function passesFilter(item: QueueItem, filter: QueueFilter): boolean {
  if (filter.state !== null && item.state !== filter.state) return false
  if (filter.personId !== null && !item.people.some((person) => person.personId === filter.personId))
    return false
  if (filter.decision === 'match' && item.matches === 0) return false
  if (filter.decision === 'possible' && item.possibles === 0) return false
  if (filter.decision === 'unknown' && item.unknowns === 0) return false
  return filter.text === '' || foldText(item.name).includes(foldText(filter.text))
}
