/** Requests that fill, show, steer and export the Identify queue. The contract. */
import { z } from 'zod'
import { bytesSchema } from '../face'
import { itemIdSchema } from '../ids'
import { itemDetailSchema, queueFilterSchema, queueItemSchema, queueProgressSchema } from '../queue'
import { maybeJob, nothing, request } from './request'

const itemIds = z.array(itemIdSchema).max(1_000_000)

export const queueRequests = {
  /** Opens the native dialog; what is chosen joins the queue. */
  'queue.open': request(z.object({ kind: z.enum(['files', 'folder']) }), maybeJob),
  /** Files dropped on the window: only the preload can turn a `File` into a path. */
  'queue.addPaths': request(z.object({ paths: z.array(z.string().min(1)).min(1).max(100_000) }), maybeJob),
  /** Pictures without a file, from the clipboard or dragged out of another program; the preload alone sends them. */
  'queue.addPictures': request(
    z.object({
      pictures: z
        .array(bytesSchema.refine((bytes) => bytes.byteLength <= 150_000_000, 'The picture is too large.'))
        .min(1)
        .max(100),
    }),
    maybeJob,
  ),
  'queue.snapshot': request(
    nothing,
    z.object({ items: z.array(queueItemSchema), progress: queueProgressSchema }),
  ),
  'queue.detail': request(z.object({ itemId: itemIdSchema }), itemDetailSchema),
  'queue.pause': request(nothing, nothing),
  'queue.resume': request(nothing, nothing),
  /** Absent ids = all that wait or are in work. */
  'queue.cancel': request(z.object({ itemIds: itemIds.optional() }), nothing),
  /** Also analyses anew what is done and named. Absent ids = all that failed, were set aside or cancelled. */
  'queue.retry': request(z.object({ itemIds: itemIds.optional() }), nothing),
  /** Absent ids = all. Takes photos out of the queue; files and galleries stay as they are. */
  'queue.remove': request(z.object({ itemIds: itemIds.optional() }), z.object({ itemIds })),
  /** Puts back what was taken out since the start. */
  'queue.restore': request(z.object({ itemIds }), nothing),
  'queue.revealFile': request(z.object({ itemId: itemIdSchema }), nothing),
  /** Asks where to, then writes what the filter shows. */
  'queue.export': request(z.object({ format: z.enum(['json', 'csv']), filter: queueFilterSchema }), maybeJob),
} as const
