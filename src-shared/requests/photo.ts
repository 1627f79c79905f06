/** Requests about one photo of a gallery: its faces and their boxes, where its file is. The contract. */
import { z } from 'zod'
import { actSchema } from '../act'
import { wireErrorSchema } from '../errors'
import { galleryPhotoSchema } from '../gallery'
import { drawnBoxSchema } from '../geometry'
import { faceIdSchema, photoIdSchema } from '../ids'
import { alignedBySchema } from '../vision-protocol'
import { request } from './request'

/** A face whose box was drawn or changed by hand, and how it was aligned. */
const drawnFaceSchema = z.object({
  act: actSchema,
  faceId: faceIdSchema,
  alignedBy: alignedBySchema,
})

export const photoRequests = {
  'photo.open': request(z.object({ photoId: photoIdSchema }), galleryPhotoSchema),
  /** Why the photo cannot be shown (its file is gone, moved or changed); `null` where it can. */
  'photo.trouble': request(z.object({ photoId: photoIdSchema }), wireErrorSchema.nullable()),
  'photo.drawFace': request(z.object({ photoId: photoIdSchema, box: drawnBoxSchema }), drawnFaceSchema),
  'photo.changeBox': request(
    z.object({ photoId: photoIdSchema, faceId: faceIdSchema, box: drawnBoxSchema }),
    drawnFaceSchema,
  ),
  /** It is no face. */
  'photo.deleteFace': request(z.object({ photoId: photoIdSchema, faceId: faceIdSchema }), actSchema),
  /** Asks where the photo's file is now; `null` where the dialog was closed. */
  'photo.locate': request(z.object({ photoId: photoIdSchema }), actSchema.nullable()),
} as const
