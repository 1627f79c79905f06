/** Names that are one but for case, accents or script have one key; others have not. */
import { expect, test } from 'vitest'
import { nameKey } from '../../../../src-main/storage/health/name-key'

test.each([
  ['Đorđe Jovanović', 'Ђорђе Јовановић'],
  ['Njegoš Ljubić Džajić', 'Његош Љубић Џајић'],
  ['Željko Cvijanović', 'Жељко Цвијановић'],
  ['Šarić', 'SARIC'],
  ['Khrushchev', 'Хрущёв'],
  ['Yuri Gagarin', 'Juri Gagarin'],
  ['Łukasz Żółć', 'lukasz zolc'],
  ['Wang Xiaoming', '王小明'],
  ['Ana  Novák', 'Ana Novak'],
  ['O’Brien', "O'Brien"],
  ['Ana-Marija', 'Ana Marija'],
  ['ﬁona', 'Fiona'],
])('%s is %s', (a, b) => {
  expect(nameKey(a)).toBe(nameKey(b))
  expect(nameKey(a)).not.toBe('')
})

test.each([
  ['Ana', 'Anna'],
  ['Marko', 'Marta'],
  ['Ana Novak', 'Novak Ana'],
  ['Šarić', 'Sarac'],
  ['Ana 1', 'Ana 2'],
])('%s is not %s', (a, b) => {
  expect(nameKey(a)).not.toBe(nameKey(b))
})

test('a name of signs alone has no key', () => {
  expect(nameKey('–')).toBe('')
})
