/** The diagnosis of a store. Runs in main and on the command line. */
import {
  type CheckFinding,
  type CheckId,
  type Diagnosis,
  type StoreSide,
  unchecked,
} from '../../../src-shared/diagnosis'
import type { DiagnosticsStore, StoredFace } from '../../storage/diagnostics-store'
import { type DiagnosisOptions, runChecks } from './run-checks'
import { checkLatency, checkLedger, checkSelf, type SearchedGallery } from './search-checks'

/** What is looked at. */
export interface DiagnosedStore {
  readonly diagnosed: StoreSide
  /** `host:port/database`, or the data folder. */
  readonly place: string
  readonly database: DiagnosticsStore
  /** The store as its users have it; asked for once. Raises why it cannot be opened. */
  readonly openGallery: () => Promise<SearchedGallery & { close(): Promise<void> }>
}

interface DiagnoseOptions extends DiagnosisOptions {
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

/** What was found; cancelled, what was found until then. Raises nothing that the store can be to blame for. */
export function diagnose(
  store: DiagnosedStore,
  { limits = diagnosisLimits, ...options }: DiagnoseOptions,
): Promise<Diagnosis> {
  const { diagnosed, place } = store
  const through = new ThroughTheStore(store)
  return runChecks(
    {
      diagnosed,
      place,
      limitMs: (id) => (long.has(id) ? limits.longMs : limits.shortMs),
      check: (id, limited, found) =>
        id === 'self' || id === 'latency' || id === 'ledger'
          ? through.check(id, found, limited)
          : store.database.check(id, limited),
      close: async () => {
        await Promise.all([through.close(), store.database.close()])
      },
    },
    options,
  )
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
