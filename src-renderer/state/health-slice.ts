/** Gallery health: what a curator should look at, one after the other, and how far the looking is. Renderer. */
import type { StateCreator } from 'zustand'
import type { Finding, FindingCount, FindingId, FindingKind, HealthState } from '../../src-shared/health'
import type { ClientId, Domain } from '../../src-shared/ids'
import type { EventPayload } from '../../src-shared/ipc'
import { request } from '../api'
import { isServerAway } from './server-away'
import type { State } from './store'

/** Findings asked for at once; more follow before the last of them is reached. */
const findingsPerPage = 60
/** So many before the last one, the next page is asked for. */
const pageAhead = 10
/** Decisions after which somebody who takes one back still finds it in the middle. */
const decisionsKept = 200

interface FindingFilter {
  /** `null` = every domain of the client. */
  readonly domain: Domain | null
  /** `null` = every kind. */
  readonly kind: FindingKind | null
  /** Those that were said to be fine instead. */
  readonly dismissed: boolean
}

export interface HealthSlice {
  /** `undefined` until main has answered. */
  readonly health: HealthState | undefined
  /** Of every client; `undefined` until main has answered. */
  readonly findingCounts: readonly FindingCount[] | undefined
  readonly findingFilter: FindingFilter
  /** The queue from its begin, as far as it was asked for; `undefined` until main has answered. */
  readonly findings: readonly Finding[] | undefined
  /** How many there are of the filter. */
  readonly findingsTotal: number
  /** The one in the middle. */
  readonly findingPlace: number
  readonly loadHealth: () => Promise<void>
  readonly loadFindingCounts: () => Promise<void>
  /** Asks for the queue of the filter anew; whoever is in the middle stays there where they are still in it. */
  readonly loadFindings: (clientId?: ClientId) => Promise<void>
  readonly filterFindings: (patch: Partial<FindingFilter>) => void
  readonly stepFinding: (delta: number) => void
  /** Takes a finding that was decided out of the queue: the next one stands there at once. */
  readonly settleFinding: (findingId: FindingId) => void
  /** An act was taken back: what it decided waits again, in the middle. */
  readonly unsettleFindings: () => void
  readonly takeHealthNews: (news: EventPayload<'health'>) => void
}

export const createHealthSlice: StateCreator<State, [], [], HealthSlice> = (set, get) => {
  /** Of the newest question: answers to earlier ones are late. */
  let round = 0
  /** Decided here, and maybe still in an answer that was on its way; and whether it was dismissed before. */
  const settled = new Map<FindingId, boolean>()

  /** The same, in the order of the decisions: the one that is taken back stands in the middle again. */
  let decided: readonly FindingId[] = []
  /** An act was taken back, and nothing was done in the queue since. */
  let returning = false

  /** The client whose queue it is. */
  let askedOf: ClientId | undefined

  const clientId = (): ClientId => get().settings.search.clientId

  async function ask(of: ClientId, limit: number): Promise<void> {
    const asked = ++round
    const query = { clientId: of, ...get().findingFilter, offset: 0, limit: Math.min(500, limit) }
    const { total, findings } = await request('health.findings', query)
    if (asked !== round) return
    const answered = new Set(findings.map(({ findingId }) => findingId))
    for (const findingId of settled.keys()) if (!answered.has(findingId)) settled.delete(findingId)
    const open = findings.filter(({ findingId, dismissed }) => settled.get(findingId) !== dismissed)
    const { findings: before = [], findingPlace } = get()
    const isOpen = (id: FindingId) => open.some(({ findingId }) => findingId === id)
    const back = returning ? decided.findLast(isOpen) : undefined
    if (back !== undefined) {
      decided = decided.filter((id) => id !== back)
      returning = false
    }
    const current = back ?? before[findingPlace]?.findingId
    const there = open.findIndex(({ findingId }) => findingId === current)
    set({
      findings: open,
      findingsTotal: Math.max(open.length, total - (findings.length - open.length)),
      findingPlace: there >= 0 ? there : Math.max(0, Math.min(findingPlace, open.length - 1)),
    })
  }

  return {
    health: undefined,
    findingCounts: undefined,
    findingFilter: { domain: null, kind: null, dismissed: false },
    findings: undefined,
    findingsTotal: 0,
    findingPlace: 0,
    loadHealth: () => get().renew(async () => set({ health: await request('health.state') })),
    loadFindingCounts: () =>
      get().renew(async () => {
        if (isServerAway(get())) return
        const clients = (get().clients ?? []).map((client) => client.clientId)
        const all = new Set([clientId(), ...clients])
        const counts = await Promise.all([...all].map((id) => request('health.counts', { clientId: id })))
        set({ findingCounts: counts.flat() })
      }),
    loadFindings: (of = clientId()) => {
      if (askedOf !== of) set({ findings: undefined, findingsTotal: 0, findingPlace: 0 })
      askedOf = of
      return get().attempt(() => ask(of, get().findingPlace + findingsPerPage))
    },
    filterFindings: (patch) => {
      returning = false
      set({
        findingFilter: { ...get().findingFilter, ...patch },
        findings: undefined,
        findingsTotal: 0,
        findingPlace: 0,
      })
      void get().loadFindings()
    },
    stepFinding: (delta) => {
      returning = false
      const { findings = [], findingPlace, findingsTotal } = get()
      const place = Math.max(0, Math.min(findingPlace + delta, findings.length - 1))
      set({ findingPlace: place })
      if (findings.length < findingsTotal && place + pageAhead >= findings.length) void get().loadFindings()
    },
    settleFinding: (findingId) => {
      const { findings = [], findingPlace, findingsTotal, findingFilter } = get()
      settled.set(findingId, findingFilter.dismissed)
      const rest = findings.filter((finding) => finding.findingId !== findingId)
      if (rest.length === findings.length) return
      decided = [...decided.slice(-decisionsKept), findingId]
      returning = false
      set({
        findings: rest,
        findingsTotal: findingsTotal - 1,
        findingPlace: Math.max(0, Math.min(findingPlace, rest.length - 1)),
      })
    },
    unsettleFindings: () => {
      settled.clear()
      returning = true
      if (get().findings !== undefined) void get().loadFindings()
    },
    takeHealthNews: ({ state, changed }) => {
      set({ health: state })
      if (changed.length === 0) return
      void get().loadFindingCounts()
      if (get().findings !== undefined && changed.includes(clientId())) void get().loadFindings()
      const { browsed } = get()
      if (browsed !== null && changed.includes(browsed.clientId)) get().refreshBrowsed()
    },
  }
}

/** The finding in the middle of the queue. */
export function findingInView({
  findings,
  findingPlace,
}: Pick<State, 'findings' | 'findingPlace'>): Finding | undefined {
  return findings?.[findingPlace]
}

/** Open findings of a client, in one domain or in all, of one kind or of all; `undefined` until main has answered. */
export function openFindings(
  { findingCounts }: Pick<State, 'findingCounts'>,
  clientId: ClientId,
  { domain, kind }: Partial<Pick<FindingFilter, 'domain' | 'kind'>> = {},
): number | undefined {
  return findingCounts
    ?.filter(
      (count) =>
        count.clientId === clientId &&
        (domain === undefined || domain === null || count.domain === domain) &&
        (kind === undefined || kind === null || count.kind === kind),
    )
    .reduce((sum, { open }) => sum + open, 0)
}
