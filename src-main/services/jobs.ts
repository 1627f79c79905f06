/** Long work that shows progress and can be cancelled: enrolments, downloads, exports. Runs in main. */
import { v7 as uuid } from 'uuid'
import { hasCode, toWireError, VisorError } from '../../src-shared/errors'
import { type JobId, jobIdSchema } from '../../src-shared/ids'
import type { Job } from '../../src-shared/status'
import { Listeners } from '../host/listeners'

/** Progress is told at most this often. */
const progressIntervalMs = 100
/** Ended jobs that are kept for the list. */
const keptJobs = 50

export interface JobProgress {
  readonly done: number
  readonly total: number
  readonly detail?: string
}

export interface JobContext {
  readonly signal: AbortSignal
  progress(progress: JobProgress): void
}

interface JobOutcome {
  /** What came of it, one sentence. */
  readonly outcome: string
  readonly skipped?: readonly { readonly path: string; readonly reason: string }[]
  /** What waits for somebody in Review since. */
  readonly needsLook?: number
}

export class Jobs {
  readonly changed = new Listeners<Job>()
  /** Told of errors that are Visor's own fault, for the log. */
  readonly internalError = new Listeners<unknown>()
  readonly #jobs = new Map<JobId, { job: Job; cancel: AbortController; ended: Promise<void> }>()
  readonly #run: <T>(work: () => Promise<T>) => Promise<T>

  /** `run` runs a job's work; see [Note: One act, one store]. */
  constructor(run: <T>(work: () => Promise<T>) => Promise<T> = (work) => work()) {
    this.#run = run
  }

  list(): Job[] {
    return [...this.#jobs.values()].map(({ job }) => job)
  }

  /** Starts `work` and returns at once; how it ends is told by {@link changed}. */
  start(
    kind: Job['kind'],
    title: string,
    unit: Job['unit'],
    work: (context: JobContext) => Promise<JobOutcome>,
  ): { jobId: JobId } {
    const jobId = jobIdSchema.parse(uuid())
    const cancel = new AbortController()
    const startedAt = performance.now()
    let toldAt = 0
    let job: Job = { jobId, kind, title, unit, total: 0, done: 0, state: 'running' }
    const tell = (next: Job) => {
      job = next
      const entry = this.#jobs.get(jobId)
      if (entry !== undefined) entry.job = next
      this.changed.emit(next)
    }
    const context: JobContext = {
      signal: cancel.signal,
      progress: ({ done, total, detail }) => {
        const now = performance.now()
        if (now - toldAt < progressIntervalMs && done < total) return
        toldAt = now
        const remainingMs = done > 0 && total > done ? ((now - startedAt) / done) * (total - done) : undefined
        tell({
          ...job,
          done,
          total,
          ...(detail === undefined ? {} : { detail }),
          ...(remainingMs === undefined ? {} : { remainingMs }),
        })
      },
    }
    // Work that ends in the turn it starts in must still find its entry.
    const ended = Promise.resolve()
      .then(() => this.#run(() => work(context)))
      .then(
        ({ outcome, skipped, needsLook = 0 }) => {
          const { remainingMs: _, detail: __, ...rest } = job
          tell({
            ...rest,
            state: 'done',
            outcome,
            ...(skipped === undefined ? {} : { skipped: [...skipped] }),
            ...(needsLook === 0 ? {} : { needsLook }),
          })
        },
        (error: unknown) => {
          const { remainingMs: _, ...rest } = job
          if (!(error instanceof VisorError) || error.fault === 'internal') this.internalError.emit(error)
          if (hasCode(error, 'cancelled')) tell({ ...rest, state: 'cancelled', outcome: 'Cancelled.' })
          else tell({ ...rest, state: 'failed', error: toWireError(error) })
        },
      )
    this.#jobs.set(jobId, { job, cancel, ended })
    this.#forgetOld()
    this.changed.emit(job)
    return { jobId }
  }

  cancel(jobId: JobId): void {
    const entry = this.#jobs.get(jobId)
    if (entry === undefined) throw new VisorError('not-found', 'That work is not known any more.')
    entry.cancel.abort(new VisorError('cancelled', 'Cancelled.'))
  }

  /** Cancels what runs and waits until it has ended. */
  async stop(): Promise<void> {
    const entries = [...this.#jobs.values()]
    for (const { cancel } of entries) cancel.abort(new VisorError('cancelled', 'Visor is closing.'))
    await Promise.all(entries.map(({ ended }) => ended))
  }

  #forgetOld(): void {
    const ended = [...this.#jobs].filter(([, { job }]) => job.state !== 'running')
    for (const [jobId] of ended.slice(0, Math.max(0, ended.length - keptJobs))) this.#jobs.delete(jobId)
  }
}
