/** Answers main's requests: each exactly once, several at a time. Vision process. */
import { toWireError, VisorError } from '../../src-shared/errors'
import {
  type FromVision,
  type ToVision,
  toVisionSchema,
  type VisionMethod,
  type VisionParams,
  type VisionResult,
  visionMethods,
} from '../../src-shared/vision-protocol'
import { analysePhoto } from './analyse'
import { annotatePhoto } from './annotate'
import { embedBoxes } from './embed-boxes'
import { createGate } from './gate'
import { type Engine, loadEngine } from './inference/engine'
import { renderPhoto } from './pictures'
import { createStages, type Stages } from './stages'
import type { Transport } from './transport'

/** Photos whose pixels are in memory at once: one in inference, the next ones decoding meanwhile. */
const photosAtOnce = 3

/** Serves the channel until main drains or leaves it; then ends the process with code 0. */
export function serve(transport: Transport): void {
  const inWork = new Map<number, { readonly cancel: AbortController; readonly done: Promise<void> }>()
  const photoGate = createGate(photosAtOnce)
  const configureGate = createGate(1)
  let engine: Engine | undefined
  let draining = false

  const send = (message: FromVision) => transport.send(message)

  const methods: {
    [M in VisionMethod]: (params: VisionParams<M>, stages: Stages) => Promise<VisionResult<M>>
  } = {
    configure: (params) =>
      configureGate(async () => {
        const next = await loadEngine(params)
        const previous = engine
        engine = next
        // Photos that began with the previous pack end with it.
        if (previous !== undefined) {
          const begun = [...inWork.values()].map((work) => work.done)
          void Promise.allSettled(begun).then(() => previous.dispose())
        }
        return next.summary
      }),
    analyse: (params, stages) =>
      photoGate(async () => {
        stages.check()
        return analysePhoto(configured(engine), params, stages)
      }),
    embedBoxes: (params, stages) =>
      photoGate(async () => {
        stages.check()
        return embedBoxes(configured(engine), params, stages)
      }),
    render: (params, stages) => photoGate(() => renderPhoto(params.source, params.maxEdgePx, stages)),
    annotate: (params, stages) => photoGate(() => annotatePhoto(params.source, params.marks, stages)),
    memory: async () => ({ residentBytes: process.memoryUsage.rss() }),
  }

  async function answer(
    id: number,
    method: VisionMethod,
    params: unknown,
    signal: AbortSignal,
  ): Promise<void> {
    const stages = createStages(signal, () => send({ type: 'busy', id }))
    try {
      const value = await call(methods, method, params, stages)
      send({ type: 'response', id, ok: true, value })
    } catch (error) {
      send({ type: 'response', id, ok: false, error: toWireError(error) })
    }
  }

  function begin({ id, method, params }: Extract<ToVision, { type: 'request' }>): void {
    if (draining) {
      const error = new VisorError('vision-unavailable', 'The vision process is about to end.')
      send({ type: 'response', id, ok: false, error: toWireError(error) })
      return
    }
    const cancel = new AbortController()
    const done = answer(id, method, params, cancel.signal).finally(() => inWork.delete(id))
    inWork.set(id, { cancel, done })
  }

  async function drain(): Promise<void> {
    draining = true
    await Promise.all([...inWork.values()].map((work) => work.done))
    process.exit(0)
  }

  transport.onClose(() => process.exit(0))
  transport.onMessage((raw) => {
    const message = toVisionSchema.parse(raw)
    switch (message.type) {
      case 'request':
        return begin(message)
      case 'cancel':
        return inWork.get(message.id)?.cancel.abort()
      case 'ping':
        return send({ type: 'pong', sequence: message.sequence })
      case 'drain':
        return void drain()
    }
  })
  send({ type: 'ready', pid: process.pid })
}

type Methods = { [M in VisionMethod]: (params: VisionParams<M>, stages: Stages) => Promise<VisionResult<M>> }

/** Checks the parameters and calls the method. Raises `invalid-argument`. */
async function call<M extends VisionMethod>(
  methods: Methods,
  method: M,
  params: unknown,
  stages: Stages,
): Promise<VisionResult<M>> {
  const checked = visionMethods[method].params.safeParse(params)
  if (!checked.success) {
    throw new VisorError('invalid-argument', `The request ${method} is not well formed.`, {
      cause: checked.error,
    })
  }
  return methods[method](checked.data as VisionParams<M>, stages)
}

function configured(engine: Engine | undefined): Engine {
  if (engine !== undefined) return engine
  throw new VisorError('model-missing', 'No model pack is loaded.', {
    consequence: 'No photo can be analysed.',
    remedy: 'Choose a model pack: Settings, Models.',
  })
}
