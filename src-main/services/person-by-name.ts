/** Finds a person by their very name. Main, command line. */
import type { ClientId, Domain, PersonId } from '../../src-shared/ids'
import type { GalleryStore } from '../storage/gallery-store'

const pageSize = 500

/** The person of a domain with just this name; the search finds longer names with it, too. */
export async function personByName(
  gallery: Pick<GalleryStore, 'persons'>,
  clientId: ClientId,
  domain: Domain,
  name: string,
): Promise<PersonId | undefined> {
  for (let offset = 0; ; offset += pageSize) {
    const page = { sort: 'name', flags: [], tag: null, offset, limit: pageSize } as const
    const { total, persons } = await gallery.persons({ clientId, domain, text: name, ...page })
    const person = persons.find((one) => one.name === name)
    if (person !== undefined) return person.personId
    if (offset + pageSize >= total) return undefined
  }
}
