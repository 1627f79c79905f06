/** Compares what a run brought with its source, which is read again. Main, command line. */
import { cosineDistance } from '../../../src-shared/cosine-distance'
import type { UnitEmbedding } from '../../../src-shared/face'
import type { Domain, FaceId } from '../../../src-shared/ids'
import type { Difference, ImportRun, Validation } from '../../../src-shared/import-run'
import type { Source } from '../../import/source'
import type { GalleryStore } from '../../storage/gallery-store'
import type { ImportedFace, ImportStore, StoredFace } from '../../storage/import-store'
import type { WriteControl } from '../../storage/written'
import type { PhotoRows } from './photo-rows'
import { type KnownPhoto, type RowsOptions, SourceRows } from './source-rows'

/** Differences of each kind that are told one by one. */
const mostTold = 100
/** Faces that are searched for. */
const searchesAsked = 20
/** Nearest faces that a search is asked for. */
const nearestAsked = 20
/** Two ways to add 512 products of float32 numbers differ by less. */
const distanceTolerance = 1e-5

interface Validated {
  readonly target: { readonly imports: ImportStore; readonly gallery: Pick<GalleryStore, 'search'> }
  readonly control: WriteControl
}

/** Raises what the source and the store raise, and what the signal is aborted with. */
export async function compareWithSource(
  source: Source,
  run: ImportRun,
  rowsOptions: RowsOptions,
  photos: PhotoRows,
  { target, control: { signal, onProgress } }: Validated,
): Promise<Validation> {
  const { imports, gallery } = target
  const refused = new Set(await imports.rejectedKeys(run.runId))
  const found = new Comparison()
  const rows = new SourceRows(rowsOptions)
  // Twice through the source: once to compare, once for the nearest of the faces that are searched for.
  const total = 2 * run.total
  for await (const read of source.rows(0, { withImages: photos.wantsImages })) {
    signal?.throwIfAborted()
    // Of photos only which they are: what was made from them is nowhere else to be compared with.
    const looked = await photos.lookAt(read, Infinity, signal)
    const { faces, rejects, known, to } = rows.portion(read, 0, looked)
    const photographed = known.filter(({ key }) => !refused.has(key))
    found.rejected += known.length - photographed.length
    for (const group of Map.groupBy(photographed, groupKey).values()) {
      const [{ domain, modelId }] = group as [KnownPhoto]
      const sought = group.map(({ ids, sha256 }) => ({ ...ids, sha256, box: nowhere }))
      const stored = await imports.stored(run.clientId, domain, modelId, sought)
      for (const [index, row] of group.entries()) found.comparePhoto(row, stored[index] ?? null)
    }
    const wanted = faces.filter(({ key }) => !refused.has(key))
    found.rejected += rejects.length + faces.length - wanted.length
    for (const group of Map.groupBy(wanted, groupKey).values()) {
      const [{ domain, modelId }] = group as [ImportedFace]
      const sought = group.map(({ ids, photo, face }) => ({
        ...ids,
        sha256: photo.sha256,
        box: face.box,
      }))
      const stored = await imports.stored(run.clientId, domain, modelId, sought)
      for (const [index, row] of group.entries()) found.compare(row, stored[index] ?? null)
    }
    onProgress?.({ done: to, total })
  }
  const nearest = new NearestInSource(found.sample())
  const again = new SourceRows(rowsOptions)
  for await (const read of source.rows()) {
    signal?.throwIfAborted()
    const { faces, to } = again.portion(read, 0)
    for (const face of faces) if (found.isEqual(face.ids.faceId)) nearest.look(face)
    onProgress?.({ done: run.total + to, total })
  }
  const searches = await searchedBoth(gallery, run, nearest)
  return found.result(searches)
}

/** A box that overlaps none. */
const nowhere = { x: 0, y: 0, w: 0, h: 0 }
const groupKey = ({ domain, modelId }: Pick<ImportedFace, 'domain' | 'modelId'>) =>
  JSON.stringify([domain, modelId])
const inDomain = (domain: Domain, name: string) => JSON.stringify([domain, name])

interface Counted {
  readonly domain: Domain
  readonly name: string
  faces: number
  foundFaces: number
}

class Comparison {
  rejected = 0
  #read = 0
  #kept = 0
  #missing = 0
  #different = 0
  readonly #equal = new Set<FaceId>()
  readonly #persons = new Map<string, Counted>()
  readonly #differences: Difference[] = []
  /** Those whose ids end with the least: chance, and the same in every comparison. */
  #sample: ImportedFace[] = []

  compare(row: ImportedFace, stored: StoredFace | null): void {
    if (!this.#found(row, stored)) return
    const { ids, face } = row
    if (sameBits(face.embedding, stored.embedding)) {
      this.#equal.add(stored.byPlace ? stored.faceId : ids.faceId)
      if (!stored.byPlace) this.#choose(row)
    } else if (stored.byPlace) this.#kept += 1
    else {
      this.#different += 1
      this.#tell(row, 'Its embedding is another one.')
    }
  }

  /** A row whose face was found in a photo. */
  comparePhoto(row: KnownPhoto, stored: StoredFace | null): void {
    if (this.#found(row, stored)) this.#kept += 1
  }

  isEqual(faceId: FaceId): boolean {
    return this.#equal.has(faceId)
  }

  sample(): readonly ImportedFace[] {
    return this.#sample
  }

  result(searches: Validation['searches']): Validation {
    const persons = [...this.#persons.values()]
    const [missing, different] = [this.#missing, this.#different]
    return {
      at: new Date().toISOString(),
      passed: missing === 0 && different === 0 && searches.agreed === searches.asked,
      rows: {
        read: this.#read + this.rejected,
        equal: this.#read - this.#kept - missing - different,
        kept: this.#kept,
        rejected: this.rejected,
        missing,
        different,
      },
      differences: this.#differences,
      domains: [...Map.groupBy(persons, ({ domain }) => domain)].map(([domain, people]) => ({
        domain,
        persons: people.length,
        faces: sum(people, ({ faces }) => faces),
        foundPersons: people.filter(({ foundFaces }) => foundFaces > 0).length,
        foundFaces: sum(people, ({ foundFaces }) => foundFaces),
      })),
      persons: persons.filter(({ faces, foundFaces }) => faces !== foundFaces).slice(0, mostTold),
      searches,
    }
  }

  /** Counts the row with its person; whether it is there. */
  #found(
    { key, domain, person, ids }: Pick<ImportedFace, 'key' | 'domain' | 'person' | 'ids'>,
    stored: StoredFace | null,
  ): stored is StoredFace {
    this.#read += 1
    const place = inDomain(domain, person.name)
    const counted = this.#persons.get(place) ?? { domain, name: person.name, faces: 0, foundFaces: 0 }
    this.#persons.set(place, counted)
    counted.faces += 1
    if (stored === null) {
      this.#missing += 1
      this.#tell({ key }, 'It is not in the gallery.')
      return false
    }
    if (stored.personId === ids.personId || stored.name === person.name) counted.foundFaces += 1
    return true
  }

  #choose(row: ImportedFace): void {
    this.#sample.push(row)
    if (this.#sample.length < 2 * searchesAsked) return
    this.#sample = leastIds(this.#sample)
  }

  #tell({ key }: Pick<ImportedFace, 'key'>, detail: string): void {
    if (this.#differences.length < mostTold) this.#differences.push({ key, detail })
  }
}

/** By the last group of an id; its first is shared by neighbours, see [Note: Neighbours]. */
function leastIds(rows: readonly ImportedFace[]): ImportedFace[] {
  const chance = ({ ids }: ImportedFace) => ids.faceId.slice(-12)
  return rows.toSorted((a, b) => (chance(a) < chance(b) ? -1 : 1)).slice(0, searchesAsked)
}

interface Probe {
  readonly row: ImportedFace
  nearest: { readonly faceId: FaceId; readonly key: string; readonly distance: number } | undefined
}

/** The nearest other face of each of a few, of their own domain and model, by comparing with every row of the source. */
class NearestInSource {
  readonly probes: readonly Probe[]

  constructor(rows: readonly ImportedFace[]) {
    this.probes = leastIds(rows).map((row) => ({ row, nearest: undefined }))
  }

  look(face: ImportedFace): void {
    for (const probe of this.probes) {
      const { row, nearest } = probe
      const { faceId } = face.ids
      if (faceId === row.ids.faceId || face.domain !== row.domain || face.modelId !== row.modelId) continue
      const distance = cosineDistance(row.face.embedding, face.face.embedding)
      if (nearest !== undefined && nearest.distance <= distance) continue
      probe.nearest = { faceId, key: face.key, distance }
    }
  }
}

/** Asks the gallery for the same neighbours. Others, who were there before, may be nearer. */
async function searchedBoth(
  gallery: Pick<GalleryStore, 'search'>,
  { clientId }: ImportRun,
  { probes }: NearestInSource,
): Promise<Validation['searches']> {
  const differences: Difference[] = []
  let asked = 0
  for (const { row, nearest } of probes) {
    asked += 1
    const answer = await gallery.search({
      clientId,
      domains: [row.domain],
      modelId: row.modelId,
      probes: [row.face.embedding],
      topPersons: 1,
      topFaces: nearestAsked,
      withinDistance: 2,
      exact: true,
    })
    const faces = answer.probes[0]?.faces ?? []
    const isThere = (faceId: FaceId, distance: number) => {
      const hit = faces.find((face) => face.faceId === faceId)
      if (hit !== undefined) return Math.abs(hit.distance - distance) <= distanceTolerance
      // The list is full of nearer ones.
      const last = faces.at(-1)
      return (
        faces.length === nearestAsked && last !== undefined && last.distance <= distance + distanceTolerance
      )
    }
    if (!isThere(row.ids.faceId, 0)) {
      differences.push({ key: row.key, detail: 'A search for it does not find it.' })
    } else if (nearest !== undefined && !isThere(nearest.faceId, nearest.distance)) {
      differences.push({ key: row.key, detail: `A search for it does not find ${nearest.key}, its nearest.` })
    }
  }
  return { asked, agreed: asked - differences.length, differences }
}

function sameBits(a: UnitEmbedding, b: UnitEmbedding): boolean {
  const bytes = ({ buffer, byteOffset, byteLength }: Float32Array) =>
    Buffer.from(buffer, byteOffset, byteLength)
  return bytes(a).equals(bytes(b))
}

const sum = <T>(items: readonly T[], of: (item: T) => number) =>
  items.reduce((all, item) => all + of(item), 0)
