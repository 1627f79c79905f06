/** From a face in Review to its photo in Galleries. Renderer. */
import type { Domain, FaceId, PhotoId } from '../../src-shared/ids'
import type { Store } from './store'
import { suggestionInQuestion } from './suggestions-slice'

/** Opens the photo of the face that the keys are on, in the open group or in question among the suggestions. */
export function openPhotoOfFace(store: Store): void {
  const { queueOnScreen, openGroup, facePlace } = store.getState()
  if (queueOnScreen === 'suggestions') {
    const suggestion = suggestionInQuestion(store.getState())
    if (suggestion === undefined) return
    const { photoId, faceId, person } = suggestion
    show(store, photoId, faceId, person.domain, [photoId])
    return
  }
  const face = openGroup?.faces?.[facePlace]
  if (openGroup === null || face === undefined) return
  const photos = new Set(openGroup.faces?.map(({ photoId }) => photoId))
  show(store, face.photoId, face.faceId, openGroup.group.domain, [...photos])
}

function show(
  store: Store,
  photoId: PhotoId,
  faceId: FaceId,
  domain: Domain,
  inReach: readonly PhotoId[],
): void {
  const { browsed, settings, browse, remember, openPhoto } = store.getState()
  const { clientId } = settings.search
  // Galleries would open a domain by itself, and close the photo with that.
  if (browsed?.clientId !== clientId || (browsed.domain !== null && browsed.domain !== domain)) {
    browse({ clientId, domain })
  }
  remember({ screen: 'galleries' })
  openPhoto(photoId, faceId, inReach)
}
