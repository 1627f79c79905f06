/** Where the galleries are that are worked on, in words. Pure. Renderer. */
import type { State } from './store'

/** The server's place in server mode; else this machine, also while a server is on trial. */
export const placeInUse = ({ status }: Pick<State, 'status'>): string =>
  status?.store.mode === 'server' ? (status.store.server?.place ?? 'the server') : 'this machine'
