/**
 * Rows in PostgreSQL's binary COPY format. Store's threads.
 * https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4
 */
import { embeddingLength } from '../../../src-shared/face'
import type { ColumnType, SqlValue } from '../sql/connection'

/** `PGCOPY\n\377\r\n\0`, no flags, no header extension. */
const header = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex')
const trailer = -1
const nothing = -1
const firstBytes = 1024
/** Of a field with its length: what is made room for at first. Pictures are larger, or there are none. */
const usualBytes: Readonly<Record<ColumnType, number>> = {
  text: 64,
  id: 20,
  integer: 8,
  bigint: 12,
  float: 12,
  flag: 5,
  bytes: 8192,
  vector: 8 + embeddingLength * Float32Array.BYTES_PER_ELEMENT,
}

/** The bytes of rows, their values of these types, in memory of their own. */
export function binaryRows(
  types: readonly ColumnType[],
  rows: readonly (readonly SqlValue[])[],
): Uint8Array<ArrayBuffer> {
  const writer = new Writer(firstBytes + rows.length * types.reduce((sum, type) => sum + usualBytes[type], 0))
  for (const row of rows) {
    if (row.length !== types.length)
      throw new TypeError(`A row has ${row.length} values, not ${types.length}.`)
    writer.int16(types.length)
    for (const [place, type] of types.entries()) writer.value(type, row[place]!)
  }
  return writer.end()
}

class Writer {
  #bytes: Buffer<ArrayBuffer>
  #length: number

  constructor(firstBytes: number) {
    this.#bytes = Buffer.from(new ArrayBuffer(firstBytes))
    this.#length = header.copy(this.#bytes)
  }

  int16(value: number): void {
    this.#length = this.#room(2).writeInt16BE(value, this.#length)
  }

  /** A field: its length in bytes, then the bytes. */
  value(type: ColumnType, value: SqlValue): void {
    if (value === null) this.#int32(nothing)
    else this.#write[type](value)
  }

  readonly #write: Readonly<Record<ColumnType, (value: NonNullable<SqlValue>) => void>> = {
    text: (value) => this.#text(asText(value)),
    id: (value) => this.#id(asText(value)),
    flag: (value) => {
      this.#int32(1)
      this.#length = this.#room(1).writeInt8(asNumber(value) === 0 ? 0 : 1, this.#length)
    },
    integer: (value) => {
      this.#int32(4)
      this.#int32(asNumber(value))
    },
    bigint: (value) => {
      this.#int32(8)
      this.#length = this.#room(8).writeBigInt64BE(BigInt(asNumber(value)), this.#length)
    },
    float: (value) => {
      this.#int32(8)
      this.#length = this.#room(8).writeDoubleBE(asNumber(value), this.#length)
    },
    bytes: (value) => {
      if (!(value instanceof Uint8Array)) throw new TypeError('A value is no bytes.')
      this.#int32(value.byteLength)
      this.#room(value.byteLength).set(value, this.#length)
      this.#length += value.byteLength
    },
    vector: (value) => {
      if (!(value instanceof Float32Array)) throw new TypeError('A value is no vector.')
      this.#vector(value)
    },
  }

  end(): Uint8Array<ArrayBuffer> {
    this.int16(trailer)
    return new Uint8Array(this.#bytes.buffer, 0, this.#length)
  }

  #int32(value: number): void {
    this.#length = this.#room(4).writeInt32BE(value, this.#length)
  }

  #text(text: string): void {
    // No character of UTF-16 takes more than three bytes of UTF-8.
    const bytes = this.#room(4 + 3 * text.length)
    const written = bytes.write(text, this.#length + 4)
    this.#int32(written)
    this.#length += written
  }

  #id(id: string): void {
    this.#int32(16)
    const written = this.#room(16).write(id.replaceAll('-', ''), this.#length, 'hex')
    if (written !== 16) throw new TypeError('A value is no id.')
    this.#length += written
  }

  /** See `vectors.ts`. */
  #vector(vector: Float32Array): void {
    if (vector.length !== embeddingLength) throw new TypeError(`A vector has ${vector.length} dimensions.`)
    this.#int32(4 + vector.byteLength)
    this.int16(vector.length)
    this.int16(0)
    const bytes = this.#room(vector.byteLength)
    bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), this.#length)
    // Every platform of Visor is little-endian.
    bytes.subarray(this.#length, this.#length + vector.byteLength).swap32()
    this.#length += vector.byteLength
  }

  /** The bytes, with room for so many more. */
  #room(more: number): Buffer<ArrayBuffer> {
    const needed = this.#length + more
    if (needed > this.#bytes.length) {
      const larger = Buffer.from(new ArrayBuffer(Math.max(needed, 2 * this.#bytes.length)))
      this.#bytes.copy(larger, 0, 0, this.#length)
      this.#bytes = larger
    }
    return this.#bytes
  }
}

function asText(value: NonNullable<SqlValue>): string {
  if (typeof value !== 'string') throw new TypeError('A value is no text.')
  return value
}

function asNumber(value: NonNullable<SqlValue>): number {
  if (typeof value !== 'number') throw new TypeError('A value is no number.')
  return value
}
