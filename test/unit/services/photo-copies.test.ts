/** Copies of a photo: all but the first say which is the first, whatever comes and goes. */
import { expect, it } from 'vitest'
import { type CopyChanges, PhotoCopies } from '../../../src-main/services/photo-copies'
import { type ItemId, itemIdSchema, sha256Schema } from '../../../src-shared/ids'

const item = (number: number) =>
  itemIdSchema.parse(`00000000-0000-7000-8000-${String(number).padStart(12, '0')}`)
const [photo, other] = ['a', 'b'].map((digit) => sha256Schema.parse(digit.repeat(64))) as [never, never]
const list = (changes: CopyChanges) =>
  [...changes].map(([itemId, first]: [ItemId, ItemId | undefined]) => [
    Number(itemId.slice(-2)),
    first && Number(first.slice(-2)),
  ])

it('marks what comes after the first, and touches nothing else', () => {
  const copies = new PhotoCopies()
  expect(list(copies.put(item(5), photo, 5))).toEqual([[5, undefined]])
  expect(list(copies.put(item(7), photo, 7))).toEqual([[7, 5]])
  expect(list(copies.put(item(9), photo, 9))).toEqual([[9, 5]])
  expect(list(copies.put(item(7), photo, 7))).toEqual([])
})

it('gives way to an earlier one', () => {
  const copies = new PhotoCopies()
  copies.put(item(5), photo, 5)
  copies.put(item(7), photo, 7)
  expect(list(copies.put(item(2), photo, 2)).sort()).toEqual([
    [2, undefined],
    [5, 2],
    [7, 2],
  ])
})

it('finds the next first when the first goes or holds another photo', () => {
  const copies = new PhotoCopies()
  for (const number of [1, 2, 3]) copies.put(item(number), photo, number)
  expect(list(copies.remove(item(3)))).toEqual([])
  expect(list(copies.put(item(1), other, 1))).toEqual([
    [2, undefined],
    [1, undefined],
  ])
  expect(list(copies.remove(item(2)))).toEqual([])
  expect(list(copies.remove(item(8)))).toEqual([])
})
