/** How long one and the same thing took, each time. Runs in main and on the command line. */
import { durationText } from '../../../../src-shared/amounts'

/** The columns of {@link Times.row}. */
export const timesColumns = ['What', 'Times', 'Median', '95th', 'Slowest']

export class Times {
  readonly #ms: number[] = []

  get count(): number {
    return this.#ms.length
  }

  async measure<T>(work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now()
    const result = await work()
    this.#ms.push(performance.now() - startedAt)
    return result
  }

  /** `undefined` where it was never done. */
  get median(): string | undefined {
    return this.#at(0.5)
  }

  get slowest(): string | undefined {
    return this.#at(1)
  }

  row(name: string): string[] {
    const cells = [this.median, this.#at(0.95), this.slowest].map((time) => time ?? '–')
    return [name, this.count.toLocaleString('en-GB'), ...cells]
  }

  /** Of `share` of them none took longer. */
  #at(share: number): string | undefined {
    const sorted = this.#ms.toSorted((a, b) => a - b)
    const ms = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
    return ms === undefined ? undefined : durationText(ms)
  }
}
