/** Finds 64-bit hashes within a few bits of another without comparing it with all. Pure; store worker thread. */

/**
 * Hashes in buckets by each of their four 16-bit parts.
 *
 * [Note: Multi-index hashing] Two hashes that differ in at most r bits have at least one of four parts that differs in at most
 * ⌊r / 4⌋: else all four parts together would differ in more than r. So only the buckets near a hash's own parts are looked
 * into, and what is in them is compared in full (Norouzi, Punjani & Fleet, *Fast search in Hamming space with multi-index
 * hashing*, CVPR 2012). With r ≤ 3 that is one bucket a part; with r ≤ 7, seventeen.
 */
export class HammingIndex {
  readonly #buckets = Array.from({ length: parts }, () => new Map<number, number[]>())
  /** Numbers and hashes of the entries, two 32-bit halves each. */
  readonly #numbers: number[] = []
  readonly #hashes: number[] = []

  /** Adds a hash under a number of the caller's. */
  add(number: number, hash: bigint): void {
    const entry = this.#numbers.length
    this.#numbers.push(number)
    const [high, low] = halves(hash)
    this.#hashes.push(high, low)
    for (const [part, buckets] of this.#buckets.entries()) {
      const value = partOf(high, low, part)
      const bucket = buckets.get(value)
      if (bucket === undefined) buckets.set(value, [entry])
      else bucket.push(entry)
    }
  }

  /** The entries within `bits` (0 … 7) of a hash, each once, in no order. */
  within(hash: bigint, bits: number): { readonly number: number; readonly bits: number }[] {
    const [high, low] = halves(hash)
    const found = new Map<number, number>()
    const looked = new Set<number>()
    for (const [part, buckets] of this.#buckets.entries()) {
      for (const flip of Math.floor(bits / parts) === 0 ? exact : upToOne) {
        for (const entry of buckets.get(partOf(high, low, part) ^ flip) ?? []) {
          if (looked.has(entry)) continue
          looked.add(entry)
          const differing = ones(this.#hashes[2 * entry]! ^ high) + ones(this.#hashes[2 * entry + 1]! ^ low)
          if (differing <= bits) found.set(this.#numbers[entry]!, differing)
        }
      }
    }
    return [...found].map(([number, differing]) => ({ number, bits: differing }))
  }
}

const parts = 4
const exact = [0]
/** Masks of no bit and of each bit of a part. */
const upToOne = [0, ...Array.from({ length: 16 }, (_, bit) => 1 << bit)]

function halves(hash: bigint): [number, number] {
  return [Number((hash >> 32n) & 0xffff_ffffn) | 0, Number(hash & 0xffff_ffffn) | 0]
}

/** Part 0 … 3 of a hash, 16 bits. */
function partOf(high: number, low: number, part: number): number {
  const half = part < 2 ? high : low
  return part % 2 === 0 ? half >>> 16 : half & 0xffff
}

/** Bits that are set in a 32-bit integer (Warren, *Hacker's Delight*, fig. 5-2). */
function ones(value: number): number {
  let bits = value - ((value >>> 1) & 0x5555_5555)
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24
}
