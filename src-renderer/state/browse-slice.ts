/** The people shown in Galleries: one query, page by page, who is chosen, who is looked at. Renderer. */
import type { StateCreator } from 'zustand'
import type { PersonDetail, PersonSummary } from '../../src-shared/gallery'
import type { FindingKind } from '../../src-shared/health'
import type { ClientId, Domain, PersonId } from '../../src-shared/ids'
import type { PeopleView } from '../../src-shared/settings'
import { request } from '../api'
import { type Choice, joined, nothingChosen, only, ranged, rangeTo, toggled } from './choice'
import { itemAt, itemsPerPage, missingPages, noPages, type Paged, placeOf, withAnswer } from './paged'
import type { State } from './store'

/** `domain` `null` = every domain of the client. */
export interface BrowsedScope {
  readonly clientId: ClientId
  readonly domain: Domain | null
}

export interface PeopleFilter {
  readonly text: string
  readonly flags: readonly FindingKind[]
  readonly tag: string | null
}

/** What the middle of Galleries shows. */
type GalleriesView = 'people' | 'history' | 'bin' | 'photo'
export type PeopleChoice = Choice<PersonId>
export type Choosing = 'only' | 'toggle' | 'range'

export interface BrowseSlice {
  readonly browsed: BrowsedScope | null
  readonly galleriesView: GalleriesView
  readonly peopleFilter: PeopleFilter
  readonly people: Paged<PersonSummary>
  /** Counts the changes to galleries that main told of. */
  readonly galleriesRound: number
  readonly chosenPeople: PeopleChoice
  /** Whether a long range is being asked for, so as to choose it. */
  readonly choosingPeople: boolean
  readonly activePerson: PersonId | null
  /** Their place in the list, as far as it is known. */
  readonly activePlace: number | null
  /** Of the active person; the one before is shown until it is here. */
  readonly personDetail: PersonDetail | undefined
  /** People in a row of what is shown: how far the up and down keys go. */
  readonly peopleColumns: number
  /** People being dragged, to be dropped on a domain. */
  readonly draggedPeople: readonly PersonId[] | null
  /** Where the chosen people were dropped, where somebody there has the name of one of them. */
  readonly dropClash: Domain | null
  readonly browse: (scope: BrowsedScope | null) => void
  readonly showGalleriesView: (view: GalleriesView) => void
  readonly filterPeople: (patch: Partial<PeopleFilter>) => void
  readonly changePeopleView: (patch: Partial<PeopleView>) => void
  /** Asks for the pages of these places that are not here or are out of date. */
  readonly loadPeople: (first: number, last: number) => void
  readonly choosePerson: (place: number, how: Choosing) => Promise<void>
  /** What a frame holds joins what was chosen before. */
  readonly choosePlaces: (places: readonly number[], before: PeopleChoice) => void
  readonly chooseEverybody: () => Promise<void>
  readonly chooseNobody: () => void
  /** Looks at somebody, wherever they are in the list, and at nobody else. */
  readonly activatePerson: (personId: PersonId) => void
  readonly stepPerson: (delta: number, how?: Choosing | 'look') => Promise<void>
  readonly setPeopleColumns: (columns: number) => void
  readonly dragPeople: (people: readonly PersonId[] | null) => void
  /** Asks again for what is shown. */
  readonly refreshBrowsed: () => void
}

const everybody: PeopleFilter = { text: '', flags: [], tag: null }
const nobodyActive = { activePerson: null, activePlace: null, personDetail: undefined }
const nobodyChosen: PeopleChoice = nothingChosen

export const createBrowseSlice: StateCreator<State, [], [], BrowseSlice> = (set, get) => {
  /** Pages on their way, as `round page query`: asked for once. */
  const asked = new Set<string>()

  function isWanted(query: string): boolean {
    return peopleQuery(get())?.key === query
  }

  async function askPage(page: number): Promise<void> {
    const query = peopleQuery(get())
    const { galleriesRound: round } = get()
    if (query === null) return
    const name = `${round} ${page} ${query.key}`
    if (asked.has(name)) return
    asked.add(name)
    await get().attempt(async () => {
      const { total, persons } = await request('gallery.persons', {
        ...query.input,
        offset: page * itemsPerPage,
        limit: itemsPerPage,
      })
      if (!isWanted(query.key)) return
      const people = withAnswer(get().people, { query: query.key, round, page, total, items: persons })
      const activePlace =
        placeOf(people, (person) => person.personId === get().activePerson) ?? get().activePlace
      set({ people, activePlace })
    })
    asked.delete(name)
  }

  async function askPerson(personId: PersonId): Promise<void> {
    const personDetail = await request('gallery.person', { personId })
    if (get().activePerson === personId) set({ personDetail })
  }

  /** Who is from one place to another, as far as it is known here. */
  function idsHere(query: string, first: number, last: number): PersonId[] | undefined {
    const { people } = get()
    if (people.query !== query) return undefined
    const ids: PersonId[] = []
    for (let place = first; place <= last; place += 1) {
      const person = itemAt(people, place)
      if (person === undefined) return undefined
      ids.push(person.personId)
    }
    return ids
  }

  /** Chooses a range, of which some may have to be asked for first. */
  function chooseRange(first: number, last: number): Promise<void> {
    set({ choosingPeople: true })
    return get()
      .attempt(async () => {
        const query = peopleQuery(get())
        if (query === null) return
        const ids =
          idsHere(query.key, first, last) ??
          (await request('gallery.personIds', { ...query.input, first, last }))
        if (isWanted(query.key)) set({ chosenPeople: ranged(get().chosenPeople, ids, first) })
      })
      .finally(() => set({ choosingPeople: false }))
  }

  function look(personId: PersonId, place: number | null): void {
    set({ activePerson: personId, activePlace: place })
    void get().attempt(() => askPerson(personId))
  }

  return {
    browsed: null,
    galleriesView: 'people',
    peopleFilter: everybody,
    people: noPages,
    galleriesRound: 0,
    chosenPeople: nobodyChosen,
    choosingPeople: false,
    ...nobodyActive,
    peopleColumns: 1,
    draggedPeople: null,
    dropClash: null,
    browse: (browsed) => {
      set({ browsed, galleriesView: 'people', peopleFilter: everybody, people: noPages })
      set({ chosenPeople: nobodyChosen, ...nobodyActive })
      void askPage(0)
    },
    showGalleriesView: (galleriesView) => set({ galleriesView, overlay: null, draft: null }),
    filterPeople: (patch) => {
      set({ peopleFilter: { ...get().peopleFilter, ...patch }, chosenPeople: nobodyChosen })
      void askPage(0)
    },
    changePeopleView: (patch) => {
      get().remember({ people: { ...get().settings.people, ...patch } })
      void askPage(0)
    },
    loadPeople: (first, last) => {
      for (const page of missingPeople(get(), first, last)) void askPage(page)
    },
    choosePerson: async (place, how) => {
      const person = itemAt(get().people, place)
      if (person === undefined) return
      const entry = { key: person.personId, place }
      const { chosenPeople } = get()
      look(person.personId, place)
      if (how === 'only') set({ chosenPeople: only(entry) })
      else if (how === 'toggle') set({ chosenPeople: toggled(chosenPeople, entry) })
      else await chooseRange(...rangeTo(chosenPeople, place))
    },
    choosePlaces: (places, before) => {
      const { people } = get()
      const entries = places.flatMap((place) => {
        const value = itemAt(people, place)
        return value === undefined ? [] : [{ key: value.personId, place }]
      })
      set({ chosenPeople: joined(before, entries) })
    },
    chooseEverybody: async () => {
      const { total = 0 } = get().people
      if (total > 0) await chooseRange(0, total - 1)
    },
    chooseNobody: () => set({ chosenPeople: nobodyChosen }),
    activatePerson: (personId) => {
      const place = placeOf(get().people, (person) => person.personId === personId) ?? null
      set({ chosenPeople: place === null ? nobodyChosen : only({ key: personId, place }) })
      look(personId, place)
    },
    stepPerson: async (delta, how = 'only') => {
      const { people, activePlace } = get()
      const { total = 0 } = people
      if (total === 0) return
      const place =
        activePlace === null && Math.abs(delta) < total
          ? 0
          : Math.min(Math.max((activePlace ?? 0) + delta, 0), total - 1)
      // The end of a long list may never have been in view.
      if (itemAt(people, place) === undefined) await askPage(Math.floor(place / itemsPerPage))
      if (how !== 'look') return get().choosePerson(place, how)
      const person = itemAt(get().people, place)
      if (person !== undefined) look(person.personId, place)
    },
    setPeopleColumns: (peopleColumns) => set({ peopleColumns }),
    dragPeople: (draggedPeople) => set({ draggedPeople }),
    refreshBrowsed: () => {
      const { activePerson, activePlace } = get()
      void get().refreshPhoto()
      set({ galleriesRound: get().galleriesRound + 1 })
      // The pages in view are asked for by what shows them; the total is wanted even where nothing is shown.
      void askPage(activePlace === null ? 0 : Math.floor(activePlace / itemsPerPage))
      if (activePerson === null) return
      // A person who is gone is no error here: the page that is asked for again says so.
      void askPerson(activePerson).catch(() => {
        if (get().activePerson === activePerson) set(nobodyActive)
      })
    },
  }
}

/** What the people shown are the answer to, as main is asked and as a key; `null` where no domain is open. */
function peopleQuery({
  browsed,
  peopleFilter,
  settings,
}: Pick<State, 'browsed' | 'peopleFilter' | 'settings'>) {
  if (browsed === null) return null
  const { text, flags, tag } = peopleFilter
  const input = { ...browsed, text: text.trim(), sort: settings.people.sort, flags: [...flags], tag }
  return { input, key: JSON.stringify(input) }
}

/** The pages to ask for so that these places are those of what is open, as the galleries are now. */
export function missingPeople(
  state: Pick<State, 'browsed' | 'peopleFilter' | 'settings' | 'people' | 'galleriesRound'>,
  first: number,
  last: number,
): readonly number[] {
  const query = peopleQuery(state)
  if (query === null) return []
  return missingPages(state.people, { query: query.key, round: state.galleriesRound }, first, last)
}

/** Those an act is about, in the order in which they were chosen. */
export function peopleInQuestion({ chosenPeople }: Pick<State, 'chosenPeople'>): readonly PersonId[] {
  return [...chosenPeople.chosen]
}

/** Whether the list is narrowed by anything. */
export function isFiltered({ text, flags, tag }: PeopleFilter): boolean {
  return text.trim() !== '' || flags.length > 0 || tag !== null
}
