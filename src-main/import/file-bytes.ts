/** A file read from its beginning on through a window of bounded size. Import worker thread. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { systemCodeOf, VisorError } from '../../src-shared/errors'

const windowBytes = 1024 * 1024

/**
 * Reads forward, synchronously: it is used in a thread of its own. What stands in `window` from `at` to `end` may be looked at
 * directly once {@link FileBytes.has} or {@link FileBytes.need} said so.
 */
export class FileBytes {
  readonly size: number
  readonly window: Buffer
  /** Of the window. */
  readonly view: DataView
  at = 0
  end = 0
  readonly #path: string
  readonly #descriptor: number
  readonly #owned: boolean
  /** Place in the file of the window's first byte. */
  #base = 0

  private constructor(path: string, descriptor: number, size: number, window: number, owned: boolean) {
    this.#path = path
    this.#descriptor = descriptor
    this.size = size
    this.window = Buffer.allocUnsafe(window)
    this.view = new DataView(this.window.buffer, this.window.byteOffset, this.window.byteLength)
    this.#owned = owned
  }

  /** Raises `file-missing`, `file-unreadable`. */
  static open(path: string): FileBytes {
    const descriptor = asVisorError(path, () => openSync(path, 'r'))
    const { size } = fstatSync(descriptor)
    return new FileBytes(path, descriptor, size, Math.max(4096, Math.min(windowBytes, size)), true)
  }

  /** The same file with a small window of its own, for a look back. It ends with this one. */
  aside(): FileBytes {
    return new FileBytes(this.#path, this.#descriptor, this.size, 4096, false)
  }

  close(): void {
    if (this.#owned) closeSync(this.#descriptor)
  }

  /** Place in the file of the next byte. */
  get offset(): number {
    return this.#base + this.at
  }

  get left(): number {
    return this.size - this.offset
  }

  seek(offset: number): void {
    this.#base = offset
    this.at = 0
    this.end = 0
  }

  /** Whether the next `count` bytes are in the window; reads on where they may be. `count` is at most the window's size. */
  has(count: number): boolean {
    if (this.at + count <= this.end) return true
    if (count > this.left) return false
    this.window.copyWithin(0, this.at, this.end)
    this.#base += this.at
    this.end -= this.at
    this.at = 0
    while (this.end < count) {
      const read = this.#read(this.window, this.end, this.window.length - this.end, this.#base + this.end)
      this.end += read
    }
    return true
  }

  /** Has the next `count` bytes in the window. Raises `source-unfit` where the file ends before. */
  need(count: number): void {
    if (!this.has(count)) throw endsEarly(this.size)
  }

  byte(): number {
    this.need(1)
    return this.window[this.at++] as number
  }

  uint16(): number {
    this.need(2)
    this.at += 2
    return this.window.readUInt16LE(this.at - 2)
  }

  uint32(): number {
    this.need(4)
    this.at += 4
    return this.window.readUInt32LE(this.at - 4)
  }

  int32(): number {
    this.need(4)
    this.at += 4
    return this.window.readInt32LE(this.at - 4)
  }

  /** Beyond 2^53 the last digits are lost: no file is that long. */
  uint64(): number {
    this.need(8)
    this.at += 8
    return Number(this.window.readBigUInt64LE(this.at - 8))
  }

  /** The next `count` bytes, a copy. Raises `source-unfit` where the file ends before. */
  take(count: number): Buffer {
    if (count > this.left) throw endsEarly(this.size)
    if (count <= this.window.length) {
      this.need(count)
      this.at += count
      return Buffer.from(this.window.subarray(this.at - count, this.at))
    }
    const taken = Buffer.allocUnsafe(count)
    let filled = this.window.copy(taken, 0, this.at, this.end)
    while (filled < count) filled += this.#read(taken, filled, count - filled, this.offset + filled)
    this.seek(this.offset + count)
    return taken
  }

  /** The next `count` bytes as UTF-8. What is none becomes U+FFFD. */
  text(count: number): string {
    if (count > this.window.length) return this.take(count).toString('utf8')
    this.need(count)
    this.at += count
    return this.window.toString('utf8', this.at - count, this.at)
  }

  /** The next line without its end, Latin-1, of at most `most` bytes; `undefined` where it is longer. */
  line(most: number): string | undefined {
    const bytes: number[] = []
    for (;;) {
      const byte = this.byte()
      if (byte === 0x0a) return Buffer.from(bytes).toString('latin1')
      if (bytes.push(byte) > most) return undefined
    }
  }

  #read(into: Buffer, at: number, count: number, place: number): number {
    const read = asVisorError(this.#path, () => readSync(this.#descriptor, into, at, count, place))
    if (read > 0) return read
    throw new VisorError('file-changed', `“${this.#path}” became shorter while it was read.`, {
      consequence: 'What was read of it until then is not the whole of it.',
      remedy: 'Make sure that nothing writes to it, and begin again.',
    })
  }
}

const endsEarly = (size: number) =>
  new VisorError(
    'source-unfit',
    `The file ends in the middle of a value, after ${size.toLocaleString('en-GB')} bytes.`,
    {
      consequence: 'It is not whole: rows at its end are missing.',
      remedy: 'Copy it again from where it came from.',
    },
  )

/** `act`, its failure told in words. */
export function asVisorError<T>(path: string, act: () => T): T {
  try {
    return act()
  } catch (cause) {
    throw fileError(path, cause)
  }
}

/** What a failure of the file system means. */
export function fileError(path: string, cause: unknown): VisorError {
  if (cause instanceof VisorError) return cause
  const code = systemCodeOf(cause)
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? new VisorError('file-missing', `“${path}” is not there.`, {
        cause,
        consequence: 'Nothing more was read; what was imported before stays.',
        remedy: 'Put it back, or connect the disk that it is on. Where it was moved, choose it there.',
      })
    : new VisorError('file-unreadable', `“${path}” cannot be read.`, {
        cause,
        remedy: 'Look whether its disk is connected and whether you may read it.',
      })
}
