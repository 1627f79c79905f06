/** Whether a server says anything at all, asked before anybody waits for it. Command line. */
import { VisorError } from '../../../src-shared/errors'
import type { ServerConnection } from '../../../src-shared/server'
import { resolveServer, type ServerTarget } from './conninfo'
import { hear } from './dial'

/**
 * Whether none of the hosts said a word within so many milliseconds. One that refuses, or cannot be found, is not silent: whoever opens
 * it is told so at once.
 */
export async function isSilent(connection: ServerConnection, withinMs: number): Promise<boolean> {
  const target = await targetOf(connection)
  if (target === undefined) return false
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(), withinMs)
  try {
    await Promise.any(target.hosts.map((host) => hear(host, target.pool.connectTimeoutMs, over.signal)))
    return false
  } catch {
    return over.signal.aborted
  } finally {
    clearTimeout(timer)
    over.abort()
  }
}

/** Nothing where the settings cannot be followed: that, too, whoever opens it is told. */
async function targetOf(connection: ServerConnection): Promise<ServerTarget | undefined> {
  try {
    return await resolveServer(connection, undefined)
  } catch (error) {
    if (error instanceof VisorError) return undefined
    throw error
  }
}
