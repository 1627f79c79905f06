/** Everybody of a gallery, a page at a time. Main and the command line. */
import type { PersonSummary } from '../../../src-shared/gallery'
import type { ClientId, Domain } from '../../../src-shared/ids'
import type { GalleryStore } from '../../storage/gallery-store'

const pageSize = 500

/** The people of a domain, or of all of the client's (`null`), by name. */
export async function* allPeople(
  gallery: Pick<GalleryStore, 'persons'>,
  clientId: ClientId,
  domain: Domain | null,
): AsyncGenerator<PersonSummary> {
  const query = { clientId, domain, text: '', sort: 'name', flags: [], tag: null, limit: pageSize } as const
  for (let offset = 0; ; offset += pageSize) {
    const { persons } = await gallery.persons({ ...query, offset })
    yield* persons
    if (persons.length < pageSize) return
  }
}
