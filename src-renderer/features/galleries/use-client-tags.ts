/** The tags in use in the client that is open. Renderer. */
import type { RequestOutput } from '../../../src-shared/ipc'
import { request } from '../../api'
import { useGalleryAnswer } from '../../state/use-gallery-answer'
import { useVisor } from '../../state/use-visor'

type TagCounts = RequestOutput<'gallery.tags'>

const none: TagCounts = []

/** By how many people have them; none until the first answer. */
export function useClientTags(): TagCounts {
  const clientId = useVisor((state) => state.browsed?.clientId ?? state.settings.search.clientId)
  return useGalleryAnswer(clientId, () => request('gallery.tags', { clientId })) ?? none
}
