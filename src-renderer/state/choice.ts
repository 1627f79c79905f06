/** Several things of a list chosen at once, as file managers do it: click, Ctrl and Shift, a frame, all. Pure. Renderer. */

/** One thing of the list, and its place in it from 0. */
export interface Entry<K> {
  readonly key: K
  readonly place: number
}

export interface Choice<K> {
  /** In the order in which they were chosen. */
  readonly chosen: ReadonlySet<K>
  /** Where a range begins; `null` until something was chosen by itself. */
  readonly anchor: number | null
}

export const nothingChosen: Choice<never> = { chosen: new Set<never>(), anchor: null }

/** A click. */
export function only<K>({ key, place }: Entry<K>): Choice<K> {
  return { chosen: new Set([key]), anchor: place }
}

/** Ctrl and a click: joins, or leaves. */
export function toggled<K>({ chosen }: Choice<K>, { key, place }: Entry<K>): Choice<K> {
  const next = new Set(chosen)
  if (!next.delete(key)) next.add(key)
  return { chosen: next, anchor: place }
}

/** Shift and a click: the range instead of what was chosen. `keys` is the range, in the order of the list, from `first` on. */
export function ranged<K>({ anchor }: Choice<K>, keys: readonly K[], first: number): Choice<K> {
  return { chosen: new Set(keys), anchor: anchor ?? (keys.length === 0 ? null : first) }
}

/** A frame drawn with the pointer: what it holds joins what was chosen before it was begun. */
export function joined<K>(before: Choice<K>, entries: readonly Entry<K>[]): Choice<K> {
  return {
    chosen: new Set([...before.chosen, ...entries.map(({ key }) => key)]),
    anchor: before.anchor ?? entries[0]?.place ?? null,
  }
}

/** The first and the last place between where a range begins and `place`, in the order of the list. */
export function rangeTo({ anchor }: Choice<unknown>, place: number): readonly [number, number] {
  const start = anchor ?? place
  return [Math.min(start, place), Math.max(start, place)]
}
