/** What curators do to people, their faces and domains: each act tells what it did and offers to undo it. Renderer. */
import type { VisorError } from '../../src-shared/errors'
import type { Batch } from '../../src-shared/gallery'
import type { ClientId, Domain, FaceId, LedgerId, PersonId, Sha256 } from '../../src-shared/ids'
import type { RequestInput } from '../../src-shared/ipc'
import { asVisorError, request } from '../api'
import { showNotice, showRefusal } from '../components/toasts'
import { counted } from '../wording'
import { done, undone } from './acts'
import { peopleInQuestion } from './browse-slice'
import type { Store } from './store'

export type PersonChange = Omit<RequestInput<'gallery.updatePerson'>, 'personId'>
export type FaceReceiver = RequestInput<'gallery.moveFaces'>['to']

/** Changes what is known of a person. Resolves with whether it was done. */
export function updatePerson(store: Store, personId: PersonId, change: PersonChange): Promise<boolean> {
  return tried(store, async () => done(store, await request('gallery.updatePerson', { personId, ...change })))
}

export function deletePersons(store: Store, personIds: readonly PersonId[]): Promise<boolean> {
  return tried(store, async () => {
    done(store, await request('gallery.deletePersons', { personIds: [...personIds] }))
    store.getState().chooseNobody()
  })
}

/** Asks whether the chosen people are to be erased for good. */
export function eraseChosen(store: Store): void {
  const { browsed, chosenPeople, askErasure } = store.getState()
  const personIds = [...peopleInQuestion({ chosenPeople })]
  if (browsed === null || personIds.length === 0) return
  askErasure({ clientId: browsed.clientId, target: { personIds } })
}

export function tagPersons(
  store: Store,
  personIds: readonly PersonId[],
  change: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Promise<boolean> {
  return tried(store, async () => {
    const { add, remove } = change
    done(
      store,
      await request('gallery.tagPersons', {
        personIds: [...personIds],
        add: [...add],
        remove: [...remove],
      }),
    )
    store.getState().openOverlay(null)
  })
}

/** Makes one person of several; whose name stays is looked at from then on. */
export function mergePersons(store: Store, target: PersonId, sources: readonly PersonId[]): Promise<boolean> {
  return tried(store, async () => {
    const act = await request('gallery.mergePersons', { target, sources: [...sources] })
    const { openOverlay, activatePerson } = store.getState()
    openOverlay(null)
    activatePerson(target)
    done(store, act)
  })
}

export type Clash = 'refuse' | 'merge'

/**
 * Moves people to another domain. Where that has people of their names, nobody is moved, and the answer is `clash`: the
 * curator says what is to become of them.
 */
export async function movePersons(
  store: Store,
  personIds: readonly PersonId[],
  domain: Domain,
  onClash: Clash = 'refuse',
): Promise<'done' | 'clash' | 'failed'> {
  if (personIds.length === 0) {
    showNotice('Nobody is left to move.', 'All of them have a namesake in that domain.')
    return 'failed'
  }
  let clash = false
  const moved = await tried(store, async () => {
    try {
      const act = await request('gallery.movePersons', { personIds: [...personIds], domain, onClash })
      store.getState().openOverlay(null)
      store.getState().chooseNobody()
      done(store, act)
    } catch (error) {
      const namesakes = { personIds: [...personIds], domain }
      clash =
        onClash === 'refuse' &&
        asVisorError(error).code === 'conflict' &&
        (await request('gallery.namesakes', namesakes)).length > 0
      if (!clash) throw error
    }
  })
  if (clash) return 'clash'
  return moved ? 'done' : 'failed'
}

/** Moves the chosen people where they were dropped; namesakes there are asked about in the form for moving. */
export async function dropPeople(store: Store, domain: Domain): Promise<void> {
  const personIds = peopleInQuestion(store.getState())
  if ((await movePersons(store, personIds, domain)) !== 'clash') return
  store.setState({ dropClash: domain })
  store.getState().openOverlay('move-people')
}

/** `null` = the best face is the cover again. */
export function setCover(store: Store, personId: PersonId, faceId: FaceId | null): Promise<boolean> {
  return tried(store, async () => done(store, await request('gallery.setCover', { personId, faceId })))
}

/** Gives faces to somebody else, who is made where there is nobody of that name: a split. */
export function moveFaces(
  store: Store,
  faceIds: readonly FaceId[],
  domain: Domain,
  to: FaceReceiver,
): Promise<boolean> {
  return tried(store, async () => {
    const move = async () => {
      const act = await request('gallery.moveFaces', { faceIds: [...faceIds], domain, to })
      store.getState().openOverlay(null)
      done(store, act)
    }
    try {
      await move()
    } catch (error) {
      const refusal = asVisorError(error)
      const photo = photoOf(store, refusal)
      if (photo === undefined) throw refusal
      // The message has the next step; the list of people would lie under it.
      store.getState().openOverlay(null)
      showRefusal(refusal, 'It is a mirror or collage', () => void repeatPeople(store, photo, move))
    }
  })
}

/** The photo that a person would be in twice: the open one, or one of the person looked at. */
function photoOf(store: Store, { code, detail }: VisorError): Sha256 | undefined {
  if (code !== 'person-twice') return undefined
  const { galleriesView, galleryPhoto, personDetail } = store.getState()
  if (galleriesView === 'photo' && galleryPhoto?.path === detail) return galleryPhoto?.sha256
  const faces = personDetail?.facesList ?? []
  return faces.find(({ photoPath }) => photoPath === detail)?.photoSha256
}

/** Says that a photo may show a person more than once, and does what was refused. */
function repeatPeople(store: Store, photo: Sha256, again: () => Promise<void>): Promise<boolean> {
  return tried(store, async () => {
    const { clientId } = store.getState().settings.search
    await request('gallery.setRepeatsPeople', { clientId, photo, repeats: true })
    await again()
  })
}

/** Says that these faces are not this person's. */
export function rejectFaces(store: Store, faceIds: readonly FaceId[]): Promise<boolean> {
  return tried(store, async () =>
    done(store, await request('gallery.takeFaces', { faceIds: [...faceIds], reject: true })),
  )
}

/** Says that the face may be the person's after all. */
export function withdrawRejectOf(store: Store, faceId: FaceId, personId: PersonId): Promise<boolean> {
  return tried(store, async () => done(store, await request('gallery.withdrawReject', { faceId, personId })))
}

/** Says that two people are not the same person, or withdraws it. */
export function tellApart(
  store: Store,
  personId: PersonId,
  otherId: PersonId,
  apart: boolean,
): Promise<boolean> {
  return tried(store, async () =>
    done(store, await request('gallery.tellApart', { personId, otherId, apart })),
  )
}

/** Renames a domain; where it was searched or open, it still is. */
export function renameDomain(store: Store, clientId: ClientId, domain: Domain, to: Domain): Promise<boolean> {
  return tried(store, async () => {
    const act = await request('gallery.renameDomain', { clientId, domain, to })
    const { browsed, settings, loadClients, browse, changeSearch } = store.getState()
    await loadClients()
    // Its absence under the old name may have closed it already.
    if (browsed?.domain === domain || store.getState().browsed === null) browse({ clientId, domain: to })
    if (settings.search.domain === domain) await changeSearch({ domain: to })
    done(store, act)
  })
}

/** Deletes a domain with all it holds. */
export function deleteDomain(store: Store, clientId: ClientId, domain: Domain): Promise<boolean> {
  return tried(store, async () => {
    done(store, await request('gallery.deleteDomain', { clientId, domain }))
  })
}

/** Writes people to a folder that the user chooses; nobody named = everybody who is open. */
export function exportPeople(
  store: Store,
  personIds: readonly PersonId[],
  how: Pick<RequestInput<'gallery.exportPeople'>, 'photos' | 'names'>,
): Promise<boolean> {
  return tried(store, async () => {
    const { browsed, openOverlay } = store.getState()
    if (browsed === null) return
    openOverlay(null)
    const these = personIds.length === 0 ? {} : { personIds: [...personIds] }
    await request('gallery.exportPeople', { ...browsed, ...these, ...how })
  })
}

/** Imports a folder that the user chooses. */
export function importPeople(store: Store, clientId: ClientId, domain: Domain): Promise<boolean> {
  return tried(store, async () => {
    await request('gallery.importPeople', { clientId, domain })
  })
}

/** Takes back an entry of the ledger. What is in its way is thrown, to be shown beside the entry. */
export async function undoEntry(store: Store, ledgerId: LedgerId): Promise<void> {
  const { summary } = await request('ledger.undo', { ledgerId })
  undone(store, summary)
}

/** Takes back all that is left of an enrolment or an import. What is in its way is thrown. */
export async function undoWhole(store: Store, clientId: ClientId, partOf: Batch): Promise<void> {
  const { summary } = await request('ledger.undoBatch', { clientId, partOf })
  undone(store, summary)
}

/** Removes for good what is in the bin. */
export function emptyBin(store: Store, clientId: ClientId): Promise<boolean> {
  return tried(store, async () => {
    store.getState().openOverlay(null)
    const { persons } = await request('gallery.emptyBin', { clientId })
    showNotice(`The bin is empty. ${counted(persons, 'person', 'people')} went for good.`)
  })
}

/** Does what may fail, and shows the error where it does. Resolves with whether it was done. */
export async function tried(store: Store, act: () => Promise<void>): Promise<boolean> {
  let failed = true
  await store.getState().attempt(async () => {
    await act()
    failed = false
  })
  return !failed
}
