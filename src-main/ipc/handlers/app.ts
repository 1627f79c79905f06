/** Requests about the program itself: status, settings, running work. Runs in main. */
import { answersDiffer } from '../../../src-shared/settings'
import type { Handlers } from '../register'
import type { Services } from './services'

export function appHandlers(services: Services) {
  const { info, status, jobs, desktop, settings, queue, configureVision, galleriesChanged } = services
  return {
    'app.info': () => info,
    'app.status': () => status(),
    'app.jobs': () => jobs.list(),
    'app.cancelJob': ({ jobId }) => jobs.cancel(jobId),
    'app.revealLog': () => desktop.reveal(info.logFile),
    'app.revealDataFolder': () => desktop.reveal(info.dataFolder),
    'settings.get': () => settings.current,
    'settings.update': (patch) => {
      const before = settings.current
      const after = settings.update(patch)
      if (patch.provider !== undefined || patch.threads !== undefined) void configureVision()
      if (answersDiffer(before, after)) {
        queue.searchAgain()
        // A queue that had no domain to search begins now.
        queue.wake()
      }
      // What is in the bin goes at another time.
      if (after.binRetentionDays !== before.binRetentionDays) galleriesChanged(after.search.clientId)
      return after
    },
  } satisfies Partial<Handlers>
}
