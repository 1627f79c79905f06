/** Near hashes are found as by comparing with all, and far fewer are compared. */
import { expect, test } from 'vitest'
import { HammingIndex } from '../../../../src-main/storage/health/hamming-index'
import { hammingDistance, perceptualHashSchema } from '../../../../src-shared/perceptual-hash'
import { randomNumbers } from '../../../contract/made-faces'

const text = (hash: bigint) => perceptualHashSchema.parse(hash.toString(16).padStart(16, '0'))

function madeHashes(count: number): bigint[] {
  const random = randomNumbers(11)
  const word = () => BigInt(Math.floor(random() * 2 ** 32))
  const hashes: bigint[] = []
  for (let number = 0; number < count; number++) {
    // Every other one is near an earlier one.
    let hash = number % 2 === 0 ? (word() << 32n) | word() : hashes[Math.floor(random() * hashes.length)]!
    for (let flips = number % 2 === 0 ? 0 : Math.floor(random() * 11); flips > 0; flips--) {
      hash ^= 1n << BigInt(Math.floor(random() * 64))
    }
    hashes.push(hash)
  }
  return hashes
}

test.each([0, 1, 3, 4, 7])('finds all within %i bits, each once', (bits) => {
  const hashes = madeHashes(600)
  const index = new HammingIndex()
  for (const [number, hash] of hashes.entries()) index.add(number, hash)
  for (const hash of hashes.slice(0, 200)) {
    const byHand = hashes
      .map((other, number) => ({ number, bits: hammingDistance(text(hash), text(other)) }))
      .filter((one) => one.bits <= bits)
    expect(index.within(hash, bits).sort((a, b) => a.number - b.number)).toEqual(byHand)
  }
})

test('finds a hash whose highest bits are set', () => {
  const index = new HammingIndex()
  index.add(1, 0xffff_ffff_ffff_ffffn)
  index.add(2, 0x8000_0000_8000_0000n)
  expect(index.within(0xffff_ffff_ffff_fff0n, 4)).toEqual([{ number: 1, bits: 4 }])
  expect(index.within(0x8000_0000_8000_0000n, 0)).toEqual([{ number: 2, bits: 0 }])
  expect(index.within(0n, 2)).toEqual([{ number: 2, bits: 2 }])
})
