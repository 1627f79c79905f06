/** Imports as the window works with them: chosen sources, what is looked at, runs as jobs. Runs in main. */
import { hasCode, VisorError } from '../../../src-shared/errors'
import type { ClientId, ImportRunId, JobId } from '../../../src-shared/ids'
import {
  defaultPersonRule,
  type Inspection,
  type PersonRule,
  type SourcePlace,
  type SourceSpec,
} from '../../../src-shared/import'
import type { ImportOptions, ImportRun, ModelCheck } from '../../../src-shared/import-run'
import { Listeners } from '../../host/listeners'
import type { Source } from '../../import/source'
import type { WriteControl } from '../../storage/written'
import type { Jobs } from '../jobs'
import type { SourceGallery } from './copy-gallery'
import { accountText, sourceText } from './import-report'
import { ImportCancelled, ImportPaused, Imports, type ImportTarget, type WantedImport } from './imports'
import { lookText } from './look-at-photos'
import type { PhotoLooker } from './photo-looker'
import type { ImportOutcome } from './run-import'

/** How far an inspection or a trial is: rows, and the share of the source, 0 … 1 (`null`: nobody knows). */
export interface Looking {
  readonly rows: number
  readonly share: number | null
}

/** A gallery that is copied to the server is paired with it: what is edited meanwhile, and from then on, reaches both. */
interface Pairing {
  beginPairing(clientId: ClientId): Promise<void>
  /** Raises `conflict` where both are not equal. */
  pair(clientId: ClientId, control: WriteControl): Promise<void>
}

interface DeskOptions {
  readonly target: ImportTarget
  readonly openSource: (spec: SourceSpec, password: string | undefined) => Promise<Source>
  readonly openGallery: (place: SourcePlace, password: string | undefined) => Promise<SourceGallery>
  readonly openLooker: () => Promise<PhotoLooker>
  /** The server that is saved, also while the galleries are on this machine. Raises why it cannot be used. */
  readonly openServer: () => Promise<ImportTarget & { close(): Promise<void> }>
  /** Who pairs this machine's gallery with the server; nobody where the server is worked on already. */
  readonly pairing: () => Pairing | undefined
  /** This console's data folder. */
  readonly ownFolder: string
  readonly jobs: Jobs
  readonly actor: string
  /** People or faces changed. */
  readonly galleriesChanged: (clientId: ClientId) => void
}

/** What is asked for, with the password of a server where one was typed. */
export type AskedImport = WantedImport & { readonly password: string | null }

interface InWork {
  readonly jobId: JobId
  readonly stop: AbortController
}

export class ImportDesk {
  /** Told while a source is looked at; `null`: no more. */
  readonly looking = new Listeners<Looking | null>()
  readonly #options: DeskOptions
  readonly #imports: Imports
  /** Paths that a dialog gave: a page that could name any could read any file. */
  readonly #chosen = new Set<string>()
  /** Of servers, as long as Visor runs. */
  readonly #passwords = new Map<string, string>()
  readonly #inWork = new Map<ImportRunId, InWork>()
  #look: AbortController | undefined

  constructor(options: DeskOptions) {
    this.#options = options
    this.#imports = this.#importsInto(options.target)
  }

  /** Notes that the user chose a path. */
  choose(path: string): void {
    this.#chosen.add(path)
  }

  /** Raises `forbidden` for a path that nobody chose; what the source raises. */
  async inspect(asked: AskedImport): Promise<Inspection> {
    await this.#take(asked)
    return this.#looked((signal) =>
      this.#imports.inspect(asked, { signal, onProgress: (progress) => this.looking.emit(progress) }),
    )
  }

  /** The same for a trial. */
  async tryOut(asked: AskedImport): Promise<ImportOutcome> {
    await this.#take(asked)
    return this.#looked((signal) =>
      this.#imports.tryOut(asked, {
        signal,
        onProgress: ({ done, total }) => this.looking.emit({ rows: done, share: done / Math.max(1, total) }),
      }),
    )
  }

  /** The same for the model of its embeddings; `folder`: one that was chosen. */
  async checkModel(asked: AskedImport, folder: string | null): Promise<ModelCheck> {
    await this.#take(asked)
    if (folder !== null && !this.#chosen.has(folder)) throw folderNotChosen()
    return this.#looked((signal) =>
      this.#imports.checkModel(asked, folder, {
        signal,
        onProgress: ({ done, total }) => this.looking.emit({ rows: done, share: done / total }),
      }),
    )
  }

  stopLooking(): void {
    this.#look?.abort(new VisorError('cancelled', 'Stopped. Nothing was changed.'))
  }

  async run(asked: AskedImport): Promise<{ readonly runId: ImportRunId; readonly jobId: JobId }> {
    await this.#take(asked)
    const run = await this.#looked((signal) => this.#imports.begin(asked, { signal }))
    return { runId: run.runId, ...this.#bring(run, true) }
  }

  /** Raises `not-found`; `conflict` where it is in work. */
  async resume(runId: ImportRunId, password: string | null): Promise<{ readonly jobId: JobId }> {
    const run = await this.#idle(runId)
    this.#keepPassword(run.source, password)
    return this.#bring(run)
  }

  pause(runId: ImportRunId): void {
    this.#inWork.get(runId)?.stop.abort(new ImportPaused())
  }

  cancel(runId: ImportRunId): void {
    this.#inWork.get(runId)?.stop.abort(new ImportCancelled())
  }

  /** Raises `not-found`; `conflict` where it is in work. */
  async validate(runId: ImportRunId, password: string | null): Promise<{ readonly jobId: JobId }> {
    const run = await this.#idle(runId)
    this.#keepPassword(run.source, password)
    return this.#job(run, `Comparing with ${sourceText(run)}`, 'rows', async (control) => {
      const { validation } = await this.#imports.validate(runId, control)
      const passed = validation?.passed === true
      return passed ? 'The gallery has what the source has.' : 'The gallery is not what the source is.'
    })
  }

  /**
   * Looks for photos of a run that were not seen. Raises `not-found`; `conflict` where it is in work; `forbidden` for a folder that
   * nobody chose.
   */
  async look(
    runId: ImportRunId,
    folder: string | null,
    password: string | null,
  ): Promise<{ readonly jobId: JobId }> {
    if (folder !== null && !this.#chosen.has(folder)) throw folderNotChosen()
    const run = await this.#idle(runId)
    this.#keepPassword(run.source, password)
    return this.#job(run, `Looking for the photos of ${sourceText(run)}`, 'photos', async (control) =>
      lookText(await this.#imports.look(runId, folder, control)),
    )
  }

  /** Raises `not-found`; `conflict` where it is in work. */
  async undo(runId: ImportRunId): Promise<{ readonly jobId: JobId }> {
    const run = await this.#idle(runId)
    return this.#job(run, `Undoing the import of ${sourceText(run)}`, 'steps', async (control) => {
      const { summary } = await this.#imports.undo(runId, control)
      return `${summary}.`
    })
  }

  async runs(clientId: ClientId): Promise<{ run: ImportRun; jobId: JobId | null }[]> {
    const runs = await this.#options.target.imports.runs(clientId)
    return runs.map((run) => ({ run, jobId: this.#inWork.get(run.runId)?.jobId ?? null }))
  }

  unseen(runId: ImportRunId) {
    return this.#imports.unseen(runId)
  }

  report(runId: ImportRunId) {
    return this.#imports.report(runId)
  }

  /**
   * Copies this machine's gallery of a client to the server, ids and all, compares both, and pairs them: what may be gone on with, is.
   */
  copyToServer(clientId: ClientId): { readonly jobId: JobId } {
    const { jobs, openServer, ownFolder, pairing: pairedBy } = this.#options
    return jobs.start('import', 'Copying the gallery to the server', 'rows', async ({ signal, progress }) => {
      const pairing = pairedBy()
      const server = await openServer()
      try {
        await pairing?.beginPairing(clientId)
        const imports = this.#importsInto(server)
        const control = { signal, onProgress: progress }
        const place = { at: 'path', path: ownFolder } as const
        const run = await imports.begin({ clientId, place, kind: 'visor', options: wholeGallery }, control)
        const brought = await imports.resume(run.runId, control, { justBegun: true })
        const validate = async () => (await imports.validate(run.runId, control)).state === 'validated'
        if (pairing === undefined) return { outcome: copiedText(brought, await validate(), false) }
        // Edited meanwhile, it is not what was copied; that is no difference where the edits are on their way.
        const same = await isSo(validate)
        const paired = await isSo(async () => {
          await pairing.pair(clientId, control)
          return true
        })
        return { outcome: copiedText(brought, same || paired, paired) }
      } finally {
        await server.close()
      }
    })
  }

  #importsInto(target: ImportTarget): Imports {
    const { openSource, openGallery, openLooker, actor } = this.#options
    return new Imports({
      target,
      openSource: (spec) => openSource(spec, this.#passwords.get(keyOf(spec.place))),
      openGallery: (place) => openGallery(place, this.#passwords.get(keyOf(place))),
      openLooker,
      actor,
    })
  }

  #bring(run: ImportRun, justBegun = false): { readonly jobId: JobId } {
    return this.#job(run, `Importing ${sourceText(run)}`, 'rows', async (control) =>
      accountText(await this.#imports.resume(run.runId, control, { justBegun })),
    )
  }

  #job(
    { runId, clientId }: ImportRun,
    title: string,
    unit: 'rows' | 'steps' | 'photos',
    work: (control: WriteControl) => Promise<string>,
  ): { readonly jobId: JobId } {
    const stop = new AbortController()
    const { jobs, galleriesChanged } = this.#options
    const { jobId } = jobs.start('import', title, unit, async ({ signal, progress }) => {
      try {
        const outcome = await work({ signal: AbortSignal.any([signal, stop.signal]), onProgress: progress })
        return { outcome }
      } finally {
        this.#inWork.delete(runId)
        galleriesChanged(clientId)
      }
    })
    this.#inWork.set(runId, { jobId, stop })
    return { jobId }
  }

  async #idle(runId: ImportRunId): Promise<ImportRun> {
    const run = await this.#options.target.imports.run(runId)
    if (this.#inWork.has(runId)) throw new VisorError('conflict', 'This import is in work.')
    return run
  }

  /** Raises `forbidden`. */
  async #take({ place, options, password, clientId }: AskedImport): Promise<void> {
    const paths = [place.at === 'path' ? [place.path] : [], listIn(options.personRule)].flat()
    const known = new Set(this.#chosen)
    if (paths.some((path) => !known.has(path))) {
      for (const run of await this.#options.target.imports.runs(clientId)) {
        if (run.source?.at === 'path') known.add(run.source.path)
        for (const path of listIn(run.options.personRule)) known.add(path)
      }
    }
    if (paths.some((path) => !known.has(path))) {
      throw new VisorError('forbidden', 'A source has to be chosen first.')
    }
    this.#keepPassword(place, password)
  }

  #keepPassword(place: SourcePlace | null, password: string | null): void {
    if (place !== null && password !== null) this.#passwords.set(keyOf(place), password)
  }

  async #looked<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.stopLooking()
    const look = new AbortController()
    this.#look = look
    try {
      return await work(look.signal)
    } finally {
      if (this.#look === look) {
        this.#look = undefined
        this.looking.emit(null)
      }
    }
  }
}

/** Whether `work` finds so; not where it finds a conflict. */
async function isSo(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work()
  } catch (error) {
    if (hasCode(error, 'conflict')) return false
    throw error
  }
}

function copiedText(brought: ImportRun, same: boolean, paired: boolean): string {
  const compared = same ? 'Both are the same.' : 'They are not the same yet: see the run.'
  return `${accountText(brought)}. ${compared}${paired ? ' They are paired.' : ''}`
}

const folderNotChosen = () =>
  new VisorError('forbidden', 'The folder with the photos has to be chosen first.')

const wholeGallery: ImportOptions = {
  personRule: defaultPersonRule,
  mapping: null,
  domain: null,
  fromClient: null,
  namesakes: 'apart',
  modelId: null,
  onlyRejectedOf: null,
}

const keyOf = (place: SourcePlace) => JSON.stringify(place)
const listIn = (rule: PersonRule) => (rule.by === 'csv' ? [rule.path] : [])
