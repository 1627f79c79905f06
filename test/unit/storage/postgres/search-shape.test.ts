/** Which way a search goes, by the sizes of domains and of the index. */
import { expect, it, test } from 'vitest'
import {
  fewestRows,
  searchWidthOf,
  standsOut,
  wayFor,
} from '../../../../src-main/storage/postgres/search-shape'
import { knownRow } from '../../../../src-main/storage/postgres/search-statement'
import { domainSchema } from '../../../../src-shared/ids'

const [large, small] = ['large', 'small'].map((name) => domainSchema.parse(name)) as [never, never]
const known = (indexes: readonly object[]) =>
  knownRow.parse({
    sizes: [
      { domain: 'large', persons: 10_000, embeddings: 80_000 },
      { domain: 'small', persons: 2_000, embeddings: 20_000 },
    ],
    indexes,
  })
const index = { vectors: 'halfvec', rows: 100_000, searchWidth: 600 }

test.each([
  [[large], [index], { shape: 'halfvec', why: 'large' }],
  [[large], [], { shape: 'exact', why: 'no-index' }],
  // A fifth of the index: it would go past four rows for each of its own.
  [[small], [index], { shape: 'exact', why: 'small' }],
  ['all' as const, [index], { shape: 'halfvec', why: 'large' }],
])('of %s', (domains, indexes, way) => {
  expect(
    wayFor(known(indexes), domains, { smallUpToRows: 0, indexFromRows: 15_000, doubtsIndex: true }),
  ).toEqual(way)
})

it('asks for three quarters of the candidates, of a part for its share of them', () => {
  expect(searchWidthOf(known([{ ...index, searchWidth: null }]))).toBe(320)
  expect(searchWidthOf(known([{ ...index, rows: 49_999, searchWidth: null }]))).toBe(160)
  expect(searchWidthOf(known([index]))).toBe(600)
  expect(fewestRows('halfvec', known([index]), [small])).toBe(90)
  expect(fewestRows('halfvec', known([index]), [large])).toBe(480)
  expect(fewestRows('exact', known([index]), [large])).toBe(64)
  const million = { ...known([index]), sizes: [{ domain: large, persons: 100_000, embeddings: 1_000_000 }] }
  expect(fewestRows('halfvec', million, [large])).toBe(1500)
})

test.each([
  ['somebody who is nearer than the crowd', [0.24, ...Array<number>(9).fill(0.57)], true],
  ['somebody among the crowd', [0.52, ...Array<number>(9).fill(0.57)], false],
  ['two who look alike, nearer than the crowd', [0.24, 0.25, ...Array<number>(8).fill(0.57)], true],
  ['too few to tell', [0.24, 0.57], false],
  ['nobody', [], false],
])('whether the nearest stands out: %s', (_, distances, expected) => {
  expect(standsOut(distances.map((distance) => ({ distance })))).toBe(expected)
})
