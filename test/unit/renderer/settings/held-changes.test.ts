/** What others did, read from what a held edit says. */
import { expect, it } from 'vitest'
import { changesOf } from '../../../../src-renderer/features/settings/server/held-changes'

it('gives a change for each line that is one', () => {
  const detail =
    '2026-11-20T14:32:00.000Z · eva · Renamed Ana to Ana · Eva\n2026-11-20T14:33:00Z · jan · Deleted Ana'
  expect(changesOf(detail)).toEqual([
    { at: '2026-11-20T14:32:00.000Z', actor: 'eva', summary: 'Renamed Ana to Ana · Eva' },
    { at: '2026-11-20T14:33:00Z', actor: 'jan', summary: 'Deleted Ana' },
  ])
  expect(changesOf('the name is taken')).toEqual([])
  expect(changesOf(undefined)).toEqual([])
})
