/** Photos that a source itself holds, for those whose files are not there. Main, command line. */
import { hasCode, VisorError } from '../../../src-shared/errors'
import type { ClientId, Domain, PhotoId } from '../../../src-shared/ids'
import { legacyKinds } from '../../../src-shared/import'
import type { ImportRun } from '../../../src-shared/import-run'
import type { Source } from '../../import/source'
import { PersonNames } from './person-names'
import { SourceRows } from './source-rows'

/** Encoded photos of one domain, by the records that stand in for them. */
export interface SomePictures {
  readonly domain: Domain
  readonly pictures: ReadonlyMap<PhotoId, Uint8Array>
}

/**
 * The pictures of a run's source. `why`: it may have some, and cannot be asked for them, one sentence; absent: it has none, or they
 * can be read.
 */
export interface SourcePictures {
  readonly why?: string
  /** Of these records, in the order of the source, some at a time. Raises what the source raises. */
  of(photoIds: ReadonlySet<PhotoId>, signal?: AbortSignal): AsyncIterable<SomePictures>
  close(): Promise<void>
}

const noPictures: SourcePictures = {
  async *of() {},
  close: async () => undefined,
}

/** Raises `cancelled`, and what is no fault of the source or of its server. */
export async function picturesOf(
  { clientId, kind, source: place, options }: Pick<ImportRun, 'clientId' | 'kind' | 'source' | 'options'>,
  open: (place: NonNullable<ImportRun['source']>) => Promise<Source>,
): Promise<SourcePictures> {
  if (!legacyKinds.has(kind)) return noPictures
  if (place === null) return { ...noPictures, why: 'Where the import came from was forgotten.' }
  let source: Source | undefined
  try {
    source = await open(place)
    const close = source.close.bind(source)
    if (!(await source.holdsImages())) return { ...noPictures, close }
    return { of: (photoIds, signal) => readPictures(source!, { clientId, options }, photoIds, signal), close }
  } catch (error) {
    await source?.close()
    if (!(error instanceof VisorError) || error.fault === 'internal' || hasCode(error, 'cancelled'))
      throw error
    return { ...noPictures, why: `The source, which may have it, cannot be read: ${error.message}` }
  }
}

async function* readPictures(
  source: Source,
  scope: { readonly clientId: ClientId; readonly options: ImportRun['options'] },
  photoIds: ReadonlySet<PhotoId>,
  signal: AbortSignal | undefined,
): AsyncGenerator<SomePictures> {
  // A photo's record does not follow from whose face it is.
  const rows = new SourceRows({ ...scope, names: new PersonNames(false) })
  for await (const portion of source.rows(0, { withImages: true })) {
    signal?.throwIfAborted()
    const images = new Map(portion.rows.map(({ position, image }) => [position, image]))
    const found = new Map<Domain, Map<PhotoId, Uint8Array>>()
    for (const { position, domain, ids } of rows.portion(portion, 0).faces) {
      const image = images.get(position)
      const pictures = found.get(domain) ?? new Map<PhotoId, Uint8Array>()
      if (image == null || !photoIds.has(ids.photoId) || pictures.has(ids.photoId)) continue
      found.set(domain, pictures.set(ids.photoId, image))
    }
    for (const [domain, pictures] of found) yield { domain, pictures }
  }
}
