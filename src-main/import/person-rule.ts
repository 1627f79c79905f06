/** Who is in a photo, by its path. Import worker thread. */
import { readFileSync, statSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { RE2JS } from 're2js'
import { z } from 'zod'
import { VisorError } from '../../src-shared/errors'
import type { PersonRule } from '../../src-shared/import'
import { asVisorError } from './file-bytes'
import { longestPath } from './row'

/** The name that a path says; `null` where it says none. */
export type PersonOfPath = (path: string) => string | null

/**
 * A rule, ready to be asked. Patterns are RE2's, whose time is linear in the path's length whatever the pattern. Raises
 * `invalid-argument` for a pattern or a CSV file that cannot be used, and as {@link asVisorError}.
 */
export function personRule(rule: PersonRule): PersonOfPath {
  const ask = ruleOf(rule)
  return (path) => {
    const name = path.length > longestPath ? null : ask(path)?.trim()
    return name === undefined || name === null || name === '' ? null : name
  }
}

function ruleOf(rule: PersonRule): (path: string) => string | null | undefined {
  switch (rule.by) {
    case 'parent-folder':
      return (path) => {
        const folder = parts(path).at(-1 - rule.up)
        return folder === '.' || folder === '..' ? null : folder
      }
    case 'file-name': {
      const pattern = filePattern(rule.pattern)
      return (path) => pattern.exec(stem(parts(path).at(-1) ?? ''))?.[1]
    }
    case 'regex': {
      const pattern = compiled(rule.pattern)
      const group = groupOf(pattern, rule.group)
      return (path) => pattern.exec(path)?.[group]
    }
    case 'csv': {
      const people = peopleOfCsv(rule.path)
      return (path) => people.get(path) ?? people.get(parts(path).join('/'))
    }
  }
}

/** Folders and file of a path, whichever system wrote it. */
const parts = (path: string): string[] => path.split(/[/\\]/).filter((part) => part !== '')

const stem = (file: string): string => file.replace(/(?!^)\.[^.]*$/, '')

/** `{person}_*` as a pattern: as much as can be is the person. */
function filePattern(text: string): RE2JS {
  const [before, after, ...more] = text.split('{person}')
  if (before === undefined || after === undefined || more.length > 0) {
    throw new VisorError('invalid-argument', 'A file name pattern has {person} in it, once.', {
      remedy: 'For instance {person}_* for Ana_01.jpg, or *-{person} for 2019-Ana.jpg.',
    })
  }
  const literal = (part: string) => part.split('*').map(RE2JS.quote).join('.*')
  return RE2JS.compile(`^${literal(before)}(.+)${literal(after)}$`, RE2JS.DOTALL)
}

function compiled(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern)
  } catch (cause) {
    throw new VisorError('invalid-argument', 'This regular expression cannot be used.', {
      cause,
      consequence: 'Nothing was read.',
      remedy:
        'It follows RE2: as in most languages, but without looking ahead or behind and without references back.',
    })
  }
}

function groupOf(pattern: RE2JS, group: number | string): number {
  const number = typeof group === 'number' ? group : pattern.namedGroups()[group]
  if (number !== undefined && number <= pattern.groupCount()) return number
  throw new VisorError('invalid-argument', `The regular expression has no group ${group}.`, {
    remedy: 'Put what is the name in brackets: the first brackets are group 1.',
  })
}

const mostCsvBytes = 256 * 1024 * 1024
const csvRows = z.array(z.array(z.string()))

function peopleOfCsv(path: string): Map<string, string> {
  const unfit = (why: string, cause?: unknown) =>
    new VisorError('invalid-argument', `“${path}” does not say who is in which photo: ${why}`, {
      ...(cause === undefined ? {} : { cause }),
      remedy: 'It has two columns, path and person, with commas between.',
    })
  const { size } = asVisorError(path, () => statSync(path))
  if (size > mostCsvBytes) throw unfit('it is larger than 256 MB.')
  let rows: string[][]
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      asVisorError(path, () => readFileSync(path)),
    )
    rows = csvRows.parse(parse(text, { bom: true, skip_empty_lines: true, trim: true }))
  } catch (cause) {
    if (cause instanceof VisorError) throw cause
    throw unfit('it is not CSV in UTF-8.', cause)
  }
  const people = new Map<string, string>()
  for (const [index, [photo, person, ...more]] of rows.entries()) {
    if (photo === undefined || person === undefined || more.length > 0)
      throw unfit(`line ${index + 1} has not two columns.`)
    if (index === 0 && /^(?:path|photo|identity|file)$/i.test(photo)) continue
    if ((people.get(photo) ?? person) !== person)
      throw unfit(`line ${index + 1} gives a photo to a second person.`)
    people.set(photo, person)
  }
  return people
}
