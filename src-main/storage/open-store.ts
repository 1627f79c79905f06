/** A store that is open, as the rest of Visor sees it; SQLite and PostgreSQL alike. Main, command line. */
import type { ErasureStore } from './erasure-store'
import type { GalleryStore } from './gallery-store'
import type { HealthStore } from './health-store'
import type { ImportStore } from './import-store'
import type { ReviewStore } from './review-store'
import type { UnknownStore } from './unknown-store'

/** All but the Identify queue, which is each console's own. */
export interface OpenStore {
  readonly gallery: GalleryStore
  readonly reviews: ReviewStore
  readonly unknown: UnknownStore
  readonly erasure: ErasureStore
  readonly health: HealthStore
  readonly imports: ImportStore
  /** Ends what is in work, then lets go of the database. */
  close(): Promise<void>
}
