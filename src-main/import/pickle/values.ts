/** What the interpreter makes of a pickle: plain data and NumPy arrays, nothing that can act. Import worker thread. */

export class PickledList {
  /** Levels of containers in it when it was filled last. */
  depth = 1
  /** Which row it became, once it was given away. */
  row: number | null = null
  #items: Value[]
  #numbers: Float32Array | undefined

  constructor(items: Value[] = []) {
    this.#items = items
  }

  /** One value each, also of a list of {@link numbers}, which is one like any other from then on. */
  get items(): Value[] {
    if (this.#numbers !== undefined) {
      this.#items = Array.from(this.#numbers)
      this.#numbers = undefined
    }
    return this.#items
  }

  set items(items: Value[]) {
    this.#items = items
    this.#numbers = undefined
  }

  get length(): number {
    return this.#numbers?.length ?? this.#items.length
  }

  /** All it holds, where it was filled with nothing but numbers at once: a vector is. Each was rounded once. */
  get numbers(): Float32Array | undefined {
    return this.#numbers
  }

  /** Fills the list, which is empty. */
  fill(numbers: Float32Array): void {
    this.#numbers = numbers
  }
}

export class PickledTuple {
  depth = 1
  row: number | null = null

  constructor(readonly items: readonly Value[]) {}
}

export class PickledDict {
  readonly entries = new Map<string, Value>()
  depth = 1
  row: number | null = null
}

/** The functions and types of NumPy that its data name. They are recognised, never called. */
export type NumpyName = 'reconstruct' | 'scalar' | 'ndarray' | 'dtype' | 'frombuffer' | 'encode' | 'no-bytes'
export class NumpyGlobal {
  constructor(readonly name: NumpyName) {}
}

/** The type of an array's numbers. `bigEndian` is known once its state was set. */
export class NumpyType {
  bigEndian = false
  built = false

  constructor(
    readonly kind: 'f' | 'i' | 'u' | 'b',
    readonly bytes: number,
  ) {}
}

/** An array; `data` is `null` until its state was set. In C order, whatever its shape. */
export class NumpyArray {
  data: Float32Array | Float64Array | null = null
  /** Of one dimension, or of several that are 1 but for one. */
  isVector = false
}

/** Stands for a value of a row that was given away, which the file refers to once more. */
export class LetGo {
  /** `null`: of some row before. */
  constructor(readonly row: number | null) {}
}

export type Value =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickledList
  | PickledTuple
  | PickledDict
  | NumpyGlobal
  | NumpyType
  | NumpyArray
  | LetGo

/** What a value is, for people. */
export function kindOf(value: Value | undefined): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'None'
  if (typeof value === 'boolean') return 'a truth value'
  if (typeof value === 'number') return 'a number'
  if (typeof value === 'string') return 'a text'
  if (value instanceof Uint8Array) return 'bytes'
  if (value instanceof PickledList) return 'a list'
  if (value instanceof PickledTuple) return 'a tuple'
  if (value instanceof PickledDict) return 'a dictionary'
  if (value instanceof NumpyGlobal) return 'a name of NumPy'
  if (value instanceof NumpyType) return 'a type of NumPy'
  if (value instanceof NumpyArray) return 'an array'
  return 'something of an earlier row'
}
