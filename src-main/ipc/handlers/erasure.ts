/** Requests about erasing people and clients for good. Runs in main. */

import { counted } from '../../../src-shared/amounts'
import type { ErasureTarget } from '../../../src-shared/erasure'
import { VisorError } from '../../../src-shared/errors'
import type { JobId } from '../../../src-shared/ids'
import type { Job } from '../../../src-shared/status'
import { type Erasures, reportName } from '../../services/erasure/erasures'
import { writeReport } from '../../services/erasure/report-file'
import type { JobProgress, Jobs } from '../../services/jobs'
import type { Handlers } from '../register'
import type { Services } from './services'

/** Work that has people in hand and would store or write them after they were erased. */
const holdsPeople: ReadonlySet<Job['kind']> = new Set([
  'enrol-folder',
  'enrol-photos',
  'sample-gallery',
  'export',
  'import',
  'embed-again',
])

export function erasureHandlers({ erasures, jobs, desktop, recentActs }: Services) {
  return {
    'erasure.preview': (request) => erasures.preview(request),
    'erasure.erase': async ({ why, ...request }) => {
      // Now, not within the job: whoever typed it is still there.
      await erasures.checkReason(request, why)
      const running = jobs.list().find(({ kind, state }) => state === 'running' && holdsPeople.has(kind))
      if (running !== undefined) {
        throw new VisorError('conflict', `“${running.title}” is running, and has people in hand.`, {
          consequence: 'Nothing was erased: what it writes later could hold them again.',
          remedy: 'Wait for it to end, or cancel it, then erase.',
        })
      }
      return jobs.start('erase', titleOf(request.target), 'bytes', async ({ signal, progress }) => {
        await erasures.erase(request, why, { signal, onProgress: (done) => progress(inBytes(done)) })
        // It is the newest act now, and Ctrl+Z would take back the one before it.
        recentActs.clear()
        return { outcome: 'Erased for good. The report says what went where.' }
      })
    },
    'erasure.finish': () => finishErasures(jobs, erasures),
    'erasure.reports': async () => [...(await erasures.reports())],
    'erasure.saveReport': async ({ entry }) => {
      const report = (await erasures.reports()).find(({ ledger }) => ledger.entry === entry)
      if (report === undefined) throw new VisorError('not-found', 'There is no report of that erasure.')
      const path = await desktop.chooseSave(reportName(report), 'json')
      if (path !== undefined) await writeReport(path, report)
      return { saved: path !== undefined }
    },
  } satisfies Partial<Handlers>
}

/** Ends what an erasure left undone, as a job; `null` where there is nothing. */
export async function finishErasures(jobs: Jobs, erasures: Erasures): Promise<{ jobId: JobId } | null> {
  if (!(await erasures.isDue())) return null
  return jobs.start('erase', 'Ending an erasure', 'bytes', async ({ progress }) => {
    await erasures.finish({ onProgress: (done) => progress(inBytes(done)) })
    return { outcome: 'The erasure was ended. The report says what went where.' }
  })
}

function titleOf(target: ErasureTarget): string {
  if ('clientId' in target) return 'Erasing a client'
  if ('deletedBy' in target) return 'Erasing people from the bin'
  const { length } = target.personIds
  return `Erasing ${counted(length, 'person', 'people')}`
}

/** The removing is counted in faces, and is over in a moment; the clearing in bytes. */
function inBytes({ detail = '', ...progress }: JobProgress): JobProgress {
  return detail.startsWith('Clearing') ? { ...progress, detail } : { done: 0, total: 0, detail }
}
