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
