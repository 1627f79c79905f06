/** Runs a diagnosis: its checks one after the other, each with its own time. Runs in main and on the command line. */
import {
  type CheckFinding,
  type CheckId,
  checksOf,
  type Diagnosed,
  type Diagnosis,
  type DiagnosisCheck,
  failed,
  unchecked,
  warned,
} from '../../../src-shared/diagnosis'
import { hasCode, VisorError } from '../../../src-shared/errors'
import type { DiagnosticsStore, StoredFace } from '../../storage/diagnostics-store'
import { checkLatency, checkLedger, checkSelf, type SearchedGallery } from './search-checks'

/** What is looked at. */
export interface DiagnosedStore {
  readonly diagnosed: Diagnosed
  /** `host:port/database`, or the data folder. */
  readonly place: string
  readonly database: DiagnosticsStore
  /** The store as its users have it; asked for once. Raises why it cannot be opened. */
  readonly openGallery: () => Promise<SearchedGallery & { close(): Promise<void> }>
}

export interface DiagnosisOptions {
  /** Visor's own. */
  readonly version: string
  readonly signal: AbortSignal
  /** Told at the beginning and after each check; `next`: the check that runs now. */
  readonly onProgress?: (diagnosis: Diagnosis, next: CheckId | null) => void
  /** A test's own, in milliseconds. */
  readonly limits?: { readonly shortMs: number; readonly longMs: number }
}

/** Faces searched for. */
const sampledFaces = 50

/** What reads all that is there may take longer than what asks a few questions. */
const long: ReadonlySet<CheckId> = new Set([
  'orphans',
  'uniqueness',
  'vectors',
  'ledger',
  'counts',
  'file',
  'latency',
])
/** The server itself ends a statement five seconds before the longer of the two. */
export const diagnosisLimits = { shortMs: 20_000, longMs: 120_000 }

/**
 * What was found; cancelled, what was found until then. Raises nothing that the store can be to blame for.
 */
export async function diagnose(
  store: DiagnosedStore,
  { version, signal, onProgress, limits = diagnosisLimits }: DiagnosisOptions,
): Promise<Diagnosis> {
  const { diagnosed, place } = store
  const through = new ThroughTheStore(store)
  let diagnosis: Diagnosis = {
    diagnosed,
    place,
    version,
    startedAt: Date.now(),
    endedAt: null,
    cancelled: false,
    checks: [],
  }
  const found = new Map<CheckId, CheckFinding>()
  try {
    for (const id of checksOf(diagnosed)) {
      if (signal.aborted) break
      onProgress?.(diagnosis, id)
      const startedAt = performance.now()
      const limitMs = long.has(id) ? limits.longMs : limits.shortMs
      const finding = await within(limitMs, signal, (limited) => {
        if (id === 'self' || id === 'latency' || id === 'ledger') return through.check(id, found, limited)
        return store.database.check(id, limited)
      })
      if (finding === undefined) break
      found.set(id, finding)
      const check: DiagnosisCheck = { id, ...finding, durationMs: performance.now() - startedAt }
      diagnosis = { ...diagnosis, checks: [...diagnosis.checks, check] }
    }
  } finally {
    await Promise.all([through.close(), store.database.close()])
  }
  diagnosis = { ...diagnosis, endedAt: Date.now(), cancelled: signal.aborted }
  onProgress?.(diagnosis, null)
  return diagnosis
}

/** The store, opened when the first check goes through it, and the faces that are searched for. */
class ThroughTheStore {
  readonly #store: DiagnosedStore
  #gallery: ReturnType<DiagnosedStore['openGallery']> | undefined
  #faces: readonly StoredFace[] | undefined

  constructor(store: DiagnosedStore) {
    this.#store = store
  }

  async check(
    id: 'self' | 'latency' | 'ledger',
    found: ReadonlyMap<CheckId, CheckFinding>,
    signal: AbortSignal,
  ): Promise<CheckFinding> {
    const hindrance = (['connection', 'version', 'schema'] as const).find((needed) => {
      const state = found.get(needed)?.state
      return state === 'fail' || state === 'unchecked'
    })
    if (hindrance !== undefined) return unchecked(hindrances[hindrance])
    this.#gallery ??= this.#store.openGallery()
    const gallery = await unlessAborted(this.#gallery, signal)
    if (id === 'ledger') return unlessAborted(checkLedger(gallery), signal)
    this.#faces ??= await this.#store.database.storedFaces(sampledFaces, signal)
    const check = id === 'self' ? checkSelf : checkLatency
    return unlessAborted(check(gallery, this.#faces, signal), signal)
  }

  async close(): Promise<void> {
    const gallery = await this.#gallery?.catch(() => undefined)
    await gallery?.close()
  }
}

const hindrances = {
  connection: 'There is no connection; see Connection.',
  version: 'The server is too old, or lacks pgvector; see Versions.',
  schema: 'The schema is not this program’s; see Schema.',
} as const

/** Runs a check for its time; `undefined` where the whole was cancelled. */
async function within(
  limitMs: number,
  signal: AbortSignal,
  check: (limited: AbortSignal) => Promise<CheckFinding>,
): Promise<CheckFinding | undefined> {
  const overdue = new AbortController()
  const timer = setTimeout(
    () => overdue.abort(new VisorError('deadline-exceeded', 'The check was not through in time.')),
    limitMs,
  )
  try {
    return await check(AbortSignal.any([signal, overdue.signal]))
  } catch (error) {
    if (signal.aborted) return undefined
    if (hasCode(error, 'deadline-exceeded')) {
      return warned('It was not through in time, and was ended: what it would have found is not known.', {
        figure: `${limitMs / 1000} s`,
        next: { text: 'Run it again when less is done.', copy: null },
      })
    }
    if (hasCode(error, 'data-folder-in-use')) {
      return unchecked(
        'Visor has this data folder open: run the diagnosis there, in Settings under Diagnostics.',
      )
    }
    // One check that Visor itself fails at must not keep the others from being made.
    if (!(error instanceof VisorError) || error.fault === 'internal') {
      const reason = error instanceof Error ? error.message : String(error)
      return failed(`Visor could not make this check: ${reason}`)
    }
    const { message, consequence, remedy } = error
    return failed([message, consequence].filter((part) => part !== undefined).join(' '), {
      next: remedy === undefined ? null : { text: remedy, copy: null },
    })
  } finally {
    clearTimeout(timer)
  }
}

/** What `work` gives, or the reason of `signal`; what `work` does then is nobody's any more. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop)
    // It may still fail, after nobody waits for it.
    work.catch(() => undefined)
  }
}
