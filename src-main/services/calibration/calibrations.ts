/**
 * The newest calibration of each client, domain and model, kept in the data folder: counts and rates, nothing of any one
 * person. Runs in main and on the command line.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { type Calibration, calibrationSchema } from '../../../src-shared/calibration'
import { isDiskFull, systemCodeOf, VisorError } from '../../../src-shared/errors'
import type { ClientId } from '../../../src-shared/ids'
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
      if (systemCodeOf(error) === 'ENOENT') return undefined
      throw unusable(error, 'read')
    }
    return calibrationSchema.safeParse(parseJson(text)).data
  }

  async keep(calibration: Calibration): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      await writeFileAtomic(this.#file(calibration), JSON.stringify(calibration))
    } catch (error) {
      throw unusable(error, 'kept')
    }
  }

  /** Removes what was measured of a client, and what cannot be read any more; gives how many measurements. */
  async removeClient(clientId: ClientId): Promise<number> {
    try {
      const files = (await readdir(this.#folder)).filter((file) => file.endsWith('.json'))
      const paths = files.map((file) => join(this.#folder, file))
      const owners = await Promise.all(paths.map(async (path) => ownerOf(await readFile(path, 'utf8'))))
      const theirs = paths.filter((_, index) => owners[index] === clientId || owners[index] === undefined)
      await Promise.all(theirs.map((path) => rm(path)))
      return theirs.length
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return 0
      throw unusable(error, 'removed')
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

/** Whose measurement it is; `undefined` where it is none that can be read. */
function ownerOf(text: string): ClientId | undefined {
  return calibrationSchema.pick({ clientId: true }).safeParse(parseJson(text)).data?.clientId
}

/** `undefined` where it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function unusable(cause: unknown, what: 'read' | 'kept' | 'removed'): VisorError {
  const full = isDiskFull(cause)
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
