/** The distances that a calibration is made of, in portions that never hold the store up. Store worker thread. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { cosineDistance } from '../../../../src-shared/cosine-distance'
import { VisorError } from '../../../../src-shared/errors'
import { type PersonId, photoIdSchema } from '../../../../src-shared/ids'
import type { FlatIndex } from '../../flat/flat-index'
import type { DistancesQuery, PersonSample, PersonSampleQuery, PortionDistances } from '../../search-records'
import type { Connection } from '../connection'

/** People looked at, and probes searched for, in one turn of the worker: about 10 ms with a million faces. */
const personsPerTurn = 4_000
const probesPerTurn = 4
/** A person's photos among which the nearest is sought; those chosen by the seed where there are more. */
const ownFacesAtMost = 256

export const selectPhotosOfEmbeddings = `
  SELECT e.id, f.photo_id AS photoId
  FROM numbers(?) own
  CROSS JOIN embeddings e ON e.id = own.value CROSS JOIN faces f ON same_client(f, e) AND f.id = e.face_id`
const photoOfEmbeddingRow = z.object({ id: z.number().int(), photoId: photoIdSchema })

/** The index as it is now: asked for anew in every turn, because one that outgrows its kind is replaced. */
type CurrentIndex = () => Promise<FlatIndex>

/**
 * People whose ids have the least hashes: a sample by chance that stays the same when others come and go (bottom-k
 * sampling: Cohen & Kaplan, *Summarizing data using bottom-k sketches*, PODC 2007).
 */
export async function samplePersons(
  currentIndex: CurrentIndex,
  { domain, seed, limit }: PersonSampleQuery,
): Promise<PersonSample> {
  const all: (Ranked & { readonly several: boolean })[] = []
  let fingerprint = 0
  let personsWithTwoFaces = 0
  let index = await currentIndex()
  const personIds = [...index.personsOf(domain)]
  for (const [at, personId] of personIds.entries()) {
    if (at % personsPerTurn === personsPerTurn - 1) {
      await nextTurn()
      index = await currentIndex()
    }
    const embeddings = index.embeddingsOf(personId)
    if (embeddings.length === 0) continue
    const identity = hash(personId, 0)
    for (const embedding of embeddings) fingerprint = (fingerprint + mix(identity ^ mix(embedding))) >>> 0
    if (embeddings.length > 1) personsWithTwoFaces++
    all.push({ personId, rank: hash(personId, seed), several: embeddings.length > 1 })
  }
  const { persons, embeddings } = index.counts([domain])
  return {
    persons,
    embeddings,
    personsWithTwoFaces,
    fingerprint: `${persons}-${embeddings}-${fingerprint.toString(16).padStart(8, '0')}`,
    fromAll: leastRanked(all, limit),
    fromThoseWithTwoFaces: leastRanked(
      all.filter(({ several }) => several),
      limit,
    ),
  }
}

interface Ranked {
  readonly personId: PersonId
  readonly rank: number
}

/** The `limit` least ranked, least first. Only numbers are sorted in full: objects would take ten times as long. */
function leastRanked(people: readonly Ranked[], limit: number): PersonId[] {
  if (limit === 0) return []
  const ranks = Uint32Array.from(people, ({ rank }) => rank).sort()
  const greatest = ranks[Math.min(limit, ranks.length) - 1] ?? 0
  return people
    .filter(({ rank }) => rank <= greatest)
    .sort((a, b) => a.rank - b.rank || (a.personId < b.personId ? -1 : 1))
    .slice(0, limit)
    .map(({ personId }) => personId)
}

interface ChosenFace {
  readonly photoId: string
  readonly vector: Float32Array
}

interface ChosenPerson {
  readonly personId: PersonId
  readonly own: readonly ChosenFace[]
}

export async function distances(
  connection: Connection,
  currentIndex: CurrentIndex,
  { domain, personIds, facesPerPerson, seed }: DistancesQuery,
): Promise<PortionDistances> {
  if (personIds.length > 64) throw new VisorError('invalid-argument', 'A portion has at most 64 people.')
  const chosen: ChosenPerson[] = []
  for (const personId of personIds) {
    const own = ownFaces(connection, await currentIndex(), personId, seed)
    if (own.length > 0) chosen.push({ personId, own })
    await nextTurn()
  }
  const probes = chosen.flatMap(({ personId, own }) =>
    own.slice(0, facesPerPerson).map((face) => ({ personId, face, own })),
  )
  const measured: PortionDistances['probes'][number][] = []
  for (let first = 0; first < probes.length; first += probesPerTurn) {
    const some = probes.slice(first, first + probesPerTurn)
    const answers = (await currentIndex()).search({
      domains: [domain],
      probes: some.map(({ face }) => face.vector),
      // The person whose face it is, and the nearest of the others.
      topPersons: 2,
      topFaces: 0,
      withinDistance: 0,
    })
    for (const [at, { personId, face, own }] of some.entries()) {
      const other = answers[at]!.persons.find((hit) => hit.personId !== personId)
      const ownDistances = distancesToOtherPhotos(face, own)
      measured.push({
        personId,
        ...(ownDistances.length === 0 ? {} : { nearestOwn: Math.min(...ownDistances) }),
        ...(other === undefined
          ? {}
          : { nearestOther: { personId: other.personId, distance: other.distance } }),
      })
    }
    await nextTurn()
  }
  return {
    probes: measured,
    within: chosen
      .map(({ own }) => pairs(own.slice(0, facesPerPerson)))
      .filter((ownPairs) => ownPairs.length > 0),
    between: chosen.flatMap(({ own: [face] }, at) =>
      chosen.slice(at + 1).map(({ own: [other] }) => cosineDistance(face!.vector, other!.vector)),
    ),
  }
}

/** The person's faces in an order by chance, at most {@link ownFacesAtMost}. */
function ownFaces(connection: Connection, index: FlatIndex, personId: PersonId, seed: number): ChosenFace[] {
  const embeddings = index
    .embeddingsOf(personId)
    .map((embedding) => ({ embedding, rank: mix(embedding ^ mix(seed)) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, ownFacesAtMost)
    .map(({ embedding }) => embedding)
  const rows = connection.rows(photoOfEmbeddingRow, selectPhotosOfEmbeddings, JSON.stringify(embeddings))
  const photoOf = new Map(rows.map(({ id, photoId }) => [id, photoId]))
  return embeddings.map((embedding) => ({
    photoId: photoOf.get(embedding)!,
    vector: index.vectorOf(embedding),
  }))
}

function distancesToOtherPhotos(face: ChosenFace, own: readonly ChosenFace[]): number[] {
  return own
    .filter(({ photoId }) => photoId !== face.photoId)
    .map((other) => cosineDistance(face.vector, other.vector))
}

/** Distances of each two faces of different photos. */
function pairs(faces: readonly ChosenFace[]): number[] {
  return faces.flatMap((face, at) => distancesToOtherPhotos(face, faces.slice(at + 1)))
}

/** 32 bits of a text, FNV-1a and a final mix. */
function hash(text: string, seed: number): number {
  let value = 0x811c9dc5 ^ seed
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return mix(value)
}

/** The final mix of MurmurHash3: every bit of the input moves every bit of the output. */
function mix(input: number): number {
  let value = input >>> 0
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
