/** Requests about one face of a queued photo, and the undo of every act. Runs in main. */
import type { Act, Joined } from '../../../src-shared/ipc'
import type { Handlers } from '../register'
import type { Services } from './services'

export function faceHandlers({ acts, settings, gallery, actor, recentActs, galleriesChanged }: Services) {
  const clientId = () => settings.current.search.clientId
  const done = (act: Act): Act => {
    recentActs.add({ clientId: clientId(), id: act.ledgerId, undo: () => undo(act.ledgerId) })
    galleriesChanged(clientId())
    return act
  }
  const joined = (answer: Joined): Joined => {
    if (answer.done) done(answer.act)
    return answer
  }
  const undo = async (ledgerId: Act['ledgerId']) => {
    const undone = await gallery.undo(ledgerId, { actor })
    recentActs.forget(ledgerId)
    galleriesChanged(clientId())
    return undone
  }
  return {
    'face.confirm': async ({ personId, why, ...ref }) =>
      joined(await acts.confirm(clientId(), ref, personId, why)),
    'face.reject': async ({ personId, ...ref }) => done(await acts.reject(clientId(), ref, personId)),
    'face.enrolNew': async ({ domain, name, why, ...ref }) =>
      joined(await acts.enrolNew(clientId(), ref, domain, name, why)),
    'face.withdrawReject': async ({ personId, ...ref }) =>
      done(await acts.withdrawReject(clientId(), ref, personId)),
    'ledger.undo': ({ ledgerId }) => undo(ledgerId),
    'ledger.undoLast': async () => {
      const act = recentActs.take(clientId())
      return act === undefined ? null : act.undo()
    },
  } satisfies Partial<Handlers>
}
