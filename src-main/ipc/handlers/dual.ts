/** Requests about the move to a server. Runs in main. */
import { VisorError } from '../../../src-shared/errors'
import type { Job } from '../../../src-shared/status'
import { probePicture } from '../../services/dual/probe-picture'
import {
  type AnalysedPhoto,
  addedWithin,
  type Replayed,
  replayProbes,
} from '../../services/dual/replay-probes'
import { findPhotos } from '../../services/photo-files'
import { photoTimeoutMs } from '../../services/photo-timeout'
import type { Handlers } from '../register'
import type { Services } from './services'

/** Stretches of time in one answer. */
const mostBuckets = 2000
/** Photos of the queue whose analyses are read at once. */
const analysesAtOnce = 100

export function dualHandlers(services: Services) {
  const { moves, pairings, comparisons, jobs, desktop, settings, packs, photos, queue, queueStore } = services
  const queryOf = <Q extends { readonly since: string }>({ since, ...rest }: Q) => ({
    ...rest,
    since: Date.parse(since),
  })
  /** The dual run with what it is asked about; raises `conflict` in other modes. */
  const replayable = () => {
    const run = moves.run()
    const { clientId, domain, allDomains } = settings.current.search
    if (run === undefined) {
      throw new VisorError('conflict', 'Nothing is compared just now.', {
        remedy: 'Put the server on trial first: mode dual.',
      })
    }
    if (domain === null && !allDomains) {
      throw new VisorError('invalid-argument', 'No domain is chosen to search in.', {
        remedy: 'Choose one in Identify.',
      })
    }
    const modelId = packs.modelIdOf(packs.pack(settings.current.modelPack))
    const domains = allDomains || domain === null ? ('all' as const) : [domain]
    return { run, scope: { clientId, domains, modelId } }
  }
  const start = (
    title: string,
    unit: Job['unit'],
    total: number,
    origin: 'folder' | 'past',
    found: (
      signal: AbortSignal,
      skip: (path: string, reason: string) => void,
    ) => AsyncIterable<AnalysedPhoto>,
  ) => {
    const { run, scope } = replayable()
    return jobs.start('compare', title, unit, async ({ signal, progress }) => {
      const skipped: { path: string; reason: string }[] = []
      const skip = (path: string, reason: string) => skipped.push({ path, reason })
      const replayed = await replayProbes(found(signal, skip), scope, origin, {
        local: services.gallery,
        run,
        // Of a folder nobody knows how many there are.
        onPhoto: ({ photos: done }) => progress({ done, total: total === 0 ? 0 : Math.max(total, done) }),
      })
      return { outcome: outcomeOf(replayed), skipped }
    })
  }
  const replayFiles = (paths: readonly string[]) =>
    start('Comparing both on photos', 'photos', 0, 'folder', async function* (signal, skip) {
      for await (const { path, error } of findPhotos(paths, signal)) {
        if (error !== undefined) {
          skip(path, error.message)
          continue
        }
        const { thorough, flip } = settings.current.search
        const analysed = await photos
          .run(
            { params: { source: { path }, thorough, flip, thumbnailPx: 0, crops: false } },
            { signal, timeoutMs: photoTimeoutMs },
          )
          .catch((reason: unknown) => {
            signal.throwIfAborted()
            if (!(reason instanceof VisorError)) throw reason
            skip(path, reason.message)
            return undefined
          })
        if (analysed !== undefined) yield analysed
      }
    })
  return {
    'dual.state': () => moves.state(),
    'dual.figures': (query) => comparisons.figures(queryOf(query)),
    'dual.byDomain': async (query) => [...(await comparisons.byDomain(queryOf(query)))],
    'dual.series': async ({ bucketMinutes, ...query }) =>
      (await comparisons.series({ ...queryOf(query), bucketMs: bucketMinutes * 60_000 })).slice(-mostBuckets),
    'dual.disagreements': async (query) => {
      const { total, some } = await comparisons.disagreements(queryOf(query))
      return { total, some: [...some] }
    },
    'dual.probe': async (asked) => (await probePicture(services, asked)) ?? null,
    'dual.gate': async () => ({ verdict: await moves.gate(), criteria: settings.current.cutOver }),
    'dual.setCriteria': (criteria) => moves.setCriteria(criteria),
    'dual.replay': async (asked) => {
      replayable()
      if (asked.what === 'folder') {
        const folder = await desktop.chooseFolder('Compare Both on a Folder of Photos')
        if (folder === undefined) return null
        return replayFiles([folder])
      }
      const done = queue.snapshot().items.filter(({ state }) => state === 'done')
      const items = addedWithin(
        done.map(({ itemId }) => itemId),
        asked.days,
      )
      const title = `Comparing both on the photos of ${asked.days} days`
      return start(title, 'photos', items.length, 'past', async function* (signal) {
        for (let first = 0; first < items.length; first += analysesAtOnce) {
          const some = await queueStore.analyses(items.slice(first, first + analysesAtOnce))
          for (const analysis of some.values()) {
            signal.throwIfAborted()
            yield analysis
          }
        }
      })
    },
    'dual.replayPaths': ({ paths }) => {
      replayable()
      return replayFiles(paths)
    },
    'dual.moves': async ({ clientId }) => [...(await comparisons.moves(clientId))],
    'dual.pair': ({ clientId }) =>
      jobs.start(
        'compare',
        `Comparing ${clientId} with the server`,
        'steps',
        async ({ signal, progress }) => {
          await pairings.pair(clientId, { signal, onProgress: progress })
          return { outcome: `${clientId} is the same on both sides, and paired.` }
        },
      ),
    'dual.unpair': ({ clientId }) => pairings.unpair(clientId),
    'dual.go': ({ mode, why }) => moves.go(mode, why),
    'dual.rehearse': async () => [...(await moves.rehearse())],
  } satisfies Partial<Handlers>
}

function outcomeOf({ photos, probes, failed }: Replayed): string {
  const compared = `${probes - failed} faces of ${photos} photos were compared`
  return failed === 0 ? `${compared}.` : `${compared}; the server did not answer to ${failed}.`
}
