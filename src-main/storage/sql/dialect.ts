/**
 * The SQL that the store's statements are written in, as each engine wants it. Store's threads.
 *
 * [Note: Two engines] All that the store knows of galleries is written once, over a `Connection`; SQLite and PostgreSQL differ
 * in how a statement gets to the database and in the few words below. Whatever both understand is written as it is:
 * `IS DISTINCT FROM`, `RETURNING`, `ON CONFLICT`, `count(*) FILTER`. What one of them lacks stands in the schema `visor` as a
 * function of the other's name (`json_extract`, `json_group_array`, `instr`), or is one of these words:
 *
 * | written | SQLite | PostgreSQL |
 * |---|---|---|
 * | `?` | `?` | `$1`, `$2`, … |
 * | `ids(x)`, `numbers(x)`, `texts(x)`: the items of a JSON list, as rows of `key` and `value` | `json_each(x)` | functions of the schema |
 * | `floats(v)`: a vector to be read | `v` | `vector_send(v)`, binary |
 * | `id_of(t)`, `text_of(i)`: a text as an id, an id as a text | as it is | functions of the schema |
 * | `as_json(t)`: a text as a JSON value | `json(t)` | a function of the schema: `json` is a word of its own since version 17 |
 * | `next_sequence()`: the number of the ledger's next entry | one more than the last | a function of the schema |
 * | `unindexed(c)`: a column that no index is to be sought by | `+c` | `c` |
 * | `same_client(a, b) AND`: rows of one client, as in every join of tables that clients have rows in | nothing: an id is enough | `a.client_id = b.client_id AND` |
 * | `CROSS JOIN t ON`: the order in which tables are to be read | as it is | `JOIN t ON` |
 * | `INDEXED BY i`: the index to be read | as it is | nothing |
 * | `AS camelCase` | as it is | `AS "camelCase"` |
 *
 * [Note: The client in joins] Ids are unique over all clients. On a server a join says all the same that it stays within one: so tables
 * can be spread over machines by client (`docs/growing.md`). A file lies on one machine, and only some of its tables have the column.
 */

/** A statement for SQLite. */
export function toSqlite(sql: string): string {
  return sql
    .replace(/\b(?:ids|numbers|texts)\(/g, 'json_each(')
    .replace(/\bfloats\(([^)]*)\)/g, '$1')
    .replace(/\bunindexed\(([^)]*)\)/g, '+$1')
    .replace(/\b(?:id|text)_of\(/g, '(')
    .replace(/\bas_json\(/g, 'json(')
    .replace(/\bsame_client\(\w+, \w+\) AND /g, '')
    .replace(/\bnext_sequence\(\)/g, '(SELECT coalesce(max(sequence), 0) + 1 FROM ledger)')
}

/** A statement for PostgreSQL. */
export function toPostgres(sql: string): string {
  let parameters = 0
  return sql
    .replace(/\bfloats\(/g, 'vector_send(')
    .replace(/\bunindexed\(([^)]*)\)/g, '$1')
    .replace(/\bsame_client\((\w+), (\w+)\)/g, '$1.client_id = $2.client_id')
    .replace(/\bCROSS JOIN (\w+(?:\(\?\))?(?: (?!ON\b)\w+)?\s+ON\b)/g, 'JOIN $1')
    .replace(/ INDEXED BY \w+/g, '')
    .replace(/'[^']*'|\?|\b[a-z]+(?:[A-Z][a-z0-9]*)+\b/g, (found) => {
      if (found === '?') return `$${++parameters}`
      return found.startsWith("'") ? found : `"${found}"`
    })
}

/** Whether a statement reads vectors, which come from PostgreSQL in a form of their own. */
export function readsVectors(sql: string): boolean {
  return /\bfloats\(/.test(sql)
}
