import { describe, expect, it } from 'vitest'
import {
  assessQuality,
  greyOf,
  laplacianVariance,
  rollOf,
  yawOf,
} from '../../../../src-main/vision/maths/quality'
import type { Landmarks } from '../../../../src-shared/geometry'

/** A head seen from afar, turned by `yaw` radians and rolled by `roll`: pupils 63 mm apart, nose 27 mm in front. */
function head(yaw: number, roll: number): Landmarks {
  const project = (across: number, down: number, depth: number) => {
    const x = across * Math.cos(yaw) + depth * Math.sin(yaw)
    return { x: x * Math.cos(roll) - down * Math.sin(roll), y: x * Math.sin(roll) + down * Math.cos(roll) }
  }
  return [
    project(-31.5, 0, 0),
    project(31.5, 0, 0),
    project(0, 35, 63 * 0.43),
    project(-25, 70, 0),
    project(25, 70, 0),
  ]
}

const grey = (value: (x: number, y: number) => number) => {
  const data = new Uint8Array(112 * 112 * 3)
  for (let index = 0; index < 112 * 112; index++) {
    data.fill(value(index % 112, Math.floor(index / 112)), 3 * index, 3 * index + 3)
  }
  return { data, width: 112, height: 112 }
}

describe('pose', () => {
  it.each([-40, -10, 0, 25, 60])('finds a yaw of %s°, however the head is rolled', (degrees) => {
    for (const roll of [-0.5, 0, 1]) {
      expect(yawOf(head((degrees * Math.PI) / 180, roll))).toBeCloseTo((degrees * Math.PI) / 180, 6)
      expect(rollOf(head((degrees * Math.PI) / 180, roll))).toBeCloseTo(roll, 6)
    }
  })

  it('calls eyes at one point a profile', () => {
    expect(yawOf(head(Math.PI / 2, 0))).toBeCloseTo(Math.PI / 2, 2)
  })
})

describe('laplacianVariance', () => {
  it('has the golden value of a checkerboard', () => {
    // The Laplacian of a 0/100 checkerboard is ±400 everywhere: variance 160,000.
    const pixels = greyOf(grey((x, y) => ((x + y) % 2) * 100))
    expect(laplacianVariance(pixels, 112, 112)).toBeCloseTo(160_000, 0)
  })

  it('is 0 for a slope', () => {
    expect(laplacianVariance(greyOf(grey((x, y) => x + y)), 112, 112)).toBe(0)
  })
})

describe('assessQuality', () => {
  const box = { x: 0, y: 0, w: 140, h: 180 }
  const busy = grey((x, y) => 100 + ((x * 7 + y * 13) % 60))

  it('is the geometric mean of its parts', () => {
    const quality = assessQuality(box, head(0.3, 0), busy)
    const { size, sharpness, pose, exposure, value } = quality
    expect(value).toBeCloseTo((size * sharpness * pose * exposure) ** 0.25, 12)
    expect(size).toBe(1)
    expect(pose).toBeCloseTo(Math.cos(0.3) ** 2, 6)
    expect(exposure).toBe(1)
    expect(quality.sizePx).toBe(140)
    expect(quality.yawDegrees).toBeCloseTo(17.19, 2)
  })

  it('falls with size, blur, turning and clipping', () => {
    const good = assessQuality(box, head(0, 0), busy)
    expect(assessQuality({ ...box, w: 56 }, head(0, 0), busy).size).toBe(0.5)
    expect(
      assessQuality(
        box,
        head(0, 0),
        grey((x) => 100 + x / 2),
      ).value,
    ).toBeLessThan(good.value / 2)
    expect(assessQuality(box, head(1, 0), busy).value).toBeLessThan(good.value)
    expect(
      assessQuality(
        box,
        head(0, 0),
        grey((x) => (x < 56 ? 5 : 120)),
      ).exposure,
    ).toBe(0.5)
    expect(
      assessQuality(
        box,
        head(0, 0),
        grey((x) => (x < 28 ? 255 : 120)),
      ).exposure,
    ).toBe(0.75)
  })
})
