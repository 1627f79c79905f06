/** Writes that usually take milliseconds, and now and then seconds: those are shown, and can be cancelled. Runs in main. */
import { VisorError } from '../../src-shared/errors'
import type { WriteControl } from '../storage/written'
import type { Jobs } from './jobs'

/** After this long a write is listed as work that runs. */
const unseenMs = 700

/** Waits for `write`; where it takes long it is a job besides, called `title`. Raises what it raises, `cancelled`. */
export async function watched<T>(
  jobs: Pick<Jobs, 'start'>,
  title: string,
  write: (control: WriteControl) => Promise<T>,
): Promise<T> {
  const cancel = new AbortController()
  let latest = { done: 0, total: 0 }
  let tell: (progress: typeof latest) => void = () => undefined
  const running = write({
    signal: cancel.signal,
    onProgress: ({ done, total }) => {
      latest = { done, total }
      tell(latest)
    },
  })
  const show = setTimeout(() => {
    jobs.start('curate', title, 'steps', async ({ signal, progress }) => {
      const stop = () => cancel.abort(new VisorError('cancelled', 'Cancelled. Nothing was changed.'))
      signal.addEventListener('abort', stop)
      tell = progress
      tell(latest)
      await running
      return { outcome: 'Done.' }
    })
  }, unseenMs)
  try {
    return await running
  } finally {
    clearTimeout(show)
  }
}
