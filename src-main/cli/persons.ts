/** `visor persons …` and `visor ledger …`: a curator's work without the window. */
import { VisorError } from '../../src-shared/errors'
import {
  type ClientId,
  type Domain,
  type LedgerId,
  ledgerIdSchema,
  type PersonId,
  personIdSchema,
  personNameSchema,
} from '../../src-shared/ids'
import { batchOf, undoBatch } from '../services/batch'
import type { GalleryStore } from '../storage/gallery-store'
import { inSnakeCase, type Output } from './output'

/** People in one page of a listing. */
const pageSize = 500

export interface PersonScope {
  readonly clientId: ClientId
  /** Where a name is looked up; an id needs none. */
  readonly domain: Domain | null
}

/** A person named by id, or by name in the scope's domain. Raises `not-found`, `invalid-argument`. */
export async function findPerson(gallery: GalleryStore, text: string, scope: PersonScope): Promise<PersonId> {
  const id = personIdSchema.safeParse(text)
  if (id.success) return id.data
  const name = text.normalize('NFC').trim()
  const found: PersonId[] = []
  for await (const person of allPersons(gallery, scope, name))
    if (person.name === name) found.push(person.personId)
  const [only] = found
  if (only === undefined) throw new VisorError('not-found', `There is nobody called "${name}".`)
  if (found.length > 1) {
    throw new VisorError('invalid-argument', `${found.length} people are called "${name}".`, {
      remedy: 'Say which domain with --domain, or name the person by id.',
    })
  }
  return only
}

async function* allPersons(gallery: GalleryStore, { clientId, domain }: PersonScope, text: string) {
  for (let offset = 0; ; offset += pageSize) {
    const { persons } = await gallery.persons({
      clientId,
      domain,
      text,
      sort: 'name',
      flags: [],
      tag: null,
      offset,
      limit: pageSize,
    })
    yield* persons
    if (persons.length < pageSize) return
  }
}

export async function listPersons(
  gallery: GalleryStore,
  text: string,
  scope: PersonScope,
  output: Output,
): Promise<void> {
  for await (const { personId, domain, name, photos, faces, tags, flags } of allPersons(
    gallery,
    scope,
    text,
  )) {
    output.answer(
      { person_id: personId, domain, name, photos, faces, tags, flags },
      `${personId}  ${domain}  ${name}  (${faces} faces)`,
    )
  }
}

export async function showPerson(gallery: GalleryStore, person: PersonId, output: Output): Promise<void> {
  const detail = await gallery.person(person)
  const lines = [
    `${detail.name}  ·  ${detail.domain}  ·  ${detail.personId}`,
    ...(detail.aliases.length === 0 ? [] : [`also known as ${detail.aliases.join(', ')}`]),
    ...[detail.occupation, detail.wikidataId, detail.description].filter((line) => line !== undefined),
    ...detail.facesList.map(
      ({ photoPath, quality, source }) => `  ${photoPath}  quality ${quality.toFixed(2)}  ${source}`,
    ),
  ]
  output.answer(inSnakeCase(detail), lines.join('\n'))
}

/** Does one act on people, and prints what undoes it. */
export async function act(
  output: Output,
  actor: string,
  summary: string,
  write: (context: { actor: string; summary: string }) => Promise<{ readonly ledgerId?: string }>,
): Promise<void> {
  const { ledgerId } = await write({ actor, summary })
  if (ledgerId === undefined) output.answer({ changed: false }, 'There was nothing to change.')
  else
    output.answer(
      { changed: true, ledger_id: ledgerId, summary },
      `${summary}. Undo: visor ledger undo ${ledgerId}`,
    )
}

export async function renamePerson(
  gallery: GalleryStore,
  person: PersonId,
  to: string,
  actor: string,
  output: Output,
): Promise<void> {
  const name = personNameSchema.safeParse(to)
  if (!name.success)
    throw new VisorError('invalid-argument', name.error.issues[0]?.message ?? 'That cannot be a name.')
  const before = await gallery.person(person)
  await act(output, actor, `Renamed ${before.name} to ${name.data}`, (context) =>
    gallery.updatePerson(person, { name: name.data }, context),
  )
}

/** One person by name, several by their number: as the history of the window says it. */
async function who(gallery: GalleryStore, persons: readonly PersonId[]): Promise<string> {
  const [only] = persons
  if (only === undefined || persons.length > 1) return `${persons.length} people`
  return (await gallery.person(only)).name
}

export async function movePersons(
  gallery: GalleryStore,
  persons: readonly PersonId[],
  domain: Domain,
  merge: boolean,
  actor: string,
  output: Output,
): Promise<void> {
  await act(output, actor, `Moved ${await who(gallery, persons)} to ${domain}`, (context) =>
    gallery.movePersons(persons, domain, merge ? 'merge' : 'refuse', context),
  )
}

export async function mergePersons(
  gallery: GalleryStore,
  target: PersonId,
  sources: readonly PersonId[],
  actor: string,
  output: Output,
): Promise<void> {
  const { name } = await gallery.person(target)
  await act(output, actor, `Merged ${sources.length + 1} people into ${name}`, (context) =>
    gallery.mergePersons(target, sources, context),
  )
}

export async function deletePersons(
  gallery: GalleryStore,
  persons: readonly PersonId[],
  actor: string,
  output: Output,
): Promise<void> {
  await act(output, actor, `Deleted ${await who(gallery, persons)}`, (context) =>
    gallery.deletePersons(persons, context),
  )
}

export async function listBin(
  gallery: GalleryStore,
  clientId: ClientId,
  retentionDays: number,
  output: Output,
): Promise<void> {
  for (const entry of await gallery.bin(clientId, retentionDays)) {
    output.answer(
      inSnakeCase(entry),
      `${entry.ledgerId}  ${entry.at}  ${entry.summary}  (${entry.names.join(', ')})`,
    )
  }
}

export async function listLedger(
  gallery: GalleryStore,
  clientId: ClientId,
  limit: number,
  output: Output,
): Promise<void> {
  for (const entry of await gallery.ledger({ clientId, limit })) {
    const undone = entry.undoneBy === undefined ? '' : '  (undone)'
    output.answer(
      inSnakeCase(entry),
      `${entry.ledgerId}  ${entry.at}  ${entry.actor}${entry.login === undefined ? '' : ` (${entry.login})`}  ${entry.summary}${undone}`,
    )
  }
}

export async function verifyLedger(gallery: GalleryStore, output: Output): Promise<void> {
  const { entries, brokenAt } = await gallery.verifyLedger()
  if (brokenAt === undefined)
    output.answer({ entries, intact: true }, `The ledger is intact: ${entries} entries.`)
  else {
    output.failure(
      'ledger',
      new VisorError('database-corrupt', `Entry ${brokenAt} of the ledger is not as it was written.`, {
        remedy: 'Somebody or something changed the database file. Compare it with a backup.',
      }),
    )
  }
}

export async function undoEntry(
  gallery: GalleryStore,
  id: string,
  actor: string,
  output: Output,
): Promise<void> {
  const entry = entryId(id)
  const { summary } = await gallery.undo(entry, { actor })
  output.answer({ undone: entry, summary }, `Undone: ${summary}.`)
}

/** Takes back all of the enrolment or the import that an entry is a step of. */
export async function undoWhole(
  gallery: GalleryStore,
  clientId: ClientId,
  id: string,
  actor: string,
  output: Output,
): Promise<void> {
  const entry = entryId(id)
  const batch = await batchOf(gallery, clientId, entry)
  const { summary } = await undoBatch(gallery, { clientId, ...batch }, actor, {
    onProgress: ({ done, total }) => output.progress(`${done} of ${total}`),
  })
  output.endProgress()
  output.answer({ undone: entry, summary }, `Undone: ${summary}.`)
}

function entryId(id: string): LedgerId {
  const ledgerId = ledgerIdSchema.safeParse(id)
  if (!ledgerId.success) throw new VisorError('invalid-argument', `"${id}" is no id of a ledger entry.`)
  return ledgerId.data
}
