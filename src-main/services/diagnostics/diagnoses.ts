/** The diagnoses that the window asks for: one at a time, the last one kept. Runs in main. */
import type { CheckId, Diagnosed, Diagnosis, DiagnosisState } from '../../../src-shared/diagnosis'
import { checksOf, titleOf } from '../../../src-shared/diagnosis'
import { tallyOf, verdictOf } from '../../../src-shared/diagnosis-report'
import { VisorError } from '../../../src-shared/errors'
import type { JobId } from '../../../src-shared/ids'
import { placeOf } from '../../../src-shared/server'
import { Listeners } from '../../host/listeners'
import type { Jobs } from '../jobs'
import type { SettingsFile } from '../settings-file'
import { type DiagnosedStore, diagnose } from './diagnose'

interface DiagnosesDependencies {
  /** Raises `server-login` where a kept password cannot be opened. */
  readonly toDiagnose: (diagnosed: Diagnosed) => Promise<DiagnosedStore>
  readonly jobs: Jobs
  readonly settings: SettingsFile
  readonly dataFolder: string
  /** Visor's own. */
  readonly version: string
}

export class Diagnoses {
  readonly changed = new Listeners<DiagnosisState>()
  readonly #needs: DiagnosesDependencies
  #diagnosis: Diagnosis | null = null
  #running: { readonly jobId: JobId; readonly check: CheckId } | null = null

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
  start(diagnosed: Diagnosed): { readonly jobId: JobId } {
    if (this.#running !== null) {
      throw new VisorError('conflict', 'A diagnosis is being made already.', {
        remedy: 'Wait for it to end, or stop it.',
      })
    }
    const checks = checksOf(diagnosed)
    const title = diagnosed === 'server' ? 'Diagnosing the server' : 'Diagnosing this machine’s store'
    const { jobId } = this.#needs.jobs.start('diagnose', title, 'steps', async ({ signal, progress }) => {
      try {
        const made = await diagnose(await this.#needs.toDiagnose(diagnosed), {
          version: this.#needs.version,
          signal,
          onProgress: (diagnosis, next) => {
            if (next !== null)
              progress({ done: diagnosis.checks.length, total: checks.length, detail: titleOf(next) })
            this.#tell(diagnosis, next === null ? null : { jobId, check: next })
          },
        })
        signal.throwIfAborted()
        return { outcome: `${verdictOf(made)} ${tallyOf(made.checks)}.` }
      } finally {
        if (this.#running !== null) this.#tell(this.#diagnosis, null)
      }
    })
    this.#tell(null, { jobId, check: checks[0]! })
    return { jobId }
  }

  #tell(diagnosis: Diagnosis | null, running: DiagnosisState['running']): void {
    this.#diagnosis = diagnosis
    this.#running = running
    this.changed.emit(this.state)
  }
}
