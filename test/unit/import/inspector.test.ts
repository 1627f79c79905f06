/** What an inspection counts. */
import { expect, test } from 'vitest'
import { Inspector } from '../../../src-main/import/inspector'
import { personByName, rowOf } from '../../../src-main/import/row'

const facts = { layout: '', fingerprint: '', columns: [], mapping: null, notes: [] }

function inspected(vectors: readonly (Float32Array | null)[], photoPath: string | null = null) {
  const inspector = new Inspector()
  for (const [position, embedding] of vectors.entries()) {
    inspector.add(
      rowOf({ position, key: `row ${position}`, person: personByName('Ana'), photoPath, embedding }),
    )
  }
  return inspector.result('deepface-pkl', facts)
}

test('a row is of a model, or has a problem, and is counted once', () => {
  const { rows, models, problems } = inspected([
    Float32Array.of(3, 4),
    Float32Array.of(0, 0),
    Float32Array.of(1, Number.NaN),
    Float32Array.of(0, 0, 5),
    null,
  ])
  expect(rows).toBe(5)
  expect(models).toEqual([
    { modelId: null, dimension: 2, rows: 1, norm: { least: 5, mean: 5, greatest: 5 } },
    { modelId: null, dimension: 3, rows: 1, norm: { least: 5, mean: 5, greatest: 5 } },
  ])
  expect(problems.map(({ reason, rows: some }) => [reason, some])).toEqual([
    ['zero-length', 1],
    ['not-finite', 1],
  ])
})

test('paths are shown whole, as rules are tried on them', () => {
  const path = `/srv/${'a long folder/'.repeat(100)}Ana/1.jpg`
  expect(inspected([Float32Array.of(1)], path).preview[0]?.photo).toBe(path)
})
