/** The retry rule, over a real process that photos kill. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { PhotoRunner } from '../../../src-main/host/photo-runner'
import type { VisionClient } from '../../../src-main/host/vision-client'
import { configuration, failure, faultyHost, pause, photo } from './harness'

function mark(): string {
  const folder = mkdtempSync(join(tmpdir(), 'visor-mark-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'mark')
}

async function faultyRunner(concurrency?: number) {
  const { host } = faultyHost()
  await host.configure(configuration())
  let inWork = 0
  let most = 0
  const counting: VisionClient = {
    async request(method, params, options) {
      inWork += 1
      most = Math.max(most, inWork)
      try {
        return await host.request(method, params, options)
      } finally {
        inWork -= 1
      }
    },
  }
  const runner = new PhotoRunner(counting, concurrency)
  const blamed: string[] = []
  const run = (command: string, crashes = 0, signal?: AbortSignal) =>
    runner.run(
      {
        params: photo(command),
        crashes,
        onCrash: (count) => blamed.push(`${command.split(':')[0]} ${count}`),
      },
      signal === undefined ? {} : { signal },
    )
  return { host, run, blamed, most: () => most }
}

describe('without a crash', () => {
  it('three photos are in work at once, and all are answered', async () => {
    const { run, most } = await faultyRunner()
    const answers = await Promise.all(Array.from({ length: 10 }, () => run('slow:20')))
    expect(answers).toHaveLength(10)
    expect(most()).toBe(3)
  })

  it('what the process refuses is refused, and the next goes on', async () => {
    const { run } = await faultyRunner(1)
    const refused = failure(run('refuse:image-corrupt'))
    const next = run('ok')
    expect(await refused).toMatchObject({ code: 'image-corrupt' })
    expect((await next).faces).toHaveLength(1)
  })

  it('a photo is cancelled before its turn and during it, and makes room', async () => {
    const { run } = await faultyRunner(1)
    const [inWork, waiting] = [new AbortController(), new AbortController()]
    const first = failure(run('slow:60000', 0, inWork.signal))
    const second = failure(run('ok', 0, waiting.signal))
    const third = run('ok')
    waiting.abort()
    expect(await second).toMatchObject({ code: 'cancelled' })
    inWork.abort()
    expect(await first).toMatchObject({ code: 'cancelled' })
    expect((await third).faces).toHaveLength(1)
    expect(await failure(run('ok', 0, AbortSignal.abort()))).toMatchObject({ code: 'cancelled' })
  })
})

describe('a photo in work when the process dies', () => {
  it('is tried once more', async () => {
    const { host, run, blamed } = await faultyRunner()
    expect((await run(`abort-once:${mark()}`)).faces).toHaveLength(1)
    expect(blamed).toEqual(['abort-once 1'])
    expect(host.status.restarts).toBe(1)
  })

  it('and dies again is set aside, and the others go on', async () => {
    const { host, run, blamed } = await faultyRunner()
    const before = [run('ok'), run('ok')]
    const guilty = failure(run('abort'))
    const after = Array.from({ length: 6 }, () => run('ok'))
    const error = await guilty
    expect(error).toMatchObject({ code: 'set-aside', fault: 'input' })
    expect(error.message).toContain('2 times')
    expect(await Promise.all([...before, ...after])).toHaveLength(8)
    expect(host.status.restarts).toBe(2)
    expect(blamed.filter((entry) => entry.startsWith('abort'))).toEqual(['abort 1', 'abort 2'])
  })

  it('beside others takes them along once, and only it is blamed a second time', async () => {
    const { host, run, blamed, most } = await faultyRunner()
    const innocent = [run('slow:300'), run('slow:300')]
    const guilty = failure(run('abort-after:50'))
    const later = Array.from({ length: 4 }, () => run('ok'))
    expect(await guilty).toMatchObject({ code: 'set-aside' })
    expect(await Promise.all([...innocent, ...later])).toHaveLength(6)
    expect(blamed.toSorted()).toEqual(['abort-after 1', 'abort-after 2', 'slow 1', 'slow 1'])
    expect(host.status.restarts).toBe(2)
    expect(most()).toBe(3)
  })

  it('because somebody killed it costs nothing', async () => {
    const { host, run, blamed } = await faultyRunner()
    const answers = Array.from({ length: 12 }, () => run('slow:50'))
    await Promise.race(answers)
    process.kill(host.status.pid!, 'SIGKILL')
    expect(await Promise.all(answers)).toHaveLength(12)
    expect(blamed.length).toBeGreaterThan(0)
    expect(blamed.every((entry) => entry === 'slow 1')).toBe(true)
    expect(host.status.restarts).toBe(1)
  })

  it('and is cancelled meanwhile is not tried again', async () => {
    const { run } = await faultyRunner()
    const cancel = new AbortController()
    const doomed = failure(run('abort-after:100', 0, cancel.signal))
    await pause(50)
    cancel.abort()
    expect(await doomed).toMatchObject({ code: 'cancelled' })
    expect((await run('ok')).faces).toHaveLength(1)
  })
})

describe('deaths of an earlier run', () => {
  it('count: with one a photo is tried alone, with two it is not tried', async () => {
    const { run, blamed, most } = await faultyRunner()
    await Promise.all([run('slow:20', 1), run('slow:20', 1), run('slow:20', 1)])
    expect(most()).toBe(1)
    expect(await failure(run('ok', 2))).toMatchObject({ code: 'set-aside' })
    expect(await failure(run('abort', 1))).toMatchObject({ code: 'set-aside' })
    expect(blamed).toEqual(['abort 2'])
  })

  it('do not hide that the process is not to be had', async () => {
    const { host, run } = await faultyRunner()
    await host.stop()
    expect(await failure(run('ok'))).toMatchObject({ code: 'vision-unavailable' })
  })
})

describe('boxes of a photo', () => {
  const params = (command: string) => ({
    source: { path: command },
    flip: false,
    boxes: [{ x: 0, y: 0, w: 9, h: 9 }],
  })

  it('take their turn with the photos, and are tried once more when the process dies', async () => {
    const { host } = faultyHost()
    await host.configure(configuration())
    const runner = new PhotoRunner(host, 1)
    const answered: string[] = []
    const note = (word: string) => () => answered.push(word)
    await Promise.all([
      runner.run({ params: photo('slow:50') }).then(note('photo')),
      runner.embedBoxes({ params: params(`abort-once:${mark()}`) }).then(note('boxes')),
    ])
    expect(answered).toEqual(['photo', 'boxes'])
    expect((await runner.embedBoxes({ params: params('ok') })).faces).toMatchObject([{ alignedBy: 'box' }])
    expect(await failure(runner.embedBoxes({ params: params('abort') }))).toMatchObject({ code: 'set-aside' })
  })

  it('are given up at their deadline, and cancelled', async () => {
    const { host } = faultyHost()
    await host.configure(configuration())
    const runner = new PhotoRunner(host)
    const late = runner.embedBoxes({ params: params('slow:60000') }, { timeoutMs: 100 })
    expect(await failure(late)).toMatchObject({ code: 'deadline-exceeded' })
    const cancel = new AbortController()
    const doomed = failure(runner.embedBoxes({ params: params('slow:60000') }, { signal: cancel.signal }))
    cancel.abort()
    expect(await doomed).toMatchObject({ code: 'cancelled' })
  })
})
