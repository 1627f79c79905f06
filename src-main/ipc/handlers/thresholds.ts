/** Requests about how often a domain's thresholds err, and what they are set to. Runs in main. */
import type { ClientId, Domain } from '../../../src-shared/ids'
import type { DomainCalibration } from '../../../src-shared/requests/thresholds'
import { calibrate } from '../../services/calibration/calibrate'
import { sizeUp } from '../../services/calibration/measure'
import { afterMeasurement, choiceAtRate, chosenFor, withChoice } from '../../services/domain-thresholds'
import { thresholdsInForce } from '../../services/thresholds'
import type { Handlers } from '../register'
import type { Services } from './services'

export function thresholdHandlers(services: Services) {
  const { gallery, jobs, packs, settings, calibrations, galleriesChanged } = services
  const scopeOf = ({ clientId, domain }: { clientId: ClientId; domain: Domain }) => {
    const pack = packs.pack(settings.current.modelPack)
    return { clientId, domain, modelId: packs.modelIdOf(pack) }
  }
  const known = async (ref: { clientId: ClientId; domain: Domain }): Promise<DomainCalibration> => {
    const scope = scopeOf(ref)
    const [calibration, size] = await Promise.all([calibrations.get(scope), sizeUp(gallery, scope)])
    const pack = packs.pack(settings.current.modelPack).thresholds
    const chosen = chosenFor(settings.current.thresholds, scope.clientId, [scope.domain], scope.modelId)
    return {
      ...(calibration === undefined ? {} : { calibration }),
      stale: calibration !== undefined && calibration.fingerprint !== size.fingerprint,
      chosen: { match: chosen?.match ?? null, possible: chosen?.possible ?? null },
      inForce: thresholdsInForce(pack, size.embeddings, undefined, chosen),
      bySize: thresholdsInForce(pack, size.embeddings),
    }
  }
  return {
    'thresholds.calibration': known,
    'thresholds.calibrate': (ref) => {
      const scope = scopeOf(ref)
      return jobs.start('calibrate', `Measuring ${ref.domain}`, 'people', async ({ signal, progress }) => {
        const calibration = await calibrate(gallery, scope, { signal, onProgress: progress })
        await calibrations.keep(calibration)
        settings.update({ thresholds: afterMeasurement(settings.current.thresholds, calibration) })
        galleriesChanged(ref.clientId)
        const { personsSearched, betweenComparisons } = calibration.counts
        const compared = betweenComparisons.toLocaleString('en-GB')
        return {
          outcome:
            calibration.curve.length === 0
              ? `${ref.domain} has too few people to say how often it errs.`
              : `Searched for ${personsSearched.toLocaleString('en-GB')} people, compared ${compared} pairs.`,
        }
      })
    },
    'thresholds.set': async ({ level, to, ...ref }) => {
      const scope = scopeOf(ref)
      const choice = to !== null && 'rate' in to ? choiceAtRate(await calibrations.get(scope), to.rate) : to
      settings.update({ thresholds: withChoice(settings.current.thresholds, scope, level, choice) })
      galleriesChanged(ref.clientId)
      return known(ref)
    },
  } satisfies Partial<Handlers>
}
