/** Whether the galleries are on this machine, on trial on the server, or there; changed while Visor runs. Runs in main. */
import { toWireError, VisorError } from '../../src-shared/errors'
import type { ClientId } from '../../src-shared/ids'
import { placeOf } from '../../src-shared/server'
import type { ServerState, StoreMode } from '../../src-shared/store-mode'
import { Listeners } from '../host/listeners'
import type { OpenStore } from '../storage/open-store'
import { storeLater } from '../storage/store-later'
import { ChangeNews } from './change-news'
import type { CurrentStore } from './current-store'
import type { ServerSide } from './server-side'
import type { SettingsFile } from './settings-file'

/** A mode that has a server. */
export type ServerMode = Exclude<StoreMode, 'local'>

/** A server that was opened. */
export interface OpenedServer {
  readonly store: OpenStore
  readonly side: ServerSide
}

/** How it stands with a server that is open. Times in Unix ms. */
export type LinkState =
  /** It is looked for, and nobody waits for it. */
  | { readonly state: 'opening' }
  | { readonly state: 'up' }
  | { readonly state: 'gone' | 'returning'; readonly since: number; readonly why: VisorError }
  | { readonly state: 'failed'; readonly why: VisorError }

/** What a server tells while it is open. */
export interface ServerEvents {
  readonly onLink: (link: LinkState) => void
  readonly onCache: () => void
  readonly onChanged: (clientId: ClientId) => void
}

interface ModeDependencies {
  readonly current: CurrentStore
  /** The store of this machine, open for as long as Visor runs. */
  readonly local: OpenStore
  /**
   * Opens the server that the settings name, as a mode works with it; `givenUp` is aborted where nobody waits for that any more. Raises
   * what there is to say of it.
   */
  readonly openServer: (events: ServerEvents, mode: ServerMode, givenUp: AbortSignal) => Promise<OpenedServer>
  readonly settings: SettingsFile
  readonly onError: (error: unknown) => void
}

/** How long what began on another server is waited for before this one is opened. */
const formerAtMostMs = 10_000

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
  /** The server's cache, or what waits for the server, is another. */
  readonly sideChanged = new Listeners<void>()
  /** Somebody changed a gallery on the server, here or elsewhere. */
  readonly galleryChanged = new Listeners<ClientId>()
  readonly #news = new ChangeNews((clientId) => this.galleryChanged.emit(clientId))
  readonly #needs: ModeDependencies
  #server: ServerState | null = null
  #side: ServerSide | undefined
  /** The one in use; what others tell is old. */
  #opened: symbol | undefined
  #changing: Promise<unknown> = Promise.resolve()
  /** By the settings: nobody has to wait for it to work on this machine. */
  #opening: Promise<void> = Promise.resolve()

  constructor(needs: ModeDependencies) {
    this.#needs = needs
  }

  get current(): ModeState {
    return { mode: this.#needs.settings.current.storeMode, server: this.#server }
  }

  /** What there is to the server in use. Raises `conflict` in local mode, and why where it could not be opened. */
  get side(): ServerSide {
    if (this.#side !== undefined) return this.#side
    const { error = null } = this.#server ?? {}
    throw new VisorError(error?.code ?? 'conflict', error?.message ?? 'No server is used just now.', {
      remedy: error?.remedy ?? 'Settings, Connection: use a server first.',
    })
  }

  /**
   * Goes by the settings, at the start and after they were changed. Until a server answers, calls wait; where it cannot be
   * used they say why, and the mode stays. Resolves when that is known.
   */
  async start(): Promise<void> {
    await this.#oneByOne(async () => {
      this.#opening = this.#goBySettings()
    })
    await this.#opening
  }

  /**
   * Raises what opening the server raises; then everything is as before. The server in use is opened anew, as by {@link start}. This machine
   * is gone to at once, also while that one is being opened.
   * `decide` is called once the mode can be had, before it is: what it raises leaves everything as before, too. `givenUp`: nobody waits
   * for a server any more that is not open then.
   */
  use(
    mode: StoreMode,
    decide: () => Promise<void> = async () => undefined,
    givenUp?: AbortSignal,
  ): Promise<void> {
    return this.#oneByOne(async () => {
      if (mode === 'local') {
        await decide()
        return this.#toLocal()
      }
      await this.#opening
      if (this.#server !== null && this.current.mode === mode) return this.#goBySettings()
      givenUp?.throwIfAborted()
      const { name, opened, link } = this.#open(mode)
      const { store, side } = await openedUnless(givenUp, opened)
      try {
        await decide()
      } catch (error) {
        await store.close()
        throw error
      }
      this.#toServer(mode, name, store, side)
      this.#take(link())
    })
  }

  /** Looks for a server that is away, or that could not be opened. */
  tryNow(): Promise<void> {
    return this.#side === undefined ? this.start() : this.#side.tryNow()
  }

  async #goBySettings(): Promise<void> {
    const { storeMode } = this.#needs.settings.current
    if (storeMode === 'local') {
      if (this.#server !== null) this.#toLocal()
      return
    }
    const { name, opened, link, giveUp } = this.#open(storeMode)
    const later = storeLater(
      opened.then(({ store }) => store),
      giveUp,
    )
    this.#toServer(storeMode, name, later, undefined)
    try {
      const { side } = await opened
      if (this.#opened !== name) return
      this.#side = side
      this.#take(link())
    } catch (error) {
      if (this.#opened === name) this.#take({ state: 'failed', why: asVisorError(error) })
    }
  }

  /**
   * Begins to open the server, once the one before has let go of this console's cache; what it tells counts once it is the one
   * in use.
   */
  #open(mode: ServerMode) {
    const name = Symbol('server')
    const givenUp = new AbortController()
    let link: LinkState = { state: 'up' }
    const events: ServerEvents = {
      onLink: (now) => {
        link = now
        if (this.#opened === name && this.#side !== undefined) this.#take(now)
      },
      onCache: () => {
        if (this.#opened === name) this.recount()
      },
      onChanged: (clientId) => {
        if (this.#opened === name) this.#news.heard(clientId)
      },
    }
    const { current, openServer } = this.#needs
    // After whoever asked has replaced it.
    const opened = Promise.resolve()
      .then(() => current.formerClosed(formerAtMostMs))
      .then(() => openServer(events, mode, givenUp.signal))
    const giveUp = () => givenUp.abort(new VisorError('cancelled', 'Nobody waits for the server any more.'))
    return { name, opened, link: () => link, giveUp }
  }

  /** The store of this machine; whoever replaces it does not close it. */
  #toLocal(): void {
    this.#opened = undefined
    this.#switchTo('local', { ...this.#needs.local, close: async () => undefined }, undefined)
  }

  #toServer(mode: ServerMode, name: symbol, store: OpenStore, side: ServerSide | undefined): void {
    this.#opened = name
    this.#switchTo(mode, store, side)
  }

  #switchTo(mode: StoreMode, store: OpenStore, side: ServerSide | undefined): void {
    // What was edited on the former store to its end may wait for this one's server.
    this.#needs.current.replace(store, () => {
      side?.bring().catch(this.#needs.onError)
    })
    this.#needs.settings.update({ storeMode: mode })
    this.#side = side
    this.#server = mode === 'local' ? null : this.#standing('opening')
    this.switched.emit(this.current)
  }

  #take(link: LinkState): void {
    const { waiting = 0, conflicts = 0 } = this.#server ?? {}
    const since = 'since' in link ? new Date(link.since).toISOString() : null
    const error = 'why' in link ? toWireError(link.why) : null
    const state = link.state === 'returning' ? 'gone' : link.state
    this.#server = { ...this.#standing(state), since, waiting, conflicts, error }
    this.changed.emit(this.current)
    this.recount()
  }

  /** Counts what waits for the server, and tells where it is more or less: after every edit. */
  recount(): void {
    const side = this.#side
    if (side === undefined) return
    this.sideChanged.emit()
    side.outbox.entries().then((entries) => {
      if (side !== this.#side || this.#server === null) return
      const conflicts = entries.filter(({ held }) => held !== undefined).length
      const waiting = entries.length - conflicts
      if (this.#server.waiting === waiting && this.#server.conflicts === conflicts) return
      this.#server = { ...this.#server, waiting, conflicts }
      this.changed.emit(this.current)
    }, this.#needs.onError)
  }

  #standing(state: ServerState['state']): ServerState {
    const place = placeOf(this.#needs.settings.current.server)
    return { place, state, since: null, waiting: 0, conflicts: 0, error: null }
  }

  #oneByOne(change: () => Promise<void>): Promise<void> {
    const changed = this.#changing.then(change)
    // Who asked for it is told.
    this.#changing = changed.catch(() => undefined)
    return changed
  }
}

/** What is opened. Raises why that was given up: then it is closed once it is open. */
async function openedUnless(
  givenUp: AbortSignal | undefined,
  opened: Promise<OpenedServer>,
): Promise<OpenedServer> {
  if (givenUp === undefined) return opened
  const over = Promise.withResolvers<never>()
  const giveUp = () => {
    over.reject(givenUp.reason)
    // Nobody waits for it, and it is in nobody's way.
    opened.then(({ store }) => store.close()).catch(() => undefined)
  }
  givenUp.addEventListener('abort', giveUp)
  try {
    return await Promise.race([opened, over.promise])
  } finally {
    givenUp.removeEventListener('abort', giveUp)
  }
}

const asVisorError = (error: unknown): VisorError =>
  error instanceof VisorError
    ? error
    : new VisorError('internal', 'Visor could not open the server.', { cause: error })
