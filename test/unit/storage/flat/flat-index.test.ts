/** The flat index: the compiled kernel against sums in JavaScript, int8 against float32, growth and reuse of rows. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FlatIndex } from '../../../../src-main/storage/flat/flat-index'
import { type IndexKind, rowsPerSegment } from '../../../../src-main/storage/flat/layout'
import { quantiseRow } from '../../../../src-main/storage/flat/quantise'
import { ScanPool } from '../../../../src-main/storage/flat/scan-pool'
import type { UnitEmbedding } from '../../../../src-shared/face'
import { type Domain, domainSchema, personIdSchema } from '../../../../src-shared/ids'
import { randomNumbers, similarity, unitVector } from '../../../contract/made-faces'

const even = domainSchema.parse('even')
const odd = domainSchema.parse('odd')
const kinds: IndexKind[] = ['float32', 'int8']

function personId(number: number) {
  return personIdSchema.parse(`00000000-0000-7000-8000-${String(number).padStart(12, '0')}`)
}

let pool: ScanPool
beforeEach(() => {
  // The calling thread alone; the threads are tested where they are built.
  pool = new ScanPool(1, new URL('file:///none'))
})
afterEach(() => pool.close())

/** An index over `vectors`: embedding = position + 1, three embeddings a person, even and odd positions' domains. */
function indexOf(kind: IndexKind, vectors: readonly UnitEmbedding[]) {
  const index = new FlatIndex(kind, pool, (embedding) => vectors[embedding - 1]!)
  for (const [position, vector] of vectors.entries()) {
    const person = personId(Math.floor(position / 6) * 2 + (position % 2))
    index.put(position + 1, person, position % 2 === 0 ? even : odd, () => vector)
  }
  return index
}

const query = { topPersons: 10, topFaces: 10, withinDistance: 0.5 }

describe.each(kinds)('%s', (kind) => {
  const random = randomNumbers(99)
  // A segment and a bit, so that the last one is not full.
  const vectors = Array.from({ length: rowsPerSegment + 77 }, () => unitVector(random))

  test.each([1, 3, 8])('%i faces of one person: who is nearest to any of them, each once', (count) => {
    const index = indexOf(kind, vectors)
    const except = personId(7)
    const probes = Array.from({ length: count }, (_, number) => unitVector(random, vectors[number * 50], 0.6))
    const ofPerson = (position: number) => personId(Math.floor(position / 6) * 2 + (position % 2))
    const byHand = new Map<string, { embedding: number; probe: number; similarity: number }>()
    for (const [position, vector] of vectors.entries()) {
      const person = ofPerson(position)
      if (person === except) continue
      for (const [probe, own] of probes.entries()) {
        const found = similarity(vector, own)
        if (found <= (byHand.get(person)?.similarity ?? -2)) continue
        byHand.set(person, { embedding: position + 1, probe, similarity: found })
      }
    }
    const nearest = [...byHand].sort(([, a], [, b]) => b.similarity - a.similarity).slice(0, 6)
    for (const floor of [Number.NEGATIVE_INFINITY, nearest[2]![1].similarity + 1e-6]) {
      const wanted = nearest.filter(([, hit]) => hit.similarity > floor)
      const found = index.nearestToAny({
        probes,
        except,
        limit: 6,
        floor,
        notPersons: new Map(),
        notEmbeddings: new Set(),
      })
      expect(found.map((hit) => [hit.personId, hit.embedding, hit.probe])).toEqual(
        wanted.map(([person, hit]) => [person, hit.embedding, hit.probe]),
      )
      for (const [place, hit] of found.entries())
        expect(hit.similarity).toBeCloseTo(wanted[place]![1].similarity, 5)
    }
  })

  test.each([1, 2, 4, 5, 8, 9, 19])(
    '%i probes at once: the nearest rows, each with its distance',
    (count) => {
      const index = indexOf(kind, vectors)
      const probes = Array.from({ length: count }, () => unitVector(random))
      for (const [domains, wanted] of [
        ['all', () => true],
        [[even], (position: number) => position % 2 === 0],
      ] as [readonly Domain[] | 'all', (position: number) => boolean][]) {
        const answers = index.search({ ...query, domains, probes })
        expect(answers).toHaveLength(count)
        for (const [number, probe] of probes.entries()) {
          const byHand = vectors
            .map((vector, position) => ({ embedding: position + 1, distance: 1 - similarity(vector, probe) }))
            .filter(({ embedding }) => wanted(embedding - 1))
            .sort((a, b) => a.distance - b.distance)
          const faces = answers[number]!.faces
          expect(faces.map((face) => face.embedding)).toEqual(
            byHand.slice(0, 10).map((face) => face.embedding),
          )
          for (const [rank, face] of faces.entries()) {
            expect(Math.abs(face.distance - byHand[rank]!.distance)).toBeLessThan(1e-6)
          }
        }
      }
    },
  )

  test.each([1, 4])(
    'a search of %i that wants the near ones alone finds just those of the whole answer',
    (count) => {
      const index = indexOf(kind, vectors)
      const probes = Array.from({ length: count }, (_, number) =>
        unitVector(random, vectors[number * 40], 0.7),
      )
      const whole = index.search({ ...query, domains: 'all', probes })
      for (const rank of [0, 1, 4]) {
        for (const [at, probe] of probes.entries()) {
          const farthest = whole[at]!.persons[rank]!.distance + 1e-6
          const [near] = index.search({ ...query, domains: 'all', probes: [probe], farthest })
          expect(near!.persons.map((hit) => hit.personId)).toEqual(
            whole[at]!.persons.filter(({ distance }) => distance <= farthest).map((hit) => hit.personId),
          )
          expect(near!.faces.map((hit) => hit.embedding)).toEqual(
            whole[at]!.faces.filter(({ distance }) => distance <= farthest).map((hit) => hit.embedding),
          )
        }
      }
      expect(
        index.search({ ...query, domains: 'all', probes, farthest: 0 }).flatMap(({ persons }) => persons),
      ).toEqual([])
    },
  )

  test('removed rows are not found, and their places are used again', () => {
    const index = indexOf(kind, vectors)
    const bytes = index.bytes
    for (let embedding = 1; embedding <= 500; embedding++) index.remove(embedding)
    index.remove(500)
    expect(index.size).toBe(vectors.length - 500)
    const [gone] = index.search({ ...query, domains: 'all', probes: [vectors[41]!] })
    expect(gone!.faces[0]!.distance).toBeGreaterThan(0.1)
    for (let embedding = 500; embedding >= 1; embedding--) {
      index.put(embedding, personId(embedding), odd, () => vectors[embedding - 1]!)
    }
    expect(index.bytes).toBe(bytes)
    const [back] = index.search({ ...query, domains: [odd], probes: [vectors[41]!] })
    expect(back!.faces[0]).toMatchObject({ embedding: 42, personId: personId(42) })
    expect(index.counts([even]).embeddings + index.counts([odd]).embeddings).toBe(vectors.length)
  })

  test('a person who moves to another domain is counted and found there, and a domain may change its name', () => {
    const index = indexOf(kind, vectors.slice(0, 12))
    const own = [1, 3, 5]
    for (const embedding of own) index.put(embedding, personId(0), odd, () => vectors[embedding - 1]!)
    expect(index.counts([even])).toEqual({ persons: 1, embeddings: 3 })
    expect(index.counts([odd])).toEqual({ persons: 3, embeddings: 9 })
    for (const embedding of own) index.remove(embedding)
    expect(index.counts([odd])).toEqual({ persons: 2, embeddings: 6 })

    const renamed = domainSchema.parse('renamed')
    const first = (domain: Domain) =>
      index.search({ ...query, domains: [domain], probes: [vectors[1]!] })[0]!.faces[0]?.embedding
    index.renameDomain(odd, renamed)
    expect([first(odd), first(renamed)]).toEqual([undefined, 2])
    index.renameDomain(renamed, odd)
    expect([first(odd), first(renamed)]).toEqual([2, undefined])
    expect(index.counts([odd, renamed])).toEqual({ persons: 2, embeddings: 6 })
  })

  test('a row that changes hands keeps its vector', () => {
    const index = indexOf(kind, vectors.slice(0, 12))
    index.put(1, personId(900), odd, () => {
      throw new Error('not read')
    })
    expect(index.counts([odd])).toEqual({ persons: 3, embeddings: 7 })
    const [answer] = index.search({ ...query, domains: [odd], probes: [vectors[0]!] })
    expect(answer!.persons[0]).toMatchObject({ personId: personId(900), occurrences: 1 })
  })

  test('refuses what 32-bit addresses do not reach, and stays as it was', () => {
    const index = indexOf(kind, vectors.slice(0, 3))
    expect(() => index.reserve(10_000_000)).toThrowError(
      expect.objectContaining({ code: 'capacity-exceeded' }),
    )
    expect(index.search({ ...query, domains: 'all', probes: [vectors[2]!] })[0]!.faces[0]!.embedding).toBe(3)
  })
})

test('int8 finds what float32 finds: the ten nearest people and faces, in crowds of near ones, too', () => {
  const random = randomNumbers(4242)
  // Crowds so close together that the codes alone could not tell them apart.
  const crowds = Array.from({ length: 40 }, () => unitVector(random))
  const vectors = Array.from({ length: 12_000 }, (_, position) =>
    position % 3 === 0 ? unitVector(random, crowds[position % 40], 0.05) : unitVector(random),
  )
  const exact = indexOf('float32', vectors)
  const coded = indexOf('int8', vectors)
  expect(coded.bytes).toBeLessThan(exact.bytes / 3)
  const probes = Array.from({ length: 100 }, (_, number) =>
    number % 2 === 0 ? unitVector(random, crowds[number % 40], 0.05) : unitVector(random),
  )
  const expected = exact.search({ ...query, domains: 'all', probes })
  const found = coded.search({ ...query, domains: 'all', probes })
  let same = 0
  for (const [number, answer] of expected.entries()) {
    const truth = new Set(answer.faces.map((face) => face.embedding))
    same += found[number]!.faces.filter((face) => truth.has(face.embedding)).length
    expect(found[number]!.persons.map((person) => person.occurrences)).toEqual(
      answer.persons.map((person) => person.occurrences),
    )
  }
  const recall = same / (probes.length * 10)
  expect(recall).toBeGreaterThanOrEqual(0.999)
})

describe.each(kinds)('%s: what is taken out', (kind) => {
  /** Keeps the memory that an index makes, to look into it. */
  class Watched extends ScanPool {
    memory: WebAssembly.Memory | undefined
    override attach(memory: WebAssembly.Memory, memoryKind: IndexKind): number {
      this.memory = memory
      return super.attach(memory, memoryKind)
    }
    /** Whether any sixteen of these bytes in a row are in the memory. */
    holds(bytes: Uint8Array): boolean {
      const now = Buffer.from(this.memory!.buffer)
      for (let at = 0; at + 16 <= bytes.length; at++)
        if (now.includes(Buffer.from(bytes.subarray(at, at + 16)))) return true
      return false
    }
  }

  test('leaves nothing in memory, nor does a search that is forgotten', async () => {
    const watched = new Watched(1, new URL('file:///none'))
    const random = randomNumbers(7)
    const vectors = Array.from({ length: 6 }, () => unitVector(random))
    const probe = unitVector(random)
    const index = new FlatIndex(kind, watched, (embedding) => vectors[embedding - 1]!)
    for (const [position, vector] of vectors.entries()) {
      index.put(position + 1, personId(position), even, () => vector)
    }
    index.search({ ...query, domains: 'all', probes: [probe] })
    const bytesOf = (vector: Float32Array) =>
      new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)
    const codesOf = (vector: Float32Array) => {
      const codes = new Int8Array(vector.length)
      quantiseRow(vector, codes)
      return new Uint8Array(codes.buffer)
    }
    const gone = vectors[2]!
    expect(watched.holds(codesOf(gone))).toBe(true)
    expect(watched.holds(bytesOf(gone))).toBe(kind === 'float32')
    expect(watched.holds(bytesOf(probe))).toBe(true)
    index.remove(3)
    index.forgetProbes()
    for (const bytes of [codesOf(gone), bytesOf(gone), bytesOf(probe)])
      expect(watched.holds(bytes)).toBe(false)
    // The others are found as before, and the row is used again.
    const nearest = (vector: UnitEmbedding) =>
      index.search({ ...query, domains: 'all', probes: [vector] })[0]!.faces[0]!.embedding
    expect(nearest(vectors[5]!)).toBe(6)
    index.put(7, personId(9), even, () => vectors[0]!)
    expect(index.size).toBe(6)
    index.wipe()
    for (const vector of vectors) expect(watched.holds(codesOf(vector))).toBe(false)
    index.close()
    await watched.close()
  })
})
