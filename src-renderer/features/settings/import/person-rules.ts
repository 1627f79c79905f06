/** Rules that say who is in a photo: how each begins, and what they are tried on. Pure. Renderer. */
import {
  defaultPersonRule,
  type Inspection,
  type PersonRule,
  type SourcePlace,
} from '../../../../src-shared/import'

/** A rule of a kind, to begin with; `undefined` where a file has to be chosen first. */
export function ruleOfKind(by: string): PersonRule | undefined {
  switch (by) {
    case 'file-name':
      return { by, pattern: '{person}_*' }
    case 'regex':
      return { by, pattern: '/(?P<person>[^/]+)/[^/]+$', group: 'person' }
    case 'csv':
      return undefined
    default:
      return defaultPersonRule
  }
}

/** With a group as it is typed: a number, or a name; as before where it is neither. */
export function withGroup(rule: Extract<PersonRule, { by: 'regex' }>, typed: string): PersonRule {
  const text = typed.trim()
  if (/^\d{1,2}$/.test(text)) return { ...rule, group: Number(text) }
  return /^[A-Za-z_]\w{0,31}$/.test(text) ? { ...rule, group: text } : rule
}

/** Paths of the first rows as a rule is asked for them: of a folder, what lies below it. */
export function pathsForRule(
  place: SourcePlace,
  { kind, preview }: Pick<Inspection, 'kind' | 'preview'>,
): string[] {
  const before = kind === 'folder' && place.at === 'path' ? place.path.replace(/[/\\]+$/, '').length + 1 : 0
  return preview.map(({ photo }) => (photo ?? '').slice(before))
}

/** As far as a rule may go. */
export const mostFoldersUp = 32

/** The folders that a photo is in, from the outermost, with how far each is above it; and the file. */
export function partsOfPath(path: string): {
  readonly folders: readonly { readonly name: string; readonly up: number }[]
  readonly file: string
} {
  const parts = path.split(/[\\/]+/).filter((part) => part !== '')
  const file = parts.pop() ?? ''
  const folders = parts.map((name, index) => ({ name, up: parts.length - index }))
  return { folders: folders.filter(({ up }) => up <= mostFoldersUp), file }
}
