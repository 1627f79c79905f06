/** Whether the galleries are on this machine or on the server; changed while Visor runs. Runs in main. */
import { toWireError } from '../../src-shared/errors'
import { placeOf } from '../../src-shared/server'
import type { ServerState, StoreMode } from '../../src-shared/store-mode'
import { Listeners } from '../host/listeners'
import type { OpenStore } from '../storage/open-store'
import { storeLater } from '../storage/store-later'
import type { CurrentStore } from './current-store'
import type { SettingsFile } from './settings-file'

interface ModeDependencies {
  readonly current: CurrentStore
  /** The store of this machine, open for as long as Visor runs. */
  readonly local: OpenStore
  /** Opens the server that the settings name. Raises what there is to say of it. */
  readonly openServer: () => Promise<OpenStore>
  readonly settings: SettingsFile
}

/** How it stands with the store. */
export interface ModeState {
  readonly mode: StoreMode
  /** Of server mode. */
  readonly server: ServerState | null
}

export class StoreModes {
  /** Another store is worked on. */
  readonly switched = new Listeners<ModeState>()
  /** The same store, but it stands otherwise with its server. */
  readonly changed = new Listeners<ModeState>()
  readonly #needs: ModeDependencies
  #server: ServerState | null = null
  #changing: Promise<unknown> = Promise.resolve()

  constructor(needs: ModeDependencies) {
    this.#needs = needs
  }

  get current(): ModeState {
    return { mode: this.#needs.settings.current.storeMode, server: this.#server }
  }

  /**
   * Goes by the settings, at the start and after they were changed. Until a server answers, calls wait; where it cannot be
   * used they say why, and the mode stays. Resolves when that is known.
   */
  start(): Promise<void> {
    return this.#oneByOne(async () => {
      if (this.#needs.settings.current.storeMode === 'local') {
        if (this.#server !== null) this.#switchTo('local', this.#local(), null)
        return
      }
      const opening = this.#needs.openServer()
      this.#switchTo('server', storeLater(opening), this.#inState('opening'))
      const told = await opening.then(
        () => this.#inState('up'),
        (error: unknown) => ({ ...this.#inState('failed'), error: toWireError(error) }),
      )
      this.#server = told
      this.changed.emit(this.current)
    })
  }

  /** Raises what opening the server raises; then everything is as before. */
  use(mode: StoreMode): Promise<void> {
    return this.#oneByOne(async () => {
      if (mode === 'local') return this.#switchTo('local', this.#local(), null)
      this.#switchTo('server', await this.#needs.openServer(), this.#inState('up'))
    })
  }

  #switchTo(mode: StoreMode, store: OpenStore, server: ServerState | null): void {
    this.#needs.current.replace(store)
    this.#needs.settings.update({ storeMode: mode })
    this.#server = server
    this.switched.emit(this.current)
  }

  #inState(state: ServerState['state']): ServerState {
    const place = placeOf(this.#needs.settings.current.server)
    return { place, state, since: null, waiting: 0, conflicts: 0, error: null }
  }

  /** Of this machine; whoever replaces it does not close it. */
  #local(): OpenStore {
    return { ...this.#needs.local, close: async () => undefined }
  }

  #oneByOne(change: () => Promise<void>): Promise<void> {
    const changed = this.#changing.then(change)
    // Who asked for it is told.
    this.#changing = changed.catch(() => undefined)
    return changed
  }
}
