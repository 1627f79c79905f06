/** What the status bar says of the vision process and the store. Runs in main. */
import { toWireError, type VisorError } from '../../src-shared/errors'
import type { Status, StoreStatus } from '../../src-shared/status'
import { Listeners } from '../host/listeners'
import type { VisionMonitor } from '../host/vision-client'
import type { GalleryStore } from '../storage/gallery-store'

export class ConsoleStatus {
  readonly changed = new Listeners<Status>()
  readonly #vision: VisionMonitor
  #store: StoreStatus

  constructor(vision: VisionMonitor) {
    this.#vision = vision
    this.#store = { state: 'opening', mode: 'local', engine: '', persons: 0, faces: 0 }
    vision.onStatus(() => this.changed.emit(this.current))
  }

  get current(): Status {
    return { vision: this.#vision.status, store: this.#store }
  }

  /** Counts people and faces anew. */
  async count(gallery: GalleryStore): Promise<void> {
    const domains = (await gallery.clients()).flatMap((client) => client.domains)
    const persons = domains.reduce((sum, domain) => sum + domain.persons, 0)
    const faces = domains.reduce((sum, domain) => sum + domain.faces, 0)
    this.#tell({ ...this.#store, state: 'ready', engine: gallery.engine, persons, faces })
  }

  /** The store's thread died: nothing can be kept or searched until Visor is started again. */
  storeFailed(error: VisorError): void {
    this.#tell({ ...this.#store, state: 'failed', error: toWireError(error) })
  }

  #tell(store: StoreStatus): void {
    this.#store = store
    this.changed.emit(this.current)
  }
}
