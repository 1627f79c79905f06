/** Fills a domain into a cache, portion by portion, from wherever it was left. Store worker thread. */
import { z } from 'zod'
import type { ClientId, Domain } from '../../../src-shared/ids'
import { beforeAllIds } from '../sql/rows'
import { copying, inTurn } from './cached-rows'
import { noOwners } from './renew'
import type { Syncing } from './syncing'
import { countsStatement, localOwnersStatement, type OwnerKind, portionEndStatement } from './tables'

/** Owners in one portion, which is one transaction: what is done again after a crash, and what nobody writes beside. */
const portionOwners = 8192
/** When a domain goes. */
const ownersRemovedAtOnce = 2048

const steps = ['persons', 'photos', 'faces', 'pairs', 'whole'] as const
const ownerOfStep: Readonly<Record<'persons' | 'photos' | 'faces', OwnerKind>> = {
  persons: 'person',
  photos: 'photo',
  faces: 'face',
}

const stateRow = z.object({
  step: z.enum(steps),
  mark: z.string(),
  filled: z.number().int(),
  expected: z.number().int(),
})
const selectState = 'SELECT step, mark, filled, expected FROM cached_domains WHERE client_id = ? AND name = ?'
const endRow = z.tuple([z.string().nullable()])
const countRow = z.tuple([z.coerce.number().int()])

/** Whether a domain is not whole. */
export function isFilling(
  { connection }: Pick<Syncing, 'connection'>,
  clientId: ClientId,
  domain: Domain,
): boolean {
  const state = connection.row(stateRow, selectState, clientId, domain)
  return state !== undefined && state.step !== 'whole'
}

/** Fills the next portion of a domain in that is not whole. What was put there is kept, whatever happens. */
export async function fillPortion(
  syncing: Syncing,
  clientId: ClientId,
  domain: Domain,
  domains: readonly Domain[],
): Promise<void> {
  const { connection, server, control } = syncing
  const state = connection.row(stateRow, selectState, clientId, domain)
  if (state === undefined || state.step === 'whole') return
  const { step, mark, filled, expected } = state
  control.onProgress?.({ done: filled, total: Math.max(filled, expected) })
  await server.at(async () => {
    await server.set({ client: clientId, domain, domains: JSON.stringify(domains) })
    if (step === 'persons' && mark === '') await expectRows(syncing, clientId, domain)
    if (step === 'pairs') return fillPairs(syncing, clientId, domain)
    const from = mark === '' ? beforeAllIds : mark
    const owner = ownerOfStep[step]
    const ends = await server.rows(endRow, portionEndStatement(owner, portionOwners), clientId, domain, from)
    const end = ends[0]?.[0] ?? null
    if (end === null) {
      const next = steps[steps.indexOf(step) + 1]!
      return inTurn(connection, () => setStep(syncing, clientId, domain, next, '', 0))
    }
    await server.set({ from, to: end })
    await copying(syncing, clientId, async (rows) => {
      for (const table of syncing.kept.tables) {
        if (table.owner === owner && table.otherPersonColumn === undefined) await rows.copy(table, 'range')
      }
      setStep(syncing, clientId, domain, step, end, rows.owners)
      syncing.report.filled += rows.owners
    })
  })
}

/** Pairs of people, and faces ruled out for people, once all of both are there. */
async function fillPairs(syncing: Syncing, clientId: ClientId, domain: Domain): Promise<void> {
  await copying(syncing, clientId, async (rows) => {
    for (const table of syncing.kept.tables) {
      if (table.otherPersonColumn === undefined) continue
      await rows.copy(table, 'domain')
      await rows.copy(table, 'others-domain')
    }
    setStep(syncing, clientId, domain, 'whole', '', 0)
  })
}

async function expectRows(
  { connection, server }: Syncing,
  clientId: ClientId,
  domain: Domain,
): Promise<void> {
  const [expected] = (await server.rows(countRow, countsStatement, clientId, domain))[0]!
  await inTurn(connection, () =>
    connection.run(
      'UPDATE cached_domains SET expected = ?, filled = 0 WHERE client_id = ? AND name = ?',
      expected,
      clientId,
      domain,
    ),
  )
}

function setStep(
  { connection }: Syncing,
  clientId: ClientId,
  domain: Domain,
  step: (typeof steps)[number],
  mark: string,
  filled: number,
): void {
  connection.run(
    'UPDATE cached_domains SET step = ?, mark = ?, filled = filled + ? WHERE client_id = ? AND name = ?',
    step,
    mark,
    filled,
    clientId,
    domain,
  )
}

/** Takes a domain out of the cache that is not chosen any more. */
export async function removeDomain(syncing: Syncing, clientId: ClientId, domain: Domain): Promise<void> {
  const { connection, control, report } = syncing
  for (const kind of ['face', 'photo', 'person'] as const) {
    const ids = connection.ids<string>(localOwnersStatement(kind), clientId, domain)
    for (let first = 0; first < ids.length; first += ownersRemovedAtOnce) {
      control.signal?.throwIfAborted()
      control.onProgress?.({ done: first, total: ids.length })
      const owners = { ...noOwners(), [kind]: new Set(ids.slice(first, first + ownersRemovedAtOnce)) }
      await copying(syncing, clientId, async (rows) => {
        rows.remove(owners)
        report.removed += await rows.settle(owners, owners)
      })
    }
  }
  await inTurn(connection, () => {
    connection.run('DELETE FROM enrolment_reviews WHERE client_id = ? AND domain = ?', clientId, domain)
    connection.run('DELETE FROM domains WHERE client_id = ? AND name = ?', clientId, domain)
    connection.run('DELETE FROM cached_domains WHERE client_id = ? AND name = ?', clientId, domain)
    connection.run(
      `DELETE FROM cached_clients WHERE client_id = ?
         AND NOT EXISTS (SELECT 1 FROM cached_domains WHERE client_id = cached_clients.client_id)`,
      clientId,
    )
  })
}
