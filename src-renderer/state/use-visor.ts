/** How components reach the store: narrow selectors, and the store itself for what only acts. Renderer. */
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import { mayDo, type Right } from './rights'
import type { State, Store } from './store'

export const StoreContext = createContext<Store | null>(null)

/** The store, to act on; reading from it does not subscribe. */
export function useVisorStore(): Store {
  const store = useContext(StoreContext)
  if (store === null) throw new Error('A component of Visor was rendered outside of its store.')
  return store
}

/** Subscribes to what `select` picks. Pick what is compared by identity: no new objects. */
export function useVisor<T>(select: (state: State) => T): T {
  return useStore(useVisorStore(), select)
}

/** The state's actions; they never change, so nothing subscribes. */
export function useActions(): State {
  return useVisorStore().getState()
}

/** Whether whoever works here may do that; see `rights.ts`. */
export function useMayDo(right: Right): boolean {
  return useVisor((state) => mayDo(state, right))
}
