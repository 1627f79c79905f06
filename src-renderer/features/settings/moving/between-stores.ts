/** What lies between the two stores: what goes from one to the other, what waits, what is held. Pure. Renderer. */
import type { CacheState } from '../../../../src-shared/cache'
import type { DualState } from '../../../../src-shared/dual'
import type { StoreStatus } from '../../../../src-shared/status'
import { counted } from '../../../wording'

/** `still`: nothing goes that way just now. */
export interface Way {
  readonly direction: 'there' | 'here' | 'both'
  readonly text: string
  readonly tone: 'goes' | 'still' | 'held'
}

export function betweenStores(
  { mode, pairings, waiting, conflicts }: DualState,
  server: StoreStatus['server'],
): Way[] {
  if (pairings.length === 0) return [{ direction: 'there', text: 'nothing is paired', tone: 'still' }]
  const up = server?.state === 'up'
  const ways: Way[] = []
  if (mode === 'dual') {
    ways.push({
      direction: 'both',
      text: up ? 'each search is compared' : 'nothing is compared',
      tone: up ? 'goes' : 'still',
    })
  }
  if (waiting > 0) {
    const waits = counted(waiting, 'edit waits', 'edits wait')
    ways.push({
      direction: 'there',
      text: mode === 'local' ? `${waits}, not sent in this mode` : waits,
      tone: 'still',
    })
  } else if (mode === 'local') {
    ways.push({ direction: 'there', text: 'edits are kept for it', tone: 'still' })
  } else {
    ways.push({
      direction: 'there',
      text: up ? 'edits reach it at once' : 'edits will wait',
      tone: up ? 'goes' : 'still',
    })
  }
  if (conflicts > 0) {
    ways.push({
      direction: 'there',
      text: counted(conflicts, 'edit is held', 'edits are held'),
      tone: 'held',
    })
  }
  if (mode === 'server') {
    ways.push({
      direction: 'here',
      text: up ? 'what changes comes here' : 'nothing comes here meanwhile',
      tone: up ? 'goes' : 'still',
    })
  }
  return ways
}

/** Up to when the copy here has all that the server has, ISO 8601; `undefined` where nobody knows. */
export function followedUntil(copy: CacheState | undefined): string | undefined {
  const times = (copy?.domains ?? []).map((domain) => domain.asOf)
  if (times.length === 0 || times.some((time) => time === null)) return undefined
  return times.filter((time) => time !== null).sort()[0]
}
