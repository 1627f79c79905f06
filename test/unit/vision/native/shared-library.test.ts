import { describe, expect, it } from 'vitest'
import { preferOwnSymbols } from '../../../../src-main/vision/native/shared-library'

/** A 64-bit ELF file of one dynamic segment with these tags. */
function library(tags: readonly (readonly [bigint, bigint])[]): Buffer {
  const bytes = Buffer.alloc(64 + 56 + 16 * tags.length)
  bytes.write('\x7fELF\x02\x01', 'latin1')
  bytes.writeBigUInt64LE(64n, 32)
  bytes.writeUInt16LE(56, 54)
  bytes.writeUInt16LE(1, 56)
  bytes.writeUInt32LE(2, 64)
  bytes.writeBigUInt64LE(120n, 64 + 8)
  bytes.writeBigUInt64LE(BigInt(16 * tags.length), 64 + 32)
  tags.forEach(([tag, value], index) => {
    bytes.writeBigUInt64LE(tag, 120 + 16 * index)
    bytes.writeBigUInt64LE(value, 128 + 16 * index)
  })
  return bytes
}

describe('preferOwnSymbols', () => {
  it('sets DF_SYMBOLIC in place of RELACOUNT and touches nothing else', () => {
    const bytes = library([
      [1n, 7n],
      [0x6ffffff9n, 36267n],
      [0n, 0n],
    ])
    expect(preferOwnSymbols(bytes)).toBe(true)
    expect(
      bytes.equals(
        library([
          [1n, 7n],
          [30n, 2n],
          [0n, 0n],
        ]),
      ),
    ).toBe(true)
  })

  it('leaves other files alone', () => {
    const without = library([[1n, 7n]])
    const before = Buffer.from(without)
    expect(preferOwnSymbols(without)).toBe(false)
    expect(without.equals(before)).toBe(true)
    expect(preferOwnSymbols(Buffer.from('MZ, of another system'))).toBe(false)
  })
})
