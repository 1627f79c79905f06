/** Names of files that every file system takes, and no two alike. */
import { describe, expect, test } from 'vitest'
import { SafeNames, safeName } from '../../../../src-main/services/exchange/safe-names'

describe('a safe name', () => {
  test.each([
    ['Ana Kovač', 'Ana Kovač'],
    ['Ана', 'Ана'],
    ['a/b\\c', 'a_b_c'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['..', '_'],
    ['.hidden', 'hidden'],
    ['Ana. . ', 'Ana'],
    ['What? "Ana" <1>|*:', 'What_ _Ana_ _1____'],
    ['CON', '_CON'],
    ['com1.txt', '_com1.txt'],
    ['LPT²', '_LPT²'],
    ['Conrad', 'Conrad'],
    ['a\u0000b\u001fc', 'a_b_c'],
    ['a\u202egpj.exe', 'a_gpj.exe'],
    ['a\u200bb\u2066c', 'a_b_c'],
    ['\ud800', '_'],
    ['C\u030c', 'Č'],
    ['', '_'],
  ])('of %j is %j', (text, name) => {
    expect(safeName(text)).toBe(name)
  })

  test('has at most 180 bytes, and no half characters', () => {
    expect(Buffer.byteLength(safeName('x'.repeat(200)))).toBe(180)
    const long = safeName('👩‍👩‍👧‍👦'.repeat(40))
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(180)
    expect(long).toBe('👩‍👩‍👧‍👦'.replaceAll('\u200d', '_').repeat(40).slice(0, long.length))
    expect(long.isWellFormed()).toBe(true)
  })
})

test('names that some file system takes for one are numbered', () => {
  const names = new SafeNames()
  const taken = ['Ana', 'ANA', 'ana', 'Straße', 'STRASSE', 'a/b', 'a:b', 'ﬁn', 'fin'].map((text) =>
    names.take(text),
  )
  expect(taken).toEqual([
    'Ana',
    'ANA (2)',
    'ana (3)',
    'Straße',
    'STRASSE (2)',
    'a_b',
    'a_b (2)',
    'ﬁn',
    'fin (2)',
  ])
})

test('an extension stays at the end, and long names that differ late stay apart', () => {
  const names = new SafeNames()
  const first = names.take(`${'x'.repeat(199)}1`, '.jpg')
  const second = names.take(`${'x'.repeat(199)}2`, '.jpg')
  expect(first).toMatch(/^x+\.jpg$/)
  expect(second).toMatch(/^x+ \(2\)\.jpg$/)
  expect(Buffer.byteLength(second)).toBeLessThan(200)
})
