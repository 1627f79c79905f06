/** Acts of the window: done, told to whoever shows galleries, and what Ctrl+Z takes back. Runs in main. */
import type { Act } from '../../../src-shared/act'
import { VisorError } from '../../../src-shared/errors'
import type { Batch } from '../../../src-shared/gallery'
import type { ClientId, LedgerId } from '../../../src-shared/ids'
import { undoBatch } from '../../services/batch'
import { undoTogether } from '../../services/undo-together'
import { watched } from '../../services/watched'
import type { LedgerContext, WriteControl, Written } from '../../storage/written'
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
  /** Takes back several entries, which may take long. */
  const together = async <T>(
    clientId: ClientId,
    title: string,
    undo: (control: WriteControl) => Promise<T>,
  ): Promise<T> => {
    try {
      return await watched(jobs, `Undoing: ${title}`, undo)
    } finally {
      // What was undone before it was cancelled stays so.
      galleriesChanged(clientId)
    }
  }
  /** Takes back what is left of a batch in the history. */
  const undoWhole = async (clientId: ClientId, { batchId, title }: Batch) => {
    const undone = await together(clientId, title, (control) =>
      undoBatch(gallery, { clientId, batchId }, actor, control),
    )
    recentActs.forget(batchId)
    return undone
  }
  /** Says that a batch wrote these entries, oldest first: one Ctrl+Z takes them back together. */
  const doneTogether = (clientId: ClientId, batch: Batch, entries: readonly LedgerId[]): void => {
    const [only] = entries
    if (only !== undefined && entries.length === 1) {
      done(clientId, { ledgerId: only, summary: batch.title })
      return
    }
    galleriesChanged(clientId)
    if (only === undefined) return
    const { batchId, title } = batch
    const left = [...entries]
    recentActs.add({
      clientId,
      id: batchId,
      undo: () =>
        together(clientId, title, (control) =>
          undoTogether(title, left, (ledgerId) => gallery.undo(ledgerId, { actor }), control),
        ),
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
  return { act, done, doneTogether, undoWhole }
}
