/** What every benchmark prints: one JSON line a figure. Benchmarks, Electron's Node. */
import { availableParallelism, cpus, loadavg } from 'node:os'

export interface Figure {
  readonly benchmark: string
  /** What was measured, in words. */
  readonly figure: string
  /** A ratio within this run, or a share; milliseconds and the like go into `details`. */
  readonly value: number
  /** What the value should be, for instance `<= 1.5`; absent where there is no goal. */
  readonly goal?: string
  readonly details: Readonly<Record<string, number | string>>
}

const rounded = (value: number | string) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value)

/** Prints one figure with the machine and the day it was measured on. */
export function printFigure({ benchmark, figure, value, goal, details }: Figure): void {
  const machine = {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    electron: process.versions.electron ?? 'none',
    date: new Date().toISOString().slice(0, 10),
    // Processes that want a core, of the last minute: this one's own among them.
    load: rounded(loadavg()[0] ?? Number.NaN),
  }
  const roundedDetails = Object.fromEntries(Object.entries(details).map(([name, of]) => [name, rounded(of)]))
  const line = {
    benchmark,
    figure,
    value: rounded(value),
    ...(goal ? { goal } : {}),
    ...roundedDetails,
    machine,
  }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** The middle one of several measurements. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The value that this part of several measurements is at most; nearest rank. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN
}
