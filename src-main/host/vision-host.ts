/** Keeps the vision process running and is the {@link VisionClient} of everybody else. Main process and command line. */
import { fromWireError, toWireError, VisorError } from '../../src-shared/errors'
import type { VisionState, VisionStatus } from '../../src-shared/status'
import type { VisionMethod, VisionParams, VisionResult } from '../../src-shared/vision-protocol'
import { Listeners } from './listeners'
import type { LaunchProcess } from './process-handle'
import { RestartBudget } from './restart-budget'
import { defaultLimits, type SupervisionLimits } from './supervision-limits'
import { type OpenCall, VisionCall } from './vision-call'
import type { VisionClient, VisionRequestOptions } from './vision-client'
import { cancelled, crashed, gaveUp, hung, notRunning, withoutModel } from './vision-errors'
import { VisionProcess } from './vision-process'

interface VisionHostOptions {
  /** How the process is started: `utilityProcessLauncher` or `childProcessLauncher`. */
  readonly launch: LaunchProcess
  readonly limits?: Partial<SupervisionLimits>
  /** Lines for the log: what the process prints, and what is done with it. */
  readonly log?: (line: string) => void
}

/**
 * [Note: Vision supervision] The first `configure` starts the process, and is sent again after every restart. A request goes
 * out only when the process has been configured; until then it waits, its deadline running. The death of the process
 * rejects what was in work (`vision-crashed`) and nothing else. docs/supervision.md has the states, the times and the
 * reasons for them.
 */
export class VisionHost implements VisionClient {
  readonly #launch: LaunchProcess
  readonly #limits: SupervisionLimits
  readonly #log: (line: string) => void
  readonly #budget: RestartBudget
  readonly #listeners = new Listeners<VisionStatus>()
  readonly #waiting = new Set<OpenCall>()
  #state: VisionState = 'stopped'
  #process: VisionProcess | undefined
  #processReady = false
  #restartTimer: NodeJS.Timeout | undefined
  #restarts = 0
  #error: VisorError | undefined
  #configuration: VisionParams<'configure'> | undefined
  /** What the present process was last told to be; an answer to an earlier one is out of date. */
  #configuring: VisionCall<'configure'> | undefined
  #configured: VisionResult<'configure'> | undefined
  /** Whoever asked for the present configuration. */
  #asked: VisionCall<'configure'> | undefined

  constructor(options: VisionHostOptions) {
    this.#launch = options.launch
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#log = options.log ?? (() => {})
    this.#budget = new RestartBudget(this.#limits)
  }

  get status(): VisionStatus {
    const pid = this.#process?.pid
    const pack = this.#configuration?.pack
    return {
      state: this.#state,
      restarts: this.#restarts,
      ...(pid === undefined ? {} : { pid }),
      ...(this.#error === undefined ? {} : { error: toWireError(this.#error) }),
      ...(pack === undefined ? {} : { packId: pack.id, packTitle: pack.title }),
      ...(this.#configured === undefined ? {} : statusOf(this.#configured)),
    }
  }

  /** Calls `listener` whenever {@link status} changes; the function it returns ends that. */
  onStatus(listener: (status: VisionStatus) => void): () => void {
    return this.#listeners.add(listener)
  }

  /**
   * Makes `params` the configuration, now and after every restart; starts the process where it is stopped. Rejects with what
   * the process raises (`model-missing`, `model-corrupt`: the state is `no-model` until another `configure` or
   * {@link tryAgain}), with `cancelled` where a later configuration took its place, and as {@link request} does.
   */
  configure(
    params: VisionParams<'configure'>,
    options: VisionRequestOptions = {},
  ): Promise<VisionResult<'configure'>> {
    this.#asked?.fail(cancelled())
    this.#asked = this.#newCall('configure', params, options)
    this.#configuration = params
    this.#configured = undefined
    const { result } = this.#asked
    if (this.#state === 'failed' || this.#state === 'stopped') this.#startAfresh()
    else this.#applyConfiguration()
    return result
  }

  request<M extends VisionMethod>(
    method: M,
    params: VisionParams<M>,
    options?: VisionRequestOptions,
  ): Promise<VisionResult<M>>
  request(
    method: VisionMethod,
    params: VisionParams<VisionMethod>,
    options: VisionRequestOptions = {},
  ): Promise<VisionResult<VisionMethod>> {
    if (method === 'configure') return this.configure(params as VisionParams<'configure'>, options)
    const refusal = this.#refusal()
    if (refusal !== undefined) return Promise.reject(refusal)
    const call = this.#newCall(method, params, options)
    if (this.#state === 'ready' && this.#process !== undefined) this.#process.send(call)
    else this.#hold(call)
    return call.result
  }

  /** Leaves `failed` and `no-model`: starts or configures again, with all restarts to spend. Else does nothing. */
  tryAgain(): void {
    if (this.#configuration === undefined) return
    if (this.#state === 'failed') this.#startAfresh()
    else if (this.#state === 'no-model') this.#applyConfiguration()
  }

  /** Lets the process finish what it has in work, refuses what waits or comes, and resolves when it has exited. */
  drain(): Promise<void> {
    return this.#shutDown((process) => process.drain())
  }

  /** Kills the process and resolves when it is gone. What was asked for is rejected with `vision-unavailable`. */
  stop(): Promise<void> {
    return this.#shutDown((process) => process.end(notRunning()))
  }

  async #shutDown(how: (process: VisionProcess) => void): Promise<void> {
    const process = this.#process
    clearTimeout(this.#restartTimer)
    this.#error = undefined
    this.#setState('stopped')
    this.#refuse(notRunning())
    if (process === undefined) return
    how(process)
    await process.gone
  }

  #startAfresh(): void {
    this.#budget.clear()
    this.#error = undefined
    this.#start('starting')
  }

  #start(state: 'starting' | 'restarting'): void {
    this.#processReady = false
    try {
      const process: VisionProcess = new VisionProcess(this.#launch, this.#limits, {
        ready: () => this.#started(process),
        ending: (error) => this.#ending(process, error),
        ended: (error) => this.#ended(process, error),
        log: (line) => this.#log(`vision: ${line}`),
      })
      this.#process = process
      this.#setState(state)
    } catch (error) {
      const startError = error instanceof Error ? error : new Error(String(error))
      this.#restartLater(crashed({ code: null, startError, lastWords: '' }))
    }
  }

  #started(process: VisionProcess): void {
    if (this.#process !== process || this.#isDown()) return
    this.#processReady = true
    this.#applyConfiguration()
  }

  /** Where the process is not ready for it yet, it is done when it is. */
  #applyConfiguration(): void {
    const process = this.#process
    if (process === undefined || !this.#processReady || this.#configuration === undefined) return
    const call = this.#newCall('configure', this.#configuration, {})
    this.#configuring = call
    if (this.#state !== 'restarting') this.#setState('starting')
    call.result.then(
      (result) => {
        if (this.#configuring === call) this.#becomeReady(process, result)
      },
      (error: unknown) => {
        if (this.#configuring === call) this.#notConfigured(process, error)
      },
    )
    process.send(call)
  }

  #becomeReady(process: VisionProcess, result: VisionResult<'configure'>): void {
    this.#configuring = undefined
    this.#configured = result
    this.#error = undefined
    this.#setState('ready')
    this.#asked?.answer(result)
    this.#asked = undefined
    for (const call of this.#waiting) process.send(call)
    this.#waiting.clear()
  }

  #notConfigured(process: VisionProcess, reason: unknown): void {
    this.#configuring = undefined
    const error = reason instanceof VisorError ? reason : fromWireError(toWireError(reason))
    if (error.code === 'deadline-exceeded') {
      process.end(hung(error.message))
      return
    }
    this.#asked?.fail(error)
    if (error.code === 'model-missing' || error.code === 'model-corrupt') {
      this.#error = error
      this.#setState('no-model')
      this.#refuse(withoutModel(error))
    } else {
      // It was told no in so many words: another start would only hear it again.
      const failure = gaveUp(error, 0)
      this.#fail(failure)
      process.end(failure)
    }
  }

  #ending(process: VisionProcess, error: VisorError): void {
    this.#log(`vision: ${briefly(error)}`)
    if (this.#process !== process || this.#isDown()) return
    this.#processReady = false
    this.#configuring = undefined
    this.#error = error
    this.#setState('restarting')
  }

  #ended(process: VisionProcess, error: VisorError): void {
    // Not the present one: it was stopped, and another has been started since.
    if (this.#process !== process) return
    this.#process = undefined
    this.#processReady = false
    this.#configuring = undefined
    this.#configured = undefined
    if (this.#isDown()) this.#listeners.emit(this.status)
    else this.#restartLater(error)
  }

  #restartLater(error: VisorError): void {
    const delayMs = this.#budget.take(performance.now())
    if (delayMs === undefined) {
      this.#fail(gaveUp(error, this.#limits.restartsAllowed))
      return
    }
    this.#log(`vision: ${briefly(error)} Starting again in ${delayMs} ms.`)
    this.#error = error
    this.#restarts += 1
    this.#setState('restarting')
    this.#restartTimer = setTimeout(() => this.#start('restarting'), delayMs)
  }

  #fail(error: VisorError): void {
    this.#log(`vision: ${briefly(error)}`)
    this.#error = error
    this.#setState('failed')
    this.#refuse(error)
  }

  #isDown(): boolean {
    return this.#state === 'stopped' || this.#state === 'failed'
  }

  #setState(state: VisionState): void {
    this.#state = state
    this.#listeners.emit(this.status)
  }

  /** Rejects all that waits for the process to be configured. */
  #refuse(error: VisorError): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const call of waiting) call.fail(error)
    this.#asked?.fail(error)
    this.#asked = undefined
  }

  #newCall<M extends VisionMethod>(
    method: M,
    params: VisionParams<M>,
    { signal, timeoutMs = this.#limits.requestMs[method] }: VisionRequestOptions,
  ): VisionCall<M> {
    return new VisionCall(method, params, { signal, timeoutMs })
  }

  #hold(call: OpenCall): void {
    if (call.settled) return
    this.#waiting.add(call)
    call.onAbandoned = () => this.#waiting.delete(call)
  }

  #refusal(): VisorError | undefined {
    switch (this.#state) {
      case 'failed':
        return this.#error
      case 'no-model':
        return withoutModel(this.#error!)
      case 'stopped':
        return notRunning()
      default:
        return undefined
    }
  }
}

/** Without its last words: those are in the log already, line by line. */
function briefly({ message, detail }: VisorError): string {
  return detail === undefined ? message : `${message} (${detail.split('\n')[0]})`
}

function statusOf({ modelId, provider, providerNote }: VisionResult<'configure'>) {
  return { modelId, provider, ...(providerNote === undefined ? {} : { providerNote }) }
}
