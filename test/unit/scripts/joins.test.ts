/** Which joins in the text of statements stay within a client. */
import { expect, test } from 'vitest'
import { joinsIn } from '../../../scripts/setup/joins.mjs'

const tables = new Set(['faces', 'photos', 'persons'])

test.each([
  ['`SELECT 1 FROM faces f JOIN photos ph ON ph.id = f.photo_id`', { others: ['faces'], carries: false }],
  ["'SELECT 1 FROM faces JOIN photos ON photos.id = faces.photo_id'", { others: ['faces'], carries: false }],
  [
    '`SELECT 1 FROM faces f CROSS JOIN photos ph\n  ON ph.domain = ? AND ph.id = f.photo_id WHERE f.client_id = ?`',
    { others: ['faces'], carries: false },
  ],
  [
    '`SELECT 1 FROM faces f JOIN photos ph ON same_client(ph, f) AND ph.id = f.photo_id`',
    { others: ['faces'], carries: true },
  ],
  [
    '`SELECT 1 FROM faces f LEFT JOIN photos ph ON ph.client_id = f.client_id AND ph.id = f.photo_id`',
    { others: ['faces'], carries: true },
  ],
  [
    '`SELECT 1 FROM ids(?) asked CROSS JOIN photos ph ON ph.id = asked.value`',
    { others: [], carries: false },
  ],
])('%s', (text, wanted) => {
  expect(joinsIn(text, tables)).toMatchObject([{ table: 'photos', ...wanted }])
})

test('each of a statement is read by itself', () => {
  const text = `\`SELECT 1 FROM ids(?) asked CROSS JOIN faces f ON f.id = asked.value
    CROSS JOIN photos ph ON same_client(ph, f) AND ph.id = f.photo_id
    LEFT JOIN persons p ON p.id = f.person_id\``
  expect(joinsIn(text, tables)).toMatchObject([
    { table: 'faces', others: [] },
    { table: 'photos', carries: true },
    { table: 'persons', others: ['faces'], carries: false },
  ])
})
