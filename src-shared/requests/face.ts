/** Requests about one face of a queued photo, and the undo of every act. The contract. */
import { z } from 'zod'
import { actSchema, joinedSchema } from '../act'
import { batchSchema } from '../gallery'
import { overrideSchema } from '../gate'
import { drawnBoxSchema } from '../geometry'
import {
  clientIdSchema,
  domainSchema,
  itemIdSchema,
  ledgerIdSchema,
  personIdSchema,
  personNameSchema,
} from '../ids'
import { alignedBySchema } from '../vision-protocol'
import { nothing, request } from './request'

const faceRef = z.object({ itemId: itemIdSchema, faceIndex: z.number().int().nonnegative() })

export const faceRequests = {
  /** Both pass the enrolment gate; `why` overrides what it warns of. */
  'face.confirm': request(
    faceRef.extend({ personId: personIdSchema, why: overrideSchema.optional() }),
    joinedSchema,
  ),
  'face.reject': request(faceRef.extend({ personId: personIdSchema }), actSchema),
  'face.enrolNew': request(
    faceRef.extend({ domain: domainSchema, name: personNameSchema, why: overrideSchema.optional() }),
    joinedSchema,
  ),
  /** Withdraws *not this person* of a face of a queued photo. */
  'face.withdrawReject': request(faceRef.extend({ personId: personIdSchema }), actSchema),
  /** A face that the detector missed, or another box (`faceIndex`) for one that was drawn; undone by `ledger.undoLast`. */
  'face.draw': request(
    faceRef.extend({ faceIndex: faceRef.shape.faceIndex.nullable(), box: drawnBoxSchema }),
    z.object({ faceIndex: z.number().int().nonnegative(), alignedBy: alignedBySchema, summary: z.string() }),
  ),
  /** Takes out a face that was drawn by hand; undone by `ledger.undoLast`. */
  'face.removeDrawn': request(faceRef, z.object({ summary: z.string() })),
  'ledger.undo': request(z.object({ ledgerId: ledgerIdSchema }), z.object({ summary: z.string() })),
  /** All that is left of a batch. */
  'ledger.undoBatch': request(
    z.object({ clientId: clientIdSchema, partOf: batchSchema }),
    z.object({ summary: z.string() }),
  ),
  /** The newest act of this window in the client that is shown, within the hour. */
  'ledger.undoLast': request(nothing, z.object({ summary: z.string() }).nullable()),
} as const
