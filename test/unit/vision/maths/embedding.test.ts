import { describe, expect, it } from 'vitest'
import { average, normalise } from '../../../../src-main/vision/maths/embedding'
import { parseUnitEmbedding } from '../../../../src-shared/face'

const along = (index: number) => {
  const vector = new Float32Array(512)
  vector[index] = 3
  return vector
}

describe('normalise', () => {
  it('gives length 1 and leaves its input', () => {
    const vector = Float32Array.from({ length: 512 }, (_, index) => Math.sin(index))
    const before = vector.slice()
    const unit = normalise(vector)
    expect(parseUnitEmbedding(unit)).toBe(unit)
    expect(vector).toEqual(before)
  })

  it('refuses what has no direction', () => {
    expect(() => normalise(new Float32Array(512))).toThrow('without a direction')
    expect(() => normalise(new Float32Array(512).fill(Number.NaN))).toThrow('without a direction')
  })
})

describe('average', () => {
  it('lies between the two', () => {
    const middle = average(normalise(along(0)), normalise(along(1)))
    expect(middle[0]).toBeCloseTo(Math.SQRT1_2, 6)
    expect(middle[1]).toBeCloseTo(Math.SQRT1_2, 6)
  })
})
