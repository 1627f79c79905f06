/** The checks that go through the store, as its users do: search and ledger. Runs in main and on the command line. */
import { durationText } from '../../../src-shared/amounts'
import { type CheckFinding, failed, passed, unchecked, warned } from '../../../src-shared/diagnosis'
import type { StoredFace } from '../../storage/diagnostics-store'
import type { GalleryStore } from '../../storage/gallery-store'
import type { SearchMethod } from '../../storage/search-records'

/** What is asked of a store for a diagnosis. */
export type SearchedGallery = Pick<GalleryStore, 'search' | 'verifyLedger'>

/** People asked for: as many as the window shows. */
const topPersons = 10
/** float32 products of 512 numbers of which the squares add up to 1; stored vectors are of length 1 ± 1e-3. */
const sameDistance = 2.1e-3
/** Searches stop after this, however many there were to be. */
const budgetMs = 8000
/** The 95th percentile above which somebody waits. */
const slowMs = 250
const tooSlowMs = 2000

const nobodyThere = () => unchecked('There is nobody enrolled yet to be searched for.', { figure: '0 faces' })

const queryFor = ({ clientId, domain, modelId, embedding }: StoredFace) => ({
  clientId,
  domains: [domain],
  modelId,
  probes: [embedding],
  topPersons,
  topFaces: 0,
  withinDistance: sameDistance,
})

/** A stored face is searched for: whether it found its own person, and how far from it, where it did. */
export async function searchForItself(
  gallery: Pick<GalleryStore, 'search'>,
  face: StoredFace,
): Promise<{
  readonly found: boolean
  readonly distance: number | undefined
  readonly method: SearchMethod
}> {
  const { probes, method } = await gallery.search(queryFor(face))
  const persons = probes[0]?.persons ?? []
  const own = persons.find(({ personId }) => personId === face.personId)
  const distance = own === undefined ? undefined : Math.abs(own.distance)
  // Where more people than were asked for have the very same face, any of them is a right answer.
  const tied = persons.length === topPersons && persons.every((person) => person.distance <= sameDistance)
  return { found: distance === undefined ? tied : distance <= sameDistance, distance, method }
}

/** Stored faces are searched for: each must find its own person, at distance 0. */
export async function checkSelf(
  gallery: SearchedGallery,
  faces: readonly StoredFace[],
  signal: AbortSignal,
): Promise<CheckFinding> {
  if (faces.length === 0) return nobodyThere()
  let lost = 0
  let farthest = 0
  const methods = new Set<SearchMethod>()
  for (const face of faces) {
    signal.throwIfAborted()
    const { found, distance, method } = await searchForItself(gallery, face)
    methods.add(method)
    if (!found) lost++
    farthest = Math.max(farthest, distance ?? 0)
  }
  const figure = `${faces.length - lost} of ${faces.length}`
  if (lost === 0) {
    return passed(
      `${faces.length === 1 ? 'The stored face' : `Each of ${faces.length} stored faces`} was found for its own person, at distance ${farthest < 1e-6 ? '0' : farthest.toExponential(0)}.`,
      { figure },
    )
  }
  return failed(
    `${lost} of ${faces.length} stored faces were not found for their own person: searches miss people.`,
    {
      figure,
      next: methods.has('hnsw')
        ? { text: 'The index is approximate, or damaged. Build it anew:', copy: 'visor index rebuild' }
        : {
            text: 'See Vectors and Orphans; whoever was changed meanwhile is counted, too, so run it again.',
            copy: null,
          },
    },
  )
}

/** How long a search takes, one probe at a time, as a photo with one face does. */
export async function checkLatency(
  gallery: SearchedGallery,
  faces: readonly StoredFace[],
  signal: AbortSignal,
): Promise<CheckFinding> {
  const [first] = faces
  if (first === undefined) return nobodyThere()
  const methods = new Set<SearchMethod>()
  const timed = async (face: StoredFace): Promise<number> => {
    signal.throwIfAborted()
    const startedAt = performance.now()
    methods.add((await gallery.search(queryFor(face))).method)
    return performance.now() - startedAt
  }
  // What is loaded once is told apart.
  const firstMs = await timed(first)
  const startedAt = performance.now()
  const times: number[] = []
  for (let round = 0; round < 2; round++) {
    for (const face of faces) {
      if (performance.now() - startedAt > budgetMs && times.length > 0) break
      times.push(await timed(face))
    }
  }
  times.sort((a, b) => a - b)
  const median = times[Math.floor(times.length / 2)]!
  const p95 = times[Math.floor(times.length * 0.95)]!
  const report = {
    figure: `${durationText(median)}, 95th ${durationText(p95)}`,
    table: {
      columns: ['What', 'Value'],
      rows: [
        ['searches', String(times.length)],
        ['median', durationText(median)],
        ['95th percentile', durationText(p95)],
        ['the first, which loads what it needs', durationText(firstMs)],
        ['method', [...methods].join(', ')],
      ],
    },
  }
  if (p95 <= slowMs) return passed('A search is answered before anybody waits for it.', report)
  const next = {
    text: 'See Server settings and Indexes; for a large gallery build an index (Settings, Index) or let the cache answer.',
    copy: null,
  }
  return p95 <= tooSlowMs
    ? warned('Some searches take long enough to be waited for.', { ...report, next })
    : failed('Searches take so long that photos wait in line for them.', { ...report, next })
}

/** The whole chain of every ledger that can be seen. */
export async function checkLedger(gallery: SearchedGallery): Promise<CheckFinding> {
  const { entries, brokenAt } = await gallery.verifyLedger()
  const figure = `${entries.toLocaleString('en-GB')} ${entries === 1 ? 'entry' : 'entries'}`
  if (brokenAt === undefined)
    return passed('The chain of the ledger holds: no entry was changed or taken out.', { figure })
  return failed(
    `The ledger was changed by hand: its chain is broken at entry ${brokenAt.toLocaleString('en-GB')}.`,
    {
      figure,
      next: {
        text: 'Compare that entry with a backup, and find out who has access to the database beside Visor.',
        copy: null,
      },
    },
  )
}
