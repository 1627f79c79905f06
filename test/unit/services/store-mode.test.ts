/** Local or server: switched while Visor runs, taken up at the start, left as it was where a server cannot be used. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CurrentStore } from '../../../src-main/services/current-store'
import type { ServerSide } from '../../../src-main/services/server-side'
import { SettingsFile } from '../../../src-main/services/settings-file'
import { type ServerEvents, StoreModes } from '../../../src-main/services/store-mode'
import type { OpenStore } from '../../../src-main/storage/open-store'
import { VisorError } from '../../../src-shared/errors'
import { placeOf } from '../../../src-shared/server'
import { asServerConnection } from '../../../src-shared/server-parameters'
import { parseServerText } from '../../../src-shared/server-url'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'visor-mode-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const serverUrl = 'postgresql://ana@db.example:5433/faces'

/** `open` opens the server's store; `held`: of one waiting edit and one that is held. */
function set(open: () => Promise<OpenStore>) {
  const closed: string[] = []
  const store = (engine: string) =>
    ({
      gallery: { engine, tags: async () => engine },
      close: async () => closed.push(engine),
    }) as unknown as OpenStore
  const settings = new SettingsFile(join(folder, 'settings.json'))
  settings.update({ server: asServerConnection(parseServerText(serverUrl).settings) })
  const local = store('local')
  const current = new CurrentStore({ ...local, close: async () => undefined })
  const events: ServerEvents[] = []
  const openServer = async (told: ServerEvents) => {
    events.push(told)
    const side = { outbox: { entries: async () => [{}, { held: {} }] }, tryNow: async () => undefined }
    return { store: await open(), side: side as unknown as ServerSide }
  }
  const onError = (error: unknown) => {
    throw error
  }
  const modes = new StoreModes({ current, local, openServer, settings, onError })
  const told: string[] = []
  modes.switched.add(({ mode, server }) => told.push(`to ${mode} ${server?.state ?? ''}`.trim()))
  modes.changed.add(({ server }) => told.push(server?.state ?? ''))
  return {
    settings,
    current,
    modes,
    events,
    told,
    closed,
    store,
    asked: () => current.gallery.tags('any' as never),
  }
}

const wrongPassword = new VisorError('server-login', 'The server does not accept this password.')

it('goes to the server and back; the store of this machine stays open', async () => {
  const all = set(async () => all.store('server'))
  await all.modes.use('server')
  expect([await all.asked(), all.settings.current.storeMode]).toEqual(['server', 'server'])
  expect(all.modes.current.server).toMatchObject({ state: 'up', place: 'db.example:5433/faces' })
  await all.modes.use('local')
  expect([await all.asked(), all.settings.current.storeMode]).toEqual(['local', 'local'])
  expect(all.modes.current.server).toBeNull()
  expect(all.told.slice(0, 2)).toEqual(['to server opening', 'up'])
  expect(all.told.at(-1)).toBe('to local')
  await all.current.close()
  expect(all.closed).toEqual(['server'])
})

it('stays where it is when the server cannot be used', async () => {
  const all = set(() => Promise.reject(wrongPassword))
  await expect(all.modes.use('server')).rejects.toBe(wrongPassword)
  expect([await all.asked(), all.settings.current.storeMode, all.told]).toEqual(['local', 'local', []])
})

it('has calls wait at the start until the server is there', async () => {
  const opening = Promise.withResolvers<OpenStore>()
  const all = set(() => opening.promise)
  all.settings.update({ storeMode: 'server' })
  const started = all.modes.start()
  await Promise.resolve()
  const asked = all.asked()
  expect(all.modes.current.server?.state).toBe('opening')
  opening.resolve(all.store('server'))
  expect(await asked).toBe('server')
  await started
  expect(all.told.slice(0, 2)).toEqual(['to server opening', 'up'])
  expect(all.current.gallery.engine).toBe('server')
})

it('works on this machine at once, also while the server is still being opened', async () => {
  const opening = Promise.withResolvers<OpenStore>()
  const all = set(() => opening.promise)
  all.settings.update({ storeMode: 'server' })
  const started = all.modes.start()
  await new Promise(setImmediate)
  await all.modes.use('local')
  expect([await all.asked(), all.modes.current]).toEqual(['local', { mode: 'local', server: null }])
  opening.resolve(all.store('server'))
  await started
  expect([await all.asked(), all.modes.current]).toEqual(['local', { mode: 'local', server: null }])
  expect(() => all.modes.side).toThrow('No server is used just now.')
  await all.current.close()
  expect(all.closed).toEqual(['server'])
})

it('tells how it stands with the server, and what waits for it; of the server in use only', async () => {
  const all = set(async () => all.store('server'))
  await all.modes.use('server')
  await Promise.resolve()
  const since = Date.UTC(2026, 10, 20, 14, 32)
  all.events[0]!.onLink({ state: 'gone', since, why: wrongPassword })
  await new Promise(setImmediate)
  expect(all.modes.current.server).toMatchObject({
    state: 'gone',
    since: '2026-11-20T14:32:00.000Z',
    waiting: 1,
    conflicts: 1,
  })
  expect(await all.asked()).toBe('server')
  await all.modes.use('local')
  all.events[0]!.onLink({ state: 'up' })
  expect(all.modes.current).toEqual({ mode: 'local', server: null })
  expect(() => all.modes.side).toThrow('No server is used just now.')
})

it('says why at every call where the server cannot be used at the start, and keeps the mode', async () => {
  const all = set(() => Promise.reject(wrongPassword))
  all.settings.update({ storeMode: 'server' })
  await all.modes.start()
  await expect(all.asked()).rejects.toBe(wrongPassword)
  expect(all.modes.current).toMatchObject({
    mode: 'server',
    server: { state: 'failed', error: { code: 'server-login' } },
  })
  await all.modes.use('local')
  expect(await all.asked()).toBe('local')
  await all.current.close()
})

it.each([
  ['postgresql://ana@db.example:5433/faces', 'db.example:5433/faces'],
  ['postgresql://one,two:5433/faces', 'one, two:5433/faces'],
  ['service=team', 'team'],
  ['user=ana', 'the usual server'],
])('names the server of %s', (text, place) => {
  expect(placeOf(asServerConnection(parseServerText(text).settings))).toBe(place)
})

it('opens a server anew once the one before is closed: both keep what they have of it in one folder', async () => {
  const inUse = new Set<string>()
  let logins = 0
  const all = set(async () => {
    expect([...inUse]).toEqual([])
    logins += 1
    const store = all.store(`login ${logins}`)
    inUse.add('cache')
    return {
      ...store,
      close: async () => {
        await store.close()
        inUse.delete('cache')
      },
    }
  })
  await all.modes.use('server')
  await all.modes.start()
  expect([await all.asked(), all.closed]).toEqual(['login 2', ['login 1']])
  await all.modes.use('server')
  expect([await all.asked(), all.modes.current.server?.state]).toEqual(['login 3', 'up'])
  await all.modes.use('local')
  await all.modes.use('server')
  expect(await all.asked()).toBe('login 4')
})
