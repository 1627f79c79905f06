/**
 * The newest calibration of each client, domain and model, kept in the data folder: counts and rates, nothing of any one
 * person. Runs in main and on the command line.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { type Calibration, calibrationSchema } from '../../../src-shared/calibration'
import { VisorError } from '../../../src-shared/errors'
import type { CalibrationScope } from './measure'

export class Calibrations {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** `undefined` where there is none, or one that an older or newer Visor wrote: it is measured again. */
  async get(scope: CalibrationScope): Promise<Calibration | undefined> {
    let text: string
    try {
      text = await readFile(this.#file(scope), 'utf8')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw unusable(error, 'read')
    }
    try {
      const kept = calibrationSchema.safeParse(JSON.parse(text))
      return kept.success ? kept.data : undefined
    } catch (error) {
      if (error instanceof SyntaxError) return undefined
      throw error
    }
  }

  async keep(calibration: Calibration): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      await writeFileAtomic(this.#file(calibration), JSON.stringify(calibration))
    } catch (error) {
      throw unusable(error, 'kept')
    }
  }

  /** Names may hold what no file name may: a hash stands for them. */
  #file({ clientId, domain, modelId }: CalibrationScope): string {
    const key = createHash('sha256')
      .update(JSON.stringify([clientId, domain, modelId]))
      .digest('hex')
    return join(this.#folder, `${key}.json`)
  }
}

function unusable(cause: unknown, what: 'read' | 'kept'): VisorError {
  const full = cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC'
  return new VisorError(
    full ? 'disk-full' : what === 'read' ? 'file-unreadable' : 'read-only',
    `The measurement of this gallery cannot be ${what}.`,
    {
      cause,
      consequence: 'The distances in force stay as they are.',
      remedy: full ? 'Free some space and measure again.' : 'Check the rights of the data folder.',
    },
  )
}
