/** Brings the rows of a source into a gallery, or tries it. Main, command line. See [Note: Import runs]. */
import { basename } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { VisorError } from '../../../src-shared/errors'
import type { ClientId, Sha256 } from '../../../src-shared/ids'
import { type ImportKind, legacyKinds } from '../../../src-shared/import'
import type { ImportRun, RejectedRow } from '../../../src-shared/import-run'
import type { Portion, Source } from '../../import/source'
import type { ImportedFace, ImportPortion, ImportStore } from '../../storage/import-store'
import type { WriteControl } from '../../storage/written'
import { Gathering } from './gathering'
import { PersonNames } from './person-names'
import type { PhotoRows } from './photo-rows'
import { placeOf, type RowsOptions, SourceRows } from './source-rows'

/** What an import did, or would do. */
export interface ImportOutcome {
  readonly read: number
  readonly imported: number
  readonly alreadyThere: number
  readonly rejected: number
  readonly rejects: readonly RejectedRow[]
}

/** Rows that are prepared in one turn of the thread. */
const rowsInTurn = 250

/**
 * Names for people of one name, from one reading of a source that knows people by ids. Raises `invalid-argument` where they are of
 * several clients, and nobody said of which.
 */
export async function namesIn(
  source: Source,
  kind: ImportKind,
  options: Pick<ImportRun['options'], 'domain' | 'domains' | 'fromClient' | 'namesakes'>,
  signal?: AbortSignal,
): Promise<PersonNames> {
  const names = new PersonNames(options.namesakes === 'apart' && legacyKinds.has(kind))
  if (!legacyKinds.has(kind)) return names
  const clients = new Set<string>()
  for await (const { rows } of source.rows()) {
    signal?.throwIfAborted()
    for (const row of rows) {
      const placed = placeOf(row, options)
      if (placed !== undefined && 'name' in placed) names.note(placed.domain, placed.name, placed.key)
      const clientId = placed === undefined ? null : (row.person?.clientId ?? null)
      if (clientId !== null) clients.add(clientId)
    }
  }
  if (options.fromClient === null && clients.size > 1) throw severalClients([...clients])
  return names
}

/**
 * Goes on with a run from where it stands, to the end of the source. While some rows are written, the next are read. Raises what the
 * source and the store raise, and what `signal` is aborted with; the run then stands behind the last row that was written: where the
 * source failed, behind the last that it gave.
 */
export async function bringRows(
  source: Source,
  run: ImportRun,
  rowsOptions: RowsOptions,
  photos: PhotoRows,
  imports: Pick<ImportStore, 'importPortion'>,
  {
    actor,
    mostRowsInWrite,
    signal,
    onProgress,
  }: WriteControl & { readonly actor: string; readonly mostRowsInWrite: number | undefined },
): Promise<ImportRun> {
  const rows = new SourceRows(rowsOptions)
  const { runId, position, total } = run
  const from = run.source === null ? 'a source' : nameOf(run)
  const gathering = new Gathering(position, mostRowsInWrite)
  let writing: Promise<ImportRun> = Promise.resolve(run)
  let idle = true
  let read = run.read
  const write = async (portion: ImportPortion, startedAt = performance.now()) => {
    const summary = `Imported rows ${portion.from + 1} – ${portion.to} of ${from}`
    const { value } = await imports.importPortion(runId, portion, { actor, summary })
    gathering.note(portion, performance.now() - startedAt)
    read += countOf(portion)
    accounted({ ...value, read })
    onProgress?.({ done: value.position, total: Math.max(total, value.position) })
    return value
  }
  /** Begins to write what was gathered, once the write before is over. */
  const writeNext = async () => {
    await writing
    signal?.throwIfAborted()
    idle = false
    writing = write(gathering.take()).finally(() => {
      idle = true
    })
    // Whoever waits for it next is told.
    writing.catch(() => undefined)
  }
  try {
    for await (const part of inTurns(partsOf(source, photos))) {
      signal?.throwIfAborted()
      const portion = rows.portion(part, position, await photos.lookAt(part, position, signal))
      if (portion.to <= position) continue
      gathering.add(portion)
      if (idle ? gathering.isEnough : gathering.isFull) await writeNext()
    }
  } finally {
    // What was read is kept, and what is being written is not left alone, however this ends.
    while (!gathering.isEmpty) await writeNext()
    await writing
  }
  return writing
}

/** The same without a trace: what would become of each row. */
export async function tryRows(
  source: Source,
  clientId: ClientId,
  rowsOptions: RowsOptions,
  photos: PhotoRows,
  imports: Pick<ImportStore, 'tryPortion'>,
  { signal, onProgress }: WriteControl,
  total: number,
): Promise<ImportOutcome> {
  const rows = new SourceRows(rowsOptions)
  const earlier = new Map<Sha256, ImportedFace[]>()
  const rejects: RejectedRow[] = []
  let [read, imported, alreadyThere] = [0, 0, 0]
  for await (const portion of partsOf(source, photos)) {
    signal?.throwIfAborted()
    const prepared = rows.portion(portion, 0, await photos.lookAt(portion, 0, signal))
    const same = new Set(prepared.faces.map(({ photo }) => photo.sha256))
    const before = [...same].flatMap((sha256) => earlier.get(sha256) ?? [])
    const outcome = await imports.tryPortion(clientId, prepared, before)
    const refused = new Set(outcome.rejects.map(({ position }) => position))
    for (const face of prepared.faces) if (!refused.has(face.position)) remember(earlier, face)
    imported += outcome.imported
    alreadyThere += outcome.alreadyThere
    rejects.push(...outcome.rejects)
    read += prepared.faces.length + prepared.rejects.length
    onProgress?.({ done: prepared.to, total: Math.max(total, prepared.to) })
  }
  const rejected = rejects.length
  accounted({ read, imported, alreadyThere, rejected })
  return { read, imported, alreadyThere, rejected, rejects }
}

async function* partsOf(source: Source, photos: PhotoRows): AsyncGenerator<Portion> {
  const { wantsImages: withImages } = photos
  for await (const portion of source.rows(0, { withImages })) yield* photos.parts(portion)
}

/** Portions in parts that are prepared in a few milliseconds each, with turns for others in between. */
async function* inTurns(portions: AsyncIterable<Portion>): AsyncGenerator<Portion> {
  for await (const { from, rows } of portions) {
    for (let first = 0; first < rows.length; first += rowsInTurn) {
      yield { from: from + first, rows: rows.slice(first, first + rowsInTurn) }
      await nextTurn()
    }
  }
}

/** Rows that were read: those that are not asked for are none. */
const countOf = ({ faces, rejects }: ImportPortion) =>
  faces.reduce((sum, { count }) => sum + count, rejects.length)

/** Raises `internal` where the rows do not add up: a report that loses a row is none. */
function accounted({ read, imported, alreadyThere, rejected }: Omit<ImportOutcome, 'rejects'>): void {
  if (read === imported + alreadyThere + rejected) return
  throw new VisorError('internal', 'The rows of the import do not add up.', {
    detail: `${read} read, ${imported} imported, ${alreadyThere} already there, ${rejected} rejected`,
  })
}

function severalClients(clients: readonly string[]): VisorError {
  return new VisorError('invalid-argument', 'The source has people of several clients.', {
    consequence: 'They would be mixed, so nothing was imported.',
    remedy: 'Import them one by one: say of which client of the source.',
    detail: clients.slice(0, 20).join(', '),
  })
}

/** Only faces with a box share a photo with others. */
function remember(earlier: Map<Sha256, ImportedFace[]>, face: ImportedFace): void {
  if (face.face.box.w === 0) return
  const others = earlier.get(face.photo.sha256)
  if (others === undefined) earlier.set(face.photo.sha256, [face])
  else others.push(face)
}

function nameOf({ source, kind }: ImportRun): string {
  if (source === null) return kind
  return source.at === 'path' ? basename(source.path) : source.connection.database || kind
}
