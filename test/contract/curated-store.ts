/** A store that is opened anew for each test, and what the curators' suites ask of it. Tests. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach } from 'vitest'
import type { PersonsQuery } from '../../src-main/storage/gallery-records'
import type { GalleryStore } from '../../src-main/storage/gallery-store'
import type { SearchAnswer, SearchQuery } from '../../src-main/storage/search-records'
import type { UnitEmbedding } from '../../src-shared/face'
import {
  type ClientId,
  clientIdSchema,
  type Domain,
  domainSchema,
  modelIdSchema,
  personIdSchema,
} from '../../src-shared/ids'
import { madeAssignment, madeFace, randomNumbers, unitVector } from './made-faces'

export const client = clientIdSchema.parse('default')
export const otherClient = clientIdSchema.parse('museum')
export const slovenia = domainSchema.parse('slovenia')
export const serbia = domainSchema.parse('serbia')
export const model = modelIdSchema.parse('pack/embedder')
export const context = { actor: 'tester', summary: 'a test' }
export const nobody = personIdSchema.parse('00000000-0000-7000-8000-000000000000')

interface Enrolled {
  readonly embedding?: UnitEmbedding
  readonly domain?: Domain
  readonly clientId?: ClientId
  /** Photos of this person, each with one face. */
  readonly faces?: number
  readonly quality?: number
}

/** Opens an empty store before each test and closes it after. */
export function useStore(
  openEmpty: () => Promise<{ readonly gallery: GalleryStore; close(): Promise<void> }>,
) {
  let opened: Awaited<ReturnType<typeof openEmpty>>
  let random: () => number
  beforeEach(async () => {
    opened = await openEmpty()
    random = randomNumbers(20_240_521)
  })
  afterEach(() => opened.close())

  const vector = (near?: Float32Array, spread?: number) => unitVector(random, near, spread)

  /** Enrols photos of a person; gives the first face. */
  async function enrol(name: string, options: Enrolled = {}) {
    const { domain = slovenia, clientId = client, faces = 1, quality = 0.7 } = options
    const centre = options.embedding ?? vector()
    const assignments = Array.from({ length: faces }, (_, index) => {
      const embedding = index === 0 ? centre : vector(centre, 0.2)
      return { ...madeAssignment(name, embedding), face: madeFace(embedding, undefined, quality) }
    })
    const written = await opened.gallery.assignFaces(clientId, domain, model, assignments, context)
    const { personId, faceId } = written.value[0]!
    const { photo, face } = assignments[0]!
    return { personId, faceId, photo, face, ledgerId: written.ledgerId! }
  }

  const list = (query: Partial<PersonsQuery>) =>
    opened.gallery.persons({
      clientId: client,
      domain: null,
      text: '',
      sort: 'name',
      flags: [],
      tag: null,
      offset: 0,
      limit: 500,
      ...query,
    })

  const search = (probe: UnitEmbedding, query: Partial<SearchQuery> = {}): Promise<SearchAnswer> =>
    opened.gallery.search({
      clientId: client,
      domains: 'all',
      modelId: model,
      probes: [probe],
      topPersons: 5,
      topFaces: 0,
      withinDistance: 0.6,
      ...query,
    })

  return {
    get gallery() {
      return opened.gallery
    },
    vector,
    enrol,
    list,
    search,
    names: async (query: Partial<PersonsQuery>) => (await list(query)).persons.map(({ name }) => name),
    found: async (probe: UnitEmbedding, query?: Partial<SearchQuery>) =>
      (await search(probe, query)).probes[0]!.persons.map(({ name }) => name),
    /** All that can be seen of the client's gallery, times included. */
    async seen() {
      const { persons } = await list({})
      return {
        clients: await opened.gallery.clients(),
        persons,
        details: await Promise.all(persons.map(({ personId }) => opened.gallery.person(personId))),
        rejects: await Promise.all(persons.map(({ personId }) => opened.gallery.rejectsOf(personId))),
        tags: await opened.gallery.tags(client),
        size: await opened.gallery.gallerySize(client, 'all', model),
      }
    },
    /** Lets the clock move on: times are in milliseconds. */
    later: () => sleep(3),
  }
}
