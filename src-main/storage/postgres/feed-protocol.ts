/** What main and the server thread say to each other of changes; see [Note: Change feed]. Both sides. */
import type { WireError } from '../../../src-shared/errors'
import type { ClientId } from '../../../src-shared/ids'
import type { SentError } from '../../../src-shared/server-failure'

export type FeedNews =
  /** Whether it hears of changes as they happen, and why not; it tries again. */
  | { readonly type: 'listening'; readonly listening: boolean; readonly error?: WireError }
  /** Somebody migrated it, and this program does not fit any more: why. Told once. */
  | { readonly type: 'schema'; readonly error: WireError }
  /** Of this console, too. */
  | { readonly type: 'changed'; readonly clientId: ClientId; readonly revision: number }

/** Answered by `told` or `failed`, once each. */
export type FeedQuestion =
  /** The client's revision now; 0 where there is none. */
  | { readonly id: number; readonly ask: 'revision'; readonly clientId: ClientId }
  /** Which gallery this is: the same for all that connect to it, and for a restored backup. */
  | { readonly id: number; readonly ask: 'identity' }

export type FeedMessage =
  | FeedNews
  | { readonly type: 'told'; readonly id: number; readonly value: string | number }
  | { readonly type: 'failed'; readonly id: number; readonly error: SentError }
