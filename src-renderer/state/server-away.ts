/** Whether the server is gone just now. Pure. Renderer. */
import type { State } from './store'

/** What only the server knows, and nobody asked for by name, is left as it was meanwhile: there is nothing new to be told. */
export const isServerAway = ({ status }: Pick<State, 'status'>): boolean =>
  status?.store.server?.state === 'gone'
