import { describe, expect, it } from 'vitest'
import { copyRegion, isCut, tileLevels } from '../../../../src-main/vision/maths/tiles'

describe('tileLevels', () => {
  const levels = tileLevels(4000, 3000, 640, 96)

  it('goes from full size by halves until one look shows it all', () => {
    expect(levels.map((level) => [level.scale, level.width, level.height, level.tiles.length])).toEqual([
      [1, 4000, 3000, 48],
      [0.5, 2000, 1500, 12],
      [0.25, 1000, 750, 4],
    ])
  })

  it('leaves no place where a face of the overlap is whole in no tile', () => {
    for (const { tiles, width, height } of levels) {
      for (let y = 0; y + 96 <= height; y += 17) {
        for (let x = 0; x + 96 <= width; x += 17) {
          const whole = tiles.some((t) => x >= t.x && y >= t.y && x + 96 <= t.x + t.w && y + 96 <= t.y + t.h)
          expect(whole).toBe(true)
        }
      }
    }
  })

  it('stays in the picture', () => {
    for (const { tiles, width, height } of levels) {
      for (const tile of tiles) {
        expect(tile.x).toBeGreaterThanOrEqual(0)
        expect(tile.x + tile.w).toBeLessThanOrEqual(width)
        expect(tile.y + tile.h).toBeLessThanOrEqual(height)
      }
    }
  })

  it('has nothing to add where one look shows the picture at full size', () => {
    expect(tileLevels(640, 480, 640, 96)).toEqual([])
  })
})

describe('isCut', () => {
  const [level] = tileLevels(1200, 640, 640, 80)

  it('tells inner edges from the edges of the picture', () => {
    const [first, last] = [level!.tiles[0]!, level!.tiles.at(-1)!]
    const leftEdge = { x: 0, y: 0, w: 40, h: 40 }
    const rightEdge = { x: 600, y: 100, w: 40, h: 40 }
    expect(isCut(leftEdge, first, level!)).toBe(false)
    expect(isCut(leftEdge, last, level!)).toBe(true)
    expect(isCut(rightEdge, first, level!)).toBe(true)
    expect(isCut(rightEdge, last, level!)).toBe(false)
  })
})

describe('copyRegion', () => {
  it('copies rows', () => {
    const data = Uint8Array.from({ length: 4 * 3 * 3 }, (_, index) => index)
    const copy = copyRegion({ data, width: 4, height: 3 }, { x: 1, y: 1, w: 2, h: 2 })
    expect([...copy.data]).toEqual([15, 16, 17, 18, 19, 20, 27, 28, 29, 30, 31, 32])
  })
})
