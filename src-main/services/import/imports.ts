/** Imports from other systems: looked at, tried, run, gone on with, taken back. Main, command line. */
import { v7 as uuid } from 'uuid'
import { hasCode, toWireError, VisorError } from '../../../src-shared/errors'
import { type ClientId, type Domain, type ImportRunId, importRunIdSchema } from '../../../src-shared/ids'
import type { Inspection, SourcePlace, SourceSpec } from '../../../src-shared/import'
import type {
  ImportOptions,
  ImportRun,
  ImportState,
  ModelCheck,
  UnseenOfRun,
} from '../../../src-shared/import-run'
import type { Source } from '../../import/source'
import type { GalleryStore } from '../../storage/gallery-store'
import type { ImportStore } from '../../storage/import-store'
import type { WriteControl } from '../../storage/written'
import { undoTogether } from '../undo-together'
import { bringGallery, compareGalleries, type SourceGallery, tryGallery } from './copy-gallery'
import { forgotten, notDone, nothingToUndo, notLookedAt, over } from './import-refusals'
import { type ImportReport, reportOf } from './import-report'
import { type LookOutcome, lookAtPhotos } from './look-at-photos'
import {
  closeSource,
  inspected,
  type OpenedSource,
  openSourceOf,
  refuseChanged,
  refuseNoDomain,
  type SourceWatch,
} from './opened-source'
import { PhotoFinder } from './photo-finder'
import type { PhotoLooker } from './photo-looker'
import { PhotoRows } from './photo-rows'
import { bringRows, type ImportOutcome, namesIn, tryRows } from './run-import'
import { checkModel, refuseOtherModel } from './same-model'
import { picturesOf } from './source-pictures'
import type { RowsOptions } from './source-rows'
import { compareWithSource } from './validate-import'

/** Where imports go. */
export interface ImportTarget {
  readonly imports: ImportStore
  readonly gallery: Pick<GalleryStore, 'undo' | 'search' | 'clients' | 'seePhotos'>
}

interface ImportsOptions {
  readonly target: ImportTarget
  /** Opens a source; whoever asked closes it. Raises what `Source` raises. */
  readonly openSource: (spec: SourceSpec) => Promise<Source>
  /** The same for another store of Visor. */
  readonly openGallery: (place: SourcePlace) => Promise<SourceGallery>
  /** Looks at photos of rows that have no embedding; asked for once there is one. */
  readonly openLooker: () => Promise<PhotoLooker>
  readonly actor: string
  /** Unless given, as many as a write of less than a second takes. */
  readonly mostRowsInWrite?: number
}

/** What is imported, and how. */
export interface WantedImport {
  readonly clientId: ClientId
  readonly place: SourcePlace
  readonly kind: SourceSpec['kind']
  readonly options: ImportOptions
}

/** What a run is aborted with, so that it stands in the list as cancelled; whatever else it is aborted with, it is paused. */
export class ImportCancelled extends VisorError {
  constructor() {
    super('cancelled', 'Cancelled. What was imported before stays.')
  }
}

/** The same, to be resumed. */
export class ImportPaused extends VisorError {
  constructor() {
    super('cancelled', 'Paused: the import can be resumed.')
  }
}

export class Imports {
  readonly #options: ImportsOptions

  constructor(options: ImportsOptions) {
    this.#options = options
  }

  /** Reads a source once from end to end and says what it holds. Nothing is written. */
  inspect(wanted: WantedImport, watch: SourceWatch = {}): Promise<Inspection> {
    return this.#opened(wanted, (source) => inspected(source, wanted, watch))
  }

  /** What a run would do, by the gallery as it is. Nothing is written. */
  async tryOut(
    wanted: WantedImport,
    control: WriteControl = {},
  ): Promise<ImportOutcome & { readonly inspection: Inspection }> {
    return this.#opened(wanted, async (source) => {
      const inspection = await inspected(source, wanted, { signal: control.signal })
      refuseNoDomain(inspection, wanted.options)
      const { imports } = this.#options.target
      const { clientId } = wanted
      if (source.is === 'gallery') {
        const scope = { clientId, domain: wanted.options.domain }
        const outcome = await tryGallery(source.gallery, scope, imports, control, inspection.rows)
        return { ...outcome, inspection }
      }
      const rows = await this.#rowsOptions(source.rows, { ...wanted, kind: inspection.kind }, control.signal)
      const outcome = await this.#withPhotos({ ...wanted, kind: inspection.kind }, (photos) =>
        tryRows(source.rows, clientId, rows, photos, imports, control, inspection.rows),
      )
      return { ...outcome, inspection }
    })
  }

  /**
   * Compares embeddings of a source with fresh ones of photos that are where the source has them, or in `folder`. Raises
   * `invalid-argument` for another gallery of Visor, `cancelled`, and what the source and the vision process raise.
   */
  checkModel(wanted: WantedImport, folder: string | null, control: WriteControl = {}): Promise<ModelCheck> {
    return this.#opened(wanted, async (source) => {
      if (source.is === 'gallery') {
        throw new VisorError('invalid-argument', 'A gallery of Visor says itself which models it has.')
      }
      const finder = await PhotoFinder.open(folder, control.signal)
      const looker = await this.#options.openLooker()
      try {
        return await checkModel(source.rows, looker, finder, control)
      } finally {
        await looker.close()
      }
    })
  }

  /** Begins a run; {@link resume} brings its rows. Raises `conflict` where rejected rows of a run on another kind of source are asked for. */
  async begin(wanted: WantedImport, control: WriteControl = {}): Promise<ImportRun> {
    const { imports } = this.#options.target
    const inspection = await this.inspect(wanted, { signal: control.signal })
    refuseNoDomain(inspection, wanted.options)
    await this.#refuseOtherModel({ ...wanted, kind: inspection.kind }, control.signal)
    return imports.begin({
      runId: importRunIdSchema.parse(uuid()),
      clientId: wanted.clientId,
      kind: inspection.kind,
      source: wanted.place,
      fingerprint: inspection.fingerprint,
      options: wanted.options,
      total: inspection.rows,
      actor: this.#options.actor,
    })
  }

  /**
   * Brings the rows of a run, from where it stands to the end. Raises `conflict` where the source is not what it was, or the run is
   * over; `cancelled`; what the source and the store raise. However it ends, the run says so and can be resumed. `justBegun`: its
   * source was read a moment ago, and is not read once more to see that it is the same.
   */
  async resume(
    runId: ImportRunId,
    control: WriteControl = {},
    { justBegun = false }: { readonly justBegun?: boolean } = {},
  ): Promise<ImportRun> {
    const { imports } = this.#options.target
    const run = await imports.run(runId)
    const { source: place } = run
    if (place === null) throw forgotten()
    if (run.state === 'done' || run.state === 'validated' || run.state === 'undone') throw over(run)
    await imports.setState(runId, 'running')
    try {
      const wanted = { clientId: run.clientId, place, kind: run.kind, options: run.options }
      await this.#opened(wanted, async (source) => {
        if (!justBegun) await refuseChanged(source, run, control)
        const { actor, mostRowsInWrite } = this.#options
        const watched = { ...control, actor, mostRowsInWrite }
        if (source.is === 'gallery') return bringGallery(source.gallery, run, imports, watched)
        const rows = await this.#rowsOptions(source.rows, wanted, control.signal)
        await this.#withPhotos(run, (photos) => bringRows(source.rows, run, rows, photos, imports, watched))
      })
    } catch (error) {
      await this.#stopped(runId, error, control.signal)
      throw error
    }
    return imports.setState(runId, 'done')
  }

  /**
   * Reads the source again and compares all that was brought, and a sample of searches; the run keeps what was found, and is
   * `validated` where nothing is missing or different. Raises `conflict` where the run is not done, or its source is another.
   */
  async validate(runId: ImportRunId, control: WriteControl = {}): Promise<ImportRun> {
    const { target } = this.#options
    const run = await target.imports.run(runId)
    if (run.source === null) throw forgotten()
    if (run.state !== 'done' && run.state !== 'validated') throw notDone(run)
    const wanted = { clientId: run.clientId, place: run.source, kind: run.kind, options: run.options }
    const validation = await this.#opened(wanted, async (source) => {
      await refuseChanged(source, run, control)
      if (source.is === 'gallery') return compareGalleries(source.gallery, run, target, control)
      const rows = await this.#rowsOptions(source.rows, wanted, control.signal)
      return this.#withPhotos(run, (photos) =>
        compareWithSource(source.rows, run, rows, photos, { target, control }),
      )
    })
    return target.imports.setState(runId, validation.passed ? 'validated' : 'done', { validation })
  }

  /**
   * Looks for photos that Visor has not seen, in the domains that a run went to, by their paths and in `folder`, else in the run's
   * source where that holds photos: what is found is measured and embedded under the model in use, what is not is kept with the run. Can be done again at any time. Raises `conflict`
   * where the run is in work or was undone, `cancelled`, and what the store and the vision process raise.
   */
  async look(runId: ImportRunId, folder: string | null, control: WriteControl = {}): Promise<LookOutcome> {
    const { target, openLooker, openSource, actor } = this.#options
    const run = await target.imports.run(runId)
    const { clientId, kind, state, options } = run
    if (state === 'undone' || state === 'running') throw notLookedAt(state)
    const domains = await this.#domainsOf(run)
    const finder = await PhotoFinder.open(folder, control.signal)
    const { personRule, mapping } = options
    const pictures = await picturesOf(run, (place) => openSource({ place, kind, personRule, mapping }))
    try {
      const looker = await openLooker()
      try {
        const looked = { runId, clientId, domains, actor }
        return await lookAtPhotos(target, looker, { finder, pictures }, looked, control)
      } finally {
        await looker.close()
      }
    } finally {
      await pictures.close()
    }
  }

  /** What of the photos in the domains that a run went to was not seen yet, and what its looks did not find. Raises `not-found`. */
  async unseen(runId: ImportRunId): Promise<UnseenOfRun> {
    const { imports } = this.#options.target
    const run = await imports.run(runId)
    const domains = await this.#domainsOf(run)
    const [{ total: unfound }, ...counts] = await Promise.all([
      imports.unfound(runId, { offset: 0, limit: 1 }),
      ...domains.map((domain) => imports.countStandIns(run.clientId, domain)),
    ])
    return {
      domains: domains.filter((_, index) => (counts[index]?.faces ?? 0) > 0),
      photos: counts.reduce((sum, { photos }) => sum + photos, 0),
      faces: counts.reduce((sum, { faces }) => sum + faces, 0),
      example: counts.find(({ example }) => example !== null)?.example ?? null,
      unfound,
    }
  }

  /** A run with all rows that it rejected. Raises `not-found`. */
  report(runId: ImportRunId): Promise<ImportReport> {
    return reportOf(this.#options.target.imports, runId)
  }

  /** Takes back what a run brought, the newest first. Raises what {@link undoTogether} raises. */
  async undo(runId: ImportRunId, control: WriteControl = {}): Promise<{ readonly summary: string }> {
    const { imports, gallery } = this.#options.target
    const entries = [...(await imports.entries(runId))]
    if (entries.length === 0) throw nothingToUndo()
    const context = { actor: this.#options.actor }
    const undone = await undoTogether(
      'Undid an import',
      entries,
      (ledgerId) => gallery.undo(ledgerId, context),
      control,
    )
    await imports.setState(runId, 'undone')
    return undone
  }

  /** Where a run went; all of its client's where each row goes into the domain that it is of. */
  async #domainsOf({ clientId, options }: ImportRun): Promise<readonly Domain[]> {
    const own = options.domains?.map(({ to }) => to) ?? (options.domain === null ? [] : [options.domain])
    if (own.length > 0) return [...new Set(own)]
    const clients = await this.#options.target.gallery.clients()
    return clients.find((one) => one.clientId === clientId)?.domains.map(({ domain }) => domain) ?? []
  }

  /** Whoever says that the embeddings are of the model in use is believed where no photo says otherwise. */
  async #refuseOtherModel(wanted: WantedImport, signal: AbortSignal | undefined): Promise<void> {
    const { modelId, modelReason } = wanted.options
    if (modelId === null || modelReason !== undefined || wanted.kind === 'visor') return
    const check = await this.checkModel(wanted, null, signal === undefined ? {} : { signal }).catch(
      (error: unknown) => {
        // Without a model nothing can be compared, and none is in use.
        if (hasCode(error, 'model-missing')) return undefined
        throw error
      },
    )
    if (check?.modelId === modelId) refuseOtherModel(check)
  }

  /** Where the store cannot be told either, the run stays as it is there: it is resumed like any that was interrupted. */
  async #stopped(runId: ImportRunId, error: unknown, signal: AbortSignal | undefined): Promise<void> {
    const cancelled = hasCode(error, 'cancelled') || signal?.aborted === true
    const stopped = signal?.reason instanceof ImportCancelled ? 'cancelled' : 'paused'
    const state: ImportState = cancelled ? stopped : 'failed'
    const why = cancelled ? {} : { error: toWireError(error) }
    await this.#options.target.imports.setState(runId, state, why).catch(() => undefined)
  }

  async #rowsOptions(
    source: Source,
    { clientId, kind, options }: Pick<ImportRun, 'clientId' | 'kind' | 'options'>,
    signal: AbortSignal | undefined,
  ): Promise<RowsOptions> {
    const names = await namesIn(source, kind, options, signal)
    const { onlyRejectedOf } = options
    if (onlyRejectedOf === null) return { clientId, options, names }
    const keys = await this.#options.target.imports.rejectedKeys(onlyRejectedOf)
    return { clientId, options, names, onlyKeys: new Set(keys) }
  }

  async #withPhotos<T>(
    { kind, options: { embedPhotos = false } }: Pick<ImportRun, 'kind' | 'options'>,
    work: (photos: PhotoRows) => Promise<T>,
  ): Promise<T> {
    const photos = new PhotoRows({
      open: this.#options.openLooker,
      arePhotos: kind === 'folder',
      embedPhotos,
    })
    try {
      return await work(photos)
    } finally {
      await photos.close()
    }
  }

  async #opened<T>(
    { place, kind, options }: Omit<WantedImport, 'clientId'>,
    work: (source: OpenedSource) => Promise<T>,
  ): Promise<T> {
    const source = await openSourceOf({ place, kind, options }, this.#options)
    try {
      return await work(source)
    } finally {
      await closeSource(source)
    }
  }
}
