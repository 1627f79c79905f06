/** What must cost nobody anything: a vision process killed in mid-queue, Visor killed in mid-queue, bad files, two Visors. */
import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeBadPhotos } from '../fixtures/bad-photos'
import { queueItems } from './asking'
import { newDataFolder, openVisor, samplePhoto, type VisorWindow } from './visor-window'

const faces = [3, 3, 3, 4, 5, 4]

/** The sample photos over and over, each with a few bytes of its own at its end, so that no two are the same photo. */
function manyPhotos(count: number): string[] {
  const folder = newDataFolder()
  return Array.from({ length: count }, (_, index) => {
    const path = join(folder, `photo ${String(index).padStart(4, '0')}.jpg`)
    writeFileSync(
      path,
      Buffer.concat([readFileSync(samplePhoto((index % 6) + 1)), Buffer.from(`visor ${index}`)]),
    )
    return path
  })
}

async function withDomain(visor: VisorWindow): Promise<void> {
  await visor.page.evaluate(async () => {
    await window.visor.request['gallery.createDomain']({ clientId: 'default', domain: 'team' })
    await window.visor.request['settings.update']({ search: { domain: 'team' }, firstRunDone: true })
  })
}

const states = async ({ page }: VisorWindow): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const { state } of await queueItems(page)) counts[state] = (counts[state] ?? 0) + 1
  return counts
}

describe('the vision process', () => {
  it('is killed twice in mid-queue, and every photo is answered', async () => {
    const visor = await openVisor()
    await withDomain(visor)
    const paths = manyPhotos(60)
    await visor.drop(paths)
    for (const done of [10, 30]) {
      await expect
        .poll(async () => (await states(visor)).done ?? 0, { timeout: 60_000 })
        .toBeGreaterThan(done)
      const pid = await visor.visionPid()
      process.kill(pid, 'SIGKILL')
      await expect
        .poll(() => visor.visionPid().then((now) => now !== 0 && now !== pid), { timeout: 30_000 })
        .toBe(true)
    }
    await expect.poll(() => states(visor), { timeout: 90_000 }).toEqual({ done: 60 })
    expect((await queueItems(visor.page)).map((item) => item.faces)).toEqual(
      paths.map((_, index) => faces[index % 6]),
    )
    await visor.close()
  })

  it('fails for good after too many deaths, says so, and works again when it is told to', async () => {
    const visor = await openVisor()
    await withDomain(visor)
    const state = async () => {
      const reply = await visor.page.evaluate(() => window.visor.request['app.status'](undefined))
      return reply.ok ? (reply.value as { vision: { state: string } }).vision.state : ''
    }
    const endMs = performance.now() + 100_000
    while ((await state()) !== 'failed') {
      expect(performance.now()).toBeLessThan(endMs)
      const pid = await visor.visionPid()
      if (pid !== 0) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch (error) {
          expect(error).toMatchObject({ code: 'ESRCH' })
        }
      }
      await visor.page.waitForTimeout(50)
    }
    await visor.drop([samplePhoto(1)])
    await visor.screenshot('vision-failed')
    await visor.page.getByRole('button', { name: 'Try again' }).first().click()
    await expect.poll(() => states(visor), { timeout: 30_000 }).toEqual({ done: 1 })
    await visor.close()
  })
})

describe('Visor', () => {
  it('is killed in mid-queue, and goes on where it was', async () => {
    const first = await openVisor()
    await withDomain(first)
    await first.drop(manyPhotos(40))
    await expect.poll(async () => (await states(first)).done ?? 0, { timeout: 60_000 }).toBeGreaterThan(8)
    const before = (await queueItems(first.page)).filter(({ state }) => state === 'done')
    first.app.process().kill('SIGKILL')
    await first.app.waitForEvent('close').catch(() => undefined)

    const second = await openVisor({ data: first.data })
    await expect.poll(() => states(second), { timeout: 60_000 }).toEqual({ done: 40 })
    const after = new Map((await queueItems(second.page)).map((item) => [item.itemId, item]))
    for (const { itemId, faces: found, elapsedMs } of before) {
      // The very answer, not one made anew.
      expect(after.get(itemId)).toMatchObject({ faces: found, elapsedMs })
    }
    await second.close()
  })

  it('keeps what was changed a moment before it is quit, however often that is asked for', async () => {
    const visor = await openVisor()
    const settings = () => JSON.parse(readFileSync(join(visor.data, 'settings.json'), 'utf8'))
    await visor.page.evaluate(() => window.visor.request['settings.update']({ search: { topK: 7 } }))
    const closed = visor.app.waitForEvent('close')
    await visor.app
      .evaluate(({ app }) => {
        app.quit()
        app.quit()
      })
      .catch(() => undefined)
    await closed
    expect(settings().search.topK).toBe(7)
    expect(settings().window).toMatchObject({ width: expect.any(Number), maximized: false })
  })

  it('brings its window to the front instead of using a data folder twice; the command line says who has it', async () => {
    const visor = await openVisor()
    const root = join(import.meta.dirname, '..', '..')
    const run = (args: readonly string[], env: NodeJS.ProcessEnv) =>
      new Promise<{ code: number | null; text: string }>((resolve) => {
        const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
        let text = ''
        for (const stream of [child.stdout, child.stderr])
          stream.on('data', (chunk) => (text += String(chunk)))
        child.on('close', (code) => resolve({ code, text }))
      })
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    const again = await run([...sandbox, root, '--data', visor.data], process.env)
    expect(again.code).toBe(0)
    const line = await run([join(root, 'out/main/cli.js'), '--json', '--data', visor.data, 'stats'], {
      ...process.env,
      ELECTRON_RUN_AS_NODE: '1',
    })
    expect(line.code).toBe(2)
    expect(line.text).toContain('data-folder-in-use')
    await visor.close()
  })
})

describe('bad files', () => {
  it('each say what is wrong with them, and the others are answered', async () => {
    const visor = await openVisor()
    await withDomain(visor)
    const folder = newDataFolder()
    const bad = makeBadPhotos(folder)
    const gone = join(folder, 'gone.jpg')
    writeFileSync(gone, readFileSync(samplePhoto(1)))
    await visor.page.evaluate(() => window.visor.request['queue.pause'](undefined))
    await visor.drop([
      samplePhoto(3),
      ...Object.keys(bad).map((name) => join(folder, name)),
      gone,
      samplePhoto(3),
    ])
    await expect.poll(async () => (await queueItems(visor.page)).length).toBe(Object.keys(bad).length + 3)
    rmSync(gone)
    await visor.page.evaluate(() => window.visor.request['queue.resume'](undefined))
    await expect
      .poll(() => states(visor), { timeout: 30_000 })
      .toEqual({ done: 2, failed: Object.keys(bad).length + 1 })
    const items = await queueItems(visor.page)
    const codes = Object.fromEntries(
      items.filter(({ error }) => error).map(({ name, error }) => [name, error!.code]),
    )
    expect(codes).toEqual({ ...bad, 'gone.jpg': 'file-missing' })
    for (const { error } of items) if (error) expect(error.message).toMatch(/^\p{Lu}.*\.$/u)
    // The same photo twice: both are answered, and the second says that it is the first.
    const [first, second] = items.filter(({ name }) => name === 'sample3.jpg')
    expect([first!.faces, second!.faces, second!.duplicateOf]).toEqual([3, 3, first!.itemId])
    await visor.page.getByRole('option', { name: /^truncated/ }).click()
    await visor.screenshot('bad-files')
    await visor.close()
  })
})

describe('the page', () => {
  it('comes back when its process dies, with everything it showed', async () => {
    const visor = await openVisor()
    await withDomain(visor)
    await visor.drop([samplePhoto(1)])
    await expect.poll(() => states(visor), { timeout: 30_000 }).toEqual({ done: 1 })
    const pagePid = () =>
      visor.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]!.webContents.getOSProcessId(),
      )
    const before = await pagePid()
    process.kill(before, 'SIGKILL')
    await expect.poll(async () => ![0, before].includes(await pagePid())).toBe(true)
    const items = await visor.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(
        "window.visor.request['queue.snapshot'](undefined).then((reply) => reply.value.items.length)",
      ),
    )
    expect(items).toBe(1)
    await visor.close()
  })
})
