/** Requests about the program itself: status, settings, running work. Runs in main. */
import { answersDiffer } from '../../../src-shared/settings'
import type { Handlers } from '../register'
import type { Services } from './services'

export function appHandlers({ info, status, jobs, desktop, settings, queue, configureVision }: Services) {
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
      return after
    },
  } satisfies Partial<Handlers>
}
