/** A loaded model pack as the pipeline sees it: asks the lane that has least to do. Vision process, its own thread. */
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { fromWireError } from '../../../src-shared/errors'
import type { UnitEmbedding } from '../../../src-shared/face'
import type { ModelId } from '../../../src-shared/ids'
import type { ModelPack } from '../../../src-shared/model-pack'
import type { VisionParams, VisionResult } from '../../../src-shared/vision-protocol'
import type { Detection } from '../maths/detection'
import type { Pixels } from '../maths/pixels'
import type { FromLane, LaneData, ToLane } from './lane-protocol'

/** Lanes on the CPU, [Note: Lanes] in `lane.ts`: one infers while the other is given its next pixels. */
const cpuLanes = 2

/** A model pack in memory. */
export interface Engine {
  readonly modelId: ModelId
  readonly pack: ModelPack
  /** What `configure` answers. */
  readonly summary: VisionResult<'configure'>
  /** Faces in a picture that fits the detector's input, in its pixels, before suppression. */
  detect(pixels: Pixels, minScore: number): Promise<Detection[]>
  /** The embedding of an aligned crop; `flip` averages it with that of the mirror image. */
  embed(crop: Pixels, flip: boolean): Promise<UnitEmbedding>
  /** How likely a face is real, 0 … 1. Precondition: `summary.tellsReal`. */
  real(surroundings: Pixels): Promise<number>
  /** Ends the lanes. Nothing may be in work or asked afterwards. */
  dispose(): Promise<void>
}

/** Loads a pack. Raises `model-missing`, `model-corrupt`. */
export async function loadEngine(configuration: VisionParams<'configure'>): Promise<Engine> {
  const first = new Lane(configuration)
  const summary = await first.ready
  // A GPU takes one thing at a time; a second copy of the models would only take its memory.
  const others = Array.from(
    { length: summary.provider === 'cpu' ? cpuLanes - 1 : 0 },
    () => new Lane(configuration),
  )
  await Promise.all(others.map((lane) => lane.ready))
  const lanes = [first, ...others]
  const freest = () => lanes.reduce((best, lane) => (lane.owed < best.owed ? lane : best))
  return {
    modelId: summary.modelId,
    pack: configuration.pack,
    summary,
    detect: (pixels, minScore) => freest().ask({ type: 'detect', pixels, minScore }) as Promise<Detection[]>,
    embed: (pixels, flip) => freest().ask({ type: 'embed', pixels, flip }) as Promise<UnitEmbedding>,
    real: (pixels) => freest().ask({ type: 'real', pixels }) as Promise<number>,
    async dispose() {
      await Promise.all(lanes.map((lane) => lane.end()))
    },
  }
}

type Job = { [T in ToLane['type']]: Omit<Extract<ToLane, { type: T }>, 'id'> }[ToLane['type']]

class Lane {
  readonly ready: Promise<VisionResult<'configure'>>
  readonly #worker: Worker
  readonly #owed = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>()
  #lastId = 0

  constructor(configuration: VisionParams<'configure'>) {
    const workerData: LaneData = { configuration }
    this.#worker = new Worker(join(import.meta.dirname, 'lane.js'), { workerData, name: 'lane' })
    const { promise, resolve, reject } = Promise.withResolvers<VisionResult<'configure'>>()
    this.ready = promise
    // A lane that dies takes the process with it: main knows what to do then.
    this.#worker.on('error', (error) => {
      throw error
    })
    this.#worker.on('message', (message: FromLane) => {
      if (message.type === 'ready') resolve(message.summary)
      else if (message.type === 'failed') reject(fromWireError(message.error))
      else {
        const owed = this.#owed.get(message.id)
        this.#owed.delete(message.id)
        if (message.type === 'done') owed?.resolve(message.value)
        else owed?.reject(fromWireError(message.error))
      }
    })
  }

  /** Jobs that are not answered yet. */
  get owed(): number {
    return this.#owed.size
  }

  ask(job: Job): Promise<unknown> {
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#owed.set(id, { resolve, reject })
    this.#worker.postMessage({ ...job, id } satisfies ToLane)
    return promise
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }
}
