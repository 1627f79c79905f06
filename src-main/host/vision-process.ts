/** One life of the vision process, from launch to exit; it is never restarted here. Main process and command line. */
import { fromWireError, VisorError } from '../../src-shared/errors'
import { type FromVision, fromVisionSchema, type ToVision } from '../../src-shared/vision-protocol'
import type { LaunchProcess, ProcessExit, ProcessHandle } from './process-handle'
import { SilenceWatch } from './silence-watch'
import type { SupervisionLimits } from './supervision-limits'
import type { OpenCall } from './vision-call'
import { crashed, hung, spokeNonsense } from './vision-errors'

interface VisionProcessEvents {
  /** It can be asked. */
  ready(): void
  /** It is being killed for `error`; nothing more may be sent to it. `ended` follows. */
  ending(error: VisorError): void
  /** It is gone and all it owed has been rejected with `error`. Once, and last. */
  ended(error: VisorError): void
  log(line: string): void
}

export class VisionProcess {
  readonly #limits: SupervisionLimits
  readonly #events: VisionProcessEvents
  readonly #handle: ProcessHandle
  /** What has been sent and not been answered, abandoned calls included: the process still works on those. */
  readonly #inWork = new Map<number, OpenCall>()
  readonly #startTimer: NodeJS.Timeout
  readonly #gone = Promise.withResolvers<void>()
  #drainTimer: NodeJS.Timeout | undefined
  /** From `ready` on: before that, the start has a limit of its own. */
  #watch: SilenceWatch | undefined
  #lastId = 0
  #busy = false
  #endError: VisorError | undefined

  /** Throws what `launch` throws. */
  constructor(launch: LaunchProcess, limits: SupervisionLimits, events: VisionProcessEvents) {
    this.#limits = limits
    this.#events = events
    this.#handle = launch({
      message: (message) => this.#heard(message),
      exit: (exit) => this.#exited(exit),
      output: (line) => events.log(line),
    })
    this.#startTimer = setTimeout(
      () => this.end(hung(`It was not ready ${limits.startMs} ms after its start.`)),
      limits.startMs,
    )
  }

  get pid(): number | undefined {
    return this.#handle.pid
  }

  /** Settled when it is gone. */
  get gone(): Promise<void> {
    return this.#gone.promise
  }

  /** Sends a request; its answer, or the end of the process, settles `call`. */
  send(call: OpenCall): void {
    this.#lastId += 1
    const id = this.#lastId
    this.#inWork.set(id, call)
    call.onAbandoned = () => this.#post({ type: 'cancel', id })
    try {
      this.#post({ type: 'request', id, method: call.method, params: call.params })
    } catch (error) {
      this.#inWork.delete(id)
      const options = { cause: error, consequence: 'Nothing was sent to the vision process.' }
      call.fail(new VisorError('internal', `A request for “${call.method}” could not be sent.`, options))
    }
  }

  /**
   * Lets it finish what it has and exit; it is killed where that takes too long. It is told only once it owes nothing: a
   * process that exits loses what it has said last and what is still on its way, under Electron as under Node.
   */
  drain(): void {
    const limitMs = this.#limits.drainMs
    clearTimeout(this.#startTimer)
    this.#drainTimer ??= setTimeout(() => this.end(hung(`It did not finish within ${limitMs} ms.`)), limitMs)
    this.#endIfDrained()
  }

  /** Kills it; what it owes is rejected with `error` once it is gone. */
  end(error: VisorError): void {
    if (this.#endError !== undefined) return
    this.#endError = error
    this.#quiet()
    this.#events.ending(error)
    this.#handle.kill()
  }

  #post(message: ToVision): void {
    this.#handle.post(message)
  }

  #heard(message: unknown): void {
    if (this.#endError !== undefined) return
    this.#watch?.heard()
    this.#busy = false
    const parsed = fromVisionSchema.safeParse(message)
    if (!parsed.success) {
      const where = parsed.error.issues.map(({ path, code }) => `${path.join('.')}: ${code}`).join('\n')
      this.end(spokeNonsense(where))
      return
    }
    this.#act(parsed.data)
  }

  #endIfDrained(): void {
    if (this.#drainTimer !== undefined && this.#inWork.size === 0) this.#post({ type: 'drain' })
  }

  #act(message: FromVision): void {
    switch (message.type) {
      case 'ready':
        clearTimeout(this.#startTimer)
        this.#watch ??= this.#startWatch()
        this.#events.ready()
        return
      case 'busy':
        this.#busy = true
        return
      case 'pong':
        return
      case 'response': {
        const call = this.#inWork.get(message.id)
        if (call === undefined) {
          this.end(spokeNonsense(`It answered request ${message.id}, which is not open.`))
          return
        }
        this.#inWork.delete(message.id)
        call.onAbandoned = undefined
        if (message.ok) call.answer(message.value)
        else call.fail(fromWireError(message.error))
        this.#endIfDrained()
      }
    }
  }

  #exited(exit: ProcessExit): void {
    this.#quiet()
    const error = this.#endError ?? crashed(exit)
    const owed = [...this.#inWork.values()]
    this.#inWork.clear()
    // Before those who wait are told, so that what they ask for next does not reach for a dead process.
    this.#events.ended(error)
    for (const call of owed) {
      call.onAbandoned = undefined
      call.fail(error)
    }
    this.#gone.resolve()
  }

  #startWatch(): SilenceWatch {
    return new SilenceWatch(this.#limits, {
      ping: (sequence) => this.#post({ type: 'ping', sequence }),
      atWork: () => this.#busy || this.#inWork.size > 0,
      suspect: (silentMs) => this.#events.log(`silent for ${Math.round(silentMs)} ms; asking once more`),
      hung: (silentMs) => this.end(hung(`It was silent for ${Math.round(silentMs)} ms.`)),
    })
  }

  #quiet(): void {
    clearTimeout(this.#startTimer)
    clearTimeout(this.#drainTimer)
    this.#watch?.stop()
  }
}
