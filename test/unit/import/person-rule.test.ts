/** Who is in a photo, by its path. */
import { expect, test } from 'vitest'
import { personRule } from '../../../src-main/import/person-rule'
import { hasCode } from '../../../src-shared/errors'
import type { PersonRule } from '../../../src-shared/import'
import { fileIn, temporaryFolder } from './temp-file'

const folder = temporaryFolder()
const asked = (rule: PersonRule, path: string) => personRule(rule)(path)

function refusalOf(rule: PersonRule): unknown {
  try {
    personRule(rule)
  } catch (error) {
    return error
  }
  return undefined
}

test.each<[PersonRule, string, string | null]>([
  [{ by: 'parent-folder', up: 1 }, '/data/slovenia/Ana Kovač/1.jpg', 'Ana Kovač'],
  [{ by: 'parent-folder', up: 2 }, '/data/slovenia/Ana Kovač/1.jpg', 'slovenia'],
  [{ by: 'parent-folder', up: 1 }, 'C:\\photos\\Ana\\1.jpg', 'Ana'],
  [{ by: 'parent-folder', up: 1 }, '1.jpg', null],
  [{ by: 'parent-folder', up: 1 }, './1.jpg', null],
  [{ by: 'parent-folder', up: 9 }, '/Ana/1.jpg', null],
  [{ by: 'file-name', pattern: '{person}_*' }, '/x/Ana_Kovač_01.jpg', 'Ana_Kovač'],
  [{ by: 'file-name', pattern: '*-{person}' }, '2019-Ana.tar.jpg', 'Ana.tar'],
  [{ by: 'file-name', pattern: '{person}' }, 'Ana.jpg', 'Ana'],
  [{ by: 'file-name', pattern: '{person} (*)' }, 'Ana (2).jpg', 'Ana'],
  [{ by: 'file-name', pattern: '{person} (*)' }, 'Ana.jpg', null],
  [{ by: 'regex', pattern: '/people/([^/]+)/', group: 1 }, '/a/people/Ana/x/1.jpg', 'Ana'],
  [{ by: 'regex', pattern: '(?P<who>\\w+)\\.jpg$', group: 'who' }, '/a/Ana.jpg', 'Ana'],
  [{ by: 'regex', pattern: 'nobody', group: 0 }, '/a/Ana.jpg', null],
])('%j says of %s that it is %s', (rule, path, person) => {
  expect(asked(rule, path)).toBe(person)
})

test.each<PersonRule>([
  { by: 'file-name', pattern: 'photo_*' },
  { by: 'file-name', pattern: '{person}{person}' },
  { by: 'regex', pattern: '(unclosed', group: 1 },
  { by: 'regex', pattern: '(?=ahead)', group: 0 },
  { by: 'regex', pattern: '(a)\\1', group: 1 },
  { by: 'regex', pattern: '(a)', group: 2 },
  { by: 'regex', pattern: '(a)', group: 'name' },
])('%j is refused', (rule) => {
  expect(hasCode(refusalOf(rule), 'invalid-argument')).toBe(true)
})

test('a pattern that would run for years elsewhere is asked in no time', () => {
  const startedAt = performance.now()
  expect(asked({ by: 'regex', pattern: '^(a+)+$', group: 1 }, `${'a'.repeat(4000)}!`)).toBeNull()
  expect(performance.now() - startedAt).toBeLessThan(5000)
})

test('a CSV of paths and people: with a header, quotes, a mark at its start, and Windows’ separators', () => {
  const path = fileIn(folder, '\ufeffpath,person\n"a, b/1.jpg",Ana\nx/2.jpg,"Kovač, Bor"\n\n')
  const ask = personRule({ by: 'csv', path })
  expect(ask('a, b/1.jpg')).toBe('Ana')
  expect(ask('x\\2.jpg')).toBe('Kovač, Bor')
  expect(ask('path')).toBeNull()
  expect(ask('y.jpg')).toBeNull()
})

test.each([
  ['of three columns', 'a.jpg,Ana,1\n'],
  ['that gives a photo to two people', 'a.jpg,Ana\na.jpg,Bor\n'],
  ['that is broken', 'a.jpg,"Ana\n'],
  ['that is no text', Buffer.from([0x61, 0x2c, 0xff, 0xfe, 0x0a])],
])('a CSV %s is refused', (_, content) => {
  expect(hasCode(refusalOf({ by: 'csv', path: fileIn(folder, content) }), 'invalid-argument')).toBe(true)
})

test('a CSV that is not there', () => {
  expect(hasCode(refusalOf({ by: 'csv', path: `${folder}/none.csv` }), 'file-missing')).toBe(true)
})
