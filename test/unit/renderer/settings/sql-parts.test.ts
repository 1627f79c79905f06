/** SQL in parts to be shown in colours. */
import { expect, it } from 'vitest'
import { sqlParts } from '../../../../src-renderer/features/settings/server/sql-parts'

it('tells keywords, texts and comments apart, and loses nothing', () => {
  const sql = "-- SELECT not\nSELECT 'FROM ''x''' AS name /* AND */ FROM persons; DO $$ BEGIN END $$"
  const parts = sqlParts(sql)
  expect(parts.map(({ text }) => text).join('')).toBe(sql)
  expect(parts.filter(({ kind }) => kind === 'keyword').map(({ text }) => text)).toEqual([
    'SELECT',
    'AS',
    'FROM',
    'DO',
    'BEGIN',
    'END',
  ])
  expect(parts.filter(({ kind }) => kind === 'comment').map(({ text }) => text)).toEqual([
    '-- SELECT not',
    '/* AND */',
  ])
  expect(parts.find(({ kind }) => kind === 'string')?.text).toBe("'FROM ''x'''")
  for (const { text, at } of parts) expect(sql.slice(at, at + text.length)).toBe(text)
})
