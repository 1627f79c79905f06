/** Which comparisons are looked at: a time, a domain. Pure. Renderer. */
import type { ClientId, Domain } from '../../../../src-shared/ids'

const minuteMs = 60_000

/** Stretches of time, and how finely each is drawn. */
export const spans = {
  hour: { label: 'Hour', minutes: 60, bucketMinutes: 1 },
  day: { label: 'Day', minutes: 24 * 60, bucketMinutes: 15 },
  week: { label: 'Week', minutes: 7 * 24 * 60, bucketMinutes: 120 },
  quarter: { label: '90 days', minutes: 90 * 24 * 60, bucketMinutes: 1440 },
} as const
export type Span = keyof typeof spans

/** A domain of a client; `null`: all of them. */
export interface Place {
  readonly clientId: ClientId
  readonly domain: Domain
}

export interface Looked {
  readonly span: Span
  readonly place: Place | null
}

/** As main is asked, with the stretch as the chart draws it. */
export function askedOf({ span, place }: Looked, now = Date.now()) {
  const { minutes, bucketMinutes } = spans[span]
  const from = now - minutes * minuteMs
  return {
    query: { since: new Date(from).toISOString(), ...(place ?? {}) },
    bucketMinutes,
    time: { from, to: now },
  }
}

/** Says the same of the same, to ask again where it changes. */
export const keyOf = ({ span, place }: Looked): string =>
  JSON.stringify([span, place?.clientId ?? null, place?.domain ?? null])

/** A place as a value of a list, and back. */
export const placeKey = ({ clientId, domain }: Place): string => JSON.stringify([clientId, domain])
