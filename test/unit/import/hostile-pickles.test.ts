/** Pickles that were made to do harm, and pickles at random: each ends in a clear error, nothing runs, nothing hangs. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DeepfaceReader } from '../../../src-main/import/deepface/deepface-reader'
import { facesOf } from '../../../src-main/import/deepface/rows'
import { FileBytes } from '../../../src-main/import/file-bytes'
import { PickleInterpreter } from '../../../src-main/import/pickle/interpreter'
import { VisorError } from '../../../src-shared/errors'
import { randomNumbers } from '../../contract/made-faces'
import { type Python, pickled } from './pickle-writer'
import { fileIn, temporaryFolder } from './temp-file'

const folder = temporaryFolder()

/** How many rows it gives; raises what the reader raises. */
function read(content: Uint8Array): number {
  const bytes = FileBytes.open(fileIn(folder, content, 'hostile'))
  try {
    let rows = 0
    for (const items of new PickleInterpreter(bytes).batches()) {
      for (const item of items) rows += facesOf(item, null, () => undefined).length
    }
    return rows
  } finally {
    bytes.close()
  }
}

function refusal(content: Uint8Array): VisorError {
  try {
    read(content)
  } catch (error) {
    if (error instanceof VisorError) return error
    throw error
  }
  throw new Error('It was read.')
}

const bytes = (...parts: readonly (string | number | Uint8Array)[]): Buffer =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'number'
        ? Buffer.from([part])
        : Buffer.from(part as string, typeof part === 'string' ? 'latin1' : undefined),
    ),
  )
const uint32 = (value: number) => {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32LE(value)
  return buffer
}
const uint64 = (value: bigint) => {
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64LE(value)
  return buffer
}
const short = (text: string) => bytes(0x8c, text.length, text)
const witness = join(folder, 'it-ran')
const command = `touch ${witness}`
const called = (module: string, name: string) => bytes(short(module), short(name), 0x93)
const system = bytes('cos\nsystem\n')
const argument = bytes('X', uint32(command.length), command, 0x85)

describe('what calls or imports stops with its name and its place', () => {
  test.each<[string, Uint8Array, string]>([
    [
      'GLOBAL os.system',
      bytes(0x80, 2, ']', system, argument, 'R.'),
      'GLOBAL at byte 3, which names os.system',
    ],
    [
      'GLOBAL posix.system',
      bytes('cposix\nsystem\n', argument, 'R.'),
      'GLOBAL at byte 0, which names posix.system',
    ],
    [
      'STACK_GLOBAL builtins.eval',
      bytes(0x80, 4, called('builtins', 'eval'), short('1'), 0x85, 'R.'),
      'STACK_GLOBAL at byte 18, which names builtins.eval',
    ],
    [
      'subprocess.Popen',
      bytes(0x80, 4, ']', called('subprocess', 'Popen'), argument, 'R.'),
      'names subprocess.Popen',
    ],
    ['numpy.load', bytes(']', 'cnumpy\nload\n', argument, 'R.'), 'names numpy.load'],
    [
      'numpy.core.multiarray.fromfile',
      bytes('cnumpy.core.multiarray\nfromfile\n', argument, 'R.'),
      'names numpy.core.multiarray.fromfile',
    ],
    [
      'a name with dots',
      bytes(0x80, 4, called('numpy', 'ndarray.tofile'), argument, 'R.'),
      'names numpy.ndarray.tofile',
    ],
    ['REDUCE of a text', bytes(']', short('os.system'), argument, 'R.'), 'REDUCE at byte'],
    ['REDUCE of an array’s type', bytes(']', 'cnumpy\nndarray\n', argument, 'R.'), 'REDUCE at byte'],
    [
      'REDUCE through the memo',
      bytes(']', 'cnumpy\ndtype\n', 'q', 1, '0h', 1, argument, 'R.'),
      'POP at byte',
    ],
    ['BUILD of a list', bytes(']', '}', 'b.'), 'BUILD at byte 2'],
    [
      'BUILD with a dictionary of an array',
      bytes(
        'cnumpy.core.multiarray\n_reconstruct\n',
        'cnumpy\nndarray\n',
        'K',
        0,
        0x85,
        'C',
        1,
        'b',
        0x87,
        'R',
        '}',
        'b.',
      ),
      'BUILD at byte',
    ],
    ['INST', bytes('(', `X`, uint32(command.length), command, 'ios\nsystem\n.'), 'INST at byte'],
    ['OBJ', bytes('(cnumpy\nndarray\no.'), 'OBJ at byte'],
    ['NEWOBJ', bytes('cnumpy\nndarray\n)', 0x81, '.'), 'NEWOBJ at byte'],
    ['NEWOBJ_EX', bytes('cnumpy\nndarray\n)}', 0x92, '.'), 'NEWOBJ_EX at byte'],
    ['EXT1', bytes(0x82, 1, '.'), 'EXT1 at byte 0'],
    ['EXT2', bytes(0x83, 1, 0, '.'), 'EXT2 at byte 0'],
    ['EXT4', bytes(0x84, uint32(1), '.'), 'EXT4 at byte 0'],
    ['PERSID', bytes('Pos.system\n.'), 'PERSID at byte 0'],
    ['BINPERSID', bytes(short('x'), 'Q.'), 'BINPERSID at byte 3'],
    ['NEXT_BUFFER', bytes(0x97, '.'), 'NEXT_BUFFER at byte 0'],
    [
      '_codecs.encode with rot13',
      bytes(']', 'c_codecs\nencode\n', short('x'), short('rot13'), 0x86, 'R.'),
      'REDUCE at byte',
    ],
    ['_codecs.lookup', bytes('c_codecs\nlookup\n', argument, 'R.'), 'names _codecs.lookup'],
    [
      'an array of objects',
      bytes(']', 'cnumpy\ndtype\n', short('O8'), 0x89, 0x88, 0x87, 'R.'),
      'REDUCE at byte',
    ],
    [
      'inside a row of a good file',
      bytes(0x80, 4, ']', '(', '}', '(', short('identity'), system, argument, 'R', 'ue.'),
      'names os.system',
    ],
    [
      'inside an embedding',
      bytes(0x80, 2, ']', '(]', 'X', uint32(1), 'a', 'a', '](', system, argument, 'Rea', 'e.'),
      'names os.system',
    ],
  ])('%s', (_, content, said) => {
    const error = refusal(content)
    expect(error.code).toBe('source-unfit')
    expect(error.message).toContain(said)
    expect(existsSync(witness)).toBe(false)
  })

  test('rows before it are given, the file as a whole is not', () => {
    const good = pickled([{ identity: 'a.jpg', embedding: [1, 2] }], { protocol: 2 })
    expect(refusal(bytes(good.subarray(0, -1), system, argument, 'R.')).message).toContain('names os.system')
  })
})

describe('what claims more than there is', () => {
  test.each<[string, Uint8Array, string]>([
    [
      'a text of 4 GB',
      bytes(']X', uint32(0xffff_ffff), 'abc'),
      'BINUNICODE at byte 1, which claims 4,294,967,295 bytes',
    ],
    [
      'a text of 2^60 bytes',
      bytes(']', 0x8d, uint64(2n ** 60n), 'abc'),
      'BINUNICODE8 at byte 1, which claims',
    ],
    ['bytes of 4 GB', bytes(']B', uint32(0xffff_ffff), 'abc'), 'BINBYTES at byte 1, which claims'],
    ['a bytearray of 2^63 bytes', bytes(']', 0x96, uint64(2n ** 63n)), 'BYTEARRAY8 at byte 1, which claims'],
    ['a frame of 2^62 bytes', bytes(0x80, 4, 0x95, uint64(2n ** 62n), ']'), 'FRAME at byte 2, which claims'],
    ['a number of 255 bytes', bytes(']', 0x8a, 255, '1'.repeat(255)), 'LONG1 at byte 1'],
    [
      'a memo entry at the end of memory',
      bytes(']r', uint32(0xffff_fff0)),
      'LONG_BINPUT at byte 1, which is for memo entry',
    ],
    [
      'an array of 2^40 numbers',
      bytes(
        ']',
        'cnumpy.core.numeric\n_frombuffer\n(C',
        4,
        'abcd',
        'cnumpy\ndtype\n',
        short('f4'),
        0x85,
        'R',
        0x8a,
        6,
        0,
        0,
        0,
        0,
        0,
        1,
        0x85,
        short('C'),
        'tR.',
      ),
      'REDUCE at byte',
    ],
    ['protocol 6', bytes(0x80, 6, '].'), 'of protocol 6'],
  ])('%s', (_, content, said) => {
    expect(refusal(content).message).toContain(said)
  })
})

describe('what refers to nothing', () => {
  test.each<[string, Uint8Array, string]>([
    ['BINGET', bytes(']h', 7, 'a.'), 'BINGET at byte 1, which refers to memo entry 7; there is none'],
    ['LONG_BINGET', bytes(']j', uint32(3_000_000_000), 'a.'), 'which refers to memo entry 3000000000'],
    ['GET', bytes('(lg99\na.'), 'GET at byte 2, which refers to memo entry 99'],
    ['GET without a number', bytes('(lgx\na.'), 'GET at byte 2, which has no number'],
    ['an empty stack', bytes('.'), 'STOP at byte 0'],
    ['no mark', bytes(']e.'), 'APPENDS at byte 1, which needs a mark'],
    ['a tuple of too few', bytes('K', 1, 0x87, '.'), 'TUPLE3 at byte 2, which needs more values'],
    ['a key without a value', bytes(']}(', short('a'), 'u.'), 'SETITEMS at byte'],
    ['a number as a key', bytes(']}(K', 1, 'Nu.'), 'a number for a key'],
    ['a dictionary', bytes('}.'), 'a dictionary where DeepFace writes a list'],
    ['a byte that is no opcode', bytes(']', 0xfe), '0xfe at byte 1'],
    ['two values at the end', bytes(']].'), 'before every value has found its place'],
  ])('%s', (_, content, said) => {
    expect(refusal(content).message).toContain(said)
  })
})

describe('what nests', () => {
  const deep = 10_000

  test.each<[string, Uint8Array]>([
    ['lists by APPEND', bytes(']'.repeat(deep), 'a'.repeat(deep - 1), '.')],
    ['lists by marks', bytes(']('.repeat(deep), 'e'.repeat(deep), '.')],
    ['tuples', bytes(']', 'N', Buffer.alloc(deep, 0x85), 'a.')],
    [
      'dictionaries',
      bytes(']', bytes('}', short('k')).toString('latin1').repeat(deep), 'N', 's'.repeat(deep), 'a.'),
    ],
    ['marks alone', bytes('('.repeat(deep), '.')],
  ])('%s, 10,000 deep', (_, content) => {
    expect(refusal(content).message).toMatch(/deep\.$/)
  })

  test('a list in itself is read and is no vector', () => {
    const row = bytes(
      '}(',
      short('identity'),
      short('a.jpg'),
      short('embedding'),
      ']',
      'q',
      1,
      'h',
      1,
      'a',
      'u',
    )
    expect(read(bytes(0x80, 2, ']', row, 'a.'))).toBe(1)
  })
})

test('a file that never finishes a row is stopped before it fills the memory', () => {
  const before = process.memoryUsage().rss
  expect(refusal(bytes('](', Buffer.alloc(8_000_000, '}'), 'e.')).message).toContain(
    'one batch holds more than 1,000 rows need',
  )
  expect(process.memoryUsage().rss - before).toBeLessThan(1024 * 1024 * 1024)
})

describe('one vector and one path that every row of a batch names again', () => {
  const vector = bytes(
    ']q',
    1,
    '(',
    Buffer.alloc(9 * 10_000, Buffer.from([0x47, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0])),
    'e',
  )
  const fileWith = (path: string, rows: number) => {
    const first = bytes('](X', uint32(path.length), path, 'q', 2, vector, 'e')
    const again = bytes(']h', 2, 'ah', 1, 'a')
      .toString('latin1')
      .repeat(rows - 1)
    return fileIn(folder, bytes(0x80, 2, '](', first, again, 'e.'), 'multiplied.pkl')
  }

  test('are not there once for each row', () => {
    const before = process.memoryUsage().rss
    let [rows, largest] = [0, 0]
    for (const batch of new DeepfaceReader(fileWith('a/b.jpg', 20_000), () => 'Ana').batches()) {
      rows += batch.length
      largest = Math.max(largest, batch.length)
    }
    expect([rows, largest]).toEqual([20_000, 1000])
    // Twenty thousand vectors are 800 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(700_000_000)
  })

  test('are refused where they are large', () => {
    const reading = () => [
      ...new DeepfaceReader(fileWith('x'.repeat(5_000_000), 100_000), () => 'Ana').batches(),
    ]
    expect(reading).toThrow('BINGET at byte')
  })
})

test('the fuzzer: broken copies of good files and noise end in rows or in a clear error', () => {
  const seed = Number(process.env.VISOR_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))
  const random = randomNumbers(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const rows: Python[] = [
    {
      identity: 'photos/Ana/1.jpg',
      hash: 'ab',
      embedding: [0.5, -1, 2],
      target_x: 1n,
      target_y: 2n,
      target_w: 3n,
      target_h: 4n,
    },
    ['photos/Bor/1.jpg', Float32Array.from([1, 2, 3])],
    ['photos/Bor/2.jpg', Float64Array.from([1, 2, 3]), 1n, 2n, 3n, 4n],
  ]
  const good = ([0, 1, 2, 3, 4, 5] as const).map((protocol) => pickled(rows, { protocol }))
  for (let round = 0; round < 2000; round++) {
    const content = Buffer.from(good[below(good.length)]!)
    const changes = 1 + below(8)
    for (let change = 0; change < changes; change++) content[below(content.length)] = below(256)
    const made =
      round % 10 === 0 ? Buffer.from(Array.from({ length: below(200) }, () => below(256))) : content
    try {
      read(made)
    } catch (error) {
      const isClear = error instanceof VisorError && error.code === 'source-unfit'
      expect(isClear, `seed ${seed}, round ${round}: ${String(error)}`).toBe(true)
    }
  }
  expect(existsSync(witness)).toBe(false)
  process.stdout.write(`fuzzed pickles with seed ${seed} (VISOR_FUZZ_SEED)\n`)
}, 120_000)
