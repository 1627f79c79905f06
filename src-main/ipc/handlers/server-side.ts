/** Requests about what this console keeps of the server, and what waits to be brought there. Runs in main. */
import { watched } from '../../services/watched'
import type { Handlers } from '../register'
import type { Services } from './services'

export function serverSideHandlers({ modes, jobs }: Services) {
  return {
    'cache.state': () => modes.side.cache.state(),
    'cache.choose': ({ clientId, domain, chosen }) => modes.side.cache.choose(clientId, domain, chosen),
    'cache.sync': () =>
      watched(jobs, 'Bringing the cache up to date', (control) => modes.side.cache.sync(control)),
    'cache.verify': () =>
      watched(jobs, 'Comparing the cache with the server', (control) => modes.side.cache.verify(control)),
    'outbox.entries': async () =>
      (await modes.side.outbox.entries()).map(
        ({ id, clientId, actor, summary, madeAt, people, held = null }) => ({
          id,
          clientId,
          actor,
          summary,
          madeAt: new Date(madeAt).toISOString(),
          people: people.length,
          held,
        }),
      ),
    'outbox.retry': ({ id, anyway }) => modes.side.outbox.retry(id, anyway),
    'outbox.drop': ({ id }) => modes.side.outbox.drop(id),
  } satisfies Partial<Handlers>
}
