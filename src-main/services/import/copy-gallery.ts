/** Another store of Visor as a source: copied with its ids, and compared. Main, command line. */
import { createHash } from 'node:crypto'
import { VisorError } from '../../../src-shared/errors'
import { parseUnitEmbedding, type UnitEmbedding } from '../../../src-shared/face'
import {
  type ClientId,
  type Domain,
  type ModelId,
  modelIdSchema,
  type PersonId,
} from '../../../src-shared/ids'
import type { Inspection } from '../../../src-shared/import'
import type { Difference, ImportRun, Validation } from '../../../src-shared/import-run'
import type { GalleryStore } from '../../storage/gallery-store'
import type { CopyMark, CopyPage, ImportStore, PortionOutcome } from '../../storage/import-store'
import type { WriteControl } from '../../storage/written'
import type { ImportOutcome } from './run-import'

/** A store that is read. */
export interface SourceGallery {
  readonly imports: Pick<ImportStore, 'copySize' | 'copyPage'>
  readonly gallery: Pick<GalleryStore, 'clients' | 'search' | 'wholePerson'>
  close(): Promise<void>
}

type Scope = { readonly clientId: ClientId; readonly domain: Domain | null }

/** Differences that are told one by one. */
const mostTold = 100
const start: CopyMark = { part: 'persons', after: null }

/** Parts of a gallery, in their order, with the row at which each begins: one is read while whoever takes them has the one before. */
async function* pages(
  { imports }: Pick<SourceGallery, 'imports'>,
  { clientId, domain }: Scope,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly from: number; readonly page: CopyPage }> {
  const read = (mark: CopyMark) => {
    const reading = imports.copyPage(clientId, domain, mark)
    // Told when it is waited for, if it ever is.
    reading.catch(() => undefined)
    return reading
  }
  let from = 0
  for (let reading: Promise<CopyPage> | undefined = read(start); reading !== undefined; ) {
    signal?.throwIfAborted()
    const page: CopyPage = await reading
    reading = page.next === null ? undefined : read(page.next)
    yield { from, page }
    from += page.count
  }
}

/** What another store has of a client. */
export async function inspectGallery(
  source: SourceGallery,
  { clientId, domain }: Scope,
): Promise<Inspection> {
  const { persons, faces, sequence } = await source.imports.copySize(clientId, domain)
  const summary = (await source.gallery.clients()).find((one) => one.clientId === clientId)
  const domains = (summary?.domains ?? []).filter((one) => domain === null || one.domain === domain)
  const models = Map.groupBy(
    domains.flatMap(({ embeddingsByModel }) => Object.entries(embeddingsByModel)),
    ([modelId]) => modelId,
  )
  return {
    kind: 'visor',
    layout: `A gallery of Visor: ${domains.length === 1 ? '1 domain' : `${domains.length} domains`} of the client ${clientId}`,
    fingerprint: `${persons} people, ${faces} faces, history up to ${sequence}`,
    rows: persons + faces,
    persons,
    domains: domains.map((one) => ({
      domain: one.domain,
      persons: one.persons,
      rows: one.persons + one.faces,
    })),
    models: [...models].map(([modelId, counts]) => ({
      modelId,
      dimension: 512,
      rows: counts.reduce((sum, [, count]) => sum + count, 0),
      norm: { least: 1, mean: 1, greatest: 1 },
    })),
    columns: [],
    mapping: null,
    duplicateNames: [],
    problems: [],
    preview: [],
    notes: [
      'People, photos, faces, decisions and unknown faces move with their ids.',
      'The bin, the history, reviews and findings stay where they are.',
    ],
  }
}

/** Goes on with a run from where it stands. Raises what the stores raise, and what `signal` is aborted with. */
export async function bringGallery(
  source: SourceGallery,
  run: ImportRun,
  imports: Pick<ImportStore, 'copyPortion'>,
  { actor, signal, onProgress }: WriteControl & { readonly actor: string },
): Promise<void> {
  const { runId, clientId, position, total, options } = run
  for await (const { from, page } of pages(source, { clientId, domain: options.domain }, signal)) {
    const to = from + page.count
    if (to <= position) continue
    if (from < position) throw otherPages()
    const summary = `Copied rows ${from + 1} – ${to} of another gallery`
    await imports.copyPortion(runId, { from, page }, { actor, summary })
    onProgress?.({ done: to, total: Math.max(total, to) })
  }
}

/** The same without a trace. */
export async function tryGallery(
  source: SourceGallery,
  scope: Scope,
  imports: Pick<ImportStore, 'tryCopy'>,
  { signal, onProgress }: WriteControl,
  total: number,
): Promise<ImportOutcome> {
  const brought = new Set<string>()
  const outcomes: PortionOutcome[] = []
  let read = 0
  for await (const { from, page } of pages(source, scope, signal)) {
    const owners = new Set(valuesOf(page, 'faces', 4).map(String))
    const here = [...owners].filter((personId) => brought.has(personId)) as PersonId[]
    const outcome = await imports.tryCopy(scope.clientId, { from, page }, here)
    outcomes.push(outcome)
    const refused = new Set(outcome.rejects.map(({ key }) => key))
    for (const id of valuesOf(page, 'persons', 0)) if (!refused.has(`person ${id}`)) brought.add(String(id))
    read = from + page.count
    onProgress?.({ done: read, total: Math.max(total, read) })
  }
  const sum = (of: (outcome: PortionOutcome) => number) => outcomes.reduce((all, one) => all + of(one), 0)
  const rejects = outcomes.flatMap((one) => one.rejects)
  return {
    read,
    imported: sum((one) => one.imported),
    alreadyThere: sum((one) => one.alreadyThere),
    rejected: rejects.length,
    rejects,
  }
}

/** Compares all that both stores have of people and faces, and a sample of searches. Raises what they raise. */
export async function compareGalleries(
  source: SourceGallery,
  run: ImportRun,
  target: { readonly imports: ImportStore; readonly gallery: Pick<GalleryStore, 'search'> },
  { signal, onProgress }: WriteControl,
): Promise<Validation> {
  const scope = { clientId: run.clientId, domain: run.options.domain }
  const refused = new Set(await target.imports.rejectedKeys(run.runId))
  const there = new Map<string, string>()
  for await (const { page } of pages(target, scope, signal)) {
    for (const { key, digest } of digestsOf(page)) there.set(key, digest)
  }
  const differences: Difference[] = []
  const counts = { read: 0, equal: 0, kept: 0, rejected: 0, missing: 0, different: 0 }
  const domains = new Map<Domain, Validation['domains'][number]>()
  const sample: Probe[] = []
  for await (const { from, page } of pages(source, scope, signal)) {
    for (const { key, digest, domain, isPerson, probe } of digestsOf(page)) {
      counts.read += 1
      if (refused.has(key)) {
        counts.rejected += 1
        continue
      }
      const found = there.get(key)
      const state = found === undefined ? 'missing' : found === digest ? 'equal' : 'different'
      counts[state] += 1
      if (state !== 'equal' && differences.length < mostTold) {
        const detail = state === 'missing' ? 'It is not in this gallery.' : 'It is another here.'
        differences.push({ key, detail })
      }
      const counted = domains.get(domain) ?? { domain, persons: 0, faces: 0, foundPersons: 0, foundFaces: 0 }
      const isHere = found === undefined ? 0 : 1
      domains.set(
        domain,
        isPerson
          ? { ...counted, persons: counted.persons + 1, foundPersons: counted.foundPersons + isHere }
          : { ...counted, faces: counted.faces + 1, foundFaces: counted.foundFaces + isHere },
      )
      if (probe !== undefined && state === 'equal') choose(sample, probe)
    }
    onProgress?.({ done: from + page.count, total: Math.max(run.total, from + page.count) })
  }
  const searches = await sameSearches(source.gallery, target.gallery, scope.clientId, sample)
  const { missing, different } = counts
  return {
    at: new Date().toISOString(),
    passed: missing === 0 && different === 0 && searches.agreed === searches.asked,
    rows: counts,
    differences,
    domains: [...domains.values()],
    persons: [],
    searches,
  }
}

interface Probe {
  readonly key: string
  readonly domain: Domain
  readonly modelId: ModelId
  readonly vector: UnitEmbedding
}

const searchesAsked = 20

/** The least of the ids: as good as chance for those that are, and the same in every comparison. */
function choose(sample: Probe[], probe: Probe): void {
  sample.push(probe)
  if (sample.length <= searchesAsked) return
  sample.sort((a, b) => (a.key < b.key ? -1 : 1))
  sample.length = searchesAsked
}

/** The five nearest people and their distances are the same on both sides, within what two ways to add may differ by. */
async function sameSearches(
  here: Pick<GalleryStore, 'search'>,
  there: Pick<GalleryStore, 'search'>,
  clientId: ClientId,
  sample: readonly Probe[],
): Promise<Validation['searches']> {
  const differences: Difference[] = []
  for (const { key, domain, modelId, vector } of sample) {
    const query = {
      clientId,
      domains: [domain],
      modelId,
      probes: [vector],
      topPersons: 5,
      topFaces: 0,
      withinDistance: 2,
      exact: true,
    }
    const [own, other] = await Promise.all([here.search(query), there.search(query)])
    const distances = (answer: typeof own) => answer.probes[0]?.persons.map(({ distance }) => distance) ?? []
    const [a, b] = [distances(own), distances(other)]
    const same = a.every((distance, index) => Math.abs(distance - (b[index] ?? Infinity)) <= 1e-5)
    if (!same) differences.push({ key, detail: 'A search for it gives other people here.' })
  }
  return { asked: sample.length, agreed: sample.length - differences.length, differences }
}

interface Digested {
  readonly key: string
  readonly digest: string
  readonly domain: Domain
  readonly isPerson: boolean
  readonly probe?: Probe
}

/** One digest of each person or face, of all rows that are theirs, in an order of their own. */
function* digestsOf(page: CopyPage): Generator<Digested> {
  const own = new Map(page.tables.map(({ table, rows }) => [table, rows]))
  const persons = own.get('persons')
  const main = persons ?? own.get('faces') ?? []
  const belongings = new Map<string, string[]>()
  const probes = new Map<string, Omit<Probe, 'domain'>>()
  for (const [table, rows] of own) {
    if (['persons', 'faces', 'photos'].includes(table)) continue
    for (const row of rows) {
      const owner = String(table === 'people_apart' ? row[1] : row[0])
      const lines = belongings.get(owner) ?? []
      belongings.set(owner, [...lines, `${table} ${textOf(table === 'embeddings' ? row.slice(0, 4) : row)}`])
      const vector = table === 'embeddings' && row[3] instanceof Float32Array && parseUnitEmbedding(row[3])
      if (vector) probes.set(owner, { key: `face ${owner}`, modelId: modelIdSchema.parse(row[1]), vector })
    }
  }
  for (const row of main) {
    const id = String(row[0])
    const domain = String(row[persons === undefined ? 3 : 2]) as Domain
    // The photo may be another record of the same bytes here.
    const plain = persons === undefined ? row.filter((_, index) => index !== 1) : row
    const text = [textOf(plain), ...(belongings.get(id) ?? []).toSorted()].join('\n')
    const probe = probes.get(id)
    yield {
      key: `${persons === undefined ? 'face' : 'person'} ${id}`,
      digest: createHash('sha256').update(text).digest('base64'),
      domain,
      isPerson: persons !== undefined,
      ...(probe === undefined ? {} : { probe: { ...probe, domain } }),
    }
  }
}

function textOf(row: CopyPage['tables'][number]['rows'][number]): string {
  return JSON.stringify(
    row.map((value) => {
      if (value === null || typeof value !== 'object') return value
      return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
    }),
  )
}

function valuesOf(page: CopyPage, table: string, column: number) {
  return page.tables.find((one) => one.table === table)?.rows.map((row) => row[column]) ?? []
}

function otherPages(): VisorError {
  return new VisorError('conflict', 'The gallery that is copied was changed meanwhile.', {
    consequence: 'Nothing more was copied; what was brought before is still there.',
    remedy: 'Begin a new import: what is there already is not brought twice.',
  })
}
