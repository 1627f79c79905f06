/** Several things of a list chosen at once, as file managers do it: click, Ctrl and Shift, a frame, all. Pure. Renderer. */

/** One thing of the list, and its place in it from 0. */
export interface Entry<K, V> {
  readonly key: K
  readonly value: V
  readonly place: number
}

export interface Choice<K, V> {
  /** In the order in which they were chosen. */
  readonly chosen: ReadonlyMap<K, V>
  /** Where a range begins; `null` until something was chosen by itself. */
  readonly anchor: number | null
}

export const nothingChosen: Choice<never, never> = { chosen: new Map<never, never>(), anchor: null }

/** A click. */
export function only<K, V>({ key, value, place }: Entry<K, V>): Choice<K, V> {
  return { chosen: new Map([[key, value]]), anchor: place }
}

/** Ctrl and a click: joins, or leaves. */
export function toggled<K, V>({ chosen }: Choice<K, V>, { key, value, place }: Entry<K, V>): Choice<K, V> {
  const next = new Map(chosen)
  if (!next.delete(key)) next.set(key, value)
  return { chosen: next, anchor: place }
}

/** Shift and a click: the range instead of what was chosen. `entries` is the range, in the order of the list. */
export function ranged<K, V>({ anchor }: Choice<K, V>, entries: readonly Entry<K, V>[]): Choice<K, V> {
  return { chosen: mapOf(entries), anchor: anchor ?? entries[0]?.place ?? null }
}

/** A frame drawn with the pointer: what it holds joins what was chosen before it was begun. */
export function joined<K, V>(before: Choice<K, V>, entries: readonly Entry<K, V>[]): Choice<K, V> {
  return {
    chosen: new Map([...before.chosen, ...mapOf(entries)]),
    anchor: before.anchor ?? entries[0]?.place ?? null,
  }
}

/** The first and the last place between where a range begins and `place`, in the order of the list. */
export function rangeTo({ anchor }: Choice<unknown, unknown>, place: number): readonly [number, number] {
  const start = anchor ?? place
  return [Math.min(start, place), Math.max(start, place)]
}

function mapOf<K, V>(entries: readonly Entry<K, V>[]): Map<K, V> {
  return new Map(entries.map(({ key, value }) => [key, value]))
}
