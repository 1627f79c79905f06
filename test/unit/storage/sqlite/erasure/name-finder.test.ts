/** Which texts name somebody: whatever the case, accents and separators, and never a part of a word. */
import { describe, expect, test } from 'vitest'
import { NameFinder } from '../../../../../src-main/storage/sql/erasure/name-finder'

describe('a name is found', () => {
  test.each([
    ['Ana Novak', 'Merged 2 people into Ana Novak'],
    ['Ana Novak', '/photos/ana_novak-2.jpg'],
    ['Ana Novak', 'C:\\Users\\x\\ANA  NOVAK\\1.jpg'],
    ['Ana Novak', '/in/AnaNovak3.jpg'],
    ['Ana Novák', 'renamed to "Ána Novak"'],
    ['Ana Nova\u0301k', '/photos/Ana Novák/1.jpg'],
    ['Çağlar Ölmez', '/in/caglar.olmez.png'],
    ['O’Neil "Bo" \\ Smith', 'Deleted O’Neil "Bo" \\ Smith'],
    ['Person 12', '/photos/person-12.jpg'],
    ['王小明', '/照片/王小明的照片.jpg'],
    ['שרה כהן', '‏שרה כהן‏.jpg'],
    ['🙂', 'Renamed 🙂 to :-)'],
    ['\u0301', 'a name of a mark alone: \u0301'],
  ])('%s in %s', (name, text) => {
    expect(new NameFinder([name]).isIn(text)).toBe(true)
  })
})

describe('a name is not found', () => {
  test.each([
    ['Ana Novak', 'Ana Novakova'],
    ['Ana Novak', 'Hana Novak'],
    ['Ana Novak', 'Novak, Ana'],
    ['Ana', '/photos/banana.jpg'],
    ['Al', 'All of them'],
    ['Person 1', 'Person 12'],
    ['Ana', ''],
  ])('%s in %s', (name, text) => {
    expect(new NameFinder([name]).isIn(text)).toBe(false)
  })
})

test('many names at once, and what others are called aside', () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `Person ${index} Sample`)
  const finder = new NameFinder(['Ana', ...names])
  expect(finder.isIn('Tagged person-19999-sample')).toBe(true)
  expect(finder.isIn('Tagged Person 20000 Sample')).toBe(false)
  const others = new NameFinder(['Ana Novak'])
  expect(finder.isIn('Renamed Ana Novak', others)).toBe(false)
  expect(finder.isIn('Merged Ana into Ana Novak', others)).toBe(true)
})

test('in JSON it is looked for in words, not in ids', () => {
  const finder = new NameFinder(['Abe', 'Ann "B"'])
  const id = '019a0abe-1abe-7abe-8abe-0000000000aa'
  expect(finder.isInJson({ personId: id, list: [{ name: 'Eva' }], at: 5, none: null })).toBe(false)
  expect(finder.isInJson({ list: [{ id, before: { aliases: ['x', 'ANN "b"'] } }] })).toBe(true)
})
