/** Each closed attack on the window is tried here, from the page itself, in the real program. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openVisor, samplePhoto, type VisorWindow } from './visor-window'

let visor: VisorWindow

beforeAll(async () => {
  visor = await openVisor()
})
afterAll(() => visor.close())

it('the page has no Node and no way to ask main anything that is not in the contract', async () => {
  const found = await visor.page.evaluate(() => {
    const page = globalThis as unknown as Record<string, unknown>
    const api = page.visor as Record<string, Record<string, unknown>>
    return {
      node: ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in page),
      parts: Object.keys(api).sort(),
      paths: ['queue.addPaths', 'queue.addPictures', 'import.takePath', 'dual.replayPaths'].some(
        (name) => name in api.request!,
      ),
    }
  })
  expect(found).toEqual({
    node: [],
    parts: ['addFiles', 'addFilesToPerson', 'on', 'replayFiles', 'request', 'takeSource'],
    paths: false,
  })
})

it('runs sandboxed, isolated and without Node', async () => {
  const preferences = await visor.app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>
    }
    const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } =
      contents.getLastWebPreferences()
    return { sandbox, contextIsolation, nodeIntegration, webSecurity: webSecurity !== false, webviewTag }
  })
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  })
})

it('does not leave its page: no navigation, no new window, no frame', async () => {
  const before = visor.page.url()
  const opened = await visor.page.evaluate(() => {
    location.href = 'https://example.com/'
    const frame = document.createElement('iframe')
    frame.src = 'https://example.com/'
    document.body.append(frame)
    return window.open('https://example.com/') === null
  })
  expect(opened).toBe(true)
  await visor.page.waitForTimeout(300)
  expect(visor.page.url()).toBe(before)
  expect(visor.page.frames().filter((frame) => frame.url().startsWith('http'))).toEqual([])
})

it('reaches no network, no file and no script of somebody else', async () => {
  const outcomes = await visor.page.evaluate(async () => {
    const reach = (url: string) =>
      fetch(url).then(
        (answer) => `answered ${answer.status}`,
        () => 'refused',
      )
    const script = (text: string) =>
      new Promise<string>((resolve) => {
        const element = document.createElement('script')
        element.onerror = () => resolve('refused')
        element.onload = () => resolve('ran')
        element.src = text
        document.head.append(element)
      })
    const evaluated = () => {
      try {
        return String(new Function('return 1')())
      } catch {
        return 'refused'
      }
    }
    return [
      await reach('http://127.0.0.1:9/'),
      await reach('https://example.com/'),
      await reach('file:///etc/passwd'),
      await script('data:text/javascript,1'),
      await script('https://example.com/a.js'),
      evaluated(),
    ]
  })
  expect(outcomes).toEqual(Array(6).fill('refused'))
})

it('serves nothing outside its own folder', async () => {
  const statuses = await visor.page.evaluate(() =>
    Promise.all(
      [
        '/../main/index.js',
        '/%2e%2e/main/index.js',
        '/..%2fmain%2findex.js',
        '/%2e%2e%2f%2e%2e%2fpackage.json',
        '//etc/passwd',
      ].map((path) =>
        fetch(`visor-app://window${path}`).then(
          (answer) => answer.status,
          () => 404,
        ),
      ),
    ),
  )
  expect(statuses).toEqual([404, 404, 404, 404, 404])
})

it('shows pictures by id only', async () => {
  const outcomes = await visor.page.evaluate((photo) => {
    const shown = (url: string) =>
      new Promise<string>((resolve) => {
        const image = new Image()
        image.onload = () => resolve('shown')
        image.onerror = () => resolve('refused')
        image.src = url
      })
    return Promise.all(
      [
        `visor-picture://queue/${encodeURIComponent(photo)}/photo/0`,
        'visor-picture://queue/../../etc/passwd/photo/0',
        'visor-picture://gallery/face/not-an-id',
        `visor-picture://file${photo}`,
        'visor-picture://queue/00000000-0000-7000-8000-000000000000/photo/0',
      ].map(shown),
    )
  }, samplePhoto(1))
  expect(outcomes).toEqual(Array(5).fill('refused'))
})

it('cannot add a file by naming it: only what the browser made of a drop or a paste has a path', async () => {
  const reply = await visor.page.evaluate(async (path) => {
    const forged = { name: 'sample1.jpg', path, size: 1, type: 'image/jpeg' }
    return window.visor.addFiles([forged, path]).catch((error: unknown) => String(error))
  }, samplePhoto(1))
  expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-argument' } })
})

it.each([
  ['settings.update', { theme: 'pink' }],
  ['settings.update', { window: { x: 0, y: 0, width: 1, height: 1, maximized: false } }],
  ['settings.update', { consents: { buffalo_l: '2026-01-01T00:00:00Z' } }],
  ['queue.detail', { itemId: "' OR 1=1 --" }],
  ['gallery.persons', { clientId: 'default', domain: null, text: '', offset: 0, limit: 1e9 }],
  ['gallery.createDomain', { clientId: 'default', domain: 'a\u0000b' }],
  ['queue.export', { format: 'exe', filter: {} }],
])('%s refuses what does not fit the contract', async (name, input) => {
  const reply = await visor.page.evaluate(
    ([request, value]) =>
      (window.visor.request as unknown as Record<string, (input: unknown) => Promise<unknown>>)[
        request as string
      ]!(value),
    [name, input] as const,
  )
  expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-argument' } })
})

it('fetches no research-only pack without consent', async () => {
  const reply = await visor.page.evaluate(() =>
    window.visor.request['models.fetch']({ packId: 'buffalo_l', consent: false }),
  )
  expect(reply.ok).toBe(true)
  const job = async () => {
    const jobs = await visor.page.evaluate(() => window.visor.request['app.jobs'](undefined))
    return (jobs.ok ? (jobs.value as { kind: string; state: string; error?: { code: string } }[]) : []).find(
      ({ kind }) => kind === 'fetch-models',
    )
  }
  await expect.poll(async () => (await job())?.state).toBe('failed')
  expect((await job())?.error?.code).toBe('consent-required')
})

it('grants no permission', async () => {
  const states = await visor.page.evaluate(async () => {
    const media = await navigator.mediaDevices?.getUserMedia({ video: true }).then(
      () => 'granted',
      () => 'refused',
    )
    const notification = await Notification.requestPermission()
    return [media ?? 'refused', notification]
  })
  expect(states).toEqual(['refused', 'denied'])
})
