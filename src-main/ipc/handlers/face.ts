/** Requests about one face of a queued photo, and the undo of every act. Runs in main. */
import { v4 as uuid } from 'uuid'
import type { Act, Joined } from '../../../src-shared/act'
import type { DrawnAct } from '../../services/drawn-faces'
import { watched } from '../../services/watched'
import type { Handlers } from '../register'
import { acting } from './acting'
import type { Services } from './services'

export function faceHandlers(services: Services) {
  const { acts, drawnFaces, settings, gallery, jobs, actor, recentActs, galleriesChanged } = services
  const { undoWhole } = acting(services)
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
    const undone = await watched(jobs, 'Undoing', (control) => gallery.undo(ledgerId, { actor, ...control }))
    recentActs.forget(ledgerId)
    galleriesChanged(clientId())
    return undone
  }
  const drawn = <A extends DrawnAct>({ undo: takeBack, ...answer }: A) => {
    const undoIt = () => takeBack().then(() => ({ summary: answer.summary }))
    recentActs.add({ clientId: clientId(), id: uuid(), undo: undoIt })
    return answer
  }
  return {
    'face.confirm': async ({ personId, why, ...ref }) =>
      joined(await acts.confirm(clientId(), ref, personId, why)),
    'face.reject': async ({ personId, ...ref }) => done(await acts.reject(clientId(), ref, personId)),
    'face.enrolNew': async ({ domain, name, why, ...ref }) =>
      joined(await acts.enrolNew(clientId(), ref, domain, name, why)),
    'face.withdrawReject': async ({ personId, ...ref }) =>
      done(await acts.withdrawReject(clientId(), ref, personId)),
    'face.draw': async ({ itemId, faceIndex, box }) => drawn(await drawnFaces.draw(itemId, faceIndex, box)),
    'face.removeDrawn': async ({ itemId, faceIndex }) => drawn(await drawnFaces.remove(itemId, faceIndex)),
    'ledger.undo': ({ ledgerId }) => undo(ledgerId),
    'ledger.undoBatch': ({ clientId: ofClient, partOf }) => undoWhole(ofClient, partOf),
    'ledger.undoLast': () => recentActs.undoNewest(clientId()),
  } satisfies Partial<Handlers>
}
