/** What people decide about faces: each act tells what it did and offers to undo it. Renderer. */
import type { Act } from '../../src-shared/act'
import type { Domain, LedgerId, PersonId } from '../../src-shared/ids'
import type { Candidate } from '../../src-shared/recognition'
import { request } from '../api'
import { hideAct, showAct, showNotice } from '../components/toasts'
import { activeObjection, type JoinTarget } from './objection-slice'
import { activeFace, candidateInQuestion } from './selection-slice'
import type { State, Store } from './store'

/** The face in the inspector as requests name it. */
function faceRef({ activeId, faceIndex }: State) {
  if (activeId === null) throw new Error('An act on a face needs a photo in the loupe.')
  return { itemId: activeId, faceIndex }
}

/** Tells what was done, and offers to undo it. */
export function done(store: Store, act: Act): void {
  store.getState().announce(act.summary)
  showAct(act, () => void undo(store, act.ledgerId))
}

async function decide(store: Store, ask: (state: State) => Promise<Act | undefined>): Promise<void> {
  const state = store.getState()
  if (activeFace(state) === undefined) return
  await state.attempt(async () => {
    const act = await ask(state)
    if (act === undefined) return
    store.setState({ chosenPerson: null, overlay: null, objection: null })
    done(store, act)
  })
}

/** Has the face join somebody; where the gate has reasons against it, they are shown beside the face. */
function join(store: Store, target: JoinTarget, why?: string): Promise<void> {
  return decide(store, async (state) => {
    const ref = faceRef(state)
    const override = why === undefined ? {} : { why }
    const joined =
      'personId' in target
        ? await request('face.confirm', { ...ref, ...target, ...override })
        : await request('face.enrolNew', { ...ref, ...target, ...override })
    if (joined.done) return joined.act
    store.setState({ objection: { ...ref, target, reasons: joined.reasons }, overlay: null })
    return undefined
  })
}

/** Says whether the photo in the loupe is a mirror or a collage, in which a person may be more than once. */
export function sayRepeats(store: Store, repeats: boolean): Promise<void> {
  return store.getState().attempt(async () => {
    const { activeId, details, settings } = store.getState()
    const recognition = activeId === null ? undefined : details.get(activeId)?.detail?.recognition
    if (recognition === undefined) throw new Error('A photo has to be in the loupe.')
    const { clientId } = settings.search
    done(store, await request('gallery.setRepeatsPeople', { clientId, photo: recognition.sha256, repeats }))
  })
}

/** Says that the photo is a mirror or a collage, and has the face join whom it was to join. */
export async function repeatAndJoin(store: Store): Promise<void> {
  const objection = activeObjection(store.getState())
  if (objection === null) return
  await sayRepeats(store, true)
  store.getState().dropObjection()
  await join(store, objection.target)
}

/** Takes back *not this person* of the candidate in question. */
export function withdrawReject(store: Store): Promise<void> {
  return decide(store, (state) => {
    const candidate = candidateInView(state)
    if (candidate === undefined) throw new Error('Taking a reject back needs a person.')
    return request('face.withdrawReject', { ...faceRef(state), personId: candidate.personId })
  })
}

/** Has the face join all the same, and says why. */
export async function overrideObjection(store: Store, why: string): Promise<void> {
  const objection = activeObjection(store.getState())
  if (objection !== null) await join(store, objection.target, why)
}

/** The candidate that *confirm* and *not this person* would be about. */
export function candidateInView(state: State): Candidate | undefined {
  return candidateInQuestion(activeFace(state), state.chosenPerson)
}

/** Says that the face is this person: the candidate in question where nobody is named. */
export async function confirmFace(store: Store, personId?: PersonId): Promise<void> {
  const person = personId ?? candidateInView(store.getState())?.personId
  if (person === undefined) throw new Error('Confirming a face needs a person.')
  await join(store, { personId: person })
}

/** Says that the face is not the candidate in question. */
export function rejectFace(store: Store): Promise<void> {
  return decide(store, (state) => {
    const candidate = candidateInView(state)
    if (candidate === undefined) throw new Error('Ruling somebody out needs a person.')
    return request('face.reject', { ...faceRef(state), personId: candidate.personId })
  })
}

/** Makes a new person of the face. */
export function enrolFace(store: Store, domain: Domain, name: string): Promise<void> {
  return join(store, { domain, name })
}

function undo(store: Store, ledgerId: LedgerId): Promise<void> {
  return store.getState().attempt(async () => {
    const { summary } = await request('ledger.undo', { ledgerId })
    undone(store, summary)
  })
}

/** Takes back the newest act of this console. */
export function undoLast(store: Store): Promise<void> {
  return store.getState().attempt(async () => {
    const undid = await request('ledger.undoLast')
    if (undid === null) showNotice('There is nothing to undo.')
    else undone(store, undid.summary)
  })
}

/** Tells what was taken back. */
export function undone(store: Store, summary: string): void {
  hideAct()
  store.setState({ lastEnrolmentAct: null })
  store.getState().unsettleFindings()
  store.getState().announce(`Undone: ${summary}`)
  showNotice('Undone', summary)
}
