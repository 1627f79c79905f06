/** Has the store measure a domain's distances, portion by portion. Runs in main and on the command line. */
import type { ClientId, Domain, ModelId, PersonId } from '../../../src-shared/ids'
import type { GalleryStore } from '../../storage/gallery-store'
import type { PersonSample, PortionDistances } from '../../storage/search-records'
import type { GroupDistances, MatedProbe, Measured, Probe } from './rates'

/** People at most whom the gallery is searched for, and likewise of those who have several photos. */
const personsAtMost = 2000
const facesPerPerson = 3
/** People in one call to the store: those that are compared with one another, too. */
const personsPerPortion = 16
/** Any number; a fixed one, so that the same gallery gives the same answer. */
const seed = 2024

export interface CalibrationScope {
  readonly clientId: ClientId
  readonly domain: Domain
  readonly modelId: ModelId
}

export interface MeasureOptions {
  /** Aborting it ends the measurement before the next portion. */
  readonly signal: AbortSignal
  /** People done, and people to do. */
  readonly onProgress: (progress: { readonly done: number; readonly total: number }) => void
}

/** How many there are to measure, and the fingerprint of who has which face. */
export function sizeUp(gallery: GalleryStore, scope: CalibrationScope): Promise<PersonSample> {
  return gallery.samplePersons({ ...scope, seed, limit: 0 })
}

/** Measures up to {@link personsAtMost} people of the domain. Raises what the store raises, and `cancelled`. */
export async function measure(
  gallery: GalleryStore,
  scope: CalibrationScope,
  { signal, onProgress }: MeasureOptions,
): Promise<{ readonly sample: PersonSample; readonly measured: Measured }> {
  const sample = await gallery.samplePersons({ ...scope, seed, limit: personsAtMost })
  const searched = new Set(sample.fromAll)
  const others = sample.fromThoseWithTwoFaces.filter((personId) => !searched.has(personId))
  const total = searched.size + others.length
  const searchedNumbers = numbering()
  for (const personId of sample.fromAll) searchedNumbers(personId)
  const missedNumbers = numbering()
  const probes: Probe[] = []
  const matedProbes: MatedProbe[] = []
  const within: GroupDistances[] = []
  const between: GroupDistances[] = []

  const take = (portion: PortionDistances, wereSearched: boolean) => {
    for (const { personId, nearestOwn, nearestOther } of portion.probes) {
      if (wereSearched) {
        const other = nearestOther?.personId
        probes.push({
          person: searchedNumbers(personId),
          nearestOther: nearestOther?.distance,
          nearestOtherPerson: other !== undefined && searched.has(other) ? searchedNumbers(other) : undefined,
        })
      }
      if (nearestOwn !== undefined) {
        const person = missedNumbers(personId)
        matedProbes.push({ person, nearestOwn, nearestOther: nearestOther?.distance })
      }
    }
    within.push(...portion.within.map((distances) => ({ distances })))
    if (wereSearched && portion.between.length > 0) between.push({ distances: portion.between })
  }

  let done = 0
  onProgress({ done, total })
  for (const list of [sample.fromAll, others]) {
    for (let first = 0; first < list.length; first += personsPerPortion) {
      signal.throwIfAborted()
      const personIds = list.slice(first, first + personsPerPortion)
      take(await gallery.distances({ ...scope, personIds, facesPerPerson, seed }), list === sample.fromAll)
      done += personIds.length
      onProgress({ done, total })
    }
  }
  const personsMissed = new Set(matedProbes.map(({ person }) => person)).size
  return {
    sample,
    measured: { personsSearched: searched.size, probes, personsMissed, matedProbes, within, between },
  }
}

/** Numbers people from 0 in the order in which they are asked for. */
function numbering(): (personId: PersonId) => number {
  const numbers = new Map<PersonId, number>()
  return (personId) => {
    const known = numbers.get(personId)
    if (known !== undefined) return known
    numbers.set(personId, numbers.size)
    return numbers.size - 1
  }
}
