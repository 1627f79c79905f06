/** Fills a domain into a cache, portion by portion, from wherever it was left. Store worker thread. */
import { z } from 'zod'
import type { ClientId, Domain } from '../../../src-shared/ids'
import { beforeAllIds } from '../sql/rows'
import { copying, inTurn } from './cached-rows'
import { noOwners } from './renew'
import type { Copied } from './server-snapshot'
import type { Syncing } from './syncing'
import {
  type CachedTable,
  copyStatement,
  countsStatement,
  localOwnersStatement,
  type OwnerKind,
  portionEndStatement,
} from './tables'

/**
 * Owners in one portion, which is one transaction: what is done again after a crash, and what nobody writes beside. With their crops
 * they fit into SQLite's cache: no page is written twice.
 */
const portionOwners = 2048
/** After this, what is whole is brought up to date. */
const snapshotMs = 1000
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

/**
 * Fills portions of a domain in that is not whole, one at least, for about a second. Call within a snapshot, once the client was
 * followed in it. What was put there is kept, whatever happens.
 */
export async function fillDomain(
  syncing: Syncing,
  clientId: ClientId,
  domain: Domain,
  domains: readonly Domain[],
): Promise<void> {
  const { connection, server } = syncing
  const overAt = performance.now() + snapshotMs
  await server.set({ client: clientId, domain, domains: JSON.stringify(domains) })
  do {
    const state = connection.row(stateRow, selectState, clientId, domain)
    if (state === undefined || state.step === 'whole') return
    const { step, mark } = state
    if (step === 'persons' && mark === '') await expectRows(syncing, clientId, domain)
    if (step === 'pairs') await fillPairs(syncing, clientId, domain)
    else await fillOwners(syncing, clientId, domain, step, mark === '' ? beforeAllIds : mark, overAt)
  } while (performance.now() < overAt)
}

/** A portion whose rows were asked for, in the order in which the answers come. */
interface Portion {
  /** The last id in it. */
  readonly end: string
  /** That of the next portion. */
  readonly nextEnd: () => Promise<string | null>
  readonly set: () => Promise<void>
  readonly copies: readonly { readonly table: CachedTable; readonly copied: Copied }[]
}

/** While a portion is written, the server works on the next. */
async function fillOwners(
  syncing: Syncing,
  clientId: ClientId,
  domain: Domain,
  step: keyof typeof ownerOfStep,
  mark: string,
  overAt: number,
): Promise<void> {
  const { connection, server, kept, report } = syncing
  const owner = ownerOfStep[step]
  const tables = kept.tables.filter((table) => table.owner === owner && table.otherPersonColumn === undefined)
  const findEnd = (from: string) => {
    const ends = server.rowsAhead(endRow, portionEndStatement(owner, portionOwners), clientId, domain, from)
    return async () => (await ends())[0]?.[0] ?? null
  }
  const ask = (from: string, end: string): Portion => ({
    end,
    nextEnd: findEnd(end),
    set: server.setAhead({ from, to: end }),
    copies: tables.map((table) => ({ table, copied: server.copy(copyStatement(table, 'range')) })),
  })
  const firstEnd = await findEnd(mark)()
  let portion = firstEnd === null ? undefined : ask(mark, firstEnd)
  let isLast = portion === undefined
  while (portion !== undefined) {
    tellProgress(syncing, clientId, domain)
    const { end, set, copies } = portion
    const nextEnd = await portion.nextEnd()
    isLast = nextEnd === null
    const next = nextEnd === null || performance.now() >= overAt ? undefined : ask(end, nextEnd)
    await copying(syncing, clientId, async (rows) => {
      await set()
      for (const { table, copied } of copies) await rows.take(table, copied)
      setStep(syncing, clientId, domain, step, end, rows.owners)
      report.filled += rows.owners
    })
    portion = next
  }
  if (isLast) {
    const next = steps[steps.indexOf(step) + 1]!
    await inTurn(connection, () => setStep(syncing, clientId, domain, next, '', 0))
  }
}

function tellProgress({ connection, control }: Syncing, clientId: ClientId, domain: Domain): void {
  const { filled, expected } = connection.row(stateRow, selectState, clientId, domain)!
  control.onProgress?.({ done: filled, total: Math.max(filled, expected) })
}

/** Pairs of people, and faces ruled out for people, once all of both are there. */
async function fillPairs(syncing: Syncing, clientId: ClientId, domain: Domain): Promise<void> {
  const { kept, server } = syncing
  await copying(syncing, clientId, async (rows) => {
    for (const table of kept.tables) {
      if (table.otherPersonColumn === undefined) continue
      await rows.take(table, server.copy(copyStatement(table, 'domain')))
      await rows.take(table, server.copy(copyStatement(table, 'others-domain')))
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
