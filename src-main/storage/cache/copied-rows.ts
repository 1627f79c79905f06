/** Rows of PostgreSQL's binary COPY as SQLite takes them, and their hashes. Store worker thread. */
import { hash } from 'node:crypto'
import type { CachedColumn } from './tables'

/** What SQLite takes and gives. */
export type CachedValue = string | number | null | Uint8Array

/** Signature and flags (`COPY`, file formats, in PostgreSQL's documentation); the length of an extension follows. */
const headerBytes = 15
const lengthBytes = 4
/** Before a vector's numbers: its dimension and a zero, 16 bits each (`vector_send` in pgvector's source). */
const vectorHeaderBytes = 4
/** Where the first row begins, but for an extension. */
const firstRow = headerBytes + lengthBytes
const afterLastRow = -1

/** Takes a binary COPY apart, in pieces of whole rows. The pieces are changed: vectors are turned round where they lie. */
export class CopiedRows {
  readonly #columns: readonly CachedColumn[]
  /** One for all rows. */
  readonly #row: CachedValue[]
  #headerRead = false
  #ended = false

  constructor(columns: readonly CachedColumn[]) {
    this.#columns = columns
    this.#row = columns.map(() => null)
  }

  /** Gives each row to `take`: the list is good until the next row, bytes in it until the next piece. */
  push(piece: Uint8Array, take: (row: readonly CachedValue[]) => void): void {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    let at = 0
    if (!this.#headerRead) {
      at = firstRow + bytes.readInt32BE(headerBytes)
      this.#headerRead = true
    }
    while (at < bytes.length) {
      if (bytes.readInt16BE(at) === afterLastRow) {
        this.#ended = true
        return
      }
      at = this.#read(bytes, at + 2)
      if (at > bytes.length) throw new Error('A piece of a copy ends within a row.')
      take(this.#row)
    }
  }

  /** Throws where the last row has not come. */
  end(): void {
    if (!this.#ended) throw new Error('A copy broke off.')
  }

  /** Reads the fields of a row, the first of which begins at `from`; gives where they end. */
  #read(bytes: Buffer, from: number): number {
    let at = from
    for (let index = 0; index < this.#columns.length; index++) {
      const length = bytes.readInt32BE(at)
      const start = at + lengthBytes
      at = start + Math.max(0, length)
      this.#row[index] = length < 0 ? null : fieldValue(this.#columns[index]!.kind, bytes, start, at)
    }
    return at
  }
}

function fieldValue(kind: CachedColumn['kind'], bytes: Buffer, start: number, end: number): CachedValue {
  switch (kind) {
    case 'text':
      return bytes.toString('utf8', start, end)
    case 'number':
    case 'flag':
      return bytes.readDoubleBE(start)
    case 'bytes':
      return bytes.subarray(start, end)
    case 'vector':
      return bytes.subarray(start + vectorHeaderBytes, end).swap32()
  }
}

/** The hash of a row of the cache: that of the same row on the server. */
export function rowHash(columns: readonly CachedColumn[], row: readonly CachedValue[]): bigint {
  const parts: Buffer[] = []
  for (const [index, { kind }] of columns.entries()) {
    const field = fieldOf(kind, row[index] ?? null)
    const length = Buffer.alloc(lengthBytes)
    length.writeInt32BE(field?.length ?? -1)
    parts.push(length)
    if (field !== undefined) parts.push(field)
  }
  return hash('sha256', Buffer.concat(parts), 'buffer').readBigInt64BE()
}

function fieldOf(kind: CachedColumn['kind'], value: CachedValue): Buffer | undefined {
  if (value === null) return undefined
  if (typeof value === 'string') return Buffer.from(value, 'utf8')
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleBE(value)
    return bytes
  }
  if (kind !== 'vector') return Buffer.from(value)
  const field = Buffer.alloc(vectorHeaderBytes + value.byteLength)
  field.writeUInt16BE(value.byteLength / Float32Array.BYTES_PER_ELEMENT)
  field.set(value, vectorHeaderBytes)
  field.subarray(vectorHeaderBytes).swap32()
  return field
}
