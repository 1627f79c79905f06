/** How long one photo may take. Main and the command line. */

/** Milliseconds for one photo, however large and however thorough: a photo of 400 megapixels in tiles takes about one. */
export const photoTimeoutMs = 180_000
