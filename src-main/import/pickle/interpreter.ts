/**
 * Reads a pickle's list as a stream, executing nothing. Import worker thread.
 *
 * [Note: Pickles] A pickle is a program for a small machine with a stack and a memo; among its opcodes are some that import any
 * name and call it. Here only those have an effect that build texts, numbers, lists, tuples and dictionaries, and of names only the
 * few that NumPy's arrays are written with, which are recognised and decoded and never looked up or called. Everything else stops
 * the reading. The list at the bottom of the stack is the list of rows: what is appended to it is given away at once, so
 * that a file of any length is read in the memory of one batch (Python writes 1,000 items at a time).
 */
import type { FileBytes } from '../file-bytes'
import { Memo, mostEntries, mostKept } from './memo'
import { readIndex, readLong, readTextNumber } from './number-opcodes'
import { numpyGlobal, reduced, setState } from './numpy'
import { opcodeName, opcodes } from './opcodes'
import { refusedAt } from './refusal'
import { objectBytes, PickleStack } from './stack'
import { checkedLength, isTextOpcode, longestText, readText } from './text-opcodes'
import { kindOf, NumpyArray, NumpyGlobal, PickledDict, PickledList, PickledTuple, type Value } from './values'
import { VectorMemory } from './vector-memory'

const highestProtocol = 5

export class PickleInterpreter {
  /** As the file says; 0 where it says nothing. */
  protocol = 0
  /** Bytes that follow the end of the pickle. */
  trailingBytes = 0
  readonly #bytes: FileBytes
  readonly #memo: Memo
  readonly #stack = new PickleStack((why) => this.#refused(why))
  /** The list of rows, once it is there. */
  #rows: PickledList | undefined
  #given = 0
  #code = 0
  #offset = 0
  /** Numbers that follow one another, before it is known what they are: Python appends 1,000 items at a time. */
  readonly #run = new Float64Array(1024)
  readonly #vectors = new VectorMemory()
  /** Where the text opcode stands, if the last one was a text. */
  #textPlace: number | undefined

  constructor(bytes: FileBytes) {
    this.#bytes = bytes
    this.#memo = new Memo(bytes.aside())
  }

  /**
   * The items of the list, in portions as they are found. An empty list has none. Raises `source-unfit` with the opcode and its
   * place where the pickle is not one of DeepFace's or ends early, and as {@link FileBytes}.
   */
  *batches(): Generator<readonly Value[], void, void> {
    for (;;) {
      const items = this.#untilItems()
      if (items === undefined) return
      for (const [index, item] of items.entries()) markRow(item, this.#given + index)
      yield items
      this.#given += items.length
      this.#memo.letGo()
      this.#stack.held = 0
    }
  }

  /** Carries out opcodes until there are items of the outer list; `undefined` at the end. */
  #untilItems(): readonly Value[] | undefined {
    for (;;) {
      const textPlace = this.#textPlace
      this.#textPlace = undefined
      this.#offset = this.#bytes.offset
      this.#code = this.#bytes.byte()
      if (isTextOpcode(this.#code)) {
        const text = readText(this.#bytes, this.#code)
        this.#textPlace = this.#offset
        this.#stack.push(text, text.length)
        continue
      }
      switch (this.#code) {
        case opcodes.APPENDS:
        case opcodes.APPEND: {
          const items = this.#code === opcodes.APPENDS ? this.#stack.popMark() : [this.#stack.pop()]
          const list = this.#stack.top
          if (!(list instanceof PickledList)) throw this.#refused(`which appends to ${kindOf(list)}`)
          if (list !== this.#rows) this.#stack.extend(list, items)
          else if (this.#stack.marks > 0)
            throw this.#refused('which appends to the list of rows inside a row')
          else if (items.length > 0) return items
          break
        }
        case opcodes.STOP:
          this.#end()
          return undefined
        case opcodes.PUT:
        case opcodes.BINPUT:
        case opcodes.LONG_BINPUT:
        case opcodes.MEMOIZE:
          this.#put(textPlace)
          break
        case opcodes.GET:
        case opcodes.BINGET:
        case opcodes.LONG_BINGET:
          this.#get()
          break
        default:
          this.#structure()
          // A list that was made with its items.
          if (this.#code === opcodes.LIST && this.#rows !== undefined && this.#rows.items.length > 0) {
            return this.#rows.items.splice(0)
          }
      }
    }
  }

  /** Containers and what makes them; else {@link #scalar}. */
  #structure(): void {
    switch (this.#code) {
      case opcodes.MARK:
        this.#stack.mark()
        return
      case opcodes.EMPTY_LIST:
        this.#list([])
        return
      case opcodes.LIST:
        this.#list(this.#stack.popMark())
        return
      case opcodes.EMPTY_DICT:
        this.#stack.push(new PickledDict(), objectBytes)
        return
      case opcodes.DICT: {
        const pairs = this.#stack.popMark()
        const dict = new PickledDict()
        this.#stack.push(dict, objectBytes)
        this.#stack.setItems(dict, pairs)
        return
      }
      case opcodes.SETITEM: {
        const value = this.#stack.pop()
        const key = this.#stack.pop()
        this.#stack.setItems(this.#stack.top, [key, value])
        return
      }
      case opcodes.SETITEMS: {
        const pairs = this.#stack.popMark()
        this.#stack.setItems(this.#stack.top, pairs)
        return
      }
      case opcodes.EMPTY_TUPLE:
        this.#stack.pushTuple([])
        return
      case opcodes.TUPLE:
        this.#stack.pushTuple(this.#stack.popMark())
        return
      case opcodes.TUPLE1:
      case opcodes.TUPLE2:
      case opcodes.TUPLE3:
        this.#stack.pushTuple(this.#stack.popSome(this.#code - opcodes.TUPLE1 + 1))
        return
      case opcodes.GLOBAL:
      case opcodes.STACK_GLOBAL:
        this.#global()
        return
      case opcodes.REDUCE:
        this.#reduce()
        return
      case opcodes.BUILD: {
        const state = this.#stack.pop()
        const target = this.#stack.top
        if (!setState(target, state))
          throw this.#refused(`which sets a state of ${kindOf(target)} that NumPy does not write`)
        return
      }
      default:
        this.#scalar()
    }
  }

  #scalar(): void {
    const bytes = this.#bytes
    switch (this.#code) {
      case opcodes.BINFLOAT:
        this.#floats()
        return
      case opcodes.BININT:
        this.#stack.push(bytes.int32(), 8)
        return
      case opcodes.BININT1:
        this.#stack.push(bytes.byte(), 8)
        return
      case opcodes.BININT2:
        this.#stack.push(bytes.uint16(), 8)
        return
      case opcodes.LONG1:
        this.#stack.push(this.#number(readLong(bytes)), 8)
        return
      case opcodes.INT:
      case opcodes.LONG:
      case opcodes.FLOAT:
        this.#stack.push(this.#number(readTextNumber(bytes, this.#code)), 8)
        return
      case opcodes.NONE:
        this.#stack.push(null, 8)
        return
      case opcodes.NEWTRUE:
      case opcodes.NEWFALSE:
        this.#stack.push(this.#code === opcodes.NEWTRUE, 8)
        return
      case opcodes.SHORT_BINBYTES:
      case opcodes.BINBYTES:
      case opcodes.BINBYTES8:
      case opcodes.BYTEARRAY8: {
        const length = checkedLength(bytes, this.#code, this.#offset, longestText)
        this.#stack.push(bytes.take(length), length)
        return
      }
      case opcodes.PROTO:
        this.protocol = bytes.byte()
        if (this.protocol > highestProtocol)
          throw this.#refused(`of protocol ${this.protocol}; the highest known is 5`)
        return
      case opcodes.FRAME: {
        const length = bytes.uint64()
        if (length > bytes.left)
          throw this.#refused(`which claims ${length.toLocaleString('en-GB')} bytes; the file has fewer`)
        return
      }
      default:
        throw this.#refused('which Visor does not carry out')
    }
  }

  /** A number, and all that follow it directly: nearly everything in such a file is one. */
  #floats(): void {
    const bytes = this.#bytes
    const { window, view } = bytes
    bytes.need(8)
    const run = this.#run
    run[0] = view.getFloat64(bytes.at)
    bytes.at += 8
    let count = 1
    while (bytes.has(9) && window[bytes.at] === opcodes.BINFLOAT) {
      const first = bytes.at
      const last = Math.min(bytes.end - 9, first + 9 * (run.length - count - 1))
      let at = first
      for (; at <= last && window[at] === opcodes.BINFLOAT; at += 9) run[count++] = view.getFloat64(at + 1)
      bytes.at = at
      this.#stack.take((8 / 9) * (at - first))
      if (count < run.length) continue
      this.#stack.pushNumbers(run)
      count = 0
    }
    this.#stack.take(8)
    const numbers = run.subarray(0, count)
    if (!this.#fillsList(numbers)) this.#stack.pushNumbers(numbers)
  }

  /** A list of numbers alone, as vectors are, takes them without a value for each. */
  #fillsList(numbers: Float64Array): boolean {
    const bytes = this.#bytes
    const list = this.#stack.size === 0 ? this.#stack.belowMark : undefined
    if (!(list instanceof PickledList) || list === this.#rows || list.length > 0) return false
    if (!bytes.has(1) || bytes.window[bytes.at] !== opcodes.APPENDS) return false
    bytes.at += 1
    this.#stack.popMark()
    list.fill(this.#vectors.kept(numbers))
    return true
  }

  #list(items: Value[]): void {
    const isFirst = this.#stack.marks === 0 && this.#stack.size === 0
    const list = this.#stack.pushList(items)
    if (isFirst) this.#rows ??= list
  }

  #put(textPlace: number | undefined): void {
    const index =
      this.#code === opcodes.MEMOIZE ? this.#memo.puts : this.#number(readIndex(this.#bytes, this.#code))
    const value = this.#stack.top
    if (value === undefined) throw this.#refused('which needs a value; there is none')
    // Whatever numbers a program gives, each entry took a byte of the file at least.
    if (index >= mostEntries || index > this.#offset) throw this.#refused(`which is for memo entry ${index}`)
    this.#stack.take(16)
    if (!this.#memo.put(index, value, textPlace)) {
      throw this.#refused(`by which there are more than ${mostKept} names and types`)
    }
  }

  #get(): void {
    const index = this.#number(readIndex(this.#bytes, this.#code))
    const value = this.#memo.get(index)
    if (value === undefined) throw this.#refused(`which refers to memo entry ${index}; there is none`)
    // A text may have been read again for it.
    this.#stack.push(value, typeof value === 'string' ? value.length : 8)
  }

  #number<T>(read: T | undefined): T {
    if (read === undefined) throw this.#refused('which has no number that fits')
    return read
  }

  #global(): void {
    const [module, name] = this.#code === opcodes.GLOBAL ? [this.#line(), this.#line()] : this.#namesOnStack()
    const known = numpyGlobal(module, name)
    if (known === undefined) {
      throw this.#refused(`which names ${shown(module)}.${shown(name)}; only NumPy’s arrays are read`)
    }
    this.#stack.push(known, objectBytes)
  }

  #line(): string {
    const line = this.#bytes.line(200)
    if (line === undefined) throw this.#refused('which has a name of more than 200 bytes')
    return line
  }

  #namesOnStack(): [string, string] {
    const name = this.#stack.pop()
    const module = this.#stack.pop()
    if (typeof name !== 'string' || typeof module !== 'string') throw this.#refused('which has no name')
    return [module, name]
  }

  #reduce(): void {
    const args = this.#stack.pop()
    const called = this.#stack.pop()
    if (!(called instanceof NumpyGlobal)) throw this.#refused(`which calls ${kindOf(called)}`)
    if (!(args instanceof PickledTuple)) throw this.#refused(`which calls with ${kindOf(args)}`)
    const made = reduced(called, args.items)
    if (made === undefined) throw this.#refused('which makes no array of numbers as NumPy writes it')
    const bytes = made instanceof NumpyArray ? (made.data?.byteLength ?? 0) : 0
    this.#stack.push(made, objectBytes + bytes)
  }

  #end(): void {
    const result = this.#stack.top
    if (this.#stack.marks > 0 || this.#stack.size !== 1)
      throw this.#refused('before every value has found its place')
    if (result === undefined || result !== this.#rows) {
      throw this.#refused(`and holds ${kindOf(result)} where DeepFace writes a list of rows`)
    }
    this.trailingBytes = this.#bytes.left
  }

  #refused(why: string): Error {
    return refusedAt(opcodeName(this.#code), this.#offset, why)
  }
}

/** A name from a file, as far as it may be told. */
const shown = (name: string): string => name.replaceAll(/[^\w.]/g, '?').slice(0, 60)

/** Says of a row's lists and arrays whose they were, for whatever names them again. */
function markRow(item: Value, row: number): void {
  if (!(item instanceof PickledList || item instanceof PickledDict || item instanceof PickledTuple)) return
  item.row ??= row
  const children = item instanceof PickledDict ? item.entries.values() : item.items
  for (const child of children) {
    if (child instanceof PickledList || child instanceof PickledTuple) child.row ??= row
  }
}
