/** The addresses of pictures that main serves and the window shows. */
import type { Box } from './geometry'

/**
 * Addresses of pictures. Served by main from its own data by id; there is no way to name a path.
 *
 * - `thumbnail`: the queue's thumbnail, longer edge 256 px
 * - `photo`: the upright photo as JPEG, longer edge at most `maxEdgePx` (0 = full size)
 * - `probe`: crop of a face of a queued photo, 192 × 192
 * - `reference`: crop of an enrolled face, 192 × 192
 * - `review`: crop of a face that waits in review, 192 × 192
 * - `galleryPhoto`: a photo of the gallery as JPEG, longer edge at most `maxEdgePx` (0 = full size)
 */
export const pictureScheme = 'visor-picture'
export const pictureUrl = {
  thumbnail: (itemId: string): string => `${pictureScheme}://queue/${itemId}/thumbnail`,
  photo: (itemId: string, maxEdgePx: number): string =>
    `${pictureScheme}://queue/${itemId}/photo/${maxEdgePx}`,
  probe: (itemId: string, faceIndex: number): string =>
    `${pictureScheme}://queue/${itemId}/face/${faceIndex}`,
  /** `box`: where the face's box may be changed while its picture is shown. */
  reference: (faceId: string, box?: Box): string =>
    `${pictureScheme}://gallery/face/${faceId}${box === undefined ? '' : `?${box.x},${box.y},${box.w},${box.h}`}`,
  galleryPhoto: (photoId: string, maxEdgePx: number): string =>
    `${pictureScheme}://gallery/photo/${photoId}/${maxEdgePx}`,
  review: (reviewId: string, face: number): string => `${pictureScheme}://review/${reviewId}/face/${face}`,
} as const
