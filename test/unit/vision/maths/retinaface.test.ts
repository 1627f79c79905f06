import { describe, expect, it } from 'vitest'
import { decodeRetinaface } from '../../../../src-main/vision/maths/retinaface'

const decoder = {
  kind: 'retinaface' as const,
  landmarkScale: 0.18181818,
  levels: [{ stride: 16, scales: [8, 4], score: 's', box: 'b', landmark: 'l' }],
}

/** A 64 × 48 input has 4 × 3 cells of stride 16. */
const cells = 12

function outputs() {
  return new Map([
    ['s', new Float32Array(4 * cells)],
    ['b', new Float32Array(8 * cells)],
    ['l', new Float32Array(20 * cells)],
  ])
}

describe('decodeRetinaface', () => {
  it('reads an anchor that was not moved', () => {
    const tensors = outputs()
    const cell = 1 * 4 + 2
    tensors.get('s')![2 * cells + cell] = 0.9
    const [found, ...rest] = decodeRetinaface(decoder, tensors, 64, 48, 0.5)
    expect(rest).toEqual([])
    // Anchor 0 has scale 8, so 128 pixels, centred at 8 + 2·16 and 8 + 16.
    expect(found!.box).toEqual({ x: 40 - 64, y: 24 - 64, w: 128, h: 128 })
    expect(found!.landmarks).toEqual(Array(5).fill({ x: 40, y: 24 }))
    expect(found!.score).toBeCloseTo(0.9, 6)
  })

  it('reads deltas of the second anchor', () => {
    const tensors = outputs()
    const cell = 5
    tensors.get('s')![3 * cells + cell] = 0.7
    const deltas = [0.25, -0.5, Math.log(2), Math.log(0.5)]
    deltas.forEach((delta, channel) => {
      tensors.get('b')![(4 + channel) * cells + cell] = delta
    })
    tensors.get('l')![(10 + 2 * 2) * cells + cell] = 1
    tensors.get('l')![(10 + 2 * 2 + 1) * cells + cell] = -2
    const [found] = decodeRetinaface(decoder, tensors, 64, 48, 0.5)
    // Scale 4: 64 pixels, centre (24, 24); moved by (16, −32); 128 × 32.
    expect(found!.box.x).toBeCloseTo(24 + 16 - 64, 4)
    expect(found!.box.y).toBeCloseTo(24 - 32 - 16, 4)
    expect(found!.box.w).toBeCloseTo(128, 4)
    expect(found!.box.h).toBeCloseTo(32, 4)
    expect(found!.landmarks[2].x).toBeCloseTo(24 + 0.18181818 * 64, 4)
    expect(found!.landmarks[2].y).toBeCloseTo(24 - 2 * 0.18181818 * 64, 4)
  })

  it('ignores the background channels and what is below the score', () => {
    const tensors = outputs()
    tensors.get('s')!.fill(1, 0, 2 * cells)
    tensors.get('s')!.fill(0.49, 2 * cells)
    expect(decodeRetinaface(decoder, tensors, 64, 48, 0.5)).toEqual([])
  })

  it('says which output is absent', () => {
    expect(() => decodeRetinaface(decoder, new Map(), 64, 48, 0.5)).toThrow('no output named s')
  })
})
