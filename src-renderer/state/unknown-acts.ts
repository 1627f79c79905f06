/** What curators say of unknown faces: each act tells what it did and offers to undo it. Renderer. */
import type { Domain } from '../../src-shared/ids'
import { request } from '../api'
import { showNotice } from '../components/toasts'
import { counted } from '../wording'
import { done } from './acts'
import { type FaceReceiver, tried } from './curation'
import type { Store } from './store'
import { suggestionInQuestion, suggestionsOfPerson } from './suggestions-slice'
import { activeStack, facesChosen } from './unknown-slice'

/** Names the open group, or the faces chosen in it. */
export function nameGroup(store: Store, domain: Domain, to: FaceReceiver): Promise<boolean> {
  return tried(store, async () => {
    const { openGroup, settings, openOverlay, closeGroup, chooseNoFace } = store.getState()
    if (openGroup === null) throw new Error('Naming needs an open group.')
    const faceIds = facesChosen(store.getState())
    const { leftOut, ...act } = await request('unknown.name', {
      clientId: settings.search.clientId,
      groupId: openGroup.group.groupId,
      domain,
      to,
      ...(faceIds.length === 0 ? {} : { faceIds }),
    })
    openOverlay(null)
    if (faceIds.length === 0) closeGroup()
    else chooseNoFace()
    done(store, act)
    if (leftOut > 0) {
      showNotice(
        `${counted(leftOut, 'face')} stayed unknown.`,
        'Ruled out for that person, or in a photo that has them already.',
      )
    }
  })
}

/** Says that the faces chosen are not whom the rest of the group shows. */
export function takeFacesOut(store: Store): Promise<boolean> {
  return tried(store, async () => {
    const { openGroup, settings, chooseNoFace } = store.getState()
    const faceIds = facesChosen(store.getState())
    if (openGroup === null || faceIds.length === 0) throw new Error('Taking out needs faces.')
    const { groupId } = openGroup.group
    const act = await request('unknown.takeOut', { clientId: settings.search.clientId, groupId, faceIds })
    chooseNoFace()
    done(store, act)
  })
}

/** Sets the open group aside, or the one that the keys are on; or brings it back. */
export function ignoreGroup(store: Store): Promise<boolean> {
  return tried(store, async () => {
    const { openGroup, settings, ignoredShown, closeGroup } = store.getState()
    const group = openGroup?.group ?? activeStack(store.getState())
    if (group === undefined) throw new Error('Ignoring needs a group.')
    const { groupId } = group
    const { clientId } = settings.search
    const act = await request('unknown.ignore', { clientId, groupId, ignored: !ignoredShown })
    if (openGroup !== null) closeGroup()
    done(store, act)
  })
}

/** The face in question is the person's; or all of theirs that are shown. */
export function acceptSuggestion(store: Store, all: boolean): Promise<boolean> {
  return tried(store, async () => {
    const suggestion = suggestionInQuestion(store.getState())
    if (suggestion === undefined) throw new Error('There is no suggestion to accept.')
    const accepted = all ? suggestionsOfPerson(store.getState()) : [suggestion]
    const faceIds = accepted.map(({ faceId }) => faceId)
    const { personId } = suggestion.person
    const act = await request('unknown.accept', { personId, faceIds })
    store.getState().dropSuggestions(faceIds)
    done(store, act)
  })
}

/** The face in question is not the person's, and is not offered for them again. */
export function rejectSuggestion(store: Store): Promise<boolean> {
  return tried(store, async () => {
    const suggestion = suggestionInQuestion(store.getState())
    if (suggestion === undefined) throw new Error('There is no suggestion to reject.')
    const { faceId, person } = suggestion
    const act = await request('unknown.reject', { personId: person.personId, faceIds: [faceId] })
    store.getState().dropSuggestions([faceId])
    done(store, act)
  })
}

/** Removes all unknown faces of the client for good. */
export function forgetUnknown(store: Store): Promise<boolean> {
  return tried(store, async () => {
    const { settings, openOverlay } = store.getState()
    openOverlay(null)
    const { faces } = await request('unknown.forget', { clientId: settings.search.clientId })
    showNotice(`${counted(faces, 'unknown face')} went for good.`)
  })
}
