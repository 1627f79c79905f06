/** Runs checks one after the other, each with its own time. Runs in main and on the command line. */
import {
  type CheckFinding,
  type CheckId,
  type CheckOf,
  checksOf,
  type Diagnosed,
  type Diagnosis,
  type DiagnosisCheck,
  failed,
  unchecked,
  warned,
} from '../../../src-shared/diagnosis'
import { hasCode, VisorError } from '../../../src-shared/errors'

export interface DiagnosisOptions {
  /** Visor's own. */
  readonly version: string
  readonly signal: AbortSignal
  /** Told at the beginning and after each check; `next`: the check that runs now. */
  readonly onProgress?: (diagnosis: Diagnosis, next: CheckId | null) => void
}

interface Checks<D extends Diagnosed> {
  readonly diagnosed: D
  readonly place: string
  /** How long a check may take. */
  readonly limitMs: (id: CheckOf<D>) => number
  /** `found`: what those before it found. */
  readonly check: (
    id: CheckOf<D>,
    limited: AbortSignal,
    found: ReadonlyMap<CheckId, CheckFinding>,
  ) => Promise<CheckFinding>
  /** Called once, at the end. */
  readonly close: () => Promise<void>
}

/** What was found; cancelled, what was found until then. What a check raises is its finding. */
export async function runChecks<D extends Diagnosed>(
  { diagnosed, place, limitMs, check, close }: Checks<D>,
  { version, signal, onProgress }: DiagnosisOptions,
): Promise<Diagnosis> {
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
      const finding = await within(limitMs(id), signal, (limited) => check(id, limited, found))
      if (finding === undefined) break
      found.set(id, finding)
      const made: DiagnosisCheck = { id, ...finding, durationMs: performance.now() - startedAt }
      diagnosis = { ...diagnosis, checks: [...diagnosis.checks, made] }
    }
  } finally {
    await close()
  }
  diagnosis = { ...diagnosis, endedAt: Date.now(), cancelled: signal.aborted }
  onProgress?.(diagnosis, null)
  return diagnosis
}

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
