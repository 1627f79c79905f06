/** Unknown faces that may be somebody's who was enrolled since: the one in question, those passed over. Renderer. */
import type { StateCreator } from 'zustand'
import type { FaceId } from '../../src-shared/ids'
import type { Suggestion } from '../../src-shared/unknown'
import { request } from '../api'
import type { State } from './store'

export interface SuggestionsSlice {
  /** `undefined` until main has answered the first time. */
  readonly suggestions: { readonly total: number; readonly some: readonly Suggestion[] } | undefined
  /** Passed over until the queue is left; they come back last. */
  readonly skippedFaces: ReadonlySet<FaceId>
  readonly loadSuggestions: () => Promise<void>
  readonly skipSuggestion: () => void
  /** Takes decided ones out at once, before main has answered again. */
  readonly dropSuggestions: (faceIds: readonly FaceId[]) => void
  readonly unskipSuggestions: () => void
}

/** Suggestions that are here at once; more are asked for as these are decided. */
const suggestionsHere = 200
/** Of one person, so that all that *yes to all* is about can be seen. */
const shownAtOnce = 24
const noneSkipped: ReadonlySet<FaceId> = new Set()

export const createSuggestionsSlice: StateCreator<State, [], [], SuggestionsSlice> = (set, get) => ({
  suggestions: undefined,
  skippedFaces: noneSkipped,
  loadSuggestions: () =>
    get().attempt(async () => {
      const { clientId } = get().settings.search
      const suggestions = await request('unknown.suggestions', { clientId, limit: suggestionsHere })
      if (get().settings.search.clientId === clientId) set({ suggestions })
    }),
  skipSuggestion: () => {
    const suggestion = suggestionInQuestion(get())
    if (suggestion !== undefined) {
      set({ skippedFaces: new Set([...get().skippedFaces, suggestion.faceId]) })
    }
  },
  dropSuggestions: (faceIds) => {
    const { suggestions } = get()
    if (suggestions === undefined) return
    const gone = new Set(faceIds)
    const some = suggestions.some.filter(({ faceId }) => !gone.has(faceId))
    set({ suggestions: { total: suggestions.total - (suggestions.some.length - some.length), some } })
  },
  unskipSuggestions: () => set({ skippedFaces: noneSkipped }),
})

/** Those that were not passed over, in their order. */
export function openSuggestions({
  suggestions,
  skippedFaces,
}: Pick<State, 'suggestions' | 'skippedFaces'>): readonly Suggestion[] {
  return suggestions?.some.filter(({ faceId }) => !skippedFaces.has(faceId)) ?? []
}

export function suggestionInQuestion(
  state: Pick<State, 'suggestions' | 'skippedFaces'>,
): Suggestion | undefined {
  return state.suggestions?.some.find(({ faceId }) => !state.skippedFaces.has(faceId))
}

/** Those of the person in question that are shown at once, that one first. */
export function suggestionsOfPerson(
  state: Pick<State, 'suggestions' | 'skippedFaces'>,
): readonly Suggestion[] {
  const first = suggestionInQuestion(state)
  return openSuggestions(state)
    .filter(({ person }) => person.personId === first?.person.personId)
    .slice(0, shownAtOnce)
}
