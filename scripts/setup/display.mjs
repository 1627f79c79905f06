/** A virtual display that lasts as long as the work that needs it. Set-up scripts, system Node. */
import { once } from 'node:events'
import { startChild } from './child.mjs'
import { SetUpFailure } from './failure.mjs'
import { hasDisplay } from './system-libraries.mjs'

/** Runs `work(environment)` with a display: the screen's where there is one, a virtual one otherwise. */
export async function withDisplay(environment, work) {
  if (hasDisplay()) return work(environment)
  // Xvfb picks a free number by itself and writes it to descriptor 3 once it is ready.
  const args = ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp']
  const { child, ended } = startChild('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const failed = ended.then((code) => {
    throw new SetUpFailure(
      `The virtual display ended with code ${code}.`,
      'Windowed tests need a display.',
      'Run Xvfb by hand to see why, or run the same command in a desktop session.',
    )
  })
  const [number] = await Promise.race([once(child.stdio[3], 'data'), failed])
  try {
    return await work({ ...environment, DISPLAY: `:${String(number).trim()}` })
  } finally {
    failed.catch(() => undefined)
    child.kill()
    await ended
  }
}
