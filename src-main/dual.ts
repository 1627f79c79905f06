/** The local gallery while a server is on trial: edits are brought there, and searches compared. Main, command line. */
import { VisorError } from '../src-shared/errors'
import type { ClientId } from '../src-shared/ids'
import { placeOf } from '../src-shared/server'
import { DualRun } from './services/dual/dual-run'
import type { ServerSide } from './services/server-side'
import type { OpenStore } from './storage/open-store'
import type { ServerLink } from './storage/team/breaker'
import { PairedStore } from './storage/team/paired-store'
import type { LocalStore } from './storage/threads/local-store'
import { openServerStore, type ServerStoreOptions } from './storage/threads/server-store'
import { sameServer } from './team'

/** Comparisons that are under way get this long when the store is closed. */
const drainMs = 300

export interface DualOptions extends ServerStoreOptions {
  /** This console's own store; whoever gave it closes it. */
  readonly local: LocalStore
  /** Told whenever it stands otherwise with the server, also before this is open. */
  readonly onLink: (link: ServerLink | { readonly state: 'opening' }) => void
  /** The outbox has more, or less, or another reason. */
  readonly onCache: () => void
  readonly onChanged?: (clientId: ClientId) => void
  /** What nobody waited for failed. */
  readonly onError: (error: unknown) => void
}

export interface OpenDual {
  readonly store: OpenStore
  readonly side: ServerSide
  readonly run: DualRun
  readonly paired: PairedStore
}

/**
 * Opens mode `dual`; the server is looked for meanwhile, and nobody waits for it. Raises `conflict` where nothing is paired with a
 * server.
 */
export async function openDual(options: DualOptions): Promise<OpenDual> {
  const { local, onLink, onCache, onError, onChanged, ...server } = options
  const { pairings } = await local.dual.standing()
  const [pairing] = pairings
  if (pairing === undefined) {
    throw new VisorError('conflict', 'This gallery is not on the server yet.', {
      consequence: 'The mode stays as it is.',
      remedy: 'Copy it there first: Settings, Import; or “visor import”.',
    })
  }
  onLink({ state: 'opening' })
  // A cut-over asks what is here: in a large gallery, and on a busy machine, it would wait for its being counted.
  local.cache.held().catch(onError)
  const paired = await PairedStore.open({
    local,
    openServer: async (givenUp) =>
      sameServer(await openServerStore({ ...server, givenUp }), pairing.serverId, placeOf(server.connection)),
    onLink,
    onOutbox: onCache,
    onChanged,
    onSearching: (underWay) => run.searching(underWay),
    onSearched: (searched) => run.observe(searched),
    onError,
  })
  const run = new DualRun({
    searchServer: (query) => paired.searchServer(query),
    serverPeople: () => paired.server?.gallery,
    localPeople: local.gallery,
    outbox: local.outbox,
    store: local.dual,
    onError,
  })
  const close = async () => {
    await run.drain(drainMs)
    await paired.close()
  }
  const { gallery, reviews, unknown, erasure, health, imports } = paired
  return {
    store: { gallery, reviews, unknown, erasure, health, imports, close },
    side: sideOf(paired, local),
    run,
    paired,
  }
}

function sideOf(paired: PairedStore, local: LocalStore): ServerSide {
  const answersItself = async () => {
    throw new VisorError('conflict', 'In mode dual the local gallery answers, and follows no server.', {
      consequence: 'Nothing was changed.',
    })
  }
  return {
    tryNow: () => paired.tryNow(),
    bring: () => paired.bringNow(),
    server: () => paired.server,
    index: () => {
      const { server } = paired
      if (server !== undefined) return server.index
      throw new VisorError('server-unreachable', 'The server does not answer just now.', {
        remedy: 'Visor goes on by itself as soon as it does.',
      })
    },
    cache: {
      state: async () => ({ ...(await local.cache.contents()), following: false, work: null }),
      choose: answersItself,
      sync: answersItself,
      verify: answersItself,
      interrupt: () => undefined,
    },
    outbox: {
      entries: () => paired.outboxEntries(),
      retry: (id, anyway) => paired.retry(id, anyway),
      drop: (id) => paired.drop(id),
    },
  }
}
