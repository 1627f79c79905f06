/** What the enrolment gate has against the face in the inspector joining somebody, until it is overridden or left. Renderer. */
import type { StateCreator } from 'zustand'
import type { GateReason } from '../../src-shared/gate'
import type { Domain, ItemId, PersonId } from '../../src-shared/ids'
import type { State } from './store'

/** Whom a face is to join: somebody there, or somebody new. */
export type JoinTarget = { readonly personId: PersonId } | { readonly domain: Domain; readonly name: string }

export interface Objection {
  readonly itemId: ItemId
  readonly faceIndex: number
  readonly target: JoinTarget
  readonly reasons: readonly GateReason[]
}

export interface ObjectionSlice {
  readonly objection: Objection | null
  /** Leaves the face as it is. */
  readonly dropObjection: () => void
}

export const createObjectionSlice: StateCreator<State, [], [], ObjectionSlice> = (set) => ({
  objection: null,
  dropObjection: () => set({ objection: null }),
})

/** The objection to what was wanted of the face in the inspector. */
export function activeObjection({ objection, activeId, faceIndex }: State): Objection | null {
  return objection?.itemId === activeId && objection.faceIndex === faceIndex ? objection : null
}
