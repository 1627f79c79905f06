/** What the status bar says of the vision process and the store. Runs in main. */
import { toWireError, type VisorError } from '../../src-shared/errors'
import type { Status, StoreStatus } from '../../src-shared/status'
import type { ServerState, StoreMode } from '../../src-shared/store-mode'
import { Listeners } from '../host/listeners'
import type { VisionMonitor } from '../host/vision-client'
import type { GalleryStore } from '../storage/gallery-store'

export class ConsoleStatus {
  readonly changed = new Listeners<Status>()
  readonly #vision: VisionMonitor
  #store: StoreStatus

  constructor(vision: VisionMonitor) {
    this.#vision = vision
    this.#store = {
      state: 'opening',
      mode: 'local',
      server: null,
      engine: '',
      persons: 0,
      faces: 0,
      rights: null,
    }
    vision.onStatus(() => this.changed.emit(this.current))
  }

  get current(): Status {
    return { vision: this.#vision.status, store: this.#store }
  }

  /** Counts people and faces anew, and asks what may be done with them. */
  async count(gallery: Pick<GalleryStore, 'clients' | 'engine' | 'rights'>): Promise<void> {
    const domains = (await gallery.clients()).flatMap((client) => client.domains)
    // While the server is gone the rights are as they were.
    const rights = this.#store.server?.state === 'gone' ? this.#store.rights : await gallery.rights()
    const persons = domains.reduce((sum, domain) => sum + domain.persons, 0)
    const faces = domains.reduce((sum, domain) => sum + domain.faces, 0)
    const { error: _, ...store } = this.#store
    this.#tell({ ...store, state: 'ready', engine: gallery.engine, persons, faces, rights })
  }

  /** Another store is worked on. What it holds is counted by {@link count}. */
  modeChanged(mode: StoreMode, server: ServerState | null): void {
    const { mode: before, server: _, error: __, ...store } = this.#store
    this.#tell({ ...store, ...(mode === before ? {} : { rights: null }), mode, server })
  }

  /** Nothing can be kept or searched: a thread of the store died, or the server was never reached. */
  storeFailed(error: VisorError): void {
    this.#tell({ ...this.#store, state: 'failed', error: toWireError(error) })
  }

  #tell(store: StoreStatus): void {
    this.#store = store
    this.changed.emit(this.current)
  }
}
