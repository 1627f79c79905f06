/** What a roll-back does before it decides: brings the local gallery to what the server has. Main, command line. */
import { VisorError } from '../../../src-shared/errors'
import type { DualStore, Standing } from '../../storage/dual-store'
import type { FarServer, ServerSide } from '../server-side'
import type { Deadline } from './deadline'

/** The gallery follows the server all the time: more than this is missing only where much was changed just now, or the server is slow. */
const atMostMs = 600

/** Brings here what the server has now, for a moment; gives what could not be had. `side`: of a server that is open. */
export async function catchUp(
  dual: Pick<DualStore, 'standing'>,
  side: ServerSide | undefined,
  deadline: Deadline,
  place: () => string,
): Promise<string[]> {
  const standing = await dual.standing()
  const server = side?.server()
  if (side !== undefined && server !== undefined) {
    if (await isThrough(bring(standing, server, side), deadline)) return []
    // Its rows would be in the way of the decision.
    side.cache.interrupt()
  }
  return [`what was changed on ${place()} after ${followedUntil(standing)}`]
}

/** Of the client that is furthest behind, for people. */
function followedUntil({ pairings }: Standing): string {
  const asOf = pairings.map((pairing) => pairing.asOf ?? pairing.since).sort()[0] ?? ''
  return `${asOf.slice(0, 19).replace('T', ' ')} UTC`
}

async function bring(standing: Standing, server: FarServer, { cache }: ServerSide): Promise<void> {
  if (!(await isHere(standing, server))) await cache.sync({})
}

/** Whether the local gallery is what the server has: it followed it to its last change, and nothing was changed here alone. */
async function isHere({ pairings, edited }: Standing, { feed }: FarServer): Promise<boolean> {
  if (edited) return false
  const revisions = await Promise.all(pairings.map(({ clientId }) => feed.revision(clientId)))
  return pairings.every(({ revision }, index) => revision === revisions[index])
}

/** However it failed, it is not here: the roll-back says so, and goes on. */
async function isThrough(work: Promise<unknown>, deadline: Deadline): Promise<boolean> {
  try {
    return await deadline.sees(work, atMostMs)
  } catch (error) {
    if (error instanceof VisorError) return false
    throw error
  }
}
