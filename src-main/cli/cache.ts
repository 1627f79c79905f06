/** `visor cache`: what a console keeps of a server, bringing that up to date, and checking it. Runs on the command line. */
import { byteSize } from '../../src-shared/amounts'
import type { CachedDomain } from '../../src-shared/cache'
import type { ClientId, Domain } from '../../src-shared/ids'
import type { CacheOfServer } from '../storage/threads/local-store'
import type { ServerStore } from '../storage/threads/server-store'
import { inSnakeCase, type Output } from './output'

/** Prints what is kept. */
export async function showCache({ cache }: CacheOfServer, place: string, output: Output): Promise<void> {
  const contents = await cache.contents()
  const { bytes, domains, edits } = contents
  const lines = [
    `${place}: ${byteSize(bytes)}`,
    ...domains.map((domain) => `${domain.clientId}  ${domain.domain}: ${stateOf(domain)}`),
    ...(edits === 0 ? [] : [`${edits} people, photos and faces were changed here`]),
  ]
  output.answer(inSnakeCase({ server: place, ...contents }), lines.join('\n'))
}

function stateOf({ state, filled, rows, asOf }: CachedDomain): string {
  switch (state) {
    case 'leaving':
      return 'goes with the next sync'
    case 'filling':
      return `${Math.floor(100 * filled)} % filled in`
    case 'whole':
      return `${rows.persons} people, ${rows.faces} faces, as of ${asOf ?? 'never'}`
  }
}

interface Choice {
  readonly clientId: ClientId
  readonly domain: Domain
  readonly chosen: boolean
}

/** Chooses domains, then brings all that is chosen to what the server has. */
export async function syncCache(
  { cache }: CacheOfServer,
  server: ServerStore,
  choices: readonly Choice[],
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  for (const { clientId, domain, chosen } of choices) await cache.choose(clientId, domain, chosen)
  const report = await cache.sync(server.snapshots(), {
    signal,
    onProgress: ({ done, total }) => output.progress(`${done} of ${total}`),
  })
  output.endProgress()
  const { filled, renewed, removed, compared } = report
  const all = compared.length === 0 ? '' : `; all of ${compared.join(', ')} was compared`
  output.answer(inSnakeCase(report), `${filled} filled in, ${renewed} read anew, ${removed} went${all}.`)
}

/** Compares all of the cache with the server and mends what differs. Differences count as failures: the exit code tells. */
export async function verifyCache(
  { cache }: CacheOfServer,
  server: ServerStore,
  signal: AbortSignal,
  output: Output,
): Promise<void> {
  const check = await cache.verify(server.snapshots(), {
    signal,
    onProgress: ({ done, total }) => output.progress(`${done} of ${total}`),
  })
  output.endProgress()
  const { domains, rows, differences } = check
  const lines = [
    `${rows} rows in ${domains} domains compared: ${differences.length === 0 ? 'all as on the server' : 'mended what differed'}.`,
    ...differences.map(
      ({ clientId, domain, table, onServer, inCache, differing }) =>
        `${clientId}  ${domain}  ${table}: ${onServer} on the server, ${inCache} here, ${differing} people, photos or faces differed`,
    ),
  ]
  output.answer(inSnakeCase(check), lines.join('\n'))
  output.countFailures(differences.length)
}
