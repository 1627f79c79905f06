/** The store's SQL in the words of each engine. */
import { describe, expect, test } from 'vitest'
import { readsVectors, toPostgres, toSqlite } from '../../../../src-main/storage/sql/dialect'

const words: readonly { written: string; sqlite: string; postgres: string }[] = [
  {
    written: 'SELECT id FROM faces WHERE photo_id = ? AND removed_by IS DISTINCT FROM ?',
    sqlite: 'SELECT id FROM faces WHERE photo_id = ? AND removed_by IS DISTINCT FROM ?',
    postgres: 'SELECT id FROM faces WHERE photo_id = $1 AND removed_by IS DISTINCT FROM $2',
  },
  {
    written: 'DELETE FROM faces WHERE id IN (SELECT value FROM ids(?))',
    sqlite: 'DELETE FROM faces WHERE id IN (SELECT value FROM json_each(?))',
    postgres: 'DELETE FROM faces WHERE id IN (SELECT value FROM ids($1))',
  },
  {
    written: 'SELECT hit.key FROM numbers(?) hit CROSS JOIN texts(r.kinds) kind',
    sqlite: 'SELECT hit.key FROM json_each(?) hit CROSS JOIN json_each(r.kinds) kind',
    postgres: 'SELECT hit.key FROM numbers($1) hit CROSS JOIN texts(r.kinds) kind',
  },
  {
    written: 'SELECT floats(e.vector) AS vector FROM embeddings e',
    sqlite: 'SELECT e.vector AS vector FROM embeddings e',
    postgres: 'SELECT vector_send(e.vector) AS vector FROM embeddings e',
  },
  {
    written: "UPDATE erasures SET report = json_set(report, '$.cleared', as_json(?))",
    sqlite: "UPDATE erasures SET report = json_set(report, '$.cleared', json(?))",
    postgres: "UPDATE erasures SET report = json_set(report, '$.cleared', as_json($1))",
  },
  {
    written: 'SELECT 1 FROM faces f WHERE unindexed(f.person_id) = ?',
    sqlite: 'SELECT 1 FROM faces f WHERE +f.person_id = ?',
    postgres: 'SELECT 1 FROM faces f WHERE f.person_id = $1',
  },
  {
    written: 'SELECT 1 FROM ids(?) own CROSS JOIN faces f ON f.id = own.value\n  CROSS JOIN photos ON true',
    sqlite:
      'SELECT 1 FROM json_each(?) own CROSS JOIN faces f ON f.id = own.value\n  CROSS JOIN photos ON true',
    postgres: 'SELECT 1 FROM ids($1) own JOIN faces f ON f.id = own.value\n  JOIN photos ON true',
  },
  {
    written: 'SELECT 1 FROM faces f JOIN photos p ON same_client(p, f) AND p.id = f.photo_id',
    sqlite: 'SELECT 1 FROM faces f JOIN photos p ON p.id = f.photo_id',
    postgres: 'SELECT 1 FROM faces f JOIN photos p ON p.client_id = f.client_id AND p.id = f.photo_id',
  },
  {
    written: 'SELECT count(*) AS count FROM persons p INDEXED BY persons_folded WHERE p.domain = ?',
    sqlite: 'SELECT count(*) AS count FROM persons p INDEXED BY persons_folded WHERE p.domain = ?',
    postgres: 'SELECT count(*) AS count FROM persons p WHERE p.domain = $1',
  },
  {
    written: 'SELECT f.photo_id AS photoId FROM faces f ORDER BY photoId',
    sqlite: 'SELECT f.photo_id AS photoId FROM faces f ORDER BY photoId',
    postgres: 'SELECT f.photo_id AS "photoId" FROM faces f ORDER BY "photoId"',
  },
  {
    written: "SELECT id_of(json_extract(details, '$.undoes')) FROM ledger",
    sqlite: "SELECT (json_extract(details, '$.undoes')) FROM ledger",
    postgres: "SELECT id_of(json_extract(details, '$.undoes')) FROM ledger",
  },
]

test.each(words)('$written', ({ written, sqlite, postgres }) => {
  expect(toSqlite(written)).toBe(sqlite)
  expect(toPostgres(written)).toBe(postgres)
})

describe('what stands in a text is left alone', () => {
  test.each(["SELECT '?' AS mark", "SELECT 'camelCase' AS name", "SELECT '$.signedOff.why' AS path"])(
    '%s',
    (sql) => {
      expect(toPostgres(sql)).toBe(sql)
    },
  )
})

test('statements that read vectors are known', () => {
  expect(readsVectors('SELECT floats(vector) AS vector FROM embeddings')).toBe(true)
  expect(readsVectors('SELECT vector FROM embeddings')).toBe(false)
})
