/** What names are compared by when only case, accents and script are to be left aside. Pure; store worker thread. */
import anyAscii from 'any-ascii'

/**
 * Spellings of one sound that alphabets and transliterations write differently (`Ђ` is `Dj`, `Đ` is `D`; `Ш` is `Sh`, `Š` is
 * `S`), each to the one letter that is left of them. Both names go through the same, so the key need not be readable; it
 * only has to be the same for names that are one. Longer spellings first.
 */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/dzh/g, 'dz'],
  [/shch|sch|sh/g, 's'],
  [/ch|ts|tz/g, 'c'],
  [/zh/g, 'z'],
  [/kh/g, 'h'],
  [/dj/g, 'd'],
  [/ph/g, 'f'],
  [/[yj]/g, 'i'],
  [/w/g, 'v'],
]

/** The key of a name: equal for two names that differ by case, accents, punctuation or script only. */
export function nameKey(name: string): string {
  let key = anyAscii(name.normalize('NFKC')).toLowerCase()
  for (const [spelling, letter] of spellings) key = key.replaceAll(spelling, letter)
  return key.replaceAll(/[^a-z0-9]/g, '')
}
