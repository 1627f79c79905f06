/** What the history says of a change: both sides of a conflict are decided by it. */
import { expect, test } from 'vitest'
import { changeSummary } from '../../../src-main/services/change-summary'

test.each([
  [{ name: 'Ana B' }, 'Renamed Ana to Ana B'],
  [{ name: 'Ana B', occupation: 'pilot' }, 'Renamed Ana to Ana B (occupation “pilot”)'],
  [{ occupation: 'pilot' }, 'Changed Ana: occupation “pilot”'],
  [{ name: 'Ana', wikidataId: null, description: '' }, 'Changed Ana: no Wikidata id, no description'],
  [{ description: 'x'.repeat(90) }, `Changed Ana: description “${'x'.repeat(60)}…”`],
  [{ tags: ['a'] }, 'Changed the details of Ana'],
])('%j: %s', (patch, summary) => {
  expect(changeSummary('Ana', patch)).toBe(summary)
})
