/** What a server has that does not come to a gallery that follows it. Runs in main and on the command line. */
import type { Pairing } from '../../../src-shared/dual'
import type { ModelId } from '../../../src-shared/ids'
import type { FarServer } from '../server-side'

/** Reviews of enrolments and unknown faces stay on the server: how many there are, as a sentence names them. */
export async function notHereOf(
  server: Pick<FarServer, 'reviews' | 'unknown'>,
  pairings: readonly Pairing[],
  modelId: ModelId,
): Promise<string[]> {
  const told: string[] = []
  for (const { clientId } of pairings) {
    const [reviews, unknown] = await Promise.all([
      server.reviews.waiting({ clientId, domain: null, kind: null, offset: 0, limit: 1 }),
      server.unknown.counts(clientId, modelId),
    ])
    if (reviews.total > 0) told.push(`${reviews.total} reviews of enrolments (${clientId})`)
    if (unknown.faces > 0) told.push(`${unknown.faces} unknown faces (${clientId})`)
  }
  return told
}
