/** The distances that were chosen for single domains: found, set, and set anew after a measurement. Pure, any process. */
import {
  type Calibration,
  type ChosenDistance,
  type DomainThresholds,
  distanceAtRate,
  type ThresholdLevel,
} from '../../src-shared/calibration'
import { VisorError } from '../../src-shared/errors'
import type { ClientId, Domain, ModelId } from '../../src-shared/ids'
import type { CalibrationScope } from './calibration/measure'

/** What was chosen for the one domain that is searched; a search of several domains follows their size. */
export function chosenFor(
  all: readonly DomainThresholds[],
  clientId: ClientId,
  domains: readonly Domain[] | 'all',
  modelId: ModelId,
): DomainThresholds | undefined {
  if (domains === 'all' || domains.length !== 1) return undefined
  return all.find((one) => one.clientId === clientId && one.domain === domains[0] && one.modelId === modelId)
}

/** `all` with one level of one domain set, or set back to the gallery's size (`null`). */
export function withChoice(
  all: readonly DomainThresholds[],
  { clientId, domain, modelId }: CalibrationScope,
  level: ThresholdLevel,
  choice: ChosenDistance | null,
): DomainThresholds[] {
  const before = chosenFor(all, clientId, [domain], modelId)
  const after = { clientId, domain, modelId, match: null, possible: null, ...before, [level]: choice }
  const rest = all.filter((one) => one !== before)
  return after.match === null && after.possible === null ? rest : [...rest, after]
}

/**
 * `all` with what was chosen for a domain chosen for its new name, too. The old name's stays: the renaming may be undone,
 * and then it holds again.
 */
export function withRenamedDomain(
  all: readonly DomainThresholds[],
  clientId: ClientId,
  from: Domain,
  to: Domain,
): DomainThresholds[] {
  const isOf = (domain: Domain) => (one: DomainThresholds) =>
    one.clientId === clientId && one.domain === domain
  const renamed = all.filter(isOf(from)).map((one) => ({ ...one, domain: to }))
  return [...all.filter((one) => !isOf(to)(one)), ...renamed]
}

/**
 * The choice that a wrong-name rate stands for. Raises `not-found` where nothing was measured or there is not enough data,
 * `invalid-argument` where the rate is lower than the data can tell.
 */
export function choiceAtRate(calibration: Calibration | undefined, rate: number): ChosenDistance {
  if (calibration === undefined || calibration.curve.length === 0) {
    throw new VisorError('not-found', 'This gallery has no measured error rates to choose by.', {
      consequence: 'The distances in force stay as they are.',
      remedy:
        calibration === undefined
          ? 'Measure the gallery first.'
          : 'Enrol more people with two photos, or choose a distance.',
    })
  }
  const distance = distanceAtRate(calibration, rate)
  if (distance === undefined) {
    const lowest = Math.round(1 / calibration.lowestRate).toLocaleString('en-GB')
    throw new VisorError('invalid-argument', `These data say nothing of rates below 1 in ${lowest}.`, {
      consequence: 'The distances in force stay as they are.',
      remedy: 'Choose a higher rate, or a distance.',
    })
  }
  return { distance, rate }
}

/** `all` after a measurement: what was chosen by rate has the distance that now stands for the rate, where one does. */
export function afterMeasurement(
  all: readonly DomainThresholds[],
  calibration: Calibration,
): DomainThresholds[] {
  const { clientId, domain, modelId } = calibration
  const chosen = chosenFor(all, clientId, [domain], modelId)
  if (chosen === undefined) return [...all]
  const anew = (choice: ChosenDistance | null): ChosenDistance | null => {
    if (choice?.rate === undefined) return choice
    const distance = distanceAtRate(calibration, choice.rate)
    return distance === undefined ? choice : { ...choice, distance }
  }
  return all.map((one) =>
    one === chosen ? { ...one, match: anew(one.match), possible: anew(one.possible) } : one,
  )
}
