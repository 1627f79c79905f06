/** The protocol, spoken to the built process. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { modelIdOf } from '../../../src-shared/model-pack'
import { defaultPack, samplePath, VisionChild } from './vision-child'

let vision: VisionChild

beforeEach(() => {
  vision = new VisionChild()
})

afterEach(() => vision.end())

const configuration = () => ({ ...defaultPack(), provider: 'auto', threads: 0 }) as const

describe('the vision process', () => {
  it('is ready, answers pings and says what it loaded', async () => {
    expect(await vision.ready).toEqual({ type: 'ready', pid: vision.process.pid })
    vision.post({ type: 'ping', sequence: 7 })
    const summary = await vision.request('configure', configuration())
    expect(vision.messages).toContainEqual({ type: 'pong', sequence: 7 })
    expect(summary.modelId).toBe(modelIdOf(defaultPack().pack))
    expect(summary.threads).toBeGreaterThan(0)
  })

  it('keeps the two GLibs apart', async () => {
    await vision.ready
    await vision.request('configure', configuration())
    await vision.analyse(samplePath(1), { thumbnailPx: 200, crops: true })
    expect(vision.stderr).not.toContain('GLib')
  })

  it('refuses to analyse before it has a model', async () => {
    await vision.ready
    await expect(vision.analyse(samplePath(1))).rejects.toMatchObject({ code: 'model-missing' })
  })

  it('says which provider it could not have', async () => {
    await vision.ready
    const other = process.platform === 'linux' ? 'coreml' : 'cuda'
    const summary = await vision.request('configure', { ...configuration(), provider: other })
    expect(summary.provider).toBe('cpu')
    expect(summary.providerNote).toContain(other.toUpperCase())
  })

  it('refuses a request that is not well formed', async () => {
    await vision.ready
    const answer = vision.request('analyse', { source: {} } as never)
    await expect(answer).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  it('goes on after a photo that fails', async () => {
    await vision.ready
    await vision.request('configure', configuration())
    await expect(vision.analyse('nowhere.jpg')).rejects.toMatchObject({ code: 'file-missing' })
    expect((await vision.analyse(samplePath(1))).faces).toHaveLength(3)
  })

  it('answers a ping while photos are in work: inference has threads of its own', async () => {
    await vision.ready
    await vision.request('configure', configuration())
    const photos = Promise.all([1, 2, 3, 4, 5, 6].map((number) => vision.analyse(samplePath(number))))
    vision.post({ type: 'ping', sequence: 77 })
    const answered = () =>
      vision.messages.findIndex((message) => message.type === 'pong' && message.sequence === 77)
    await expect.poll(answered).toBeGreaterThanOrEqual(0)
    const responsesBefore = vision.messages
      .slice(0, answered())
      .filter((message) => message.type === 'response')
    await photos
    expect(responsesBefore.length).toBeLessThan(6)
  })

  it('answers every request once, also those that are cancelled', async () => {
    await vision.ready
    await vision.request('configure', configuration())
    const first = vision.nextId
    const all = Array.from({ length: 12 }, (_, index) => vision.analyse(samplePath((index % 6) + 1)))
    for (const offset of [3, 7, 8, 11]) vision.post({ type: 'cancel', id: first + offset })
    const settled = await Promise.allSettled(all)
    settled.forEach((result, index) => {
      if ([3, 7, 8, 11].includes(index)) {
        expect(result).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } })
      } else expect(result.status).toBe('fulfilled')
    })
    const responses = vision.messages.filter((message) => message.type === 'response' && message.id >= first)
    expect(responses).toHaveLength(12)
  })

  it('may be configured again while photos are in work', async () => {
    await vision.ready
    await vision.request('configure', configuration())
    const before = [1, 2, 3].map((number) => vision.analyse(samplePath(number)))
    const again = vision.request('configure', { ...configuration(), provider: 'cpu', threads: 1 })
    const after = again.then(() => vision.analyse(samplePath(4)))
    expect((await Promise.all(before)).map((answer) => answer.faces.length)).toEqual([3, 3, 3])
    expect(await again).toMatchObject({ provider: 'cpu', threads: 1 })
    expect((await after).faces).toHaveLength(4)
  })

  it('drains: answers what is in work, refuses the rest, ends with 0', async () => {
    await vision.ready
    await vision.request('configure', configuration())
    const inWork = [vision.analyse(samplePath(5)), vision.analyse(samplePath(6))]
    vision.post({ type: 'drain' })
    const late = vision.analyse(samplePath(1))
    await expect(late).rejects.toMatchObject({ code: 'vision-unavailable' })
    expect((await Promise.all(inWork)).map((answer) => answer.faces.length)).toEqual([5, 4])
    expect(await vision.exited).toBe(0)
  })

  it('ends when main is gone', async () => {
    await vision.ready
    vision.process.disconnect()
    expect(await vision.exited).toBe(0)
  })

  it('tells its memory', async () => {
    await vision.ready
    const { residentBytes } = await vision.request('memory', {})
    expect(residentBytes).toBeGreaterThan(20 * 1024 * 1024)
  })
})

describe('model files', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'visor-models-'))
  })

  afterEach(() => rmSync(folder, { recursive: true }))

  it('that are absent or altered are refused, and the pack in use stays', async () => {
    await vision.ready
    const { pack, packFolder } = defaultPack()
    await vision.request('configure', configuration())
    const elsewhere = { ...configuration(), packFolder: folder }
    await expect(vision.request('configure', elsewhere)).rejects.toMatchObject({ code: 'model-missing' })

    const name = pack.detector.file.name
    copyFileSync(join(packFolder, pack.embedder.file.name), join(folder, pack.embedder.file.name))
    const altered = readFileSync(join(packFolder, name))
    altered[1000]! ^= 1
    writeFileSync(join(folder, name), altered)
    await expect(vision.request('configure', elsewhere)).rejects.toMatchObject({ code: 'model-corrupt' })
    expect((await vision.analyse(samplePath(1))).faces).toHaveLength(3)
  })
})
