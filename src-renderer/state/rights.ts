/** What whoever works here may do: what is not allowed is not offered. Pure. Renderer. */
import type { StoreRights } from '../../src-shared/store-rights'
import type { State } from './store'

/** `curate`: change people and decisions. `erase`: for good. `administer`: migrations, indexes. */
export type Right = Exclude<keyof StoreRights, 'clients' | 'search'>

/** Until it is known, and on this machine, everything. The server itself refuses the rest. */
export const mayDo = ({ status }: Pick<State, 'status'>, right: Right): boolean =>
  status?.store.rights?.[right] ?? true
