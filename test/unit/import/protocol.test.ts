/** A portion on its way from a reader's thread. */
import { expect, test } from 'vitest'
import { personByName, rowOf } from '../../../src-main/import/row'
import { fromSent, toSent } from '../../../src-main/import/thread/protocol'

const row = (position: number, more: Partial<Parameters<typeof rowOf>[0]>) =>
  rowOf({ position, key: `row ${position}`, person: personByName('Ana \ud800 "č"'), ...more })

/** As it arrives. */
const sent = (rows: readonly ReturnType<typeof row>[]) =>
  fromSent(structuredClone(toSent({ from: rows[0]!.position, rows })))

test('vectors come at length 1, rounded once, and are known by their bits', () => {
  const [first, second, third] = sent([
    row(7, { embedding: Float32Array.of(3, 4) }),
    row(8, { embedding: Float32Array.of(6, 8) }),
    row(9, { embedding: Float32Array.of(1, 2, 2), person: null }),
  ]).rows
  expect(first?.embedding).toEqual(Float32Array.of(0.6, 0.8))
  expect(second?.embedding).toEqual(first?.embedding)
  // printf '\x9a\x99\x19\x3f\xcd\xcc\x4c\x3f' | openssl dgst -sha256 -binary | base64
  expect(first?.vectorDigest).toBe('nSwUPcXiyN8xEhHTjLnteDV6F5gnhUMUrsVT5doxkUU=')
  expect(second?.vectorDigest).toBe(first?.vectorDigest)
  expect(third?.embedding).toEqual(Float32Array.of(1 / 3, 2 / 3, 2 / 3))
  expect(third?.vectorDigest).not.toBe(first?.vectorDigest)
})

test('a vector that cannot be at length 1 comes as it is, and one that is none does not', () => {
  const { rows } = sent([
    row(0, { embedding: Float32Array.of(0, 0) }),
    row(1, { embedding: Float32Array.of(Number.NaN, 1) }),
    row(2, {}),
    row(3, { embedding: Float32Array.of(0, 2) }),
  ])
  expect(rows.map(({ embedding }) => embedding)).toEqual([
    Float32Array.of(0, 0),
    Float32Array.of(Number.NaN, 1),
    null,
    Float32Array.of(0, 1),
  ])
  expect(rows.map(({ vectorDigest }) => vectorDigest === null)).toEqual([true, true, true, false])
  expect(rows.map(({ problem }) => problem?.reason)).toEqual([
    'zero-length',
    'not-finite',
    undefined,
    undefined,
  ])
})

test('all else comes as it was read, broken text and photos too', () => {
  const image = new Uint8Array([1, 2, 3])
  const given = [
    row(4, { image, box: { x: -0.1, y: 1e-300, w: 7, h: 8 }, confidence: 0.1 + 0.2, createdAt: 12 }),
    row(5, { photoPath: '/a/\udfff.jpg' }),
  ]
  const portion = sent(given)
  expect(portion.from).toBe(4)
  expect(portion.rows).toEqual(
    given.map(({ squared: _squared, ...rest }) => ({ ...rest, vectorDigest: null })),
  )
})
