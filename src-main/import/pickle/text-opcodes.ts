/** Reads the texts of a pickle. Import worker thread. */
import type { FileBytes } from '../file-bytes'
import { opcodeName, opcodes } from './opcodes'
import { refusedAt } from './refusal'

/** A path, a hash, a key: what is longer is no text of DeepFace's. Bytes. */
export const longestText = 16 * 1024 * 1024

/** Whether {@link readText} reads it. */
export const isTextOpcode = (code: number): boolean =>
  code === opcodes.SHORT_BINUNICODE ||
  code === opcodes.BINUNICODE ||
  code === opcodes.BINUNICODE8 ||
  code === opcodes.UNICODE

/** The text of an opcode that was just read. What is no UTF-8 becomes U+FFFD. Raises `source-unfit`. */
export function readText(bytes: FileBytes, code: number): string {
  const offset = bytes.offset - 1
  if (code === opcodes.UNICODE) {
    const line = bytes.line(longestText)
    if (line === undefined) throw refusedAt('UNICODE', offset, 'a text longer than 16 MB')
    return unescaped(line)
  }
  return bytes.text(checkedLength(bytes, code, offset, longestText))
}

/** The length that follows an opcode; refused before anything is set aside for it. Raises `source-unfit`. */
export function checkedLength(bytes: FileBytes, code: number, offset: number, most: number): number {
  const length = lengthAfter(bytes, code)
  if (length > bytes.left) {
    throw refusedAt(
      opcodeName(code),
      offset,
      `which claims ${amount(length)}; ${amount(bytes.left)} are left`,
    )
  }
  if (length > most)
    throw refusedAt(opcodeName(code), offset, `which holds ${amount(length)}; the most is ${amount(most)}`)
  return length
}

function lengthAfter(bytes: FileBytes, code: number): number {
  switch (code) {
    case opcodes.SHORT_BINUNICODE:
    case opcodes.SHORT_BINBYTES:
      return bytes.byte()
    case opcodes.BINUNICODE:
    case opcodes.BINBYTES:
      return bytes.uint32()
    default:
      return bytes.uint64()
  }
}

const amount = (count: number) => `${count.toLocaleString('en-GB')} bytes`

/** Python's raw-unicode-escape: `\u0160`, `\U0001f600`, else Latin-1. */
function unescaped(line: string): string {
  return line.replaceAll(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (all, short?: string, long?: string) => {
    const point = Number.parseInt(short ?? long ?? '', 16)
    return point > 0x10ffff ? all : String.fromCodePoint(point)
  })
}
