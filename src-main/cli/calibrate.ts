/** `visor calibrate`: how often searches of a domain err, and the distance for a wanted wrong-name rate. */
import { type Calibration, calibrationSentence, ratesAt } from '../../src-shared/calibration'
import { VisorError } from '../../src-shared/errors'
import type { PackThresholds } from '../../src-shared/model-pack'
import { calibrate as measureDomain } from '../services/calibration/calibrate'
import type { Calibrations } from '../services/calibration/calibrations'
import type { CalibrationScope } from '../services/calibration/measure'
import { afterMeasurement, choiceAtRate, chosenFor, withChoice } from '../services/domain-thresholds'
import type { SettingsFile } from '../services/settings-file'
import { thresholdsInForce } from '../services/thresholds'
import type { GalleryStore } from '../storage/gallery-store'
import type { Output } from './output'

interface CalibrateOptions {
  readonly scope: CalibrationScope
  readonly pack: PackThresholds
  /** The wrong-name rate that a match may have; `undefined` = tell of the distance in force. */
  readonly rate: number | undefined
  /** Keep the distance for the rate as the domain's own. */
  readonly set: boolean
  readonly signal: AbortSignal
}

/** Raises `not-found` for a domain without faces, or for a rate where there is not enough data. */
export async function calibrate(
  gallery: GalleryStore,
  calibrations: Calibrations,
  settings: SettingsFile,
  { scope, pack, rate, set, signal }: CalibrateOptions,
  output: Output,
): Promise<void> {
  if (set && rate === undefined) {
    throw new VisorError('invalid-argument', '--set sets the distance for a rate.', {
      remedy: 'Say which: --fpir 0.001 --set.',
    })
  }
  const calibration = await measureDomain(gallery, scope, {
    signal,
    onProgress: ({ done, total }) => output.progress(`${done} of ${total} people`),
  })
  output.endProgress()
  if (calibration.counts.embeddings === 0) {
    throw new VisorError('not-found', `There are no faces of this model in the domain "${scope.domain}".`, {
      remedy: 'visor stats lists the domains and what they hold.',
    })
  }
  await calibrations.keep(calibration)
  settings.update({ thresholds: afterMeasurement(settings.current.thresholds, calibration) })
  const choice = rate === undefined ? undefined : choiceAtRate(calibration, rate)
  if (set && choice !== undefined) {
    settings.update({ thresholds: withChoice(settings.current.thresholds, scope, 'match', choice) })
  }
  await settings.flush()
  const { clientId, domain, modelId } = scope
  const inForce = thresholdsInForce(
    pack,
    calibration.counts.embeddings,
    undefined,
    chosenFor(settings.current.thresholds, clientId, [domain], modelId),
  )
  const distance = choice?.distance ?? inForce.match
  output.answer(
    calibrationJson(calibration, distance, set),
    calibrationText(calibration, distance, inForce.match),
  )
}

function calibrationJson(calibration: Calibration, distance: number, set: boolean): object {
  const { clientId, domain, modelId, counts, shortage, lowestRate } = calibration
  const rates = ratesAt(calibration.curve, distance)
  return {
    client: clientId,
    domain,
    model: modelId,
    persons: counts.persons,
    persons_with_two_photos: counts.personsWithTwoPhotos,
    persons_searched: counts.personsSearched,
    enough_data: rates !== undefined,
    ...(rates === undefined
      ? { more_persons: shortage.persons, more_persons_with_two_photos: shortage.personsWithTwoPhotos }
      : {
          distance: Number(distance.toFixed(6)),
          set,
          wrong_name: rates.wrongName,
          miss: rates.miss,
          false_match: rates.falseMatch,
          false_non_match: rates.falseNonMatch,
          lowest_rate: lowestRate,
        }),
    sentence: calibrationSentence(calibration, distance),
  }
}

function calibrationText(calibration: Calibration, distance: number, match: number): string {
  const { domain, counts, curve } = calibration
  const measured = `${domain}: ${counts.persons} people, ${counts.personsWithTwoPhotos} with two photos or more.`
  const sentence = calibrationSentence(calibration, distance)
  if (curve.length === 0) return `${measured}\n${sentence}`
  const inForce = distance === match ? 'in force' : `in force: ${match.toFixed(3)}`
  return `${measured}\nMatch within ${distance.toFixed(3)} (${inForce}). ${sentence}`
}
