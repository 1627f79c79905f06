/** Waiting for work only as long as there are signs of it. Runs in main and on the command line. */
import type { Listeners } from '../../host/listeners'

interface Limits {
  /** Without a sign for so long, nobody waits any more. */
  readonly silentMs: number
  readonly longestMs: number
}

/** What `work` gives; `undefined` where it is silent for too long, or takes too long: it goes on by itself. Raises what it raises. */
export async function whileItMoves<T>(
  work: Promise<T>,
  signs: Listeners<void>,
  { silentMs, longestMs }: Limits,
): Promise<T | undefined> {
  const enough = Promise.withResolvers<undefined>()
  const giveUp = () => enough.resolve(undefined)
  let silence = setTimeout(giveUp, silentMs)
  const longest = setTimeout(giveUp, longestMs)
  const deaf = signs.add(() => {
    clearTimeout(silence)
    silence = setTimeout(giveUp, silentMs)
  })
  try {
    return await Promise.race([work, enough.promise])
  } finally {
    deaf()
    clearTimeout(silence)
    clearTimeout(longest)
    // Whoever waited is told by what came of it.
    work.catch(() => undefined)
  }
}
