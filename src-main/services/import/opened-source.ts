/** A source that an import has open, of whichever kind, and what it has to be. Main, command line. */
import { VisorError } from '../../../src-shared/errors'
import type { ClientId } from '../../../src-shared/ids'
import type { Inspection, SourcePlace, SourceSpec } from '../../../src-shared/import'
import type { ImportOptions, ImportRun } from '../../../src-shared/import-run'
import { findKind } from '../../import/find-kind'
import type { Source } from '../../import/source'
import type { WriteControl } from '../../storage/written'
import { inspectGallery, type SourceGallery } from './copy-gallery'
import { changed } from './import-refusals'

/** Rows of another system, or a whole gallery of Visor. */
export type OpenedSource =
  | { readonly is: 'rows'; readonly rows: Source }
  | { readonly is: 'gallery'; readonly gallery: SourceGallery }

/** Where a source is, and how it is read. */
interface SoughtSource {
  readonly place: SourcePlace
  /** `null`: found by looking. */
  readonly kind: SourceSpec['kind']
  readonly options: Pick<ImportOptions, 'personRule' | 'mapping'>
}

export type SourceWatch = NonNullable<Parameters<Source['inspect']>[0]>

/** Whoever opens it closes it. Raises what both ways of opening raise. */
export async function openSourceOf(
  { place, kind, options: { personRule, mapping } }: SoughtSource,
  open: {
    readonly openSource: (spec: SourceSpec) => Promise<Source>
    readonly openGallery: (place: SourcePlace) => Promise<SourceGallery>
  },
): Promise<OpenedSource> {
  const isGallery = kind === 'visor' || (kind === null && (await findKind(place)) === 'visor')
  if (isGallery) return { is: 'gallery', gallery: await open.openGallery(place) }
  return { is: 'rows', rows: await open.openSource({ place, kind, personRule, mapping }) }
}

export function closeSource(source: OpenedSource): Promise<void> {
  return source.is === 'gallery' ? source.gallery.close() : source.rows.close()
}

/** What it holds. */
export function inspected(
  source: OpenedSource,
  { clientId, options }: { readonly clientId: ClientId; readonly options: Pick<ImportOptions, 'domain'> },
  watch: SourceWatch,
): Promise<Inspection> {
  if (source.is === 'rows') return source.rows.inspect(watch)
  return inspectGallery(source.gallery, { clientId, domain: options.domain })
}

/** Raises `conflict` where it is not what the run began with. */
export async function refuseChanged(
  source: OpenedSource,
  run: Pick<ImportRun, 'clientId' | 'options' | 'fingerprint'>,
  { signal }: WriteControl,
): Promise<void> {
  const { fingerprint } = await inspected(source, run, { signal })
  if (fingerprint !== run.fingerprint) throw changed()
}

/** Raises `invalid-argument` for rows of no domain that nobody named one for. */
export function refuseNoDomain(
  { domains }: Inspection,
  { domain, domains: chosen }: Pick<ImportOptions, 'domain' | 'domains'>,
): void {
  if (domain !== null || chosen !== undefined || domains.every((one) => one.domain !== null)) return
  throw new VisorError('invalid-argument', 'The source does not say in which domain its people are.', {
    consequence: 'Nothing was imported.',
    remedy: 'Choose the domain that they are to come into.',
  })
}
