/** The supervisor over real processes that crash, hang, lie and leave. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { VisionHost } from '../../../src-main/host/vision-host'
import { configuration, failure, faultyHost, isAlive, pause, photo, reaches } from './harness'

const quickWatch = { pingEveryMs: 50, idleSilenceMs: 400, secondChanceMs: 400 }

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'visor-host-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

describe('a process in order', () => {
  it('is started by the first configuration and answers', async () => {
    const { host, states } = faultyHost()
    expect(host.status).toEqual({ state: 'stopped', restarts: 0 })
    const configured = await host.configure(configuration('model-1'))
    expect(configured).toEqual({ modelId: 'model-1', provider: 'cpu', threads: 1, tellsReal: false })
    const { faces } = await host.request('analyse', photo('ok'))
    expect(faces[0]?.embedding).toBeInstanceOf(Float32Array)
    expect(faces[0]?.embedding).toHaveLength(512)
    expect([...(faces[0]?.crop ?? [])]).toEqual([1, 2])
    expect(states).toEqual(['starting', 'ready'])
    expect(host.status).toMatchObject({
      state: 'ready',
      restarts: 0,
      modelId: 'model-1',
      provider: 'cpu',
      packId: 'test',
      packTitle: 'Test pack',
    })
    expect(isAlive(host.status.pid!)).toBe(true)
  })

  it('gets what was asked while it started, once it is configured', async () => {
    const { host } = faultyHost()
    const configured = host.configure(configuration('slow:100'))
    const answer = host.request('analyse', photo('ok'))
    expect(host.status.state).toBe('starting')
    expect((await answer).modelId).toBe('slow:100')
    await configured
  })

  it('takes a new configuration, and the caller of the one before is told', async () => {
    const { host } = faultyHost()
    const first = failure(host.configure(configuration('slow:200')))
    await pause(150)
    const second = host.configure(configuration('model-2'))
    expect(await first).toMatchObject({ code: 'cancelled' })
    await second
    await pause(100)
    expect(host.status).toMatchObject({ state: 'ready', modelId: 'model-2' })
    expect((await host.request('analyse', photo('ok'))).modelId).toBe('model-2')
  })

  it('inherits no secret', async () => {
    process.env.VISOR_TEST_TOKEN = 'secret'
    onTestFinished(() => {
      delete process.env.VISOR_TEST_TOKEN
    })
    const { host } = faultyHost()
    await host.configure(configuration())
    const seen = async (name: string) =>
      (await failure(host.request('analyse', photo(`environment:${name}`)))).message
    expect(await seen('VISOR_TEST_TOKEN')).toBe('(absent)')
    expect(await seen('UV_THREADPOOL_SIZE')).toBe('4')
    expect(await seen('PATH')).toBe(process.env.PATH)
  })
})

describe('a request', () => {
  it('is given up at its deadline, and the process is told', async () => {
    const { host } = faultyHost()
    await host.configure(configuration())
    const error = await failure(host.request('analyse', photo('slow:300'), { timeoutMs: 30 }))
    expect(error).toMatchObject({ code: 'deadline-exceeded', fault: 'environment' })
    expect((await host.request('analyse', photo('cancels'))).bytes).toBe(2)
  })

  it('is cancelled by its signal at once, in work or waiting, and its late answer harms nobody', async () => {
    const { host, states } = faultyHost()
    const waiting = new AbortController()
    const configured = host.configure(configuration('slow:50'))
    const early = failure(host.request('analyse', photo('ok'), { signal: waiting.signal }))
    waiting.abort()
    expect(await early).toMatchObject({ code: 'cancelled' })
    await configured
    const inWork = new AbortController()
    const late = failure(host.request('analyse', photo('slow:50'), { signal: inWork.signal }))
    await pause(10)
    inWork.abort()
    expect(await late).toMatchObject({ code: 'cancelled' })
    expect((await host.request('analyse', photo('cancels'))).bytes).toBe(2)
    await pause(80)
    await host.request('analyse', photo('ok'))
    expect(states).toEqual(['starting', 'ready'])
    const aborted = host.request('analyse', photo('ok'), { signal: AbortSignal.abort() })
    expect(await failure(aborted)).toMatchObject({ code: 'cancelled' })
  })

  it('whose deadline passes while the process restarts is rejected there and then', async () => {
    const { host } = faultyHost({ firstRestartMs: 60_000 })
    await host.configure(configuration())
    await failure(host.request('analyse', photo('abort')))
    expect(host.status.state).toBe('restarting')
    const error = await failure(host.request('analyse', photo('ok'), { timeoutMs: 20 }))
    expect(error.code).toBe('deadline-exceeded')
  })

  it.each(['malformed', 'not-unit'])(
    'with a %s answer fails alone, naming the method and not the data',
    async (fault) => {
      const { host, states } = faultyHost()
      await host.configure(configuration())
      const error = await failure(host.request('analyse', photo(fault)))
      expect(error).toMatchObject({ code: 'internal' })
      expect(error.message).toContain('analyse')
      expect(error.detail).toMatch(/^(width|faces\.0\.embedding): \w+$/)
      await host.request('analyse', photo('ok'))
      expect(states).toEqual(['starting', 'ready'])
    },
  )

  it('that cannot be cloned is refused before it is sent', async () => {
    const { host } = faultyHost()
    await host.configure(configuration())
    const params = { ...photo('ok'), uncloneable: () => {} }
    expect(await failure(host.request('analyse', params))).toMatchObject({ code: 'internal' })
    await host.request('analyse', photo('ok'))
  })

  it('raises what the process raises', async () => {
    const { host } = faultyHost()
    await host.configure(configuration())
    const error = await failure(host.request('analyse', photo('refuse:image-corrupt')))
    expect(error).toMatchObject({ code: 'image-corrupt', message: 'No.' })
  })
})

describe('the death of the process', () => {
  it('rejects all that is in work, keeps what waits, and the next process knows its configuration', async () => {
    const { host, states, log } = faultyHost()
    await host.configure(configuration('model-1'))
    const pid = host.status.pid
    const inWork = ['slow:5000', 'abort', 'slow:5000'].map((name) =>
      failure(host.request('analyse', photo(name))),
    )
    for (const error of await Promise.all(inWork)) {
      expect(error).toMatchObject({ code: 'vision-crashed' })
      expect(error.detail).toContain('free(): invalid pointer')
      expect(error.detail).toContain('SIGABRT')
    }
    expect(host.status.error?.code).toBe('vision-crashed')
    const after = await host.request('analyse', photo('ok'))
    expect(after.modelId).toBe('model-1')
    expect(states).toEqual(['starting', 'ready', 'restarting', 'ready'])
    expect(host.status.restarts).toBe(1)
    expect(host.status.pid).not.toBe(pid)
    expect(host.status.error).toBeUndefined()
    expect(log.join('\n')).toContain('free(): invalid pointer')
  })

  it.each([
    ['killed from outside', 'slow:5000'],
    ['leaving with exit code 0', 'exit:0'],
    ['saying what the protocol does not know', 'nonsense'],
    ['closing its channel', 'disconnect'],
  ])('is noticed when it comes by %s', async (_how, name) => {
    const { host } = faultyHost()
    await host.configure(configuration())
    const inWork = failure(host.request('analyse', photo(name)))
    if (name.startsWith('slow')) process.kill(host.status.pid!, 'SIGKILL')
    expect(await inWork).toMatchObject({ code: 'vision-crashed' })
    await host.request('analyse', photo('ok'))
    expect(host.status.restarts).toBe(1)
  })

  it('follows where it answers what nobody asked', async () => {
    const { host } = faultyHost()
    await host.configure(configuration())
    await host.request('analyse', photo('twice'))
    await reaches(host, 'restarting')
    await host.request('analyse', photo('ok'))
  })

  it('is `failed` after five restarts, until it is tried again', async () => {
    const { host, states } = faultyHost({ firstRestartMs: 1, longestRestartMs: 2 })
    await host.configure(configuration())
    for (let death = 1; death <= 6; death++) {
      expect(await failure(host.request('analyse', photo('exit:3')))).toMatchObject({
        code: 'vision-crashed',
      })
    }
    expect(host.status).toMatchObject({ state: 'failed', restarts: 5, error: { code: 'vision-unavailable' } })
    expect(host.status.error?.detail).toContain('exit code 3')
    const refused = await failure(host.request('analyse', photo('ok')))
    expect(refused).toMatchObject({ code: 'vision-unavailable' })
    expect(refused.remedy).toContain('Try again')
    expect(host.status.pid).toBeUndefined()
    await pause(50)
    expect(states.at(-1)).toBe('failed')
    host.tryAgain()
    await host.request('analyse', photo('ok'))
    expect(host.status).toMatchObject({ state: 'ready', restarts: 5 })
    await failure(host.request('analyse', photo('exit:3')))
    await host.request('analyse', photo('ok'))
  })

  it('before it is ready counts too, and those who wait are told in the end', async () => {
    const { host } = faultyHost({ firstRestartMs: 1 })
    const configured = failure(host.configure(configuration('abort')))
    const waiting = failure(host.request('analyse', photo('ok')))
    expect(await configured).toMatchObject({ code: 'vision-unavailable' })
    expect(await waiting).toMatchObject({ code: 'vision-unavailable' })
    expect(host.status).toMatchObject({ state: 'failed', restarts: 5 })
  })

  it('that comes because it cannot be started is counted', async () => {
    const { host } = faultyHost({ firstRestartMs: 1, restartsAllowed: 2 }, '/nonexistent/vision.js')
    expect(await failure(host.configure(configuration()))).toMatchObject({ code: 'vision-unavailable' })
    expect(host.status).toMatchObject({ state: 'failed', restarts: 2 })
    expect(host.status.error?.detail).toContain('Cannot find module')
  })

  it('is not waited for where the launch itself fails', async () => {
    const launch = () => {
      throw new Error('no more processes')
    }
    const host = new VisionHost({ launch, limits: { firstRestartMs: 1 } })
    const error = await failure(host.configure(configuration()))
    expect(error).toMatchObject({ code: 'vision-unavailable' })
    expect(error.detail).toContain('no more processes')
  })
})

describe('silence', () => {
  it('of a process with nothing to do is a hang', async () => {
    const { host, log } = faultyHost({ ...quickWatch, workSilenceMs: 60_000 })
    await host.configure(configuration())
    const pid = host.status.pid!
    await host.request('analyse', photo('hang-later'))
    await reaches(host, 'restarting')
    expect(host.status.error?.message).toContain('stopped answering')
    await host.request('analyse', photo('ok'))
    expect(isAlive(pid)).toBe(false)
    expect(log.join('\n')).toContain('asking once more')
  })

  it('is borne while a native call blocks the thread', async () => {
    const { host, states } = faultyHost({ ...quickWatch, workSilenceMs: 5_000 })
    await host.configure(configuration())
    await host.request('analyse', photo('busy:1500'))
    expect(states).toEqual(['starting', 'ready'])
  })

  it('in work is a hang where it lasts too long', async () => {
    const { host } = faultyHost({ ...quickWatch, workSilenceMs: 600 })
    await host.configure(configuration())
    const startedAtMs = performance.now()
    const error = await failure(host.request('analyse', photo('hang')))
    expect(error).toMatchObject({ code: 'vision-crashed' })
    expect(performance.now() - startedAtMs).toBeGreaterThan(1_000)
    await host.request('analyse', photo('ok'))
  })

  it('of main itself is not held against the process', async () => {
    const { host, states } = faultyHost({ ...quickWatch, workSilenceMs: 60_000 })
    await host.configure(configuration())
    await pause(50)
    // Main is held up, or the computer slept: pings and answers are late through no fault of the process.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000)
    await pause(600)
    expect(states).toEqual(['starting', 'ready'])
  })

  it('to its configuration ends a process', async () => {
    const { host } = faultyHost({
      restartsAllowed: 1,
      requestMs: { configure: 200, analyse: 1, embedBoxes: 1, render: 1, annotate: 1, memory: 1 },
    })
    const error = await failure(host.configure(configuration('silent'), { timeoutMs: 10_000 }))
    expect(error).toMatchObject({ code: 'vision-unavailable' })
    expect(host.status).toMatchObject({ state: 'failed', restarts: 1 })
  })
})

describe('a configuration that is refused', () => {
  it.each(['model-missing', 'model-corrupt'])('as %s is `no-model` and costs no restart', async (code) => {
    const { host } = faultyHost()
    const configured = failure(host.configure(configuration(`refuse:${code}`)))
    const waiting = failure(host.request('analyse', photo('ok')))
    expect(await configured).toMatchObject({ code })
    expect(await waiting).toMatchObject({ code: 'vision-unavailable' })
    expect(host.status).toMatchObject({ state: 'no-model', restarts: 0, error: { code } })
    const refused = await failure(host.request('analyse', photo('ok')))
    expect(refused).toMatchObject({ code: 'vision-unavailable' })
    expect(refused.remedy).toBeTruthy()
    await host.configure(configuration())
    expect((await host.request('analyse', photo('ok'))).modelId).toBe('plain')
  })

  it('is tried again once the files are there', async () => {
    const file = join(temporaryFolder(), 'model')
    const { host, states } = faultyHost()
    expect(await failure(host.configure(configuration(`needs:${file}`)))).toMatchObject({
      code: 'model-missing',
    })
    writeFileSync(file, '')
    host.tryAgain()
    await host.request('analyse', photo('ok'))
    expect(states).toEqual(['starting', 'no-model', 'starting', 'ready'])
  })

  it('for any other reason is `failed` at once', async () => {
    const { host } = faultyHost()
    expect(await failure(host.configure(configuration('refuse:internal')))).toMatchObject({
      code: 'internal',
    })
    expect(host.status).toMatchObject({ state: 'failed', restarts: 0, error: { code: 'vision-unavailable' } })
    await host.configure(configuration())
    await host.request('analyse', photo('ok'))
  })
})

describe('the end', () => {
  it('is graceful with `drain`: what is in work is answered, what comes is refused', async () => {
    const { host } = faultyHost()
    await host.configure(configuration())
    const pid = host.status.pid!
    const inWork = host.request('analyse', photo('slow:150'))
    await pause(20)
    const drained = host.drain()
    expect(await failure(host.request('analyse', photo('ok')))).toMatchObject({ code: 'vision-unavailable' })
    expect((await inWork).faces).toHaveLength(1)
    await drained
    expect(isAlive(pid)).toBe(false)
    expect(host.status).toMatchObject({ state: 'stopped', restarts: 0 })
    expect(host.status.pid).toBeUndefined()
  })

  it('is forced where draining takes too long', async () => {
    const { host } = faultyHost({ drainMs: 100 })
    await host.configure(configuration())
    const pid = host.status.pid!
    const inWork = failure(host.request('analyse', photo('hang')))
    await pause(20)
    await host.drain()
    expect(await inWork).toMatchObject({ code: 'vision-crashed' })
    expect(isAlive(pid)).toBe(false)
    expect(host.status.state).toBe('stopped')
  })

  it('with `stop` rejects what is in work and what waits', async () => {
    const { host } = faultyHost()
    await host.configure(configuration())
    const inWork = failure(host.request('analyse', photo('slow:5000')))
    await host.stop()
    expect(await inWork).toMatchObject({ code: 'vision-unavailable' })
    const configured = failure(host.configure(configuration('slow:5000')))
    const waiting = failure(host.request('analyse', photo('ok')))
    await host.stop()
    expect(await configured).toMatchObject({ code: 'vision-unavailable' })
    expect(await waiting).toMatchObject({ code: 'vision-unavailable' })
  })

  it('stops a restart that is due', async () => {
    const { host } = faultyHost({ firstRestartMs: 30 })
    await host.configure(configuration())
    await failure(host.request('analyse', photo('exit:1')))
    await host.stop()
    await pause(80)
    expect(host.status).toMatchObject({ state: 'stopped' })
    expect(host.status.pid).toBeUndefined()
    host.tryAgain()
    expect(host.status.state).toBe('stopped')
  })

  it('leaves nothing behind: no timer, no process, no listener', async () => {
    const { host } = faultyHost()
    const held = () => Object.groupBy(process.getActiveResourcesInfo(), (kind) => kind)
    const before = held()
    const { signal } = new AbortController()
    await host.configure(configuration())
    await Promise.all(
      Array.from({ length: 20 }, () => host.request('analyse', photo('ok'), { signal, timeoutMs: 60_000 })),
    )
    await failure(host.request('analyse', photo('exit:1'), { signal }))
    await host.request('analyse', photo('ok'), { signal })
    const pid = host.status.pid!
    await host.stop()
    await pause(20)
    expect(isAlive(pid)).toBe(false)
    for (const [kind, now] of Object.entries(held())) {
      expect(now?.length, kind).toBeLessThanOrEqual(before[kind]?.length ?? 0)
    }
  })
})
