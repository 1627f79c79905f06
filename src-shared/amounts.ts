/** Amounts as words, for sentences that people read: the window's, those of jobs, and those of the history. Every process. */

const grouped = new Intl.NumberFormat('en-GB')

/** `1930` → `1,930`. */
export function count(value: number): string {
  return grouped.format(value)
}

/** `3`, `person`, `people` → `3 people`. */
export function counted(value: number, singular: string, plural = `${singular}s`): string {
  return `${count(value)} ${value === 1 ? singular : plural}`
}

/** Shares whose last bit is lost in the conversion still count as what they are: 0.29 is 29 %. */
const conversionTolerance = 1e-6

/**
 * A measured share, 0 … 1, always with two decimals, so that figures below each other can be compared; cut off, never rounded
 * up to a goal that it misses: `98.99 %`, `100.00 %`. Rates over many powers of ten (calibration) have two figures instead.
 */
export function percent(share: number): string {
  return `${(Math.floor(share * 10_000 + conversionTolerance) / 100).toFixed(2)} %`
}

/** How far something is, or a rough share, 0 … 1: in whole percent, cut off, so that `100 %` is all of it. */
export function wholePercent(share: number): string {
  return `${Math.floor(share * 100 + conversionTolerance)} %`
}

/** `84 ms`, `1.2 s`, `14 s`. */
export function milliseconds(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`
}

/** The time of one search, as finely as two are told apart: `0.84 ms`, `12.4 ms`, `128 ms`, `1.2 s`. */
export function durationText(ms: number): string {
  if (ms >= 100) return milliseconds(ms)
  return `${ms < 10 ? ms.toFixed(2) : ms.toFixed(1)} ms`
}

/** `13.5 MB`; powers of 1000, as file managers count. */
export function byteSize(value: number): string {
  if (value < 1000) return `${value} B`
  const units = ['kB', 'MB', 'GB', 'TB']
  let amount = value / 1000
  let unit = 0
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000
    unit += 1
  }
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${units[unit]}`
}
