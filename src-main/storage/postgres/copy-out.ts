/** What a COPY … TO STDOUT gives, in pieces of whole rows. Server thread. */
import type pg from 'pg'

/** Of a piece, unless one row has more. */
const pieceBytes = 512 * 1024
/** A message's code, and its length, which counts itself (PostgreSQL's documentation, message formats). */
const headerBytes = 5
const copyData = 'd'.charCodeAt(0)
const copyDone = 'c'.charCodeAt(0)
const errorResponse = 'E'.charCodeAt(0)

type TakesBytes = (bytes: Buffer) => void

/**
 * A query of `pg` that reads the connection itself while rows come: each is one message, so that where a row ends is known without
 * looking into it, and its bytes are moved once. (`pg-copy-streams` gives them as they come from the network.)
 */
export class CopyOut implements pg.Submittable {
  /** Resolves when the connection is free again. Raises what the server raises. */
  readonly done: Promise<void>
  readonly #settled = Promise.withResolvers<void>()
  readonly #sql: string
  readonly #take: (piece: Uint8Array<ArrayBuffer>) => void
  /** Pieces to write in: what was taken and given back. */
  readonly #free: ArrayBuffer[]
  #stream: pg.Connection['stream'] | undefined
  /** What `pg` does with what comes. */
  #answer: TakesBytes = () => undefined
  /** Of a header that is not whole. */
  #rest: Buffer | undefined
  /** Of a message that is not whole. */
  #missing = 0
  #isRow = false
  #piece: Buffer<ArrayBuffer> | undefined
  #filled = 0

  constructor(sql: string, free: ArrayBuffer[], take: (piece: Uint8Array<ArrayBuffer>) => void) {
    this.#sql = sql
    this.#free = free
    this.#take = take
    this.done = this.#settled.promise
  }

  submit(connection: pg.Connection): void {
    const { stream } = connection
    const [answer] = stream.listeners('data')
    this.#stream = stream
    this.#answer = answer as TakesBytes
    stream.off('data', this.#answer)
    stream.on('data', this.#read)
    connection.query(this.#sql)
  }

  /** Nothing is read until {@link resume}; what was read already is still given. */
  pause(): void {
    this.#stream?.pause()
  }

  resume(): void {
    this.#stream?.resume()
  }

  handleError(error: Error): void {
    this.#leave()
    this.#settled.reject(error)
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#settled.resolve()
  }

  readonly #read = (chunk: Buffer): void => {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk])
    this.#rest = undefined
    let at = 0
    for (;;) {
      const some = Math.min(this.#missing, bytes.length - at)
      if (this.#isRow && some > 0) {
        bytes.copy(this.#piece!, this.#filled, at, at + some)
        this.#filled += some
      }
      at += some
      this.#missing -= some
      if (this.#missing > 0) return
      if (bytes.length - at < headerBytes) {
        if (at < bytes.length) this.#rest = bytes.subarray(at)
        return
      }
      const code = bytes[at]!
      if (code === errorResponse || code === copyDone) {
        if (code === copyDone) this.#give()
        this.#leave()
        this.#answer(bytes.subarray(at))
        return
      }
      this.#missing = bytes.readInt32BE(at + 1) - (headerBytes - 1)
      this.#isRow = code === copyData
      if (this.#isRow) this.#makeRoom(this.#missing)
      at += headerBytes
    }
  }

  /** For a row that has so many bytes. */
  #makeRoom(rowBytes: number): void {
    if (this.#piece !== undefined && this.#filled + rowBytes <= this.#piece.length) return
    this.#give()
    const free = rowBytes > pieceBytes ? undefined : this.#free.pop()
    this.#piece = Buffer.from(free ?? new ArrayBuffer(Math.max(pieceBytes, rowBytes)))
  }

  #give(): void {
    if (this.#piece === undefined || this.#filled === 0) return
    const { buffer } = this.#piece
    const bytes = new Uint8Array(buffer, 0, this.#filled)
    this.#piece = undefined
    this.#filled = 0
    this.#take(bytes)
  }

  /** Lets `pg` read again. */
  #leave(): void {
    const stream = this.#stream
    if (stream === undefined) return
    this.#stream = undefined
    stream.off('data', this.#read)
    stream.on('data', this.#answer)
    stream.resume()
  }
}
