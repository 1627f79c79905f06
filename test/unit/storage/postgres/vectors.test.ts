/** Vectors in pgvector's binary format. */
import { expect, test } from 'vitest'
import { decodeVector, encodeVector } from '../../../../src-main/storage/postgres/vectors'
import { floatsOf } from '../../../../src-main/storage/sql/search/flat-indexes'

const vector = Float32Array.from({ length: 512 }, (_, i) => Math.fround(Math.sin(i) / (i + 1)))

test('what is sent comes back bit for bit', () => {
  expect(floatsOf(decodeVector(encodeVector(vector)))).toEqual(vector)
})

test('the dimension, a zero and float32, all big-endian', () => {
  const bytes = encodeVector(Float32Array.of(1, -2))
  expect([...bytes]).toEqual([0, 2, 0, 0, 0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0])
})

test('bytes that lie anywhere in a buffer are read', () => {
  const apart = new Uint8Array(2055)
  apart.set(encodeVector(vector), 3)
  expect(floatsOf(decodeVector(apart.subarray(3)))).toEqual(vector)
})

test('another dimension is none of ours', () => {
  expect(() => decodeVector(encodeVector(Float32Array.of(1, 2)))).toThrow('12 bytes')
})
