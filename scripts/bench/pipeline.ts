/**
 * The pipeline from file to embeddings against its own inference alone, and the memory it takes. Options: `--photos FOLDER`
 * adds a folder's JPEGs to the samples. Electron's Node.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { VisionHost } from '../../src-main/host/vision-host'
import { createSession, readModel } from '../../src-main/vision/inference/session'
import { physicalCores } from '../../src-main/vision/inference/threads'
import { sharp } from '../../src-main/vision/native/sharp'
import type { AnalyseParams } from '../../src-shared/vision-protocol'
import { median, printFigure } from './figure'
import { defaultPack, facesOnly, samplePaths, startVision } from './vision'

const benchmark = 'pipeline'
const rounds = 7
const photosInWork = 3
const memoryPhotos = 1000

export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...argv], options: { photos: { type: 'string' } } })
  const more =
    values.photos === undefined ? [] : readdirSync(values.photos).map((name) => join(values.photos!, name))
  const paths = [...samplePaths, ...more.filter((path) => path.endsWith('.jpg'))]
  const folder = mkdtempSync(join(tmpdir(), 'visor-pipeline-'))
  const host = await startVision()
  try {
    const bare = await bareSessions()
    await measureThroughput(
      host,
      bare,
      paths,
      'photos/s end to end ÷ photos/s of the bare sessions',
      facesOnly,
    )
    await measureThroughput(host, bare, paths, 'the same with thumbnails and face crops', (path) => ({
      ...facesOnly(path),
      thumbnailPx: 320,
      crops: true,
    }))
    await measureLargePhoto(host, bare, await largePhoto(folder))
    await measureMemory(host, paths)
  } finally {
    await host.stop()
    rmSync(folder, { recursive: true })
  }
}

/** Runs the detector and the embedder so many times on prepared tensors; milliseconds. */
type Bare = (detectorRuns: number, embedderRuns: number) => Promise<number>

async function bareSessions(): Promise<Bare> {
  const { pack, packFolder } = defaultPack()
  const threads = await physicalCores()
  const prepare = async ({ file, input }: typeof pack.detector | typeof pack.embedder) => {
    const session = await createSession(await readModel(packFolder, file), 'cpu', threads)
    const { width, height, mean, scale } = input
    const values = Float32Array.from(
      { length: 3 * width * height },
      (_, index) => (((index * 37) % 256) - mean) / scale,
    )
    return { session, feeds: { [input.tensor]: new Tensor('float32', values, [1, 3, height, width]) } }
  }
  const detector = await prepare(pack.detector)
  const embedder = await prepare(pack.embedder)
  const repeat = async (
    part: { session: InferenceSession; feeds: Record<string, Tensor> },
    times: number,
  ) => {
    for (let index = 0; index < times; index++) await part.session.run(part.feeds)
  }
  return async (detectorRuns, embedderRuns) => {
    const started = performance.now()
    await repeat(detector, detectorRuns)
    await repeat(embedder, embedderRuns)
    return performance.now() - started
  }
}

async function analyseAll(host: VisionHost, all: readonly AnalyseParams[]): Promise<number> {
  const waiting = [...all]
  let faces = 0
  const worker = async () => {
    for (let params = waiting.shift(); params !== undefined; params = waiting.shift()) {
      const answer = await host.request('analyse', params)
      faces += answer.faces.length
    }
  }
  await Promise.all(Array.from({ length: photosInWork }, worker))
  return faces
}

async function measureThroughput(
  host: VisionHost,
  bare: Bare,
  paths: readonly string[],
  figure: string,
  paramsOf: (path: string) => AnalyseParams,
  goal?: string,
): Promise<void> {
  const copies = Math.max(1, Math.ceil(24 / paths.length))
  const all = Array.from({ length: copies }, () => paths.map(paramsOf)).flat()
  const faces = await analyseAll(host, all)
  await bare(all.length, faces)
  const pipelineMs: number[] = []
  const bareMs: number[] = []
  for (let round = 0; round < rounds; round++) {
    bareMs.push(await bare(all.length, faces))
    const started = performance.now()
    await analyseAll(host, all)
    pipelineMs.push(performance.now() - started)
  }
  printFigure({
    benchmark,
    figure,
    value: median(bareMs.map((ms, round) => ms / pipelineMs[round]!)),
    ...(goal === undefined ? {} : { goal }),
    details: {
      photos: all.length,
      faces,
      photosPerSecond: (1000 * all.length) / median(pipelineMs),
      barePhotosPerSecond: (1000 * all.length) / median(bareMs),
    },
  })
}

/** A portrait of 12 megapixels: one face of a sample, enlarged, with the grain of a camera. */
async function largePhoto(folder: string): Promise<string> {
  const path = join(folder, 'portrait.jpg')
  const grain = await sharp({
    create: {
      width: 4000,
      height: 3000,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: 6 },
    },
  })
    .png({ compressionLevel: 1 })
    .toBuffer()
  const sample = await readFile(samplePaths[5]!)
  const jpeg = await sharp(sample)
    .extract({ left: 60, top: 400, width: 560, height: 420 })
    .resize(4000, 3000)
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality: 85 })
    .toBuffer()
  await writeFile(path, jpeg)
  return path
}

async function measureLargePhoto(host: VisionHost, bare: Bare, path: string): Promise<void> {
  const first = await host.request('analyse', facesOnly(path))
  const ratios: number[] = []
  const answerMs: number[] = []
  const bareMs: number[] = []
  for (let round = 0; round < 3 * rounds; round++) {
    const bareOnce = (await bare(3, 3)) / 3
    const started = performance.now()
    await host.request('analyse', facesOnly(path))
    const answer = performance.now() - started
    bareMs.push(bareOnce)
    answerMs.push(answer)
    ratios.push(answer / bareOnce)
  }
  printFigure({
    benchmark,
    figure: 'one 12-megapixel photo with one face, request to answer ÷ bare inference',
    value: median(ratios),
    goal: '<= 2.5',
    details: {
      faces: first.faces.length,
      bytes: first.bytes,
      answerMs: median(answerMs),
      bareMs: median(bareMs),
    },
  })
}

async function measureMemory(host: VisionHost, paths: readonly string[]): Promise<void> {
  const megabytes = async () => (await host.request('memory', {})).residentBytes / 1024 / 1024
  const quarter = Array.from({ length: memoryPhotos / 4 }, (_, index) => ({
    ...facesOnly(paths[index % paths.length]!),
    thumbnailPx: 320,
    crops: true,
  }))
  const measured: number[] = []
  for (let part = 0; part < 4; part++) {
    await analyseAll(host, quarter)
    measured.push(await megabytes())
  }
  const [, second, , last] = measured
  printFigure({
    benchmark,
    figure: 'megabytes of the vision process after 1,000 photos',
    value: last!,
    goal: '< 450',
    details: Object.fromEntries(measured.map((value, index) => [`after${(index + 1) * 250}`, value])),
  })
  printFigure({
    benchmark,
    figure: 'memory after 1,000 photos ÷ after 500',
    value: last! / second!,
    goal: '<= 1.05',
    details: {},
  })
}
