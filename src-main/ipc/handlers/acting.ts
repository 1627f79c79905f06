/** Acts of the window: done, told to whoever shows galleries, and what Ctrl+Z takes back. Runs in main. */
import { VisorError } from '../../../src-shared/errors'
import type { ClientId } from '../../../src-shared/ids'
import type { Act } from '../../../src-shared/ipc'
import type { LedgerContext, Written } from '../../storage/gallery-store'
import type { Services } from './services'

export function acting({ gallery, actor, recentActs, galleriesChanged }: Services) {
  /** Says that an act was done. */
  const done = <A extends Act>(clientId: ClientId, act: A): A => {
    const { ledgerId } = act
    recentActs.add({
      clientId,
      id: ledgerId,
      undo: async () => {
        const undone = await gallery.undo(ledgerId, { actor })
        galleriesChanged(clientId)
        return undone
      },
    })
    galleriesChanged(clientId)
    return act
  }
  /** Does a write. Raises `conflict` where it changed nothing. */
  const act = async (
    clientId: ClientId,
    summary: string,
    write: (context: LedgerContext) => Promise<Written<unknown>>,
  ): Promise<Act> => {
    const { ledgerId } = await write({ actor, summary })
    if (ledgerId === undefined) throw new VisorError('conflict', 'There was nothing to change.')
    return done(clientId, { ledgerId, summary })
  }
  return { act, done }
}
