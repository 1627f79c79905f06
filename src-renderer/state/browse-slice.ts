/** The people shown in Galleries: one domain, page by page, with what is marked and who is looked at. Renderer. */
import type { StateCreator } from 'zustand'
import type { PersonDetail, PersonSummary } from '../../src-shared/gallery'
import type { ClientId, Domain, PersonId } from '../../src-shared/ids'
import { request } from '../api'
import type { State } from './store'

/** `domain` `null` = every domain of the client. */
export interface BrowsedScope {
  readonly clientId: ClientId
  readonly domain: Domain | null
}

export interface BrowseSlice {
  readonly browsed: BrowsedScope | null
  readonly browseText: string
  /** `undefined` until main has answered the first time for this scope and text. */
  readonly browseTotal: number | undefined
  /** Page number → its people, as far as they were looked at. */
  readonly browsePages: ReadonlyMap<number, readonly PersonSummary[]>
  readonly markedPersons: ReadonlySet<PersonId>
  readonly activePerson: PersonId | null
  /** Of the active person; the one before is shown until it is here. */
  readonly personDetail: PersonDetail | undefined
  readonly browse: (scope: BrowsedScope | null) => void
  readonly searchPeople: (text: string) => void
  readonly loadPeople: (page: number) => Promise<void>
  readonly activatePerson: (personId: PersonId) => void
  readonly toggleMarkedPerson: (personId: PersonId) => void
  readonly clearMarkedPersons: () => void
  /** Asks again for what is shown. */
  readonly refreshBrowsed: () => void
}

export const peoplePerPage = 120

const nothingYet = {
  browseTotal: undefined,
  browsePages: new Map(),
  markedPersons: new Set<PersonId>(),
  activePerson: null,
  personDetail: undefined,
}

export const createBrowseSlice: StateCreator<State, [], [], BrowseSlice> = (set, get) => {
  /** Pages on their way: asked for once. A new scope or text starts anew, and late answers are dropped. */
  let asked = new Set<number>()

  async function askPage(page: number): Promise<void> {
    const { browsed, browseText } = get()
    if (browsed === null) return
    const round = asked
    round.add(page)
    await get().attempt(async () => {
      const { total, persons } = await request('gallery.persons', {
        ...browsed,
        text: browseText,
        offset: page * peoplePerPage,
        limit: peoplePerPage,
      })
      if (round === asked) {
        set({ browseTotal: total, browsePages: new Map(get().browsePages).set(page, persons) })
      }
    })
    round.delete(page)
  }

  async function askPerson(personId: PersonId): Promise<void> {
    const personDetail = await request('gallery.person', { personId })
    if (get().activePerson === personId) set({ personDetail })
  }

  return {
    browsed: null,
    browseText: '',
    ...nothingYet,
    browse: (browsed) => {
      asked = new Set()
      set({ browsed, browseText: '', ...nothingYet })
      void askPage(0)
    },
    searchPeople: (browseText) => {
      asked = new Set()
      set({ browseText, browsePages: new Map(), browseTotal: get().browseTotal })
      void askPage(0)
    },
    loadPeople: async (page) => {
      if (!asked.has(page) && !get().browsePages.has(page)) await askPage(page)
    },
    activatePerson: (personId) => {
      set({ activePerson: personId })
      void get().attempt(() => askPerson(personId))
    },
    toggleMarkedPerson: (personId) => {
      const { markedPersons: before, activePerson } = get()
      // The one looked at counts as marked once another one joins.
      const joinsActive = before.size === 0 && activePerson !== null && activePerson !== personId
      const markedPersons = new Set(joinsActive ? [activePerson] : before)
      if (!markedPersons.delete(personId)) markedPersons.add(personId)
      set({ markedPersons })
    },
    clearMarkedPersons: () => set({ markedPersons: new Set() }),
    refreshBrowsed: () => {
      const { browsePages, activePerson } = get()
      asked = new Set()
      for (const page of browsePages.keys()) void askPage(page)
      if (activePerson === null) return
      // A person who is gone is no error here: the page that is asked for again says so.
      void askPerson(activePerson).catch(() => set({ activePerson: null, personDetail: undefined }))
    },
  }
}

/** The person at a place of the list, once their page is here. */
export function personAt(state: Pick<State, 'browsePages'>, index: number): PersonSummary | undefined {
  return state.browsePages.get(Math.floor(index / peoplePerPage))?.[index % peoplePerPage]
}
