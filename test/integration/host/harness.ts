/** A supervised process that fails on command, with times short enough for a test. */
import { resolve } from 'node:path'
import { afterEach } from 'vitest'
import { childProcessLauncher } from '../../../src-main/host/child-process'
import { defaultLimits, type SupervisionLimits } from '../../../src-main/host/supervision-limits'
import { VisionHost } from '../../../src-main/host/vision-host'
import type { VisorError } from '../../../src-shared/errors'
import type { VisionState } from '../../../src-shared/status'
import type { AnalyseParams, VisionParams } from '../../../src-shared/vision-protocol'

export const faultyEntry = resolve(import.meta.dirname, '../../fixtures/faulty-vision.mjs')

const hosts = new Set<VisionHost>()

afterEach(async () => {
  const ending = [...hosts].map((host) => host.stop())
  hosts.clear()
  await Promise.all(ending)
})

/** A host over the faulty process, stopped after the test; restarts come quickly, nothing else is shortened. */
export function faultyHost(limits: Partial<SupervisionLimits> = {}, entry = faultyEntry) {
  const log: string[] = []
  const states: VisionState[] = []
  const host = new VisionHost({
    launch: childProcessLauncher(entry),
    limits: { ...defaultLimits, firstRestartMs: 10, ...limits },
    log: (line) => log.push(line),
  })
  host.onStatus(({ state }) => {
    if (states.at(-1) !== state) states.push(state)
  })
  hosts.add(host)
  return { host, log, states }
}

/** `analyse` of the photo whose name is a command to the faulty process. */
export function photo(command: string): AnalyseParams {
  return { source: { path: command }, thorough: false, flip: false, thumbnailPx: 0, crops: true }
}

/** A configuration; `command` tells the faulty process what to do with it. */
export function configuration(command = 'plain'): VisionParams<'configure'> {
  const source = { kind: 'zip', url: 'https://example.invalid/a.zip', path: 'a' } as const
  const file = { name: 'a.onnx', sha256: '0'.repeat(64), bytes: 1, source }
  const input = {
    tensor: 'data',
    width: 8,
    height: 8,
    layout: 'nchw',
    colour: 'rgb',
    mean: 0,
    scale: 1,
  } as const
  return {
    packFolder: command,
    provider: 'cpu',
    threads: 1,
    pack: {
      id: 'test',
      title: 'Test pack',
      licence: { name: 'MIT', summary: '', consentRequired: false },
      detector: {
        name: 'detector',
        file,
        input,
        decoder: { kind: 'scrfd', anchorsPerCell: 1, levels: [] },
        minScore: 0.5,
        nmsIou: 0.4,
      },
      embedder: { name: 'embedder', file, input, output: 'out', length: 512, template: [] },
      thresholds: {
        verify: 0.5,
        impostor: { meanSimilarity: 0, standardDeviation: 0.1, comparisons: 0, source: '' },
        identify: { matchFpir: 0.01, possibleFpir: 0.1 },
      },
      enrolment: {
        quality: { size: 0, sharpness: 0, pose: 0, exposure: 0, source: '' },
        duplicate: { faceDistance: 0, alikeDistance: 0, hashBits: 0, source: '' },
      },
    },
  }
}

/** What `promise` is rejected with. */
export async function failure(promise: Promise<unknown>): Promise<VisorError> {
  const outcome = await promise.then(
    () => undefined,
    (error: VisorError) => error,
  )
  if (outcome === undefined) throw new Error('It was expected to fail, and did not.')
  return outcome
}

/** Resolves once the host is in `state`. */
export function reaches(host: VisionHost, state: VisionState): Promise<void> {
  return new Promise((done) => {
    const check = () => {
      if (host.status.state !== state) return
      end()
      done()
    }
    const end = host.onStatus(check)
    check()
  })
}

export const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
