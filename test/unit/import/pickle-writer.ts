/** Writes pickles as Python's pickler does, protocols 0 to 5, for what DeepFace's files hold. */

/** A tuple; a JavaScript array is a list. */
export class Tuple {
  constructor(readonly items: readonly Python[]) {}
}

/** A number of NumPy's, as a detector may give for a box. */
export class NumpyInt64 {
  constructor(readonly value: number) {}
}

/**
 * A number is a float, a bigint an int, an array a list, an object a dictionary, a Float32Array or Float64Array a NumPy array
 * of one dimension.
 */
export type Python =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Float32Array
  | Float64Array
  | Tuple
  | NumpyInt64
  | readonly Python[]
  | { readonly [key: string]: Python }

const isList = (value: Python): value is readonly Python[] => Array.isArray(value)

/** Items of a list or a dictionary that are written between two marks. */
const batch = 1000
const frameBytes = 64 * 1024

/** `numpy`: the folder that this version of NumPy has its functions in. */
export interface WriteOptions {
  readonly protocol: 0 | 1 | 2 | 3 | 4 | 5
  readonly numpy?: 'numpy.core' | 'numpy._core'
  /** The byte order of arrays. */
  readonly bigEndian?: boolean
}

/** The pickle of a list, piece by piece: however many rows, one is held. */
export function* pickledList(rows: Iterable<Python>, options: WriteOptions): Generator<Buffer> {
  const writer = new PickleWriter(options)
  yield* writer.list(rows)
}

export function pickled(rows: readonly Python[], options: WriteOptions): Buffer {
  return Buffer.concat([...pickledList(rows, options)])
}

class PickleWriter {
  readonly #options: WriteOptions
  readonly #memo = new Map<unknown, number>()
  #memoized = 0
  #pieces: Buffer[] = []
  #pending = 0

  constructor(options: WriteOptions) {
    this.#options = options
  }

  get #protocol(): number {
    return this.#options.protocol
  }

  *list(rows: Iterable<Python>): Generator<Buffer> {
    const outer: object = {}
    if (this.#protocol >= 2) yield Buffer.from([0x80, this.#protocol])
    this.#emptyList(outer)
    let inBatch = 0
    for (const row of rows) {
      if (this.#protocol > 0 && inBatch === 0) this.#byte('(')
      this.#value(row)
      inBatch += 1
      if (this.#protocol === 0) this.#byte('a')
      if (this.#protocol === 0 || inBatch === batch) {
        if (this.#protocol > 0) this.#byte('e')
        inBatch = 0
      }
      if (this.#pending > frameBytes) yield this.#frame()
    }
    if (inBatch > 0 && this.#protocol > 0) this.#byte('e')
    this.#byte('.')
    yield this.#frame()
  }

  #frame(): Buffer {
    const content = Buffer.concat(this.#pieces)
    this.#pieces = []
    this.#pending = 0
    if (this.#protocol < 4) return content
    const head = Buffer.alloc(9)
    head[0] = 0x95
    head.writeBigUInt64LE(BigInt(content.length), 1)
    return Buffer.concat([head, content])
  }

  #write(bytes: Buffer): void {
    this.#pieces.push(bytes)
    this.#pending += bytes.length
  }

  #byte(code: string | number): void {
    this.#write(typeof code === 'string' ? Buffer.from(code, 'latin1') : Buffer.from([code]))
  }

  #memoize(key: unknown): void {
    const index = this.#memoized++
    this.#memo.set(key, index)
    if (this.#protocol >= 4) this.#byte(0x94)
    else if (this.#protocol === 0) this.#write(Buffer.from(`p${index}\n`))
    else if (index < 256) this.#write(Buffer.from([0x71, index]))
    else this.#write(numbered('r', index))
  }

  /** Whether it was written as a reference. */
  #known(key: unknown): boolean {
    const index = this.#memo.get(key)
    if (index === undefined) return false
    if (this.#protocol === 0) this.#write(Buffer.from(`g${index}\n`))
    else if (index < 256) this.#write(Buffer.from([0x68, index]))
    else this.#write(numbered('j', index))
    return true
  }

  #value(value: Python): void {
    if (value === null) this.#byte('N')
    else if (typeof value === 'boolean') this.#boolean(value)
    else if (typeof value === 'number') this.#float(value)
    else if (typeof value === 'bigint') this.#int(value)
    else if (!this.#known(value)) this.#object(value)
  }

  /** What is written once and then referred to. */
  #object(value: Exclude<Python, null | boolean | number | bigint>): void {
    if (typeof value === 'string') this.#text(value)
    else if (value instanceof Uint8Array) this.#bytes(value)
    else if (value instanceof Float32Array || value instanceof Float64Array) this.#array(value)
    else if (value instanceof Tuple) this.#tuple(value)
    else if (value instanceof NumpyInt64) this.#scalar(value)
    else if (isList(value)) this.#innerList(value)
    else this.#dictionary(value)
  }

  #boolean(value: boolean): void {
    if (this.#protocol >= 2) this.#byte(value ? 0x88 : 0x89)
    else this.#byte(`I0${value ? 1 : 0}\n`)
  }

  #float(value: number): void {
    if (this.#protocol === 0) {
      const text = Number.isFinite(value)
        ? String(value)
        : String(value).replace('Infinity', 'inf').toLowerCase()
      this.#byte(`F${text}\n`)
      return
    }
    const bytes = Buffer.alloc(9)
    bytes.write('G')
    bytes.writeDoubleBE(value, 1)
    this.#write(bytes)
  }

  #int(value: bigint): void {
    const small = Number(value)
    if (this.#protocol === 0) {
      this.#byte(`L${value}L\n`)
      return
    }
    if (small >= 0 && small < 256) {
      this.#write(Buffer.from([0x4b, small]))
      return
    }
    if (small >= 0 && small < 65_536) {
      this.#write(Buffer.from([0x4d, small & 255, small >> 8]))
      return
    }
    if (small >= -(2 ** 31) && small < 2 ** 31) {
      const bytes = Buffer.alloc(5)
      bytes.write('J')
      bytes.writeInt32LE(small, 1)
      this.#write(bytes)
      return
    }
    const bytes = Buffer.alloc(10)
    bytes[0] = 0x8a
    bytes[1] = 8
    bytes.writeBigInt64LE(value, 2)
    this.#write(bytes)
  }

  #text(text: string): void {
    if (this.#protocol === 0) {
      const escaped = text.replaceAll(/[\\\n\u0100-\uffff]/g, (character) => {
        const code = character.charCodeAt(0).toString(16).padStart(4, '0')
        return `\\u${code}`
      })
      this.#byte(`V${escaped}\n`)
    } else {
      const bytes = Buffer.from(text)
      if (this.#protocol >= 4 && bytes.length < 256) this.#write(Buffer.from([0x8c, bytes.length]))
      else this.#write(numbered('X', bytes.length))
      this.#write(bytes)
    }
    this.#memoize(text)
  }

  #bytes(bytes: Uint8Array): void {
    if (this.#protocol < 3) {
      const isEmpty = bytes.length === 0
      if (isEmpty) this.#global('__builtin__', 'bytes')
      else this.#global('_codecs', 'encode')
      this.#tuple(new Tuple(isEmpty ? [] : [Buffer.from(bytes).toString('latin1'), 'latin1']))
      this.#byte('R')
    } else {
      if (bytes.length < 256) this.#write(Buffer.from([0x43, bytes.length]))
      else this.#write(numbered('B', bytes.length))
      this.#write(Buffer.from(bytes))
    }
    this.#memoize(bytes)
  }

  #emptyList(key: unknown): void {
    this.#byte(this.#protocol === 0 ? '(l' : ']')
    this.#memoize(key)
  }

  #innerList(items: readonly Python[]): void {
    this.#emptyList(items)
    for (let at = 0; at < items.length; at += batch) {
      const some = items.slice(at, at + batch)
      if (this.#protocol > 0 && some.length > 1) this.#byte('(')
      for (const item of some) {
        this.#value(item)
        if (this.#protocol === 0) this.#byte('a')
      }
      if (this.#protocol > 0) this.#byte(some.length > 1 ? 'e' : 'a')
    }
  }

  #dictionary(dictionary: { readonly [key: string]: Python }): void {
    this.#byte(this.#protocol === 0 ? '(d' : '}')
    this.#memoize(dictionary)
    if (this.#protocol > 0) this.#byte('(')
    for (const [key, value] of Object.entries(dictionary)) {
      this.#value(key)
      this.#value(value)
      if (this.#protocol === 0) this.#byte('s')
    }
    if (this.#protocol > 0) this.#byte('u')
  }

  #tuple(tuple: Tuple): void {
    const { items } = tuple
    const isShort = this.#protocol >= 2 && items.length <= 3
    if (!isShort) this.#byte('(')
    for (const item of items) this.#value(item)
    if (isShort) this.#byte([0x29, 0x85, 0x86, 0x87][items.length] as number)
    else this.#byte('t')
    if (items.length > 0) this.#memoize(tuple)
  }

  #global(module: string, name: string): void {
    const key = `global ${module} ${name}`
    if (this.#known(key)) return
    if (this.#protocol >= 4) {
      for (const text of [module, name]) if (!this.#known(text)) this.#text(text)
      this.#byte(0x93)
    } else {
      this.#byte(`c${module}\n${name}\n`)
    }
    this.#memoize(key)
  }

  readonly #single = Buffer.from('b')

  #array(array: Float32Array | Float64Array): void {
    const folder = this.#options.numpy ?? 'numpy.core'
    const content = new Uint8Array(array.byteLength)
    const view = new DataView(content.buffer)
    for (const [index, value] of array.entries()) {
      if (array instanceof Float32Array) view.setFloat32(index * 4, value, this.#options.bigEndian !== true)
      else view.setFloat64(index * 8, value, this.#options.bigEndian !== true)
    }
    const shape = new Tuple([BigInt(array.length)])
    const code = array instanceof Float32Array ? 'f4' : 'f8'
    if (this.#protocol === 5) {
      this.#global(`${folder}.numeric`, '_frombuffer')
      this.#byte('(')
      // An array that can be written to is a bytearray.
      const head = Buffer.alloc(9)
      head[0] = 0x96
      head.writeBigUInt64LE(BigInt(content.length), 1)
      this.#write(head)
      this.#write(Buffer.from(content))
      this.#memoize(content)
      this.#type(code)
      this.#tuple(shape)
      this.#value('C')
      this.#byte('t')
      this.#memoize({})
      this.#byte('R')
      this.#memoize(array)
      return
    }
    this.#global(`${folder}.multiarray`, '_reconstruct')
    this.#byte('(')
    this.#global('numpy', 'ndarray')
    this.#tuple(new Tuple([0n]))
    this.#value(this.#single)
    this.#byte('t')
    this.#memoize({})
    this.#byte('R')
    this.#memoize(array)
    this.#byte('(')
    this.#int(1n)
    this.#tuple(shape)
    this.#type(code)
    this.#value(false)
    this.#value(content)
    this.#byte('t')
    this.#memoize({})
    this.#byte('b')
  }

  #type(code: string): void {
    const key = `dtype ${code}`
    if (this.#known(key)) return
    this.#global('numpy', 'dtype')
    this.#tuple(new Tuple([code, false, true]))
    this.#byte('R')
    this.#memoize(key)
    const order = this.#options.bigEndian === true ? '>' : '<'
    this.#tuple(new Tuple([3n, order, null, null, null, -1n, -1n, 0n]))
    this.#byte('b')
  }

  #scalar(scalar: NumpyInt64): void {
    this.#global(`${this.#options.numpy ?? 'numpy.core'}.multiarray`, 'scalar')
    this.#byte('(')
    this.#type('i8')
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigInt64(0, BigInt(scalar.value), this.#options.bigEndian !== true)
    this.#value(bytes)
    this.#byte('t')
    this.#memoize({})
    this.#byte('R')
    this.#memoize(scalar)
  }
}

/** An opcode and a number of four bytes. */
function numbered(opcode: string, value: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes.write(opcode, 'latin1')
  bytes.writeUInt32LE(value, 1)
  return bytes
}
