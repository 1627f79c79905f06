import { describe, expect, it } from 'vitest'
import { decodeScrfd } from '../../../../src-main/vision/maths/scrfd'

const decoder = {
  kind: 'scrfd' as const,
  anchorsPerCell: 2,
  levels: [8, 16].map((stride) => ({
    stride,
    score: `s${stride}`,
    box: `b${stride}`,
    landmark: `l${stride}`,
  })),
}

/** A 64 × 32 input: 8 × 4 cells of stride 8, 4 × 2 of stride 16, two anchors each. */
const rows = { 8: 64, 16: 16 }

function outputs() {
  return new Map(
    ([8, 16] as const).flatMap((stride) => [
      [`s${stride}`, new Float32Array(rows[stride])] as const,
      [`b${stride}`, new Float32Array(4 * rows[stride])] as const,
      [`l${stride}`, new Float32Array(10 * rows[stride])] as const,
    ]),
  )
}

describe('decodeScrfd', () => {
  it('reads distances to the edges in strides', () => {
    const tensors = outputs()
    const row = 2 * (2 * 8 + 3) + 1
    tensors.get('s8')![row] = 0.8
    tensors.get('b8')!.set([1, 2, 3, 4], 4 * row)
    tensors.get('l8')!.set([-0.5, -0.5, 0.5, -0.5, 0, 0, -0.5, 0.5, 0.5, 0.5], 10 * row)
    const [found, ...rest] = decodeScrfd(decoder, tensors, 64, 32, 0.5)
    expect(rest).toEqual([])
    // Cell (3, 2) of stride 8 begins at (24, 16).
    expect(found!.box).toEqual({ x: 24 - 8, y: 16 - 16, w: 8 * 4, h: 8 * 6 })
    expect(found!.landmarks).toEqual([
      { x: 20, y: 12 },
      { x: 28, y: 12 },
      { x: 24, y: 16 },
      { x: 20, y: 20 },
      { x: 28, y: 20 },
    ])
  })

  it('reads every level', () => {
    const tensors = outputs()
    tensors.get('s8')![0] = 0.6
    tensors.get('s16')![15] = 0.7
    tensors.get('b16')!.set([1, 1, 1, 1], 60)
    const found = decodeScrfd(decoder, tensors, 64, 32, 0.5)
    expect(found.map(({ score }) => Math.round(score * 10))).toEqual([6, 7])
    expect(found[1]!.box).toEqual({ x: 48 - 16, y: 16 - 16, w: 32, h: 32 })
  })

  it('refuses outputs of another size than the manifest promises', () => {
    const tensors = outputs()
    tensors.set('b16', new Float32Array(60))
    expect(() => decodeScrfd(decoder, tensors, 64, 32, 0.5)).toThrow('stride 16')
  })
})
