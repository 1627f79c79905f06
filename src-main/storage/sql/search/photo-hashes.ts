/** Perceptual hashes of a client's photos in memory, to find copies of one. Store worker thread. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { type ClientId, type PhotoId, photoIdSchema } from '../../../../src-shared/ids'
import { type PerceptualHash, perceptualHashSchema } from '../../../../src-shared/perceptual-hash'
import { HammingIndex } from '../../health/hamming-index'
import type { Connection } from '../connection'
import { beforeAllIds } from '../rows'
import type { Feed } from './feed'

/** Photos read in one turn of the worker; others are served in between. */
const photosPerTurn = 4096

const hashRow = z.tuple([photoIdSchema, perceptualHashSchema])

export const selectHashes = `
  SELECT id, perceptual_hash FROM photos
  WHERE id > ? AND unindexed(client_id) = ? AND perceptual_hash IS NOT NULL ORDER BY id LIMIT ${photosPerTurn}`

export const selectHashesOf = `
  SELECT ph.id, ph.perceptual_hash
  FROM ids(?) wanted CROSS JOIN photos ph ON ph.id = wanted.value WHERE ph.perceptual_hash IS NOT NULL`

/**
 * Knows every photo that was there when it was opened, and those that it was told of since. Photos that are gone stay in it:
 * whoever asks looks them up.
 */
export class PhotoHashes {
  readonly #index = new HammingIndex()
  readonly #photos: PhotoId[] = []
  readonly #connection: Connection
  readonly #clientId: ClientId
  readonly #feed: Feed | undefined
  /** The client's revision that is known. */
  #revision: number

  private constructor(connection: Connection, clientId: ClientId, feed: Feed | undefined) {
    this.#connection = connection
    this.#clientId = clientId
    this.#feed = feed
    this.#revision = feed?.head(clientId) ?? 0
  }

  static async open(connection: Connection, clientId: ClientId, feed?: Feed): Promise<PhotoHashes> {
    const hashes = new PhotoHashes(connection, clientId, feed)
    for (let last: string = beforeAllIds; ; ) {
      const rows = connection.columns(selectHashes, last, clientId)
      for (const row of rows) {
        const [photoId, hash] = hashRow.parse(row)
        hashes.#add(photoId, hash)
        last = photoId
      }
      if (rows.length < photosPerTurn) return hashes
      await nextTurn()
    }
  }

  /** Learns of the photos that others added; `false` where it must be opened anew. */
  follow(): boolean {
    const changes = this.#feed?.since(this.#clientId, this.#revision)
    if (changes === undefined) return this.#feed === undefined
    const { photos, revision } = changes
    for (const row of this.#connection.columns(selectHashesOf, JSON.stringify(photos))) {
      const [photoId, hash] = hashRow.parse(row)
      // Adds it where it is not known.
      this.near(photoId, hash, 0)
    }
    this.#revision = revision
    return true
  }

  /** Photos within `bits` (0 … 7) of this one, itself left out. It is known from then on. */
  near(photoId: PhotoId, hash: PerceptualHash, bits: number): { photoId: PhotoId; bits: number }[] {
    const found = this.#index
      .within(BigInt(`0x${hash}`), bits)
      .map(({ number, bits: differing }) => ({ photoId: this.#photos[number]!, bits: differing }))
    if (!found.some((one) => one.photoId === photoId)) this.#add(photoId, hash)
    return found.filter((one) => one.photoId !== photoId)
  }

  #add(photoId: PhotoId, hash: PerceptualHash): void {
    this.#index.add(this.#photos.length, BigInt(`0x${hash}`))
    this.#photos.push(photoId)
  }
}
