/** What every write to a store is told, and what it gives back. */
import type { Batch } from '../../src-shared/gallery'
import type { LedgerId } from '../../src-shared/ids'
import type { Act } from './act'

/** How a write that takes long is watched and stopped. */
export interface WriteControl {
  /** Aborted before the write is done, nothing is changed, and what it is aborted with is raised. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

export interface LedgerContext extends WriteControl {
  /** Who does it: the operating system's user name. */
  readonly actor: string
  /** What it is, one sentence, as the history shows it. */
  readonly summary: string
  /** Why, in the curator's words, where somebody was asked. */
  readonly reason?: string
  /** The long work that it is one of the steps of: the history shows those as one. */
  readonly partOf?: Batch
  /** What it is beyond this store; absent for edits of a console without a server. */
  readonly act?: Act
}

export interface Written<T> {
  readonly value: T
  /** Absent where nothing was changed. */
  readonly ledgerId?: LedgerId
}
