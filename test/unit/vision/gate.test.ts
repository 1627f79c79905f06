import { describe, expect, it } from 'vitest'
import { createGate } from '../../../src-main/vision/gate'

describe('createGate', () => {
  it('runs no more than it may, in order', async () => {
    const gate = createGate(2)
    const begun: number[] = []
    const ends = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
    const all = ends.map((end, index) =>
      gate(async () => {
        begun.push(index)
        await end.promise
        return index
      }),
    )
    await new Promise(setImmediate)
    expect(begun).toEqual([0, 1])
    ends[1]!.resolve()
    await all[1]
    await new Promise(setImmediate)
    expect(begun).toEqual([0, 1, 2])
    for (const end of ends) end.resolve()
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3])
  })

  it('goes on after a failure', async () => {
    const gate = createGate(1)
    const failing = gate(() => Promise.reject(new Error('no')))
    const next = gate(async () => 'yes')
    await expect(failing).rejects.toThrow('no')
    expect(await next).toBe('yes')
  })
})
