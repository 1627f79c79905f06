/** int8 codes: the bound on what they lose is kept by every pair, and is as tight as it can be told to be. */
import { describe, expect, test } from 'vitest'
import { type Planes, quantiseProbe, quantiseRow } from '../../../../src-main/storage/flat/quantise'
import { randomNumbers, similarity, unitVector } from '../../../contract/made-faces'

/** The similarity that the kernel computes of a row and a probe, without what the bound adds. */
function codedSimilarity(row: Float32Array, probe: Float32Array, planes: Planes) {
  const codes = new Int8Array(512)
  const columns = new Uint8Array(512 * planes)
  const { scale, sum, error } = quantiseRow(row, codes)
  const { scale: probeScale, slack } = quantiseProbe(probe, planes, columns)
  let whole = -sum * (planes === 2 ? 8192 : 64)
  for (let i = 0; i < 512; i++) {
    whole += codes[i]! * (planes === 2 ? columns[i]! * 128 + columns[512 + i]! : columns[i]!)
  }
  return { value: whole * scale * probeScale, bound: error + slack, whole, columns }
}

describe.each([1, 2] as const)('%i planes', (planes) => {
  test('the true similarity is never further away than the bound, and the bound is narrow', () => {
    const random = randomNumbers(7)
    for (let pair = 0; pair < 500; pair++) {
      const row = unitVector(random)
      const probe = unitVector(random, pair % 2 === 0 ? row : undefined, pair % 5)
      const { value, bound } = codedSimilarity(row, probe, planes)
      expect(Math.abs(value - similarity(row, probe))).toBeLessThanOrEqual(bound)
      expect(bound).toBeLessThan(planes === 2 ? 0.015 : 0.04)
    }
  })

  test('a vector along one axis keeps its bound', () => {
    const row = new Float32Array(512)
    row[17] = -1
    const { value, bound } = codedSimilarity(row, row, planes)
    expect(Math.abs(value - 1)).toBeLessThanOrEqual(bound)
  })

  test('columns have seven bits, sums fit into 32', () => {
    const random = randomNumbers(8)
    const flat = new Float32Array(512).fill(1 / Math.sqrt(512))
    for (const probe of [flat, flat.map((value) => -value), unitVector(random)]) {
      const { columns, whole } = codedSimilarity(flat, probe, planes)
      expect(Math.max(...columns)).toBeLessThanOrEqual(127)
      expect(Math.abs(whole)).toBeLessThan(2 ** 31)
    }
  })
})
