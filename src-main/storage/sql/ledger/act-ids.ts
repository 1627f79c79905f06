/** The ids of what an act makes: the same act gives the same ones, in the same order. Store's threads. */
import { hash } from 'node:crypto'
import type { LedgerId } from '../../../../src-shared/ids'

/**
 * UUIDv7 (RFC 9562) of the act's own millisecond: a counter of 24 bits follows the time, so that what is made later sorts later,
 * and 50 bits of a digest of the act's id make them unique.
 */
export class ActIds {
  readonly #act: LedgerId
  readonly #time: string
  #made = 0

  /** `act`: a UUIDv7. */
  constructor(act: LedgerId) {
    this.#act = act
    this.#time = act.replaceAll('-', '').slice(0, 12)
  }

  next(): string {
    return this.#numbered(++this.#made)
  }

  /** Whether an id is of something that this act makes. */
  has(id: string): boolean {
    const digits = id.replaceAll('-', '')
    const upper = Number.parseInt(digits.slice(13, 16), 16)
    const lower = (Number.parseInt(digits.slice(16, 20), 16) & 0x3fff) >> 2
    return digits.startsWith(this.#time) && this.#numbered((upper << 12) | lower) === id
  }

  #numbered(count: number): string {
    const digest = hash('sha256', `${this.#act} ${count}`)
    const upper = ((count >> 12) & 0xfff).toString(16).padStart(3, '0')
    const lower = count & 0xfff
    // Variant 10, then the counter's other twelve bits.
    const clock = (0x8000 | (lower << 2) | (Number.parseInt(digest[0]!, 16) & 3)).toString(16)
    const time = this.#time
    return `${time.slice(0, 8)}-${time.slice(8)}-7${upper}-${clock}-${digest.slice(1, 13)}`
  }
}
