/** Every statement of the store: those that its modules export, those that are made, and those that stand where they are run. Tests. */
/// <reference types="vite/types/importMeta.d.ts" />
import { findingStatements } from '../../../../../src-main/storage/sql/health/findings-list'
import { listStatements } from '../../../../../src-main/storage/sql/people/persons-list'

export interface Statement {
  readonly name: string
  /** In the words of `dialect.ts`. */
  readonly sql: string
}

/** Of a table that only a file of SQLite has: asked of a local gallery that is paired, never of a server. */
const onlyOfFile = /\bpairings\b/
const isStatement = (text: string) =>
  /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/.test(text) && !onlyOfFile.test(text)

const modules = import.meta.glob<Record<string, unknown>>('../../../../../src-main/storage/sql/**/*.ts', {
  eager: true,
})
const exported = Object.entries(modules).flatMap(([path, module]) =>
  Object.entries(module).flatMap(([name, sql]) =>
    typeof sql === 'string' && isStatement(sql) ? [{ name: `${path.split('/sql/')[1]} ${name}`, sql }] : [],
  ),
)

const sources = import.meta.glob<string>('../../../../../src-main/storage/sql/**/*.ts', {
  eager: true,
  query: '?raw',
  import: 'default',
})
/** Of those that are put together, only the whole can be asked: they are exported. */
const inPlace = Object.entries(sources).flatMap(([path, text]) =>
  [...text.matchAll(/`([^`$]*)`|'((?:SELECT|INSERT|UPDATE|DELETE|WITH) [^'\n]*)'|"([^"\n]*)"/g)]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '')
    .filter((sql) => isStatement(sql) && !exported.some((other) => other.sql === sql))
    .map((sql) => ({
      name: `${path.split('/sql/')[1]} ${sql.replace(/\s+/g, ' ').trim().slice(0, 60)}`,
      sql,
    })),
)

const flags = [true, false]
const lists = flags.flatMap((inDomain) =>
  flags.flatMap((byText) =>
    flags.flatMap((byFlag) =>
      (['name', 'faces', 'newest', 'changed'] as const).flatMap((sort) => {
        const { count, ids } = listStatements({ inDomain, byText, byTag: byText, byFlag, sort })
        const name = `people/persons-list.ts by ${sort}${inDomain ? ', in a domain' : ''}${byText ? ', by text and tag' : ''}${byFlag ? ', by flag' : ''}`
        return [
          { name: `${name}: count`, sql: count },
          { name: `${name}: page`, sql: ids },
        ]
      }),
    ),
  ),
)
const findings = flags.flatMap((inDomain) =>
  flags.flatMap((ofKind) => {
    const { count, page } = findingStatements({ inDomain, ofKind })
    const name = `health/findings-list.ts${inDomain ? ', in a domain' : ''}${ofKind ? ', of a kind' : ''}`
    return [
      { name: `${name}: count`, sql: count },
      { name: `${name}: page`, sql: page },
    ]
  }),
)

export const statements: readonly Statement[] = [...exported, ...inPlace, ...lists, ...findings]
