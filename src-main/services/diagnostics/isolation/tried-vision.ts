/** The vision process of an isolation check: embeds the made photo, counts its deaths, can be killed. Runs in main and on the command line. */
import { cosineDistance } from '../../../../src-shared/cosine-distance'
import { VisorError } from '../../../../src-shared/errors'
import type { UnitEmbedding } from '../../../../src-shared/face'
import type { ModelId } from '../../../../src-shared/ids'
import { PhotoRunner } from '../../../host/photo-runner'
import type { VisionClient, VisionMonitor } from '../../../host/vision-client'
import { madeBox, madePhoto } from './made-photo'
import { Times } from './times'

/** A vision process of the check's own, supervised as the console's is. */
export interface VisionToTry extends VisionClient, VisionMonitor {
  /** Kills it; resolves when it is gone. */
  stop(): Promise<void>
}

/** The same photo gives the same embedding but for the order in which float32 numbers are added up. */
const sameEmbedding = 1e-5
const photoTimeoutMs = 60_000

export class TriedVision {
  /** Photos that gave another embedding than the first. */
  differing = 0
  /** Photos that were in work when the process died, and were tried once more. */
  retried = 0
  /** Deaths that {@link kill} brought about. */
  kills = 0
  #times = new Times()
  #first: UnitEmbedding | undefined
  readonly #vision: VisionToTry
  readonly #photos: PhotoRunner
  readonly #photo = madePhoto()

  constructor(vision: VisionToTry) {
    this.#vision = vision
    this.#photos = new PhotoRunner(vision)
  }

  /** Photos that it works on at once. */
  get concurrency(): number {
    return this.#photos.concurrency
  }

  /** Of the photos since they were asked for last. */
  takeTimes(): Times {
    const times = this.#times
    this.#times = new Times()
    return times
  }

  /** Deaths that nobody asked for. */
  get crashes(): number {
    const { restarts, state } = this.#vision.status
    return restarts + (state === 'failed' ? 1 : 0) - this.kills
  }

  get restarts(): number {
    return this.#vision.status.restarts
  }

  /** Decodes, detects and embeds the made photo. Raises what `PhotoRunner` raises. */
  async embed(
    signal: AbortSignal,
  ): Promise<{ readonly embedding: UnitEmbedding; readonly modelId: ModelId }> {
    const params = { source: { bytes: this.#photo }, flip: false, boxes: [madeBox] }
    const onCrash = () => {
      this.retried += 1
    }
    const { faces, modelId } = await this.#times.measure(() =>
      this.#photos.embedBoxes({ params, onCrash }, { signal, timeoutMs: photoTimeoutMs }),
    )
    const { embedding } = faces[0]!
    this.#first ??= embedding
    if (cosineDistance(embedding, this.#first) > sameEmbedding) this.differing += 1
    return { embedding, modelId }
  }

  async residentBytes(): Promise<number> {
    return (await this.#vision.request('memory', {})).residentBytes
  }

  /** Kills the process, as a crash of native code does. Raises `vision-unavailable` where there is none. */
  kill(): void {
    const { pid } = this.#vision.status
    if (pid === undefined) {
      throw new VisorError('vision-unavailable', 'There is no vision process to be killed.')
    }
    this.kills += 1
    process.kill(pid, 'SIGKILL')
  }

  /** Resolves when it was started again, after `restartsBefore`, and can be asked; or is given up. */
  back(restartsBefore: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const look = () => {
      const { state } = this.#vision.status
      if (state === 'failed' || (state === 'ready' && this.restarts > restartsBefore)) resolve()
    }
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort)
    const end = this.#vision.onStatus(look)
    look()
    return promise.finally(() => {
      end()
      signal.removeEventListener('abort', abort)
    })
  }

  stop(): Promise<void> {
    return this.#vision.stop()
  }
}
