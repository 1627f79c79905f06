/** Requests about what this console keeps of the server, and what waits to be brought there. Runs in main. */
import { watched } from '../../services/watched'
import type { Handlers } from '../register'
import type { Services } from './services'

const phases = {
  waiting: 'waits for transactions that began before',
  loading: 'puts faces in',
  finishing: 'is being finished',
} as const

export function serverSideHandlers({ modes, jobs }: Services) {
  return {
    'index.state': () => modes.side.index().state(),
    'index.rebuild': (build) => {
      const index = modes.side.index()
      const title = `Building the index of ${build.modelId}`
      return jobs.start('index', title, 'steps', async ({ signal, progress }) => {
        const built = await index.rebuild(build, {
          signal,
          onProgress: ({ phase, done, total }) => progress({ done, total, detail: phases[phase] }),
        })
        return { outcome: `${built.rows.toLocaleString('en-GB')} faces are in the new index.` }
      })
    },
    'index.widen': ({ modelId, searchWidth }) => modes.side.index().widen(modelId, searchWidth),
    'index.recall': (query) =>
      watched(jobs, 'Checking how well the index finds', (control) =>
        modes.side.index().recall(query, control),
      ),
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
