/** SQL in parts to be shown in colours: keywords, texts, comments. Good enough to read, no parser. Renderer. */

interface SqlPart {
  readonly kind: 'keyword' | 'string' | 'comment' | 'plain'
  readonly text: string
  /** Where it begins. */
  readonly at: number
}

const keywords =
  'ADD ALL ALTER AND ANY AS ASC BEGIN BEFORE BY CASCADE CASE CHECK COLLATE COLUMN COMMENT COMMIT CONCURRENTLY CONSTRAINT CREATE CURRENT DEFAULT DEFERRABLE DEFERRED DEFINER DELETE DESC DISTINCT DO DROP EACH ELSE ENABLE END EXECUTE EXISTS EXTENSION FOR FORCE FOREIGN FROM FUNCTION GRANT GROUP HAVING IF IMMUTABLE IN INDEX INITIALLY INSERT INTO IS JOIN KEY LANGUAGE LATERAL LEFT LIMIT NEW NOT NULL OLD ON OR ORDER PERFORM POLICY PRIMARY PROCEDURE REFERENCES REFERENCING RETURN RETURNING RETURNS REVOKE ROLE ROW SCHEMA SECURITY SELECT SET STABLE STATEMENT STORAGE TABLE TEMPORARY THEN TO TRIGGER UNION UNIQUE UPDATE USING VALUES VIEW WHEN WHERE WITH'
const known = new Set(keywords.split(' '))

const token = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|[A-Za-z_][A-Za-z_0-9]*/g

export function sqlParts(sql: string): SqlPart[] {
  const parts: SqlPart[] = []
  let end = 0
  const plain = (until: number) => {
    if (until > end) parts.push({ kind: 'plain', text: sql.slice(end, until), at: end })
  }
  for (const { 0: text, index } of sql.matchAll(token)) {
    const kind = kindOf(text)
    if (kind === 'plain') continue
    plain(index)
    parts.push({ kind, text, at: index })
    end = index + text.length
  }
  plain(sql.length)
  return parts
}

function kindOf(text: string): SqlPart['kind'] {
  if (text.startsWith('--') || text.startsWith('/*')) return 'comment'
  if (text.startsWith("'")) return 'string'
  // Visor writes keywords in capitals; a column of that name is none.
  return known.has(text) ? 'keyword' : 'plain'
}
