/** The pictures the window shows, by id: thumbnails, photos, crops. Runs in main; every pixel comes from the vision process. */
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { VisorError } from '../../src-shared/errors'
import { faceIdSchema, type ItemId, itemIdSchema, photoIdSchema, reviewIdSchema } from '../../src-shared/ids'
import { pictureScheme } from '../../src-shared/picture-url'
import type { VisionClient } from '../host/vision-client'
import type { GalleryStore } from '../storage/gallery-store'
import type { QueueStore } from '../storage/queue-store'
import type { ReviewStore } from '../storage/review-store'
import type { GalleryPhotos } from './gallery-photos'
import type { IdentifyQueue } from './identify-queue'

/** Photos rendered for the window are kept up to this many bytes, so that going back is instant. */
const cacheBytes = 96 * 1024 * 1024
const largestEdgePx = 16_384
const renderTimeoutMs = 30_000

const faceNumberSchema = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number)

export class Pictures {
  readonly #gallery: GalleryStore
  readonly #store: QueueStore
  readonly #reviews: Pick<ReviewStore, 'crop'>
  readonly #queue: IdentifyQueue
  readonly #photos: Pick<GalleryPhotos, 'picture'>
  readonly #vision: VisionClient
  readonly #rendered = new LRUCache<string, Uint8Array>({
    maxSize: cacheBytes,
    sizeCalculation: (jpeg) => jpeg.byteLength,
  })
  /** A picture asked for twice at once is rendered once. */
  readonly #rendering = new Map<string, Promise<Uint8Array>>()

  constructor(
    gallery: GalleryStore,
    store: QueueStore,
    reviews: Pick<ReviewStore, 'crop'>,
    queue: IdentifyQueue,
    photos: Pick<GalleryPhotos, 'picture'>,
    vision: VisionClient,
  ) {
    this.#gallery = gallery
    this.#store = store
    this.#reviews = reviews
    this.#queue = queue
    this.#photos = photos
    this.#vision = vision
  }

  /** The JPEG at an address made by `pictureUrl`. Raises `not-found` for any other, and where there is no such picture. */
  async at(address: string): Promise<Uint8Array> {
    const url = new URL(address)
    const parts = url.pathname.slice(1).split('/')
    const picture =
      url.protocol !== `${pictureScheme}:`
        ? undefined
        : url.host === 'gallery'
          ? await this.#ofGallery(...parts)
          : url.host === 'review'
            ? await this.#ofReview(...parts)
            : url.host === 'queue'
              ? await this.#ofItem(...parts)
              : undefined
    if (picture === undefined) throw new VisorError('not-found', 'There is no such picture.')
    return picture
  }

  /** Lets the photos go that were rendered. */
  forget(): void {
    this.#rendered.clear()
  }

  async #ofGallery(kind?: string, id?: string, argument = '0'): Promise<Uint8Array | undefined> {
    if (kind === 'face') return this.#gallery.crop(idOf(faceIdSchema, id))
    const maxEdgePx = edgeOf(argument)
    if (kind !== 'photo' || maxEdgePx === undefined) return undefined
    const photoId = idOf(photoIdSchema, id)
    return this.#once(`gallery/${photoId}/${maxEdgePx}`, () => this.#photos.picture(photoId, maxEdgePx))
  }

  async #ofReview(id?: string, kind?: string, face?: string): Promise<Uint8Array | undefined> {
    if (kind !== 'face') return undefined
    return this.#reviews.crop(idOf(reviewIdSchema, id), idOf(faceNumberSchema, face))
  }

  async #ofItem(id?: string, kind?: string, argument = '0'): Promise<Uint8Array | undefined> {
    const itemId = idOf(itemIdSchema, id)
    const number = edgeOf(argument)
    if (number === undefined) return undefined
    switch (kind) {
      case 'thumbnail':
        return this.#store.thumbnail(itemId)
      case 'face':
        return this.#store.faceCrop(itemId, number)
      case 'photo': {
        // An item that was analysed anew may show another picture: its file can have changed meanwhile.
        const key = `${itemId}/${this.#queue.revision(itemId)}/${number}`
        return this.#once(key, () => this.#render(itemId, number))
      }
      default:
        return undefined
    }
  }

  /** Renders what is neither ready nor under way. */
  async #once(key: string, render: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const ready = this.#rendered.get(key)
    if (ready !== undefined) return ready
    const underWay = this.#rendering.get(key)
    if (underWay !== undefined) return underWay
    const rendering = render()
      .then((jpeg) => {
        this.#rendered.set(key, jpeg)
        return jpeg
      })
      .finally(() => this.#rendering.delete(key))
    this.#rendering.set(key, rendering)
    return rendering
  }

  async #render(itemId: ItemId, maxEdgePx: number): Promise<Uint8Array> {
    const source = await this.#queue.source(itemId)
    const { jpeg } = await this.#vision.request(
      'render',
      { source, maxEdgePx },
      { timeoutMs: renderTimeoutMs },
    )
    return jpeg
  }
}

/** A whole number of pixels (or a face's place), 0 … 16,384. */
function edgeOf(text: string): number | undefined {
  const number = Number(text)
  return Number.isInteger(number) && number >= 0 ? Math.min(number, largestEdgePx) : undefined
}

/** Raises `not-found` where `text` is no id at all. */
function idOf<S extends z.ZodType>(schema: S, text: string | undefined): z.output<S> {
  const parsed = schema.safeParse(text)
  if (!parsed.success) throw new VisorError('not-found', 'There is no such picture.')
  return parsed.data
}
