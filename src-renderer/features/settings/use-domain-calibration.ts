/** What is known of one domain's thresholds, kept fresh; and the changes that are tried out before they are used. Renderer. */
import { useEffect, useState } from 'react'
import {
  type ChosenDistance,
  distanceAtRate,
  ratesAt,
  type ThresholdLevel,
} from '../../../src-shared/calibration'
import type { ClientId, Domain } from '../../../src-shared/ids'
import type { DomainCalibration } from '../../../src-shared/requests/thresholds'
import { on, request } from '../../api'
import { useActions } from '../../state/use-visor'
import { count } from '../../wording'

export interface DomainRef {
  readonly clientId: ClientId
  readonly domain: Domain
}

/** Per level what is tried: a choice, back to the gallery's size (`null`), or nothing (absent). */
export type Trial = { readonly [L in ThresholdLevel]?: ChosenDistance | null }

/** Asks main, again after every change of the galleries; `undefined` until the first answer. */
export function useDomainCalibration({ clientId, domain }: DomainRef) {
  const { attempt } = useActions()
  const [known, setKnown] = useState<DomainCalibration>()
  useEffect(() => {
    let current = true
    const load = () =>
      attempt(async () => {
        const answer = await request('thresholds.calibration', { clientId, domain })
        if (current) setKnown(answer)
      })
    void load()
    const end = on('galleries', (change) => {
      if (change.clientId === clientId) void load()
    })
    return () => {
      current = false
      end()
    }
  }, [attempt, clientId, domain])

  /** Has main keep what was tried. */
  const keep = (trial: Trial) =>
    attempt(async () => {
      for (const level of ['match', 'possible'] as const) {
        const choice = trial[level]
        if (choice === undefined) continue
        const to =
          choice === null
            ? null
            : choice.rate === undefined
              ? { distance: choice.distance }
              : { rate: choice.rate }
        setKnown(await request('thresholds.set', { clientId, domain, level, to }))
      }
    })
  return { known, keep }
}

/** The distance of a level while `trial` is tried. */
export function triedDistance(known: DomainCalibration, trial: Trial, level: ThresholdLevel): number {
  const choice = trial[level]
  if (choice === undefined) return known.inForce[level]
  return choice === null ? known.bySize[level] : choice.distance
}

/** `trial` with a level moved; the other goes along where *possible* would become stricter than *match*. */
export function moved(
  known: DomainCalibration,
  trial: Trial,
  level: ThresholdLevel,
  choice: ChosenDistance | null,
): Trial {
  const next: Trial = { ...trial, [level]: choice }
  const distance = triedDistance(known, next, level)
  const other = level === 'match' ? 'possible' : 'match'
  const gap = triedDistance(known, next, other) - distance
  const crossed = level === 'match' ? gap < 0 : gap > 0
  return crossed ? { ...next, [other]: { distance } } : next
}

/** How many searches there are to one wrong name at a distance: two figures, or beyond which number they are. */
export function searchesPerWrongName(
  { calibration }: DomainCalibration,
  distance: number,
): { readonly searches: number } | { readonly beyond: string } {
  const rate =
    calibration === undefined ? undefined : ratesAt(calibration.curve, distance)?.wrongName.estimate
  if (calibration === undefined || rate === undefined) return { beyond: '' }
  if (rate > 0.5) return { beyond: '< 2' }
  if (rate < calibration.lowestRate) return { beyond: `> ${count(Math.round(1 / calibration.lowestRate))}` }
  return { searches: Number((1 / rate).toPrecision(2)) }
}

/** The choice of one wrong name in so many searches; `undefined` where the data cannot tell. */
export function choiceOf({ calibration }: DomainCalibration, searches: number): ChosenDistance | undefined {
  if (calibration === undefined || searches < 2) return undefined
  const rate = 1 / searches
  const distance = distanceAtRate(calibration, rate)
  return distance === undefined ? undefined : { distance, rate }
}
