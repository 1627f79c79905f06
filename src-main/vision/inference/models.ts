/** A model pack loaded into onnxruntime: finds faces in pixels and makes embeddings of aligned crops. A lane of the vision process. */
import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { hasCode } from '../../../src-shared/errors'
import type { UnitEmbedding } from '../../../src-shared/face'
import { modelIdSchema } from '../../../src-shared/ids'
import { type ModelPack, modelIdOf } from '../../../src-shared/model-pack'
import type { VisionParams, VisionResult } from '../../../src-shared/vision-protocol'
import { createGate } from '../gate'
import type { Detection } from '../maths/detection'
import { average, normalise } from '../maths/embedding'
import type { Pixels } from '../maths/pixels'
import { decodeRetinaface } from '../maths/retinaface'
import { decodeScrfd } from '../maths/scrfd'
import { softmax } from '../maths/softmax'
import { fillTensor } from '../maths/tensor'
import { type ActualProvider, chooseProvider, createSession, readModel } from './session'
import { physicalCores } from './threads'

/** A model pack in memory. Its runs are exclusive: they share input tensors, and block the thread. */
export interface Models {
  /** What `configure` answers. */
  readonly summary: VisionResult<'configure'>
  /** Faces in a picture that fits the detector's input, in its pixels, before suppression. */
  detect(pixels: Pixels, minScore: number): Promise<Detection[]>
  /** The embedding of an aligned crop; `flip` averages it with that of the mirror image. */
  embed(crop: Pixels, flip: boolean): Promise<UnitEmbedding>
  /** How likely a face is real, 0 … 1, by the optional model; `surroundings` fits its input. Precondition: `tellsReal`. */
  real(surroundings: Pixels): Promise<number>
}

/** Loads a pack. Raises `model-missing`, `model-corrupt`. */
export async function loadModels(params: VisionParams<'configure'>): Promise<Models> {
  const { pack, packFolder } = params
  const [detectorBytes, embedderBytes] = await Promise.all([
    readModel(packFolder, pack.detector.file),
    readModel(packFolder, pack.embedder.file),
  ])
  const threads = params.threads === 0 ? await physicalCores() : params.threads
  const { provider, note } = await chooseProvider(params.provider, embedderBytes)
  const detector = await createSession(detectorBytes, provider, threads)
  const embedder = await createSession(embedderBytes, provider, threads)
  const detectorInput = inputOf(pack.detector.input)
  const embedderInput = inputOf(pack.embedder.input)
  const liveness = await loadLiveness(pack, packFolder, provider, threads)
  const exclusive = createGate(1)
  const modelId = modelIdSchema.parse(modelIdOf(pack))

  const embedOnce = async (crop: Pixels, mirrored: boolean) => {
    const outputs = await run(embedder, embedderInput, crop, mirrored)
    const output = outputs.get(pack.embedder.output)
    if (output?.length !== pack.embedder.length) {
      throw new Error(`The embedder's output ${pack.embedder.output} is not ${pack.embedder.length} numbers.`)
    }
    return normalise(output)
  }

  return {
    summary: {
      modelId,
      provider,
      threads,
      tellsReal: liveness !== undefined,
      ...(note === undefined ? {} : { providerNote: note }),
    },
    detect: (pixels, minScore) =>
      exclusive(async () => {
        const outputs = await run(detector, detectorInput, pixels, false)
        const { decoder, input } = pack.detector
        return decoder.kind === 'retinaface'
          ? decodeRetinaface(decoder, outputs, input.width, input.height, minScore)
          : decodeScrfd(decoder, outputs, input.width, input.height, minScore)
      }),
    embed: (crop, flip) =>
      exclusive(async () => {
        const embedding = await embedOnce(crop, false)
        return flip ? average(embedding, await embedOnce(crop, true)) : embedding
      }),
    real: (surroundings) =>
      exclusive(async () => {
        if (liveness === undefined) throw new Error('The optional model is not loaded.')
        const { session, input, spec } = liveness
        const classes = (await run(session, input, surroundings, false)).get(spec.output)
        const real = classes === undefined ? undefined : softmax(classes)[spec.realClass]
        if (real === undefined) throw new Error(`The output ${spec.output} has no class ${spec.realClass}.`)
        return real
      }),
  }
}

/** The optional model; `undefined` where the pack has none, or its file is not here, or is not the one it should be. */
async function loadLiveness(
  { liveness: spec }: ModelPack,
  packFolder: string,
  provider: ActualProvider,
  threads: number,
) {
  if (spec === undefined) return undefined
  try {
    const session = await createSession(await readModel(packFolder, spec.file), provider, threads)
    return { session, input: inputOf(spec.input), spec }
  } catch (error) {
    if (hasCode(error, 'model-missing') || hasCode(error, 'model-corrupt')) return undefined
    throw error
  }
}

interface Input {
  readonly spec: ModelPack['detector']['input']
  readonly data: Float32Array
  readonly tensor: Tensor
}

function inputOf(spec: ModelPack['detector']['input']): Input {
  const data = new Float32Array(3 * spec.width * spec.height)
  return { spec, data, tensor: new Tensor('float32', data, [1, 3, spec.height, spec.width]) }
}

async function run(
  session: InferenceSession,
  input: Input,
  pixels: Pixels,
  mirrored: boolean,
): Promise<Map<string, Float32Array>> {
  fillTensor(input.data, input.spec.width, input.spec.height, pixels, input.spec, mirrored)
  const outputs = await session.run({ [input.spec.tensor]: input.tensor })
  const floats = new Map<string, Float32Array>()
  for (const [name, value] of Object.entries(outputs)) {
    if (value.data instanceof Float32Array) floats.set(name, value.data)
  }
  return floats
}
