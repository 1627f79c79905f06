/** Where the galleries are that Visor works on. Every process. */
import { z } from 'zod'
import { wireErrorSchema } from './errors'

/** `local`: on this machine. `dual`: there too, and the server is asked as well, to compare. `server`: in PostgreSQL, shared with other consoles. */
export const storeModeSchema = z.enum(['local', 'dual', 'server'])
export type StoreMode = z.infer<typeof storeModeSchema>

/** How it stands with the server, in server mode. */
export const serverStateSchema = z.object({
  /** `host:port/database`, as the settings name it. */
  place: z.string(),
  /** `gone`: it does not answer, and what can be is answered from the cache. `failed`: it cannot be used; somebody has to see to it. */
  state: z.enum(['opening', 'up', 'gone', 'failed']),
  /** Since when it is gone (ISO 8601, UTC). */
  since: z.iso.datetime().nullable(),
  /** Acts that wait to be carried out on the server. */
  waiting: z.number().int().nonnegative(),
  /** Acts that somebody has to decide about: the same person was changed on the server. */
  conflicts: z.number().int().nonnegative(),
  error: wireErrorSchema.nullable(),
})
export type ServerState = z.infer<typeof serverStateSchema>
