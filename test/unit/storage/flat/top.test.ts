/** The nearest so far. */
import { expect, test } from 'vitest'
import { TopPersons, TopRows } from '../../../../src-main/storage/flat/top'
import { randomNumbers } from '../../../contract/made-faces'

test('the most similar rows, equals in the order they came', () => {
  const top = new TopRows(3)
  for (const [row, similarity] of [0.1, 0.5, 0.5, 0.9, 0.5, 0.2].entries()) top.offer(row, similarity)
  expect(top.list.map(({ row }) => row)).toEqual([3, 1, 2])
  expect(top.floor).toBe(0.5)
})

test('none wanted: no floor is low enough', () => {
  const top = new TopRows(0)
  top.offer(1, 1)
  expect(top.list).toEqual([])
})

test('people by their best row, whatever the order of the rows', () => {
  const random = randomNumbers(5)
  const rows = Array.from({ length: 3000 }, (_, row) => ({
    row,
    person: Math.floor(random() * 200),
    similarity: random(),
  }))
  const top = new TopPersons(10)
  for (const { row, person, similarity } of rows) top.offer(person, row, similarity)
  const best = new Map<number, (typeof rows)[number]>()
  for (const entry of rows) {
    if (entry.similarity > (best.get(entry.person)?.similarity ?? 0)) best.set(entry.person, entry)
  }
  const expected = [...best.values()].sort((a, b) => b.similarity - a.similarity).slice(0, 10)
  expect(top.list.map(({ row, person }) => ({ row, person }))).toEqual(
    expected.map(({ row, person }) => ({ row, person })),
  )
})
