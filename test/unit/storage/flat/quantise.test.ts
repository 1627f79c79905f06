/** int8 codes: the bound on what they lose is kept by every pair, and is as tight as it can be told to be. */
import { expect, test } from 'vitest'
import { quantiseProbe, quantiseRow } from '../../../../src-main/storage/flat/quantise'
import { randomNumbers, similarity, unitVector } from '../../../contract/made-faces'

/** The similarity that the kernel computes of a row and a probe, without what the bound adds. */
function codedSimilarity(row: Float32Array, probe: Float32Array) {
  const codes = new Int8Array(512)
  const planes = new Uint8Array(1024)
  const { scale, offset, error } = quantiseRow(row, codes)
  const { scale: probeScale, slack } = quantiseProbe(probe, planes)
  let whole = -offset
  for (let i = 0; i < 512; i++) whole += codes[i]! * (planes[i]! * 128 + planes[512 + i]!)
  return { value: whole * scale * probeScale, bound: error + slack, whole, planes }
}

test('the true similarity is never further away than the bound', () => {
  const random = randomNumbers(7)
  let worst = 0
  for (let pair = 0; pair < 500; pair++) {
    const row = unitVector(random)
    const probe = unitVector(random, pair % 2 === 0 ? row : undefined, pair % 5)
    const { value, bound } = codedSimilarity(row, probe)
    const off = Math.abs(value - similarity(row, probe))
    worst = Math.max(worst, off / bound)
    expect(off).toBeLessThanOrEqual(bound)
    expect(bound).toBeLessThan(0.02)
  }
  expect(worst).toBeGreaterThan(0)
})

test('a vector along one axis keeps its bound', () => {
  const row = new Float32Array(512)
  row[17] = -1
  const { value, bound } = codedSimilarity(row, row)
  expect(Math.abs(value - 1)).toBeLessThanOrEqual(bound)
})

test('probes stay within seven bits a plane, sums within 32 bits', () => {
  const random = randomNumbers(8)
  const flat = new Float32Array(512).fill(1 / Math.sqrt(512))
  for (const probe of [flat, flat.map((value) => -value), unitVector(random)]) {
    const { planes, whole } = codedSimilarity(flat, probe)
    expect(Math.max(...planes)).toBeLessThanOrEqual(127)
    expect(Math.abs(whole)).toBeLessThan(2 ** 31)
  }
})
