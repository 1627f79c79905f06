/** The joins in the store's statements, read from their text. Scripts, Node. */

/** How a table is named in a statement: `faces f`, `ids(?) asked`, `faces`. */
const named =
  /\b(?:FROM|JOIN) (\w+)(\([^)]*\))?(?: (?!(?:ON|USING|WHERE|CROSS|LEFT|JOIN|INDEXED|ORDER|GROUP)\b)(\w+))?/g

/** A join and its condition, to the next clause. */
const joined =
  /\bJOIN (\w+)(?: (?!ON\b|USING\b)(\w+))?\s+(?:ON|USING)\b(.*?)(?=\b(?:CROSS|LEFT|JOIN|WHERE|ORDER|GROUP|LIMIT|UNION)\b|[`']$)/gs

/** What statements stand in. */
const texts = /`[^`]*`|'(?:SELECT|WITH|INSERT|UPDATE|DELETE)\b[^'\n]*'/g

/** The tables of a statement, by the names that they have in it. */
function tablesIn(statement) {
  const found = new Map()
  for (const [, table, isFunction, name = table] of statement.matchAll(named))
    if (isFunction === undefined) found.set(name, table)
  return found
}

/**
 * The joins in a file's text with one of `tables`, a set. `others`: those of `tables` that the condition compares with; none where rows
 * are looked up by a list. `carries`: the condition names the client.
 */
export function joinsIn(text, tables) {
  return [...text.matchAll(texts)].flatMap(([statement]) => {
    const byName = tablesIn(statement)
    return [...statement.matchAll(joined)]
      .filter(([, table]) => tables.has(table))
      .map(([whole, table, name = table, condition]) => ({
        table,
        others: [...new Set([...condition.matchAll(/\b(\w+)\.\w+/g)].map(([, other]) => other))]
          .filter((other) => other !== name && tables.has(byName.get(other)))
          .map((other) => byName.get(other)),
        carries: /\bclient_id\b|\bsame_client\(/.test(condition),
        whole: whole.replace(/\s+/g, ' ').trim(),
      }))
  })
}
