/** Looks at the memory of the vision process and of Visor itself while an isolation check runs. Runs in main and on the command line. */
import { type CheckFinding, passed, unchecked, warned } from '../../../../src-shared/diagnosis'
import { hasCode } from '../../../../src-shared/errors'

/** Looked at no more often. */
const intervalMs = 500
/**
 * Growth from which something is kept that nobody needs. Measured over 1,000 rounds beside much other work: the vision
 * process ended 56 MB above its start, Visor itself 13 MB, as their garbage is collected.
 */
const noticeableBytes = 128 * 2 ** 20

interface Seen {
  start: number
  peak: number
  end: number
}

export class MemoryWatch {
  readonly #visionBytes: () => Promise<number>
  #vision: Seen | undefined
  #visor: Seen | undefined
  #lookedAt = 0

  /** `visionBytes`: of the vision process. */
  constructor(visionBytes: () => Promise<number>) {
    this.#visionBytes = visionBytes
  }

  /** Looks, unless it did a moment ago; with `now` also then. */
  async look({ now = false } = {}): Promise<void> {
    if (!now && performance.now() - this.#lookedAt < intervalMs) return
    this.#lookedAt = performance.now()
    this.#visor = seen(this.#visor, process.memoryUsage.rss())
    try {
      this.#vision = seen(this.#vision, await this.#visionBytes())
    } catch (error) {
      // It died in this moment: the step tells, and the next look is at the one after it.
      if (!hasCode(error, 'vision-crashed')) throw error
    }
  }

  finding(): CheckFinding {
    if (this.#vision === undefined || this.#visor === undefined) {
      return unchecked('Nothing was embedded, so there was nothing to look at.')
    }
    const growth = [this.#vision, this.#visor].map(({ start, end }) => end - start)
    const most = Math.max(...growth)
    const report = {
      figure: `${signed(growth[0]!)} and ${signed(growth[1]!)}`,
      table: {
        columns: ['Process', 'Start', 'Peak', 'End', 'Growth'],
        rows: [row('vision process', this.#vision), row('Visor, with its stores', this.#visor)],
      },
    }
    if (most < noticeableBytes) {
      return passed(
        `Neither the vision process nor Visor itself grew by ${megabytes(noticeableBytes)} or more.`,
        report,
      )
    }
    return warned('Memory grew while the same was done over and over.', {
      ...report,
      next: {
        text: 'Run it again with more rounds, while nothing else is done: memory that is kept grows with them.',
        copy: null,
      },
    })
  }
}

const seen = (before: Seen | undefined, bytes: number): Seen => ({
  start: before?.start ?? bytes,
  peak: Math.max(before?.peak ?? 0, bytes),
  end: bytes,
})

const row = (name: string, { start, peak, end }: Seen) => [
  name,
  megabytes(start),
  megabytes(peak),
  megabytes(end),
  signed(end - start),
]

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20).toLocaleString('en-GB')} MB`
const signed = (bytes: number) => `${bytes < 0 ? '−' : '+'}${megabytes(Math.abs(bytes))}`
