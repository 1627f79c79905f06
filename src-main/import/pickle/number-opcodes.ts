/** Reads the numbers of a pickle that are not written in one piece of fixed size. Import worker thread. */
import type { FileBytes } from '../file-bytes'
import { opcodes } from './opcodes'

/** LONG1: at most 8 bytes, little-endian, two's complement. `undefined`: longer than any box or count. */
export function readLong(bytes: FileBytes): number | undefined {
  const length = bytes.byte()
  if (length > 8) return undefined
  let value = 0n
  for (let index = 0; index < length; index++) value |= BigInt(bytes.byte()) << BigInt(8 * index)
  return Number(BigInt.asIntN(8 * length, value))
}

/** INT, LONG, FLOAT of protocol 0: `12`, `12L`, `0.25`, `nan`, `-inf`, and `01` for True. */
export function readTextNumber(bytes: FileBytes, code: number): number | boolean | undefined {
  const line = bytes.line(400)
  if (line === undefined) return undefined
  if (code === opcodes.INT && (line === '00' || line === '01')) return line === '01'
  if (code === opcodes.FLOAT && /^-?inf$/.test(line)) {
    return line.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  }
  if (code === opcodes.FLOAT && line === 'nan') return Number.NaN
  return /^-?\d+(?:\.\d*)?(?:e[+-]?\d+)?L?$/i.test(line) ? Number(line.replace(/L$/, '')) : undefined
}

/** The number of a memo entry that an opcode names. */
export function readIndex(bytes: FileBytes, code: number): number | undefined {
  if (code === opcodes.BINGET || code === opcodes.BINPUT) return bytes.byte()
  if (code === opcodes.LONG_BINGET || code === opcodes.LONG_BINPUT) return bytes.uint32()
  const line = bytes.line(10)
  return line !== undefined && /^\d+$/.test(line) ? Number(line) : undefined
}
