/** One request to the vision process, from the moment it is made to its answer. Main process and command line. */
import type { z } from 'zod'
import { VisorError } from '../../src-shared/errors'
import {
  type VisionMethod,
  type VisionParams,
  type VisionResult,
  visionMethods,
} from '../../src-shared/vision-protocol'
import { cancelled, malformedReply } from './vision-errors'

interface CallOptions {
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs: number
}

/** A call as those see it who carry it to the process and back, whatever its method. */
export interface OpenCall {
  readonly method: VisionMethod
  readonly params: unknown
  readonly settled: boolean
  /** Called when nobody waits for the answer any more (deadline or signal), so that whoever holds the call lets go of it. */
  onAbandoned: (() => void) | undefined
  /** Checks `value` against the method's schema: `internal` where it does not fit. Nothing large is copied. */
  answer(value: unknown): void
  fail(error: VisorError): void
}

/**
 * A request with its deadline and its way to be cancelled. It is settled exactly once: by an answer, an error, its deadline or
 * its signal; whatever comes later is ignored.
 */
export class VisionCall<M extends VisionMethod> implements OpenCall {
  readonly method: M
  readonly params: VisionParams<M>
  readonly result: Promise<VisionResult<M>>
  onAbandoned: (() => void) | undefined
  readonly #resolve: (result: VisionResult<M>) => void
  readonly #reject: (error: VisorError) => void
  readonly #signal: AbortSignal | undefined
  readonly #timer: NodeJS.Timeout
  #settled = false

  constructor(method: M, params: VisionParams<M>, options: CallOptions) {
    this.method = method
    this.params = params
    const { promise, resolve, reject } = Promise.withResolvers<VisionResult<M>>()
    this.result = promise
    this.#resolve = resolve
    this.#reject = reject
    this.#signal = options.signal
    this.#timer = setTimeout(() => this.#abandon(tooLate(method, options.timeoutMs)), options.timeoutMs)
    this.#signal?.addEventListener('abort', this.#onAbort)
    if (this.#signal?.aborted) this.#onAbort()
  }

  get settled(): boolean {
    return this.#settled
  }

  answer(value: unknown): void {
    if (this.#settled) return
    // The table pairs each method with its own schema; the compiler does not follow that through the index.
    const schema = visionMethods[this.method].result as unknown as z.ZodType<VisionResult<M>>
    const checked = schema.safeParse(value)
    if (checked.success) {
      if (this.#settle()) this.#resolve(checked.data)
      return
    }
    // Where, never what: the value may hold an embedding.
    const where = checked.error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`).join('\n')
    this.fail(malformedReply(this.method, where))
  }

  fail(error: VisorError): void {
    if (this.#settle()) this.#reject(error)
  }

  #onAbort = (): void => this.#abandon(cancelled(this.#signal?.reason))

  #abandon(error: VisorError): void {
    this.fail(error)
    this.onAbandoned?.()
  }

  #settle(): boolean {
    if (this.#settled) return false
    this.#settled = true
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#onAbort)
    return true
  }
}

function tooLate(method: VisionMethod, timeoutMs: number): VisorError {
  return new VisorError(
    'deadline-exceeded',
    `“${method}” took longer than ${Math.round(timeoutMs / 1000)} s.`,
    {
      consequence: 'It was given up; nothing was changed.',
      remedy: 'Try it again; a photo that always takes this long may be very large or damaged.',
    },
  )
}
