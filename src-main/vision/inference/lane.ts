/**
 * One lane of inference: a worker thread with sessions of its own, that does one thing after the other. Vision process.
 *
 * [Note: Lanes] onnxruntime blocks the thread it is called on. In threads of their own, inferences of one photo go on while
 * the next is aligned, and the process's own thread is always free to answer main.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { toWireError } from '../../../src-shared/errors'
import type { FromLane, LaneData, ToLane } from './lane-protocol'
import { loadModels } from './models'

const port = parentPort
if (port === null) throw new Error('A lane runs as a worker thread.')
const { configuration } = workerData as LaneData
const models = loadModels(configuration)

const send = (message: FromLane) => port.postMessage(message)
models.then(
  ({ summary }) => send({ type: 'ready', summary }),
  (error: unknown) => send({ type: 'failed', error: toWireError(error) }),
)
port.on('message', async (job: ToLane) => {
  try {
    const { detect, embed, real } = await models
    const value =
      job.type === 'detect'
        ? await detect(job.pixels, job.minScore)
        : job.type === 'embed'
          ? await embed(job.pixels, job.flip)
          : await real(job.pixels)
    send({ type: 'done', id: job.id, value })
  } catch (error) {
    send({ type: 'refused', id: job.id, error: toWireError(error) })
  }
})
