/** What the command line prints: answers on stdout, all else on stderr, and how it exits. */
import { toWireError, VisorError } from '../../src-shared/errors'

/**
 * 0: all went well. 1: some input failed, the rest was answered. 2: usage or environment; nothing could be done. 3: an import
 * rejected rows, or is not what its source is. 4: a server may not take over yet.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4

/** Where a run of the command line prints; `process` is one. */
export interface Streams {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean }
}

export class Output {
  readonly #json: boolean
  readonly #streams: Streams
  #failures = 0
  #rejected = false
  #gateClosed = false

  constructor(json: boolean, streams: Streams) {
    this.#json = json
    this.#streams = streams
  }

  /** One answer: with `--json` an object a line, else the text for people. */
  answer(object: object, text: string): void {
    this.#streams.stdout.write(`${this.#json ? JSON.stringify(object) : text}\n`)
  }

  /** One input that failed; the command goes on, and ends with exit code 1. */
  failure(path: string, error: unknown): void {
    this.#failures += 1
    const { code, message, remedy } = toWireError(error)
    if (this.#json) this.#streams.stdout.write(`${JSON.stringify({ path, error: { code, message } })}\n`)
    this.#streams.stderr.write(`${path}: ${message}${remedy === undefined ? '' : ` ${remedy}`}\n`)
  }

  /** Inputs that failed and are told within an answer: the command ends with exit code 1. */
  countFailures(amount: number): void {
    this.#failures += amount
  }

  /** An import left rows out: the command ends with exit code 3. */
  noteRejected(): void {
    this.#rejected = true
  }

  /** Something to know that is not an answer. */
  note(text: string): void {
    this.#streams.stderr.write(`${text}\n`)
  }

  /** A line that the next one replaces, where stderr is a terminal; nothing elsewhere. */
  progress(text: string): void {
    if (this.#streams.stderr.isTTY) this.#streams.stderr.write(`\r\u001b[K${text}`)
  }

  endProgress(): void {
    if (this.#streams.stderr.isTTY) this.#streams.stderr.write('\r\u001b[K')
  }

  /** The whole command failed. */
  abort(error: unknown): ExitCode {
    const { code, message, consequence, remedy, detail } = toWireError(error)
    if (this.#json) this.#streams.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`)
    const lines = [`visor: ${message}`, consequence, remedy, detail === undefined ? undefined : `(${detail})`]
    this.#streams.stderr.write(`${lines.filter((line) => line !== undefined).join('\n')}\n`)
    return 2
  }

  /** The gate is not passed: the command ends with exit code 4. */
  noteGateClosed(): void {
    this.#gateClosed = true
  }

  get exitCode(): ExitCode {
    if (this.#gateClosed) return 4
    if (this.#rejected) return 3
    return this.#failures > 0 ? 1 : 0
  }
}

/** An object as `--json` prints it: the names of its fields, and of those of objects in it, in snake case. */
export function inSnakeCase(object: object): object {
  const value = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(value)
    return typeof one === 'object' && one !== null ? inSnakeCase(one) : one
  }
  return Object.fromEntries(
    Object.entries(object).map(([name, one]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value(one),
    ]),
  )
}

/** Parses a number of a command line option. Raises `invalid-argument`. */
export function numberOption(name: string, minimum: number, maximum: number, integer = false) {
  return (text: string): number => {
    const value = Number(text)
    if (
      text.trim() === '' ||
      !(value >= minimum && value <= maximum) ||
      (integer && !Number.isInteger(value))
    ) {
      const kind = integer ? 'a whole number' : 'a number'
      throw new VisorError(
        'invalid-argument',
        `${name} takes ${kind} from ${minimum} to ${maximum}, not "${text}".`,
      )
    }
    return value
  }
}
