/** The stack of the machine that reads a pickle, and the limits on what stands in it. Import worker thread. */
import { kindOf, PickledDict, PickledList, PickledTuple, type Value } from './values'

/** Containers in containers; DeepFace's have three, and a NumPy array's state one more. */
export const deepest = 16
/** What the values of one batch may take, bytes, roughly: 1,000 rows of an ensemble of four models take 56 MB. */
export const batchBytes = 256 * 1024 * 1024
/** Rough size of a container or another object beside its content, bytes. */
export const objectBytes = 256

/** Every limit and every lack raises what `refused` makes of the reason. */
export class PickleStack {
  /** Bytes taken since rows were last given away. */
  held = 0
  /** Values since the last mark, the top last. */
  #values: Value[] = []
  /** The stacks below it, one a mark. */
  readonly #below: Value[][] = []
  readonly #refused: (why: string) => Error

  constructor(refused: (why: string) => Error) {
    this.#refused = refused
  }

  get marks(): number {
    return this.#below.length
  }

  /** Values since the last mark. */
  get size(): number {
    return this.#values.length
  }

  /** The top of the stack below the last mark. */
  get belowMark(): Value | undefined {
    return this.#below.at(-1)?.at(-1)
  }

  get top(): Value | undefined {
    return this.#values.at(-1)
  }

  mark(): void {
    if (this.#below.length >= 2 * deepest) throw this.#refused(`more than ${2 * deepest} marks deep`)
    this.#below.push(this.#values)
    this.#values = []
    this.take(objectBytes)
  }

  /** The values above the last mark, which is gone with them. */
  popMark(): Value[] {
    const below = this.#below.pop()
    if (below === undefined) throw this.#refused('which needs a mark; there is none')
    const items = this.#values
    this.#values = below
    return items
  }

  pop(): Value {
    const value = this.#values.pop()
    if (value === undefined) throw this.#refused('which needs a value; there is none')
    return value
  }

  /** The last `amount`, in their order. */
  popSome(amount: number): Value[] {
    if (this.#values.length < amount) throw this.#refused('which needs more values than there are')
    return this.#values.splice(-amount)
  }

  /** `bytes`: of its content. */
  push(value: Value, bytes: number): void {
    this.take(bytes + 16)
    this.#values.push(value)
  }

  /** Without accounting: whoever pushes many {@link take}s for all of them. */
  pushNumbers(values: Float64Array): void {
    for (const value of values) this.#values.push(value)
  }

  take(bytes: number): void {
    this.held += bytes
    if (this.held > batchBytes) {
      throw this.#refused('by which one batch holds more than 1,000 rows need')
    }
  }

  pushList(items: Value[]): PickledList {
    const list = new PickledList(items)
    this.#deepen(list, items)
    this.push(list, objectBytes)
    return list
  }

  pushTuple(items: readonly Value[]): void {
    const tuple = new PickledTuple(items)
    this.#deepen(tuple, items)
    this.push(tuple, objectBytes)
  }

  /** Takes `items` over where the list is empty: they are not copied. */
  extend(list: PickledList, items: Value[]): void {
    this.#deepen(list, items)
    if (list.length === 0) list.items = items
    else for (const item of items) list.items.push(item)
  }

  setItems(dict: Value | undefined, pairs: readonly Value[]): void {
    if (!(dict instanceof PickledDict)) throw this.#refused(`which sets an entry of ${kindOf(dict)}`)
    if (pairs.length % 2 !== 0) throw this.#refused('which has a key without a value')
    for (let index = 0; index < pairs.length; index += 2) {
      const key = pairs[index]
      if (typeof key !== 'string') throw this.#refused(`which has ${kindOf(key)} for a key`)
      dict.entries.set(key, pairs[index + 1] as Value)
    }
    this.#deepen(dict, pairs)
  }

  /** Nothing here walks down into values, so what a memo makes deeper behind its back does no harm. */
  #deepen(container: PickledList | PickledTuple | PickledDict, items: readonly Value[]): void {
    for (const item of items) {
      if (typeof item === 'number') continue
      if (item instanceof PickledList || item instanceof PickledTuple || item instanceof PickledDict) {
        container.depth = Math.max(container.depth, item.depth + 1)
      }
    }
    if (container.depth > deepest) throw this.#refused(`by which containers are more than ${deepest} deep`)
  }
}
