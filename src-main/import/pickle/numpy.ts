/**
 * NumPy's part in a pickle: which of its names are known, and what its reconstructors would make. Import worker thread.
 *
 * From NumPy's `_core/src/multiarray/methods.c` (`array_reduce`, `array_setstate`), `descriptor.c` (`arraydescr_reduce`) and
 * `_core/numeric.py` (`_frombuffer`), versions 1 and 2.
 */
import { NumpyArray, NumpyGlobal, type NumpyName, NumpyType, PickledTuple, type Value } from './values'

const globals: ReadonlyMap<string, NumpyName> = new Map([
  ['numpy.core.multiarray _reconstruct', 'reconstruct'],
  ['numpy._core.multiarray _reconstruct', 'reconstruct'],
  ['numpy.core.multiarray scalar', 'scalar'],
  ['numpy._core.multiarray scalar', 'scalar'],
  ['numpy.core.numeric _frombuffer', 'frombuffer'],
  ['numpy._core.numeric _frombuffer', 'frombuffer'],
  ['numpy ndarray', 'ndarray'],
  ['numpy dtype', 'dtype'],
  // How protocols below 3 write bytes.
  ['_codecs encode', 'encode'],
  ['__builtin__ bytes', 'no-bytes'],
])

/** The name, where it is one that arrays need. */
export function numpyGlobal(module: string, name: string): NumpyGlobal | undefined {
  const known = globals.get(`${module} ${name}`)
  return known === undefined ? undefined : new NumpyGlobal(known)
}

/** What calling `called` with `args` would make; `undefined` where arrays are not made so. Nothing is called. */
export function reduced({ name }: NumpyGlobal, args: readonly Value[]): Value | undefined {
  const [first, second, third] = args
  switch (name) {
    case 'reconstruct': {
      const isArray = first instanceof NumpyGlobal && first.name === 'ndarray'
      return isArray && args.length === 3 ? new NumpyArray() : undefined
    }
    case 'dtype':
      return typeof first === 'string' && args.length <= 3 ? numpyType(first) : undefined
    case 'scalar':
      return first instanceof NumpyType && second instanceof Uint8Array && args.length === 2
        ? numbersOf(first, second, 1)?.[0]
        : undefined
    case 'frombuffer':
      return first instanceof Uint8Array && second instanceof NumpyType && args.length === 4
        ? arrayOf(new NumpyArray(), third, second, first)
        : undefined
    case 'encode':
      return typeof first === 'string' && (second === 'latin1' || second === 'latin-1') && args.length === 2
        ? latin1(first)
        : undefined
    case 'no-bytes':
      return args.length === 0 ? new Uint8Array() : undefined
    case 'ndarray':
      return undefined
  }
}

/** Sets the state of an array or a type; `false` where it is none that NumPy writes, or where it has one already. */
export function setState(target: Value | undefined, state: Value): boolean {
  if (!(state instanceof PickledTuple)) return false
  if (target instanceof NumpyType) {
    const [version, order] = state.items
    if (target.built || typeof version !== 'number' || typeof order !== 'string' || !'<>|='.includes(order)) {
      return false
    }
    target.bigEndian = order === '>'
    target.built = true
    return true
  }
  if (target instanceof NumpyArray) {
    const [version, shape, type, , bytes] = state.items
    return (
      target.data === null &&
      version === 1 &&
      type instanceof NumpyType &&
      bytes instanceof Uint8Array &&
      arrayOf(target, shape, type, bytes) !== undefined
    )
  }
  return false
}

/** `f4`, `<i8`. Objects, texts and complex numbers have no place in an embedding. */
function numpyType(code: string): NumpyType | undefined {
  const found = /^[<>|=]?([fiub])([1248])$/.exec(code)
  if (found === null) return undefined
  const [kind, bytes] = [found[1] as NumpyType['kind'], Number(found[2])]
  if ((kind === 'f' && bytes === 1) || (kind === 'b' && bytes !== 1)) return undefined
  const type = new NumpyType(kind, bytes)
  type.bigEndian = code.startsWith('>')
  return type
}

function arrayOf(
  array: NumpyArray,
  shape: Value | undefined,
  type: NumpyType,
  bytes: Uint8Array,
): NumpyArray | undefined {
  if (!(shape instanceof PickledTuple)) return undefined
  let [amount, longest] = [1, 1]
  for (const size of shape.items) {
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined
    amount *= size
    longest = Math.max(longest, size)
  }
  const data = numbersOf(type, bytes, amount)
  if (data === undefined) return undefined
  array.data = data
  array.isVector = amount === 0 || (shape.items.length > 0 && amount === longest)
  return array
}

/** The numbers in `bytes`, as they are in float32, else in float64; `undefined` where there are not `amount`. */
function numbersOf(
  type: NumpyType,
  bytes: Uint8Array,
  amount: number,
): Float32Array | Float64Array | undefined {
  if (bytes.length !== amount * type.bytes) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const read = readerOf(type, view)
  const numbers = type.kind === 'f' && type.bytes === 4 ? new Float32Array(amount) : new Float64Array(amount)
  for (let index = 0; index < amount; index++) numbers[index] = read(index * type.bytes)
  return numbers
}

function readerOf({ kind, bytes, bigEndian }: NumpyType, view: DataView): (at: number) => number {
  const little = !bigEndian
  if (kind === 'f') {
    if (bytes === 8) return (at) => view.getFloat64(at, little)
    return bytes === 4 ? (at) => view.getFloat32(at, little) : (at) => view.getFloat16(at, little)
  }
  if (kind === 'i') {
    if (bytes === 8) return (at) => Number(view.getBigInt64(at, little))
    if (bytes === 4) return (at) => view.getInt32(at, little)
    return bytes === 2 ? (at) => view.getInt16(at, little) : (at) => view.getInt8(at)
  }
  if (bytes === 8) return (at) => Number(view.getBigUint64(at, little))
  if (bytes === 4) return (at) => view.getUint32(at, little)
  return bytes === 2 ? (at) => view.getUint16(at, little) : (at) => view.getUint8(at)
}

/** The bytes of a text of characters up to U+00FF. */
function latin1(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'latin1')
  return bytes.toString('latin1') === text ? bytes : undefined
}
