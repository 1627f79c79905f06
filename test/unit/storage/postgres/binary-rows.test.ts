/** Rows in the binary format of COPY, byte by byte: every type with a value and with none. */
import { expect, it, test } from 'vitest'
import { binaryRows } from '../../../../src-main/storage/postgres/binary-rows'
import type { ColumnType, SqlValue } from '../../../../src-main/storage/sql/connection'

/** `PGCOPY\n\377\r\n\0`, no flags, no extension. */
const header = '5047434f50590aff0d0a00' + '00000000' + '00000000'
const trailer = 'ffff'
const hexOf = (types: readonly ColumnType[], rows: readonly (readonly SqlValue[])[]) =>
  Buffer.from(binaryRows(types, rows)).toString('hex')
const vector = new Float32Array(512).fill(0.5)

const fields: readonly (readonly [ColumnType, SqlValue, string])[] = [
  ['text', 'č😀', '00000006' + 'c48d' + 'f09f9880'],
  ['text', '', '00000000'],
  [
    'id',
    '01997f3e-0000-7000-8000-0000000000ff',
    `00000010${'01997f3e00007000800000000000 00ff'.replace(' ', '')}`,
  ],
  ['flag', 1, '00000001' + '01'],
  ['flag', 0, '00000001' + '00'],
  ['integer', -2, '00000004' + 'fffffffe'],
  ['bigint', 2 ** 40, '00000008' + '0000010000000000'],
  ['float', 1.5, '00000008' + '3ff8000000000000'],
  ['bytes', Uint8Array.of(1, 255), '00000002' + '01ff'],
  ['bytes', new Uint8Array(0), '00000000'],
  ['vector', vector, `0000080402000000${'3f000000'.repeat(512)}`],
]
const types = [...new Set(fields.map(([type]) => type))]

test.each(fields)('%s %j', (type, value, hex) => {
  expect(hexOf([type], [[value]])).toBe(`${header}0001${hex}${trailer}`)
})

test.each(types)('nothing in a column of %s is no bytes, and told from an empty value', (type) => {
  expect(hexOf([type], [[null]])).toBe(`${header}0001ffffffff${trailer}`)
})

it('writes rows of all types, with and without values, one after the other', () => {
  const values = types.map((type) => fields.find(([own]) => own === type)!)
  const number = types.length.toString(16).padStart(4, '0')
  const full = values.map(([, , hex]) => hex).join('')
  const empty = 'ffffffff'.repeat(types.length)
  const rows = [values.map(([, value]) => value), types.map(() => null), values.map(([, value]) => value)]
  expect(hexOf(types, rows)).toBe(`${header}${number}${full}${number}${empty}${number}${full}${trailer}`)
})

it('grows past its first memory, and gives memory of its own', () => {
  const rows = Array.from({ length: 100 }, (_, row): SqlValue[] => [
    `row ${row}`,
    row % 2 === 0 ? vector : null,
  ])
  const bytes = binaryRows(['text', 'vector'], rows)
  const again = binaryRows(['text', 'vector'], rows)
  expect(bytes.byteLength).toBeGreaterThan(50 * 2048)
  expect(Buffer.from(bytes).equals(Buffer.from(again))).toBe(true)
  expect(bytes.buffer).not.toBe(again.buffer)
})

test.each([
  ['a value of another type', ['text'], [[1]]],
  ['no id', ['id'], [['01997f3e']]],
  ['a vector of another length', ['vector'], [[new Float32Array(3)]]],
  ['a row of another length', ['text', 'text'], [['one']]],
] as const)('refuses %s', (_, columns, rows) => {
  expect(() => binaryRows(columns, rows)).toThrow(TypeError)
})
