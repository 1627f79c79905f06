/** The built vision process as a real child, spoken to in its protocol. */
import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromWireError } from '../../../src-shared/errors'
import { type Manifest, type ModelPack, manifestSchema } from '../../../src-shared/model-pack'
import {
  type FromVision,
  fromVisionSchema,
  type VisionMethod,
  type VisionParams,
  type VisionResult,
  visionMethods,
} from '../../../src-shared/vision-protocol'

const built = join('out', 'main', 'vision.js')

export const manifest: Manifest = manifestSchema.parse(
  JSON.parse(readFileSync('models/manifest.json', 'utf8')),
)
export const samplePath = (number: number) => `node_modules/@vladmandic/face-api/demo/sample${number}.jpg`

/** The default pack and its folder. Fails where its files were not fetched. */
export function defaultPack(): { readonly pack: ModelPack; readonly packFolder: string } {
  const pack = manifest.packs.find((candidate) => candidate.id === manifest.defaultPack)
  if (pack === undefined) throw new Error('The manifest has no default pack.')
  const packFolder = join('models', pack.id)
  for (const { file } of [pack.detector, pack.embedder]) {
    if (!existsSync(join(packFolder, file.name))) {
      throw new Error(`${join(packFolder, file.name)} is not there. Run: npm run visor -- models fetch`)
    }
  }
  return { pack, packFolder }
}

export class VisionChild {
  readonly process: ChildProcess
  readonly messages: FromVision[] = []
  readonly ready: Promise<FromVision>
  /** Exit code, once it has ended. */
  readonly exited: Promise<number | null>
  stderr = ''
  readonly #owed = new Map<number, PromiseWithResolvers<unknown>>()
  #lastId = 0

  constructor() {
    if (!existsSync(built)) throw new Error(`${built} is not there. Run: npx electron-vite build`)
    this.process = fork(built, [], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.process.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString()
    })
    const ready = Promise.withResolvers<FromVision>()
    this.ready = ready.promise
    const exited = Promise.withResolvers<number | null>()
    this.exited = exited.promise
    this.process.on('message', (raw) => {
      const message = fromVisionSchema.parse(raw)
      this.messages.push(message)
      if (message.type === 'ready') ready.resolve(message)
      if (message.type !== 'response') return
      const owed = this.#owed.get(message.id)
      this.#owed.delete(message.id)
      if (message.ok) owed?.resolve(message.value)
      else owed?.reject(fromWireError(message.error))
    })
    this.process.on('exit', (code) => {
      exited.resolve(code)
      const error = new Error(`The vision process ended: ${code}\n${this.stderr}`)
      ready.reject(error)
      for (const owed of this.#owed.values()) owed.reject(error)
    })
  }

  /** Starts one with the default pack loaded. */
  static async configured(): Promise<VisionChild> {
    const child = new VisionChild()
    await child.ready
    await child.request('configure', { ...defaultPack(), provider: 'auto', threads: 0 })
    return child
  }

  /** The id that the next request will have. */
  get nextId(): number {
    return this.#lastId + 1
  }

  async request<M extends VisionMethod>(method: M, params: VisionParams<M>): Promise<VisionResult<M>> {
    const id = ++this.#lastId
    const owed = Promise.withResolvers<unknown>()
    this.#owed.set(id, owed)
    this.post({ type: 'request', id, method, params })
    return visionMethods[method].result.parse(await owed.promise) as VisionResult<M>
  }

  /** Faces and embeddings only, unless `more` says otherwise. */
  analyse(path: string, more: Partial<VisionParams<'analyse'>> = {}): Promise<VisionResult<'analyse'>> {
    return this.request('analyse', {
      source: { path },
      thorough: false,
      flip: false,
      thumbnailPx: 0,
      crops: false,
      ...more,
    })
  }

  post(message: object): void {
    this.process.send(message)
  }

  async end(): Promise<void> {
    this.process.kill('SIGKILL')
    await this.exited
  }
}

/** Cosine similarity of two unit vectors. */
export function similarity(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0)
}
