/** Clients, their domains, and the distances a search of them would use. Renderer. */
import type { StateCreator } from 'zustand'
import type { ClientSummary, DomainSummary } from '../../src-shared/gallery'
import type { ClientId, Domain, PersonId } from '../../src-shared/ids'
import type { ThresholdsInForce } from '../../src-shared/recognition'
import { addFilesToPerson, request } from '../api'
import type { State } from './store'

export interface GalleriesSlice {
  /** `undefined` until main has answered the first time. */
  readonly clients: readonly ClientSummary[] | undefined
  /** What the size of the gallery asks for, before any override; `undefined` where no domain is chosen. */
  readonly sizeThresholds: ThresholdsInForce | undefined
  readonly loadClients: () => Promise<void>
  readonly loadThresholds: () => Promise<void>
  /** Something in the galleries changed. */
  readonly takeGalleriesChange: () => void
  /** Another store is worked on: what was opened and chosen was of the former. */
  readonly leaveStore: () => void
  /** Makes a domain and searches it from now on. */
  readonly createDomain: (clientId: ClientId, domain: Domain) => Promise<void>
  readonly enrolFolder: (clientId: ClientId, domain: Domain) => Promise<void>
  /** The person whom photos are dragged over. */
  readonly dropPerson: PersonId | null
  readonly setDropPerson: (personId: PersonId | null) => void
  /** Enrols files that were dropped on a person. */
  readonly addPhotosTo: (personId: PersonId, files: readonly File[]) => Promise<void>
  /** Asks for photos of a person, or a folder of them, and enrols them. */
  readonly choosePhotosOf: (personId: PersonId, kind: 'files' | 'folder') => Promise<void>
  readonly installSamples: () => Promise<void>
  readonly removeSamples: () => Promise<void>
}

export const createGalleriesSlice: StateCreator<State, [], [], GalleriesSlice> = (set, get) => ({
  clients: undefined,
  sizeThresholds: undefined,
  loadClients: () =>
    get().renew(async () => {
      const clients = await request('gallery.clients')
      set({ clients })
      const { browsed } = get()
      if (browsed === null) return
      const domains = clients.find((client) => client.clientId === browsed.clientId)?.domains
      // All domains of a client: gone with the client alone.
      const { domain } = browsed
      if (domain === null ? domains !== undefined : domains?.some((summary) => summary.domain === domain))
        return
      get().browse(null)
    }),
  loadThresholds: () =>
    get().renew(async () => {
      const { clientId, domain, allDomains } = get().settings.search
      if (domain === null && !allDomains) return set({ sizeThresholds: undefined })
      const scope = { clientId, domain: allDomains ? null : domain }
      set({ sizeThresholds: await request('gallery.thresholds', scope) })
    }),
  takeGalleriesChange: () => {
    void get().loadClients()
    void get().loadThresholds()
    get().refreshBrowsed()
    get().renewDetails()
    void get().renewEnrolments()
  },
  leaveStore: () => {
    get().leaveImports()
    get().browse(null)
    get().closeGroup()
    get().takeGalleriesChange()
    get().takeUnknownChange()
    void get().loadHealth()
    void get().loadFindingCounts()
  },
  createDomain: (clientId, domain) =>
    get().attempt(async () => {
      await request('gallery.createDomain', { clientId, domain })
      await get().loadClients()
      get().remember({ firstRunDone: true })
      await get().changeSearch({ clientId, domain, allDomains: false })
    }),
  enrolFolder: (clientId, domain) =>
    get().attempt(() => request('gallery.enrolFolder', { clientId, domain })),
  dropPerson: null,
  setDropPerson: (dropPerson) => {
    if (dropPerson !== get().dropPerson) set({ dropPerson })
  },
  addPhotosTo: (personId, files) => get().attempt(() => addFilesToPerson(personId, files)),
  choosePhotosOf: (personId, kind) =>
    get().attempt(() => request('gallery.choosePhotos', { personId, kind })),
  installSamples: () => get().attempt(() => request('gallery.installSamples')),
  removeSamples: () => get().attempt(() => request('gallery.removeSamples')),
})

const noDomains: readonly DomainSummary[] = []

/** The domains of the client that is searched. */
export function domainsOfClient(state: Pick<State, 'clients' | 'settings'>): readonly DomainSummary[] {
  const { clientId } = state.settings.search
  return state.clients?.find((client) => client.clientId === clientId)?.domains ?? noDomains
}

/** How many faces are enrolled in these domains of the client that is searched, of whatever model. */
export function enrolledIn(state: Pick<State, 'clients' | 'settings'>, domains: readonly Domain[]): number {
  return domainsOfClient(state)
    .filter(({ domain }) => domains.includes(domain))
    .reduce((sum, { faces }) => sum + faces, 0)
}

/** The domain of the sample gallery, where it is installed. */
export function sampleDomain(
  state: Pick<State, 'clients'>,
): { clientId: ClientId; domain: Domain } | undefined {
  for (const client of state.clients ?? []) {
    const sample = client.domains.find((domain) => domain.sample)
    if (sample !== undefined) return { clientId: client.clientId, domain: sample.domain }
  }
  return undefined
}

/** Whether nothing was ever set up here: no person anywhere, and the welcome was not left. */
export function isFirstRun(state: Pick<State, 'clients' | 'settings' | 'queue'>): boolean {
  if (state.settings.firstRunDone || state.clients === undefined || state.queue.order.length > 0) return false
  return state.clients.every((client) => client.domains.every((domain) => domain.persons === 0))
}
