/** Acts of the window: done, told to whoever shows galleries, and what Ctrl+Z takes back. Runs in main. */
import { v4 as uuid } from 'uuid'
import type { Act } from '../../../src-shared/act'
import { VisorError } from '../../../src-shared/errors'
import type { ClientId, LedgerId } from '../../../src-shared/ids'
import { undoTogether } from '../../services/undo-together'
import { watched } from '../../services/watched'
import type { LedgerContext, Written } from '../../storage/written'
import type { Services } from './services'

export function acting({ gallery, actor, jobs, recentActs, galleriesChanged }: Services) {
  /** Says that an act was done. */
  const done = <A extends Act>(clientId: ClientId, act: A): A => {
    const { ledgerId } = act
    recentActs.add({
      clientId,
      id: ledgerId,
      undo: async () => {
        const undone = await watched(jobs, `Undoing: ${act.summary}`, (control) =>
          gallery.undo(ledgerId, { actor, ...control }),
        )
        galleriesChanged(clientId)
        return undone
      },
    })
    galleriesChanged(clientId)
    return act
  }
  /** Says that a long piece of work wrote these entries, oldest first: one Ctrl+Z takes them back together. */
  const doneTogether = (clientId: ClientId, summary: string, entries: readonly LedgerId[]): void => {
    const [only] = entries
    if (only !== undefined && entries.length === 1) {
      done(clientId, { ledgerId: only, summary })
      return
    }
    galleriesChanged(clientId)
    if (only === undefined) return
    const left = [...entries]
    recentActs.add({
      clientId,
      id: uuid(),
      undo: async () => {
        const undo = (ledgerId: LedgerId) => gallery.undo(ledgerId, { actor })
        try {
          return await watched(jobs, `Undoing: ${summary}`, (control) =>
            undoTogether(summary, left, undo, control),
          )
        } finally {
          // What was undone before it was cancelled stays so.
          galleriesChanged(clientId)
        }
      },
    })
  }
  /** Does a write. Raises `conflict` where it changed nothing. `doing`: what it is called where it takes long. */
  const act = async (
    clientId: ClientId,
    summary: string,
    write: (context: LedgerContext) => Promise<Written<unknown>>,
    doing = summary,
  ): Promise<Act> => {
    const { ledgerId } = await watched(jobs, doing, (control) => write({ actor, summary, ...control }))
    if (ledgerId === undefined) throw new VisorError('conflict', 'There was nothing to change.')
    return done(clientId, { ledgerId, summary })
  }
  return { act, done, doneTogether }
}
