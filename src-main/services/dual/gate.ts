/** Whether a server may take over: the figures of the dual run against the criteria. Pure. */
import type { DualFigures, GateCheck, GateCriteria, GateVerdict } from '../../../src-shared/dual'

const dayMs = 24 * 60 * 60 * 1000

/** From when on comparisons are judged, Unix ms. */
export function judgedSince({ days, countFrom }: GateCriteria, now = Date.now()): number {
  return Math.max(countFrom, now - days * dayMs)
}

/** `unvalidated`: clients that were not found equal on both sides; `null` where none is on a server at all. */
export function judge(
  figures: DualFigures,
  criteria: GateCriteria,
  unvalidated: number | null,
  since: number,
): GateVerdict {
  const atLeast = (criterion: 'sameFirst' | 'overlap' | 'probes', figure: number | null): GateCheck => ({
    criterion,
    passed: figure !== null && figure >= criteria[criterion],
    figure,
    wanted: criteria[criterion],
  })
  const p95 = figures.server?.p95 ?? null
  const checks: GateCheck[] = [
    atLeast('sameFirst', figures.sameFirst),
    atLeast('overlap', figures.overlap),
    {
      criterion: 'errors',
      passed: figures.errors <= criteria.errors,
      figure: figures.errors,
      wanted: criteria.errors,
    },
    {
      criterion: 'serverP95Ms',
      passed: p95 !== null && p95 < criteria.serverP95Ms,
      figure: p95,
      wanted: criteria.serverP95Ms,
    },
    atLeast('probes', figures.probes),
    {
      criterion: 'validated',
      passed: !criteria.validated || unvalidated === 0,
      figure: unvalidated,
      wanted: 0,
    },
  ]
  return { passed: checks.every(({ passed }) => passed), since: new Date(since).toISOString(), checks }
}
