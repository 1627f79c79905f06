/** Whether the server answers, how soon, what it is, and whether its clock is ours. Diagnostics worker thread. */

import { performance } from 'node:perf_hooks'
import { z } from 'zod'
import { durationText, milliseconds } from '../../../../src-shared/amounts'
import { type CheckFinding, failed, passed, unchecked, warned } from '../../../../src-shared/diagnosis'
import type { ServerTestReport, ServerTestStep, ServerTestStepId } from '../../../../src-shared/server-test'
import type { ServerDatabase } from './server-database'

const titles: Readonly<Record<ServerTestStepId, string>> = {
  settings: 'Settings',
  address: 'Address',
  reach: 'Server',
  tls: 'Encryption',
  login: 'Log-in',
  database: 'Database',
  version: 'PostgreSQL',
  writes: 'Writes',
  extension: 'pgvector',
  schema: 'Schema',
  rights: 'Rights',
}
const words = { pass: 'passed', warn: 'warning', fail: 'failed', skipped: 'not looked at' } as const

/** The steps of the connection test that a check stands for, as its finding: what the worst of them says. */
function findingOf(
  { steps }: ServerTestReport,
  ids: readonly ServerTestStepId[],
  whenPassed: (of: ReadonlyMap<ServerTestStepId, ServerTestStep>) => {
    readonly sentence: string
    readonly figure: string | null
  },
): CheckFinding {
  const own = steps.filter(({ id }) => ids.includes(id))
  const looked = own.filter((step) => step.state !== 'skipped')
  const table = {
    columns: ['Step', 'State', 'What was found'],
    rows: looked.map(({ id, state, sentence, figure }) => [
      titles[id],
      words[state],
      figure === null ? sentence : `${sentence} (${figure})`,
    ]),
  }
  if (looked.length === 0) return unchecked('There is no connection; see Connection.')
  const step = looked.find((one) => one.state === 'fail') ?? looked.find((one) => one.state === 'warn')
  if (step === undefined) {
    const { sentence, figure } = whenPassed(new Map(own.map((one) => [one.id, one])))
    return passed(sentence, { figure, table })
  }
  const { state, sentence, figure, next } = step
  return (state === 'fail' ? failed : warned)(sentence, { figure, next, table })
}

/** Reached, secured, logged in. */
export const connectionFinding = (report: ServerTestReport): CheckFinding =>
  findingOf(report, ['settings', 'address', 'reach', 'tls', 'login', 'database', 'writes'], (steps) => ({
    sentence: 'The server answers and lets Visor in.',
    figure: steps.get('reach')?.figure ?? null,
  }))

/** PostgreSQL and pgvector. */
export const versionFinding = (report: ServerTestReport): CheckFinding =>
  findingOf(report, ['version', 'extension'], (steps) => ({
    sentence: 'PostgreSQL and pgvector are new enough.',
    figure: `${shortVersion(steps.get('version')?.figure)}, pgvector ${steps.get('extension')?.figure ?? ''}`,
  }))

/** `15.20 (Debian 15.20-0+deb12u1)` is 15.20. */
const shortVersion = (version: string | null | undefined) => (version ?? '').replace(/ .*$/, '')

/** Questions asked for the round trip. */
const trips = 25
/** An act of a curator takes about ten round trips: above this they are felt. */
const slowTripMs = 30

/** The time of a question that asks nothing. */
export async function checkRoundTrip(database: ServerDatabase): Promise<CheckFinding> {
  const client = await database.client()
  const times: number[] = []
  for (let trip = 0; trip < trips; trip++) {
    const startedAt = performance.now()
    await client.query('SELECT 1')
    times.push(performance.now() - startedAt)
  }
  times.sort((a, b) => a - b)
  const median = times[Math.floor(trips / 2)]!
  const p95 = times[Math.floor(trips * 0.95)]!
  const figure = `${durationText(median)}, 95th ${durationText(p95)}`
  if (median <= slowTripMs)
    return passed('A question to the server and back takes no time that is felt.', { figure })
  return warned('The way to the server is long: acts of several steps take longer than they would nearby.', {
    figure,
    next: {
      text: 'Let the cache answer searches (Settings, Cache), or run Visor nearer to the server; a VPN or Wi-Fi on the way is the usual cause.',
      copy: null,
    },
  })
}

const clockRow = z.object({ at: z.coerce.number() })
/** Times in the ledger come from consoles: further apart, its order in time is not the order in which things were done. */
const clockWarnMs = 2000
const clockFailMs = 5 * 60_000

/** Of a few answers the one that came soonest: its middle is known best. */
export async function checkClock(database: ServerDatabase): Promise<CheckFinding> {
  let best: { readonly tripMs: number; readonly aheadMs: number } | undefined
  for (let trip = 0; trip < 5; trip++) {
    const startedAt = performance.now()
    const before = Date.now()
    const { at } = await database.one(
      clockRow,
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::double precision AS at',
    )
    const tripMs = performance.now() - startedAt
    if (best === undefined || tripMs < best.tripMs) best = { tripMs, aheadMs: at - (before + tripMs / 2) }
  }
  const { aheadMs } = best!
  const apart = Math.abs(aheadMs)
  const figure = milliseconds(apart)
  if (apart < clockWarnMs) return passed('This machine and the server have the same time.', { figure })
  const which = aheadMs > 0 ? 'behind' : 'ahead of'
  return (apart < clockFailMs ? warned : failed)(
    `This machine is ${which} the server: what consoles do is dated in another order than it was done.`,
    {
      figure,
      next: { text: 'Let both take their time from the network (NTP).', copy: 'timedatectl set-ntp true' },
    },
  )
}
