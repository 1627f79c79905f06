/** Groups of unknown faces: the stacks, the group that is open, the faces chosen in it. Renderer. */
import type { StateCreator } from 'zustand'
import { hasCode } from '../../src-shared/errors'
import type { ClientId, FaceId } from '../../src-shared/ids'
import type { NearestPerson, UnknownCounts, UnknownFace, UnknownGroup } from '../../src-shared/unknown'
import { request } from '../api'
import type { Choosing } from './browse-slice'
import { type Choice, type Entry, nothingChosen, only, ranged, rangeTo, toggled } from './choice'
import { itemAt, itemsPerPage, missingPages, noPages, type Paged, withAnswer } from './paged'
import { isServerAway } from './server-away'
import type { State } from './store'

export interface OpenGroup {
  readonly group: UnknownGroup
  /** Best first; `undefined` until they are here. */
  readonly faces: readonly UnknownFace[] | undefined
}

type UnknownChoice = Choice<FaceId>

export interface UnknownSlice {
  /** The review queue that is on screen, so that its keys are its own; `null` = none. */
  readonly queueOnScreen: string | null
  /** `undefined` until main has answered the first time. */
  readonly unknownCounts: UnknownCounts | undefined
  /** Counts what main told of unknown faces. */
  readonly unknownRound: number
  readonly ignoredShown: boolean
  readonly stacks: Paged<UnknownGroup>
  readonly stackPlace: number
  readonly stackColumns: number
  readonly openGroup: OpenGroup | null
  readonly chosenFaces: UnknownChoice
  /** The face that the keys are on. */
  readonly facePlace: number
  readonly faceColumns: number
  /** The people nearest to the open group, or to the faces chosen in it; `undefined` until they are here. */
  readonly nearestPeople: readonly NearestPerson[] | undefined
  readonly setQueueOnScreen: (queue: string | null) => void
  readonly takeUnknownChange: () => void
  readonly loadUnknownCounts: () => Promise<void>
  readonly showIgnored: (ignored: boolean) => void
  readonly loadStacks: (first: number, last: number) => void
  readonly goToStack: (place: number) => void
  readonly setStackColumns: (columns: number) => void
  readonly openStack: (place: number) => void
  readonly closeGroup: () => void
  readonly chooseFace: (place: number, how: Choosing) => void
  readonly chooseAllFaces: () => void
  readonly chooseNoFace: () => void
  readonly setFaceColumns: (columns: number) => void
  readonly loadNearestPeople: () => Promise<void>
}

const noneChosen: UnknownChoice = nothingChosen
const facesPerRequest = 500

export const createUnknownSlice: StateCreator<State, [], [], UnknownSlice> = (set, get) => {
  /** Pages on their way: asked for once. */
  const asked = new Set<string>()

  async function askPage(page: number): Promise<void> {
    const { unknownRound: round, ignoredShown: ignored } = get()
    const query = stacksQuery(get())
    const name = `${round} ${page} ${query}`
    if (asked.has(name)) return
    asked.add(name)
    await get().attempt(async () => {
      const { clientId } = get().settings.search
      const offset = page * itemsPerPage
      const answer = await request('unknown.groups', { clientId, ignored, offset, limit: itemsPerPage })
      if (stacksQuery(get()) !== query) return
      const { total, groups: items } = answer
      set({ stacks: withAnswer(get().stacks, { query, round, page, total, items }) })
    })
    asked.delete(name)
  }

  /** All faces of a group, asked for in portions. */
  async function facesOf(clientId: ClientId, groupId: number): Promise<UnknownFace[]> {
    const faces: UnknownFace[] = []
    for (;;) {
      const page = { clientId, groupId, offset: faces.length, limit: facesPerRequest }
      const answer = await request('unknown.faces', page)
      faces.push(...answer.faces)
      if (faces.length >= answer.total || answer.faces.length === 0) return faces
    }
  }

  /** The open group as it is now: it may have another number, or be gone. */
  async function renewGroup(): Promise<void> {
    const opened = get().openGroup
    if (opened === null) return
    const { clientId } = get().settings.search
    const { group } = opened
    const seen = opened.faces?.map(({ faceId }) => faceId) ?? group.someFaces
    await get().attempt(async () => {
      let groupId: number | null = null
      for (const faceId of seen.slice(0, 20)) {
        groupId = await request('unknown.groupOf', { clientId, faceId })
        if (groupId !== null) break
      }
      if (get().openGroup?.group !== group) return
      const faces = groupId === null ? [] : await facesOf(clientId, groupId)
      if (get().openGroup?.group !== group) return
      if (groupId === null || faces.length < 2) return get().closeGroup()
      const photos = new Set(faces.map(({ photoId }) => photoId)).size
      set({ openGroup: { group: { ...group, groupId, faces: faces.length, photos }, faces }, ...kept(faces) })
    })
  }

  /** What stays chosen of the faces that are still there. */
  function kept(faces: readonly UnknownFace[]): Pick<UnknownSlice, 'chosenFaces' | 'facePlace'> {
    const { chosenFaces, facePlace } = get()
    const here = new Set(faces.map(({ faceId }) => faceId))
    const chosen = new Set([...chosenFaces.chosen].filter((faceId) => here.has(faceId)))
    const changed = chosen.size !== chosenFaces.chosen.size
    return {
      chosenFaces: { chosen, anchor: changed ? null : chosenFaces.anchor },
      facePlace: Math.min(facePlace, faces.length - 1),
    }
  }

  function entryAt(place: number): Entry<FaceId> | undefined {
    const face = get().openGroup?.faces?.[place]
    return face === undefined ? undefined : { key: face.faceId, place }
  }

  return {
    queueOnScreen: null,
    unknownCounts: undefined,
    unknownRound: 0,
    ignoredShown: false,
    stacks: noPages,
    stackPlace: 0,
    stackColumns: 1,
    openGroup: null,
    chosenFaces: noneChosen,
    facePlace: 0,
    faceColumns: 1,
    nearestPeople: undefined,
    setQueueOnScreen: (queueOnScreen) => set({ queueOnScreen }),
    takeUnknownChange: () => {
      if (isServerAway(get())) return
      set({ unknownRound: get().unknownRound + 1 })
      void get().loadUnknownCounts()
      void renewGroup()
      if (get().suggestions !== undefined) void get().loadSuggestions()
    },
    loadUnknownCounts: () =>
      get().renew(async () => {
        const { clientId } = get().settings.search
        const unknownCounts = await request('unknown.counts', { clientId })
        if (get().settings.search.clientId === clientId) set({ unknownCounts })
      }),
    showIgnored: (ignoredShown) => set({ ignoredShown, stackPlace: 0, openGroup: null }),
    loadStacks: (first, last) => {
      const wanted = { query: stacksQuery(get()), round: get().unknownRound }
      for (const page of missingPages(get().stacks, wanted, first, last)) void askPage(page)
    },
    goToStack: (place) => {
      const last = Math.max((get().stacks.total ?? 0) - 1, 0)
      set({ stackPlace: Math.min(Math.max(place, 0), last) })
    },
    setStackColumns: (stackColumns) => set({ stackColumns }),
    openStack: (place) => {
      const group = itemAt(get().stacks, place)
      if (group === undefined) return
      set({
        stackPlace: place,
        openGroup: { group, faces: undefined },
        chosenFaces: noneChosen,
        facePlace: 0,
        nearestPeople: undefined,
      })
      void get().attempt(async () => {
        try {
          const faces = await facesOf(get().settings.search.clientId, group.groupId)
          if (get().openGroup?.group === group) set({ openGroup: { group, faces } })
        } catch (error) {
          // It was grouped anew since it was listed; the list is asked for again.
          if (!hasCode(error, 'not-found')) throw error
          await renewGroup()
        }
      })
    },
    closeGroup: () => set({ openGroup: null, chosenFaces: noneChosen, facePlace: 0, overlay: null }),
    chooseFace: (place, how) => {
      const faces = get().openGroup?.faces ?? []
      const there = Math.min(Math.max(place, 0), faces.length - 1)
      const entry = entryAt(there)
      if (entry === undefined) return
      const { chosenFaces } = get()
      const range = () => {
        const [first, last] = rangeTo(chosenFaces, there)
        const keys = faces.slice(first, last + 1).map(({ faceId }) => faceId)
        return ranged(chosenFaces, keys, first)
      }
      const chosen = how === 'only' ? only(entry) : how === 'toggle' ? toggled(chosenFaces, entry) : range()
      set({ chosenFaces: chosen, facePlace: there })
    },
    chooseAllFaces: () => {
      const faces = get().openGroup?.faces ?? []
      set({
        chosenFaces: ranged(
          noneChosen,
          faces.map(({ faceId }) => faceId),
          0,
        ),
      })
    },
    chooseNoFace: () => set({ chosenFaces: noneChosen }),
    setFaceColumns: (faceColumns) => set({ faceColumns }),
    loadNearestPeople: () =>
      get().attempt(async () => {
        const { openGroup, chosenFaces, settings } = get()
        if (openGroup === null) return
        const { groupId, domain } = openGroup.group
        const faceIds = facesChosen(get())
        try {
          const nearestPeople = await request('unknown.nearest', {
            clientId: settings.search.clientId,
            groupId,
            domain,
            ...(faceIds.length === 0 ? {} : { faceIds }),
          })
          if (get().openGroup?.group.groupId === groupId && get().chosenFaces === chosenFaces) {
            set({ nearestPeople })
          }
        } catch (error) {
          // It was grouped anew meanwhile: whoever shows it asks again.
          if (!hasCode(error, 'not-found')) throw error
        }
      }),
  }
}

/** What the list of stacks answers. */
function stacksQuery({ settings, ignoredShown }: Pick<State, 'settings' | 'ignoredShown'>): string {
  return JSON.stringify([settings.search.clientId, ignoredShown])
}

/** The pages of stacks that are to be asked for. */
export function missingStacks(state: State, first: number, last: number): number[] {
  const wanted = { query: stacksQuery(state), round: state.unknownRound }
  return missingPages(state.stacks, wanted, first, last)
}

/** The stack that the keys are on. */
export function activeStack(state: Pick<State, 'stacks' | 'stackPlace'>): UnknownGroup | undefined {
  return itemAt(state.stacks, state.stackPlace)
}

/** The faces that an act on the open group means: those chosen. */
export function facesChosen({ chosenFaces }: Pick<State, 'chosenFaces'>): FaceId[] {
  return [...chosenFaces.chosen.keys()]
}
