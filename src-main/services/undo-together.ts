/** Takes back the entries of one long piece of work, which wrote one for each person. Runs in main. */
import { hasCode, VisorError } from '../../src-shared/errors'
import type { LedgerId } from '../../src-shared/ids'
import type { WriteControl } from '../storage/written'

/**
 * Undoes `entries` one by one, the newest first. One that something stands on by now, or that is undone already, stays as it
 * is, and the summary says so. What is undone leaves `entries`, so that asking again goes on where it was cancelled.
 *
 * Raises `conflict` where nothing could be undone, `cancelled`, and what `undo` raises.
 */
export async function undoTogether(
  summary: string,
  entries: LedgerId[],
  undo: (ledgerId: LedgerId) => Promise<unknown>,
  { signal, onProgress }: WriteControl = {},
): Promise<{ readonly summary: string }> {
  const total = entries.length
  const kept: LedgerId[] = []
  let refusal: unknown
  for (let ledgerId = entries.at(-1); ledgerId !== undefined; ledgerId = entries.at(-1)) {
    onProgress?.({ done: total - entries.length, total })
    if (signal?.aborted === true) {
      entries.unshift(...kept.toReversed())
      throw new VisorError('cancelled', `Cancelled: ${total - entries.length} of ${total} are undone.`)
    }
    try {
      await undo(ledgerId)
    } catch (error) {
      if (!hasCode(error, 'conflict')) throw error
      refusal = error
      kept.push(ledgerId)
    }
    entries.pop()
  }
  if (kept.length === total) throw refusal
  if (kept.length === 0) return { summary }
  return { summary: `${summary}: ${total - kept.length} of ${total}, the others were changed since` }
}
