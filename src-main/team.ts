/** The galleries of a server as this console works on them: with its cache, its outbox and the cache's keeper. Main, command line. */
import type { SearchSide } from '../src-shared/cache'
import { hasCode, VisorError } from '../src-shared/errors'
import type { ClientId, Domain } from '../src-shared/ids'
import { placeOf } from '../src-shared/server'
import type { ServerSide } from './services/server-side'
import type { IndexStore } from './storage/index-store'
import type { OpenStore } from './storage/open-store'
import { isOutage, type ServerLink } from './storage/team/breaker'
import { CacheFolders } from './storage/team/cache-folders'
import { CacheKeeper } from './storage/team/cache-keeper'
import { domainSearches } from './storage/team/domain-searches'
import { PairedErasure } from './storage/team/paired-erasure'
import { TeamErasure } from './storage/team/team-erasure'
import { TeamStore } from './storage/team/team-store'
import { type LocalStore, openCache } from './storage/threads/local-store'
import { openServerStore, type ServerStore, type ServerStoreOptions } from './storage/threads/server-store'

export interface TeamOptions extends ServerStoreOptions {
  /** This console's own store: its queue is erased from, too. */
  readonly local: LocalStore
  /** Where this console keeps what it has of servers. */
  readonly cachesFolder: string
  /** The server where it is open already, or being opened; closed with this. */
  readonly open?: ServerStore | Promise<ServerStore> | undefined
  /** Whether the cache follows the server while this is open. */
  readonly follow: boolean
  /** Who searches while the server answers. */
  readonly searchSide: () => SearchSide
  /** Told whenever it stands otherwise with the server, also before this is open. */
  readonly onLink: (link: ServerLink) => void
  /** The cache is another, or busy with something else. */
  readonly onCache: () => void
  /** Somebody, on this console or another, changed a client's gallery on the server. */
  readonly onChanged?: (clientId: ClientId) => void
  /** What nobody waited for failed. */
  readonly onError: (error: unknown) => void
}

export interface OpenTeam {
  readonly store: OpenStore
  readonly side: ServerSide
}

/**
 * Opens the server, or this console's cache of it where it does not answer. Raises what {@link openServerStore} raises where
 * that is no outage, or there is no cache; what {@link openCache} raises.
 */
export async function openTeam(options: TeamOptions): Promise<OpenTeam> {
  const { local, open, cachesFolder, follow, searchSide, onLink, onCache, onChanged, onError, ...server } =
    options
  const place = placeOf(server.connection)
  const folders = new CacheFolders(cachesFolder)
  let reached: Promise<ServerStore> | undefined =
    open === undefined ? openServerStore(server) : Promise.resolve(open)
  // Refused before anybody asks for it, it is told to whoever does.
  reached.catch(() => undefined)
  const { pairings } = await local.dual.standing()
  const last = folders.serverAt(place) ?? pairings.find((pairing) => pairing.place === place)?.serverId
  const serverId = await identityAt(reached, last)
  // Then the local gallery is this console's copy of the server; see [Note: Paired gallery].
  const isPaired = pairings.some((pairing) => pairing.serverId === serverId && pairing.state === 'paired')
  const cache = isPaired
    ? { ...local, close: async () => undefined }
    : await openCache({ ...server, folder: folders.folderOf(serverId) }).catch(async (error: unknown) => {
        await closeReached(reached)
        throw error
      })
  const keeper = await CacheKeeper.open(cache, { onChange: onCache, onError })
  let now: ServerStore | undefined
  let inStep = false
  try {
    const team = await TeamStore.open({
      openServer: async (givenUp) => {
        const opening = reached ?? openServerStore({ ...server, givenUp })
        // Asked once: where it failed, the next try is another.
        reached = undefined
        now = await sameServer(await opening, serverId, place)
        now.feed.news.add((news) => {
          if (news.type === 'changed') onChanged?.(news.clientId)
        })
        if (!isPaired) await folders.remember(place, serverId)
        return now
      },
      cache,
      onLink: (link) => {
        inStep = false
        if (link.state === 'up' && now !== undefined && follow) {
          keeper.follow(now)
          // Until then it may show edits that the server did not take.
          keeper.sync().then(
            () => {
              inStep = true
            },
            (error: unknown) => {
              // The link went again: the next one begins anew.
              if (!hasCode(error, 'cancelled')) onError(error)
            },
          )
        } else {
          keeper.pause()
        }
        onLink(link)
      },
      onOutbox: onCache,
      onError,
      search: {
        wanted: searchSide,
        holds: (clientId, domains) => (inStep ? keeper.holds(clientId, domains) : undefined),
      },
    })
    const close = async () => {
      keeper.pause()
      await team.close()
      await keeper.close()
    }
    const held = (clientId: ClientId, domains: readonly Domain[] | 'all') =>
      inStep ? keeper.holds(clientId, domains) : undefined
    /** The index, and what of it is searched here instead. */
    const besideCache = (index: IndexStore): IndexStore => ({
      ...index,
      state: async () => {
        const state = await index.state()
        const searches = domainSearches(state.searches, searchSide(), (clientId, domain) =>
          held(clientId, [domain]),
        )
        return { ...state, searches }
      },
    })
    const { gallery, reviews, unknown, health, imports } = team
    const erasure = isPaired
      ? new PairedErasure(local.erasure, () => team.erasure)
      : new TeamErasure(team.erasure, local.queue, [local.erasure, cache.erasure])
    return {
      store: { gallery, reviews, unknown, erasure, health, imports, close },
      side: {
        tryNow: () => team.tryNow(),
        bring: () => team.bring(),
        server: () => (team.link.state === 'up' ? now : undefined),
        index: () => {
          if (now !== undefined && team.link.state === 'up') return besideCache(now.index)
          throw new VisorError('server-unreachable', 'The server does not answer just now.', {
            remedy: 'Visor goes on by itself as soon as it does.',
          })
        },
        cache: keeper,
        outbox: {
          entries: () => team.outboxEntries(),
          retry: (id, anyway) => team.retry(id, anyway),
          drop: (id) => team.drop(id),
        },
      },
    }
  } catch (error) {
    await keeper.close()
    throw error
  }
}

/** One that nobody took over. */
async function closeReached(reached: Promise<ServerStore> | undefined): Promise<void> {
  const store = await reached?.catch(() => undefined)
  await store?.close()
}

/** Of the server that was reached; where it does not answer, of the one that was there last. Raises why there is neither. */
async function identityAt(reached: Promise<ServerStore>, last: string | undefined): Promise<string> {
  try {
    return await (await reached).feed.identity()
  } catch (error) {
    if (last === undefined || !isOutage(error)) throw error
    return last
  }
}

/** What waits in the outbox of one gallery must not go to another. Closes a server that is another, and raises `conflict`. */
export async function sameServer(server: ServerStore, serverId: string, place: string): Promise<ServerStore> {
  const identity = await server.feed.identity().catch(async (error: unknown) => {
    await server.close()
    throw error
  })
  if (identity === serverId) return server
  await server.close()
  throw new VisorError('conflict', `Another gallery answers at ${place} than before.`, {
    consequence: 'What waits to be brought there stays here, and nothing is read from the other.',
    remedy: 'Ask who looks after the server; then try again to work with the one that is there now.',
  })
}
