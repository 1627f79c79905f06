/**
 * The list of people: filtered, sorted, a page at a time. Store worker thread.
 *
 * [Note: Person list] Three statements: how many there are, the ids of the page, and what is shown of those. The first two
 * read an index that holds all they need, so that a filter over 50,000 names reads nothing else; counting faces and looking
 * for covers is done for the page alone. An order by faces looks at the faces of everybody: then the ids of the whole list are
 * read once, and kept for the other pages until something is written.
 */
import { z } from 'zod'
import type { PersonSort, PersonSummary } from '../../../../src-shared/gallery'
import {
  type ClientId,
  clientIdSchema,
  domainSchema,
  faceIdSchema,
  type PersonId,
  personIdSchema,
} from '../../../../src-shared/ids'
import { foldText } from '../../../../src-shared/text'
import type { PeopleFilter, PersonsQuery } from '../../gallery-records'
import type { Connection, SqlValue } from '../connection'
import { flagsColumn, flagsRowColumn, flagValues, hasFlag } from '../health/finding-marks'
import { countRow, isoTime, jsonList } from '../rows'
import { tagKey } from './person-state'

/** Longest page, people. */
const longestPage = 500

const facesOfPerson = 'FROM faces WHERE person_id = p.id AND removed_by IS NULL'

/** What a list shows of a person `p`. */
export const summaryColumns = `
  p.id AS personId, p.client_id AS clientId, p.domain, p.name, p.updated_at AS updatedAt,
  (SELECT count(*) ${facesOfPerson}) AS faces,
  (SELECT count(DISTINCT photo_id) ${facesOfPerson}) AS photos,
  (SELECT id FROM faces WHERE id = p.cover_face_id AND person_id = p.id AND removed_by IS NULL) AS chosenFaceId,
  (SELECT id ${facesOfPerson} ORDER BY quality DESC LIMIT 1) AS bestFaceId,
  (SELECT json_group_array(tag ORDER BY key) FROM person_tags WHERE person_id = p.id) AS tags,
  ${flagsColumn}`

export const summaryRowColumns = {
  personId: personIdSchema,
  clientId: clientIdSchema,
  domain: domainSchema,
  name: z.string(),
  updatedAt: isoTime,
  faces: z.number().int(),
  photos: z.number().int(),
  chosenFaceId: faceIdSchema.nullable(),
  bestFaceId: faceIdSchema.nullable(),
  tags: jsonList(z.string()),
  flags: flagsRowColumn,
}
const summaryRow = z.object(summaryRowColumns)

export const selectSummaries = `
  SELECT ${summaryColumns} FROM ids(?) page
  CROSS JOIN persons p ON p.id = page.value AND p.removed_by IS NULL ORDER BY page.key`

/** Sort → the index that is read in its order (or just read), and the order. */
const sorts: Readonly<Record<PersonSort, { index: (inDomain: boolean) => string; order: string }>> = {
  name: { index: nameIndex, order: 'p.folded, p.id' },
  faces: { index: nameIndex, order: `(SELECT count(*) ${facesOfPerson}) DESC, p.folded, p.id` },
  newest: { index: () => 'persons_newest', order: 'p.created_at DESC, p.id DESC' },
  changed: { index: () => 'persons_changed', order: 'p.updated_at DESC, p.id DESC' },
}

function nameIndex(inDomain: boolean): string {
  return inDomain ? 'persons_folded' : 'persons_folded_all'
}

/** What of a query shapes its statements. */
interface ListShape {
  readonly inDomain: boolean
  readonly byText: boolean
  readonly byTag: boolean
  readonly byFlag: boolean
  readonly sort: PersonSort
}

/** The statements that count the people of a query, and give the ids of a page (limit, offset). */
export function listStatements({ inDomain, byText, byTag, byFlag, sort }: ListShape): {
  readonly count: string
  readonly ids: string
} {
  const conditions = [
    'p.client_id = ? AND p.removed_by IS NULL',
    ...(inDomain ? ['p.domain = ?'] : []),
    ...(byText
      ? [
          `(instr(p.folded, ?) > 0 OR p.id IN
            (SELECT person_id FROM person_aliases WHERE client_id = ? AND instr(folded, ?) > 0))`,
        ]
      : []),
    ...(byTag ? ['p.id IN (SELECT person_id FROM person_tags WHERE client_id = ? AND key = ?)'] : []),
    ...(byFlag ? [hasFlag] : []),
  ].join(' AND ')
  const { index, order } = sorts[sort]
  return {
    count: `SELECT count(*) AS count FROM persons p INDEXED BY ${nameIndex(inDomain)} WHERE ${conditions}`,
    ids: `SELECT p.id FROM persons p INDEXED BY ${index(inDomain)} WHERE ${conditions} ORDER BY ${order} LIMIT ? OFFSET ?`,
  }
}

/** Lists whose ids are kept. */
const listsKept = 4

/** The people of queries, as the database now has them. */
export class PeopleLists {
  readonly #connection: Connection
  readonly #version: () => number
  /** By query; the one used last is last. */
  readonly #lists = new Map<string, { readonly version: number; readonly ids: readonly PersonId[] }>()

  /** `version`: another number after every change of the database. */
  constructor(connection: Connection, version: () => number) {
    this.#connection = connection
    this.#version = version
  }

  /** The body of `GalleryStore.persons`. */
  page(query: PersonsQuery): { total: number; persons: PersonSummary[] } {
    const limit = Math.min(longestPage, Math.max(1, query.limit))
    const offset = Math.max(0, query.offset)
    if (query.sort === 'faces') {
      const ids = this.#kept(query)
      return { total: ids.length, persons: this.#summaries(ids.slice(offset, offset + limit)) }
    }
    const { statements, values } = statementsOf(query)
    const ids = this.#connection.ids<PersonId>(statements.ids, ...values, limit, offset)
    return {
      total: this.#connection.row(countRow, statements.count, ...values)!.count,
      persons: this.#summaries(ids),
    }
  }

  /** The body of `GalleryStore.personsById`. */
  byId(personIds: readonly PersonId[]): PersonSummary[] {
    return this.#summaries(personIds.slice(0, longestPage))
  }

  /** The body of `GalleryStore.personIds`. */
  ids(query: PeopleFilter): PersonId[] {
    return [...this.#kept(query)]
  }

  #kept({ clientId, domain, text, sort, flags, tag }: PeopleFilter): readonly PersonId[] {
    const key = JSON.stringify([clientId, domain, text, sort, flags, tag])
    const version = this.#version()
    const there = this.#lists.get(key)
    this.#lists.delete(key)
    const ids =
      there?.version === version ? there.ids : this.#read({ clientId, domain, text, sort, flags, tag })
    this.#lists.set(key, { version, ids })
    for (const oldest of this.#lists.keys()) {
      if (this.#lists.size <= listsKept) break
      this.#lists.delete(oldest)
    }
    return ids
  }

  #read(query: PeopleFilter): PersonId[] {
    const { statements, values } = statementsOf(query)
    return this.#connection.ids(statements.ids, ...values, Number.MAX_SAFE_INTEGER, 0)
  }

  #summaries(ids: readonly PersonId[]): PersonSummary[] {
    return this.#connection.rows(summaryRow, selectSummaries, JSON.stringify(ids)).map((row) => {
      const { clientId: _, chosenCover: __, ...summary } = summaryOf(row)
      return summary
    })
  }
}

function statementsOf({ clientId, domain, text: typed, sort, flags, tag }: PeopleFilter): {
  readonly statements: ReturnType<typeof listStatements>
  readonly values: readonly SqlValue[]
} {
  const text = foldText(typed)
  const statements = listStatements({
    inDomain: domain !== null,
    byText: text !== '',
    byTag: tag !== null,
    byFlag: flags.length > 0,
    sort,
  })
  return {
    statements,
    values: [
      clientId,
      ...(domain === null ? [] : [domain]),
      ...(text === '' ? [] : [text, clientId, text]),
      ...(tag === null ? [] : [clientId, tagKey(tag.normalize('NFC').trim())]),
      ...(flags.length === 0 ? [] : flagValues(clientId, flags)),
    ],
  }
}

/** What is told of a person, from a row of {@link summaryColumns}. */
export function summaryOf({
  chosenFaceId,
  bestFaceId,
  ...row
}: z.output<typeof summaryRow>): PersonSummary & { clientId: ClientId; chosenCover: boolean } {
  const coverFaceId = chosenFaceId ?? bestFaceId
  return {
    ...row,
    ...(coverFaceId === null ? {} : { coverFaceId }),
    chosenCover: chosenFaceId !== null,
  }
}

const tagRow = z.object({ tag: z.string(), persons: z.number().int() })

export const selectTags = `
  SELECT min(t.tag) AS tag, count(*) AS persons
  FROM person_tags t CROSS JOIN persons p ON same_client(p, t) AND p.id = t.person_id
  WHERE t.client_id = ? AND p.removed_by IS NULL GROUP BY t.key ORDER BY count(*) DESC, t.key`

export const selectTagsOf = `
  SELECT min(t.tag) AS tag, count(*) AS persons
  FROM ids(?) asked
  CROSS JOIN persons p ON p.id = asked.value
  CROSS JOIN person_tags t ON same_client(t, p) AND t.person_id = p.id
  WHERE t.client_id = ? AND p.removed_by IS NULL GROUP BY t.key ORDER BY count(*) DESC, t.key`

/** The body of `GalleryStore.tags`. */
export function tags(
  connection: Connection,
  clientId: ClientId,
  personIds: readonly PersonId[] | undefined,
): { tag: string; persons: number }[] {
  return personIds === undefined
    ? connection.rows(tagRow, selectTags, clientId)
    : connection.rows(tagRow, selectTagsOf, JSON.stringify(personIds), clientId)
}
