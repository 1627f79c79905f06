/** Loads a model file into onnxruntime, on the GPU where that is wanted and works. Vision process. */
import { hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { VisorError } from '../../../src-shared/errors'
import type { Artefact, Provider } from '../../../src-shared/model-pack'

export type ActualProvider = Exclude<Provider, 'auto'>

/** What sessions are made with, and why it is not what was wanted, if it is not. */
interface ProviderChoice {
  readonly provider: ActualProvider
  readonly note?: string
}

/**
 * The bytes of a model file whose SHA-256 is the manifest's. Raises `model-missing`, `model-corrupt`: what does not fit is
 * never loaded, and what is loaded are the bytes that were hashed.
 */
export async function readModel(folder: string, file: Artefact): Promise<Uint8Array> {
  const remedy = 'Fetch the model pack again: Settings, Models.'
  const bytes = await readFile(join(folder, file.name)).catch((cause: unknown) => {
    throw new VisorError('model-missing', `The model file ${file.name} is not there.`, {
      cause,
      consequence: 'No photo can be analysed.',
      remedy,
    })
  })
  if (hash('sha256', bytes) !== file.sha256) {
    throw new VisorError('model-corrupt', `The model file ${file.name} is not the one it should be.`, {
      consequence: 'It was not loaded; no photo can be analysed.',
      remedy,
    })
  }
  return bytes
}

/** A session over `model` that runs its operators one after the other, each on `threads` threads. */
export async function createSession(
  model: Uint8Array,
  provider: ActualProvider,
  threads: number,
): Promise<InferenceSession> {
  return InferenceSession.create(model, {
    executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Threads that wait for work by spinning would take the cores from the decoding of the next photos.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    // Errors reach us as exceptions; onnxruntime's own log would only repeat them on stderr.
    logSeverityLevel: 4,
  })
}

/**
 * The provider to use: the wanted one where a session over `model` can be made with it, else the CPU and the reason.
 * `auto` wants the platform's GPU; where onnxruntime was installed without it, it says nothing.
 */
export async function chooseProvider(wanted: Provider, model: Uint8Array): Promise<ProviderChoice> {
  const gpu = wanted === 'auto' ? platformGpu() : wanted
  if (gpu === undefined || gpu === 'cpu') return { provider: 'cpu' }
  // onnxruntime passes over a provider that it does not know: that would look like success.
  if (gpu !== platformGpu()) {
    return { provider: 'cpu', note: `${gpu.toUpperCase()} is not available on this system.` }
  }
  if (gpu === 'cuda' && !existsSync(cudaLibrary())) {
    const note = 'CUDA is not available: its files for onnxruntime are not installed.'
    return { provider: 'cpu', ...(wanted === 'auto' ? {} : { note }) }
  }
  try {
    const session = await createSession(model, gpu, 1)
    await session.release()
    return { provider: gpu }
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0]! : String(error)
    return { provider: 'cpu', note: `${gpu.toUpperCase()} is not available: ${reason}` }
  }
}

function platformGpu(): ActualProvider | undefined {
  if (process.platform === 'win32') return 'dml'
  if (process.platform === 'darwin') return 'coreml'
  return process.platform === 'linux' && process.arch === 'x64' ? 'cuda' : undefined
}

/** onnxruntime-node's package leaves CUDA out; whoever has it puts it beside the package's own libraries. */
function cudaLibrary(): string {
  const main = createRequire(import.meta.url).resolve('onnxruntime-node')
  const folder = join(dirname(main), '..', 'bin', 'napi-v6', process.platform, process.arch)
  return join(folder, 'libonnxruntime_providers_cuda.so')
}
