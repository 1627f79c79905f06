/** Measures a domain and works its rates out. Runs in main and on the command line. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Calibration } from '../../../src-shared/calibration'
import type { GalleryStore } from '../../storage/gallery-store'
import { type CalibrationScope, type MeasureOptions, measure } from './measure'
import { curveOf, histogramsOf, lowestRateOf, shortageOf } from './rates'

/**
 * The calibration of a domain under a model. Where there is not enough data, its curve is empty and its shortage says what
 * is missing.
 */
export async function calibrate(
  gallery: GalleryStore,
  scope: CalibrationScope,
  options: MeasureOptions,
): Promise<Calibration> {
  const { clientId, domain, modelId } = scope
  const { sample, measured } = await measure(gallery, scope, options)
  const count = (groups: readonly { readonly distances: readonly number[] }[]) =>
    groups.reduce((sum, { distances }) => sum + distances.length, 0)
  const shortage = shortageOf(
    sample.persons,
    // Two faces in one photo cannot be searched for one by the other: known only once it is measured.
    sample.personsWithTwoFaces <= sample.fromThoseWithTwoFaces.length
      ? measured.personsMissed
      : sample.personsWithTwoFaces,
  )
  const enough = shortage.persons === 0 && shortage.personsWithTwoPhotos === 0
  return {
    clientId,
    domain,
    modelId,
    measuredAt: new Date().toISOString(),
    fingerprint: sample.fingerprint,
    counts: {
      persons: sample.persons,
      embeddings: sample.embeddings,
      personsWithTwoPhotos: sample.personsWithTwoFaces,
      personsMissed: measured.personsMissed,
      personsSearched: measured.personsSearched,
      withinComparisons: count(measured.within),
      betweenComparisons: count(measured.between),
    },
    shortage,
    ...histogramsOf(measured),
    curve: enough ? await curveOf(measured, () => nextTurn()) : [],
    lowestRate: lowestRateOf(measured.personsSearched),
  }
}
