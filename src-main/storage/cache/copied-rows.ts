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
const noBytes = Buffer.alloc(0)

/** Takes a binary COPY apart, in whatever pieces it comes. The pieces are changed: vectors are turned round where they lie. */
export class CopiedRows {
  readonly #columns: readonly CachedColumn[]
  #rest: Buffer = noBytes
  #headerRead = false
  #ended = false

  constructor(columns: readonly CachedColumn[]) {
    this.#columns = columns
  }

  /** Gives each whole row to `take`; bytes in it are good until the next piece. */
  push(piece: Uint8Array, take: (row: readonly CachedValue[]) => void): void {
    const own = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    const bytes = this.#rest.length === 0 ? own : Buffer.concat([this.#rest, own])
    let at = 0
    if (!this.#headerRead) {
      if (bytes.length < headerBytes + lengthBytes) {
        this.#rest = bytes
        return
      }
      at = headerBytes + lengthBytes + bytes.readInt32BE(headerBytes)
      this.#headerRead = true
    }
    for (;;) {
      const end = this.#endOfRow(bytes, at)
      if (end === undefined) break
      if (end === at) {
        this.#ended = true
        at = bytes.length
        break
      }
      take(this.#row(bytes, at + 2))
      at = end
    }
    this.#rest = at === bytes.length ? noBytes : Buffer.from(bytes.subarray(at))
  }

  /** Throws where the last row has not come. */
  end(): void {
    if (!this.#ended) throw new Error('A copy broke off.')
  }

  /** Where the row that begins `at` ends: `at` itself for the end of all, `undefined` where not all of it is here. */
  #endOfRow(bytes: Buffer, at: number): number | undefined {
    if (bytes.length < at + 2) return undefined
    if (bytes.readInt16BE(at) === -1) return at
    let end = at + 2
    for (let field = 0; field < this.#columns.length; field++) {
      if (bytes.length < end + lengthBytes) return undefined
      end += lengthBytes + Math.max(0, bytes.readInt32BE(end))
    }
    return end <= bytes.length ? end : undefined
  }

  #row(bytes: Buffer, from: number): CachedValue[] {
    const row: CachedValue[] = []
    let at = from
    for (const { kind } of this.#columns) {
      const length = bytes.readInt32BE(at)
      const start = at + lengthBytes
      at = start + Math.max(0, length)
      row.push(length < 0 ? null : fieldValue(kind, bytes, start, at))
    }
    return row
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
