/** The diagnoses that the window asks for: one at a time, the last one kept. Runs in main. */
import {
  checksOf,
  type Diagnosis,
  type DiagnosisState,
  type DiagnosisWish,
  type IsolationWish,
  type StoreSide,
  titleOf,
} from '../../../src-shared/diagnosis'
import { tallyOf, verdictOf } from '../../../src-shared/diagnosis-report'
import { VisorError } from '../../../src-shared/errors'
import type { JobId } from '../../../src-shared/ids'
import { placeOf } from '../../../src-shared/server'
import { Listeners } from '../../host/listeners'
import type { JobContext, Jobs } from '../jobs'
import type { SettingsFile } from '../settings-file'
import { type DiagnosedStore, diagnose } from './diagnose'
import { diagnoseIsolation, type IsolationParts } from './isolation/isolation'

interface DiagnosesDependencies {
  /** Raises `server-login` where a kept password cannot be opened. */
  readonly toDiagnose: (diagnosed: StoreSide) => Promise<DiagnosedStore>
  /** What an isolation check of these stores tries. */
  readonly isolation: (places: DiagnosisState['places']) => IsolationParts
  readonly jobs: Jobs
  readonly settings: SettingsFile
  readonly dataFolder: string
  /** Visor's own. */
  readonly version: string
}

const jobsOf = {
  local: { title: 'Diagnosing this machine’s store', unit: 'steps' },
  server: { title: 'Diagnosing the server', unit: 'steps' },
  isolation: { title: 'Checking the isolation', unit: 'rounds' },
} as const
export class Diagnoses {
  readonly changed = new Listeners<DiagnosisState>()
  readonly #needs: DiagnosesDependencies
  #diagnosis: Diagnosis | null = null
  #running: DiagnosisState['running'] = null

  constructor(needs: DiagnosesDependencies) {
    this.#needs = needs
  }

  get state(): DiagnosisState {
    const { settings, dataFolder } = this.#needs
    const { storeMode, server } = settings.current
    const named = storeMode === 'server' || server.hosts.length > 0 || server.service !== null
    return {
      places: [
        { diagnosed: 'local', place: dataFolder },
        ...(named ? [{ diagnosed: 'server' as const, place: placeOf(server) }] : []),
      ],
      diagnosis: this.#diagnosis,
      running: this.#running,
    }
  }

  /** The last one, whole or cancelled. Raises `not-found`. */
  get last(): Diagnosis {
    if (this.#diagnosis?.endedAt == null)
      throw new VisorError('not-found', 'There is no diagnosis to be saved.')
    return this.#diagnosis
  }

  /** Raises `conflict` while another runs. */
  start(wish: DiagnosisWish): { readonly jobId: JobId } {
    if (this.#running !== null) {
      throw new VisorError('conflict', 'A diagnosis is being made already.', {
        remedy: 'Wait for it to end, or stop it.',
      })
    }
    const { title, unit } = jobsOf[wish.diagnosed]
    const { jobId } = this.#needs.jobs.start('diagnose', title, unit, async (job) => {
      try {
        const made = await (wish.diagnosed === 'isolation'
          ? this.#diagnoseIsolation(wish, jobId, job)
          : this.#diagnoseStore(wish.diagnosed, jobId, job))
        job.signal.throwIfAborted()
        return { outcome: `${verdictOf(made)} ${tallyOf(made.checks)}.` }
      } finally {
        if (this.#running !== null) this.#tell(this.#diagnosis, null)
      }
    })
    this.#tell(null, { jobId, check: checksOf(wish.diagnosed)[0]! })
    return { jobId }
  }

  async #diagnoseStore(
    diagnosed: StoreSide,
    jobId: JobId,
    { signal, progress }: JobContext,
  ): Promise<Diagnosis> {
    const total = checksOf(diagnosed).length
    return diagnose(await this.#needs.toDiagnose(diagnosed), {
      version: this.#needs.version,
      signal,
      onProgress: (diagnosis, next) => {
        if (next !== null) progress({ done: diagnosis.checks.length, total, detail: titleOf(next) })
        this.#tell(diagnosis, next === null ? null : { jobId, check: next })
      },
    })
  }

  #diagnoseIsolation(
    { rounds, kill }: IsolationWish,
    jobId: JobId,
    { signal, progress }: JobContext,
  ): Promise<Diagnosis> {
    return diagnoseIsolation(this.#needs.isolation(this.state.places), {
      version: this.#needs.version,
      signal,
      rounds,
      kill,
      onProgress: (diagnosis, next) => this.#tell(diagnosis, next === null ? null : { jobId, check: next }),
      onRounds: (done, total) => {
        const check = this.#running?.check
        progress({ done, total, ...(check === undefined ? {} : { detail: titleOf(check) }) })
      },
    })
  }

  #tell(diagnosis: Diagnosis | null, running: DiagnosisState['running']): void {
    this.#diagnosis = diagnosis
    this.#running = running
    this.changed.emit(this.state)
  }
}
