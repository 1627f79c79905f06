/** Requests about one face of a queued photo, and their undo. Runs in main. */
import type { Handlers } from '../register'
import type { Services } from './services'

/** How far back Ctrl+Z reaches. */
const undoWindowMs = 60 * 60 * 1000

export function faceHandlers({ acts, settings, gallery, actor, galleriesChanged }: Services) {
  const clientId = () => settings.current.search.clientId
  const changed = <T>(result: T): T => {
    galleriesChanged(clientId())
    return result
  }
  return {
    'face.confirm': async ({ personId, ...ref }) => changed(await acts.confirm(clientId(), ref, personId)),
    'face.reject': async ({ personId, ...ref }) => changed(await acts.reject(clientId(), ref, personId)),
    'face.enrolNew': async ({ domain, name, ...ref }) =>
      changed(await acts.enrolNew(clientId(), ref, domain, name)),
    'ledger.undo': async ({ ledgerId }) => changed(await gallery.undo(ledgerId, { actor })),
    'ledger.undoLast': async () => {
      const last = await gallery.lastUndoable(actor, Date.now() - undoWindowMs)
      return last === undefined ? null : changed(await gallery.undo(last.ledgerId, { actor }))
    },
  } satisfies Partial<Handlers>
}
