import { describe, expect, it } from 'vitest'
import { fillTensor } from '../../../../src-main/vision/maths/tensor'

const pixels = { data: Uint8Array.of(10, 20, 30, 40, 50, 60), width: 2, height: 1 }

describe('fillTensor', () => {
  it('writes planes of red, green and blue, and black around', () => {
    const tensor = new Float32Array(3 * 4).fill(99)
    fillTensor(tensor, 2, 2, pixels, { colour: 'rgb', mean: 127.5, scale: 127.5 })
    const black = -1
    const expected = [10, 40].map((v) => (v - 127.5) / 127.5)
    expect([...tensor.subarray(0, 4)]).toEqual([...Float32Array.from(expected), black, black])
    expect(tensor[4]).toBeCloseTo((20 - 127.5) / 127.5, 6)
    expect(tensor[9]).toBeCloseTo((60 - 127.5) / 127.5, 6)
  })

  it('swaps red and blue', () => {
    const tensor = new Float32Array(6)
    fillTensor(tensor, 2, 1, pixels, { colour: 'bgr', mean: 0, scale: 1 })
    expect([...tensor]).toEqual([30, 60, 20, 50, 10, 40])
  })

  it('mirrors rows', () => {
    const tensor = new Float32Array(6)
    fillTensor(tensor, 2, 1, pixels, { colour: 'rgb', mean: 0, scale: 1 }, true)
    expect([...tensor]).toEqual([40, 10, 50, 20, 60, 30])
  })
})
