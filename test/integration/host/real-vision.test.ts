/** The supervisor over the real vision process, where it has been built and has its models. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { childProcessLauncher } from '../../../src-main/host/child-process'
import { PhotoRunner } from '../../../src-main/host/photo-runner'
import { VisionHost } from '../../../src-main/host/vision-host'
import { manifestSchema } from '../../../src-shared/model-pack'
import { failure, isAlive, photo } from './harness'

const visor = resolve(import.meta.dirname, '../../..')
const entry = join(visor, 'out/main/vision.js')
const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(visor, 'models/manifest.json'), 'utf8')))
const pack = manifest.packs.find(({ id }) => id === manifest.defaultPack)!
const packFolder = join(visor, 'models', pack.id)
const samples = manifest.samples.map(({ name, faces }) => ({
  path: join(visor, 'node_modules/@vladmandic/face-api/demo', name),
  faces,
}))
const needed = [entry, join(packFolder, pack.detector.file.name), join(packFolder, pack.embedder.file.name)]

describe.runIf(needed.every(existsSync))('the vision process', () => {
  const configuration = { pack, packFolder, provider: 'cpu', threads: 0 } as const
  let host: VisionHost

  beforeEach(() => {
    host = new VisionHost({ launch: childProcessLauncher(entry) })
  })

  afterEach(() => host.stop())

  it('is killed in mid-queue, and every photo is answered as if nothing had been', async () => {
    await host.configure(configuration)
    const runner = new PhotoRunner(host)
    const queue = Array.from({ length: 4 }, () => samples).flat()
    let answered = 0
    let deaths = 0
    const faces = await Promise.all(
      queue.map(async ({ path }) => {
        const analysis = await runner.run({ params: photo(path), onCrash: () => (deaths += 1) })
        answered += 1
        if (answered === 5) process.kill(host.status.pid!, 'SIGKILL')
        return analysis.faces.length
      }),
    )
    expect(faces).toEqual(queue.map((sample) => sample.faces))
    expect(deaths).toBe(3)
    expect(host.status).toMatchObject({ state: 'ready', restarts: 1 })
  })

  it('is drained: what is in work is answered, then it is gone', async () => {
    await host.configure(configuration)
    const pid = host.status.pid!
    const inWork = samples.map(({ path }) => host.request('analyse', { ...photo(path), thumbnailPx: 1024 }))
    await host.drain()
    const faces = (await Promise.all(inWork)).map((analysis) => analysis.faces.length)
    expect(faces).toEqual(samples.map((sample) => sample.faces))
    expect(isAlive(pid)).toBe(false)
  })

  it('says which file is missing, and waits for it', async () => {
    const elsewhere = { ...configuration, packFolder: join(visor, 'models/nowhere') }
    expect(await failure(host.configure(elsewhere))).toMatchObject({ code: 'model-missing' })
    expect(host.status).toMatchObject({ state: 'no-model', restarts: 0 })
    await host.configure(configuration)
    expect(await failure(host.request('analyse', photo('/nowhere.jpg')))).toMatchObject({
      code: 'file-missing',
    })
  })

  it('is cancelled in mid-photo, and answers the next', async () => {
    await host.configure(configuration)
    const cancel = new AbortController()
    const path = samples[0]!.path
    const cancelled = failure(host.request('analyse', photo(path), { signal: cancel.signal }))
    setTimeout(() => cancel.abort(), 10)
    expect(await cancelled).toMatchObject({ code: 'cancelled' })
    expect((await host.request('analyse', photo(path))).faces).toHaveLength(samples[0]!.faces)
    expect(host.status.restarts).toBe(0)
  })
})
