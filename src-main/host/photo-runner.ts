/** Has photos analysed and boxes of them embedded, several at once, and keeps one that kills the vision process from costing more than itself. */
import { hasCode, VisorError } from '../../src-shared/errors'
import type {
  AnalyseParams,
  AnalyseResult,
  EmbedBoxesParams,
  EmbedBoxesResult,
  VisionParams,
  VisionResult,
} from '../../src-shared/vision-protocol'
import type { VisionClient, VisionRequestOptions } from './vision-client'
import { cancelled } from './vision-errors'

/** Deaths of the vision process after which a photo is not tried again. */
const crashesUntilSetAside = 2

interface PhotoJob<P = AnalyseParams> {
  readonly params: P
  /** Times the process has already died with this photo in work, from an earlier run; 0 where absent. */
  readonly crashes?: number
  /** Called with the new count at each further death, before the photo is tried again; must not throw. */
  readonly onCrash?: (crashes: number) => void
}

interface Task {
  readonly job: PhotoJob<unknown>
  readonly options: VisionRequestOptions
  crashes: number
  /** Asks the vision process, and settles the task with its answer. */
  readonly work: () => Promise<void>
  readonly reject: (error: unknown) => void
}

/**
 * [Note: Retry rule] When the process dies, each photo in work is counted one death, though only one of them can have caused
 * it: nobody knows which. From then on such a photo is only analysed *alone*, with no other photo in work. An innocent one
 * then succeeds; for the guilty one a second death leaves no doubt, and it is set aside. So a guilty photo kills
 * the process exactly twice, an innocent one is analysed at most twice, and the others go on.
 */
export class PhotoRunner {
  readonly #client: VisionClient
  /** Photos in work at once; callers that queue thousands need submit no more than this many at a time. */
  readonly concurrency: number
  readonly #fresh: Task[] = []
  readonly #suspects: Task[] = []
  readonly #running = new Set<Task>()

  /** `concurrency` of 3 keeps the decoding of the next photos going while one is in inference. */
  constructor(client: VisionClient, concurrency = 3) {
    this.#client = client
    this.concurrency = concurrency
  }

  /**
   * Rejects with what `analyse` raises, `set-aside` (the process died twice with this photo in work), `cancelled`,
   * `deadline-exceeded` (`timeoutMs` counts from when the photo is taken up, each time anew) or `vision-unavailable`; never
   * with `vision-crashed`.
   */
  run(job: PhotoJob, options: VisionRequestOptions = {}): Promise<AnalyseResult> {
    return this.#submit('analyse', job, options)
  }

  /** Embeds boxes of a photo; takes its turn with the photos, and rejects as {@link run} does with what `embedBoxes` raises. */
  embedBoxes(job: PhotoJob<EmbedBoxesParams>, options: VisionRequestOptions = {}): Promise<EmbedBoxesResult> {
    return this.#submit('embedBoxes', job, options)
  }

  #submit<M extends 'analyse' | 'embedBoxes'>(
    method: M,
    job: PhotoJob<VisionParams<M>>,
    options: VisionRequestOptions,
  ): Promise<VisionResult<M>> {
    if (options.signal?.aborted) return Promise.reject(cancelled(options.signal.reason))
    const { promise, resolve, reject } = Promise.withResolvers<VisionResult<M>>()
    const work = async () => resolve(await this.#client.request(method, job.params, options))
    const task: Task = { job, options, crashes: job.crashes ?? 0, work, reject }
    const onAbort = () => this.#withdraw(task)
    options.signal?.addEventListener('abort', onAbort)
    this.#enqueue(task)
    return promise.finally(() => options.signal?.removeEventListener('abort', onAbort))
  }

  #enqueue(task: Task): void {
    if (task.crashes >= crashesUntilSetAside) {
      task.reject(setAside(task.crashes))
      return
    }
    const queue = task.crashes > 0 ? this.#suspects : this.#fresh
    queue.push(task)
    this.#takeUp()
  }

  /** Suspects first: they have waited longest, and nothing else starts until they are done. */
  #takeUp(): void {
    while (this.#suspects.length > 0 ? this.#running.size === 0 : this.#hasRoom()) {
      const task = this.#suspects.shift() ?? this.#fresh.shift()
      if (task === undefined) return
      this.#running.add(task)
      void this.#do(task)
    }
  }

  #hasRoom(): boolean {
    const alone = [...this.#running].some((task) => task.crashes > 0)
    return !alone && this.#running.size < this.concurrency
  }

  async #do(task: Task): Promise<void> {
    try {
      await task.work()
    } catch (error) {
      if (hasCode(error, 'vision-crashed')) this.#crashed(task)
      else task.reject(error)
    } finally {
      this.#running.delete(task)
      this.#takeUp()
    }
  }

  #crashed(task: Task): void {
    task.crashes += 1
    task.job.onCrash?.(task.crashes)
    if (task.options.signal?.aborted) task.reject(cancelled(task.options.signal.reason))
    else this.#enqueue(task)
  }

  /** What is in work is cancelled by the client itself, which has the signal too. */
  #withdraw(task: Task): void {
    for (const queue of [this.#fresh, this.#suspects]) {
      const index = queue.indexOf(task)
      if (index === -1) continue
      queue.splice(index, 1)
      task.reject(cancelled(task.options.signal?.reason))
      this.#takeUp()
    }
  }
}

function setAside(crashes: number): VisorError {
  return new VisorError(
    'set-aside',
    `The vision process ended ${crashes} times while it worked on this photo.`,
    {
      consequence: 'The photo was set aside; the others go on.',
      remedy: 'Save the photo anew with an image editor, or choose Retry.',
    },
  )
}
