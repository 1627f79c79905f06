/** What is searched where the galleries in use lack the client or the domain that was. */
import { afterEach, beforeEach, expect, it, test, vi } from 'vitest'
import { isThere, placeInstead, searchPlaceKeeper } from '../../../../src-renderer/state/search-place'
import { createStore } from '../../../../src-renderer/state/store'
import { clientSummarySchema } from '../../../../src-shared/gallery'
import { clientIdSchema, domainSchema } from '../../../../src-shared/ids'
import { defaultSettings } from '../../../../src-shared/settings'
import type { Status } from '../../../../src-shared/status'

const said = vi.hoisted(() => [] as string[])
vi.mock('../../../../src-renderer/components/toasts', () => ({
  showWarning: (title: string, message: string) => said.push(`${title} ${message}`),
  showNotice: () => undefined,
  showError: (error: unknown) => {
    throw error
  },
}))
/** What main answers to who is there. */
let onServer: object
let asked = 0
const answers = (...value: object[]) => {
  onServer = { ok: true, value }
}
beforeEach(() => {
  said.length = 0
  asked = 0
  answers()
  const update = async (patch: object) => ({ ok: true, value: { ...defaultSettings, ...patch } })
  const request = {
    'settings.update': update,
    'queue.detail': update,
    'gallery.clients': async () => {
      asked += 1
      return structuredClone(onServer)
    },
  }
  vi.stubGlobal('window', { visor: { request } })
})
afterEach(() => vi.unstubAllGlobals())

const counts = { persons: 1, photos: 1, faces: 1, embeddingsByModel: {}, sample: false }
const client = (clientId: string, ...domains: string[]) =>
  clientSummarySchema.parse({ clientId, domains: domains.map((domain) => ({ domain, ...counts })) })
const place = (clientId: string, domain: string | null, allDomains = false) => ({
  clientId: clientIdSchema.parse(clientId),
  domain: domain === null ? null : domainSchema.parse(domain),
  allDomains,
})

test.each([
  [[client('a', 'slovenia')], place('a', 'slovenia'), true],
  [[client('a', 'slovenia')], place('a', 'serbia'), false],
  [[client('a', 'slovenia')], place('b', 'slovenia'), false],
  [[client('a', 'slovenia')], place('a', 'serbia', true), true],
  [[client('a', 'slovenia')], place('a', null), true],
  [[client('a', 'slovenia')], place('b', null), false],
  [[], place('b', null), true],
  [[], place('b', 'slovenia'), false],
])('of %j, %j is there: %s', (clients, wanted, there) => {
  expect(isThere(clients, wanted)).toBe(there)
})

test.each([
  [[client('a', 'serbia')], place('a', 'slovenia'), place('a', 'serbia')],
  [[client('a', 'serbia', 'kosovo')], place('a', 'slovenia'), place('a', null)],
  [[client('b'), client('c', 'serbia')], place('a', 'slovenia'), place('c', 'serbia')],
  [[], place('a', 'slovenia'), place('a', null)],
])('of %j, instead of %j: %j', (clients, wanted, instead) => {
  expect(placeInstead(clients, wanted)).toEqual(instead)
})

function consoleWith(domain: string) {
  const search = { ...defaultSettings.search, ...place('default', domain) }
  const store = createStore({ ...defaultSettings, search })
  const stand = (server: object | null) => {
    const status = {
      vision: {},
      store: { state: 'ready', mode: server === null ? 'local' : 'server', server },
    }
    store.setState({ status: status as unknown as Status })
  }
  return { store, stand, keep: searchPlaceKeeper(store), search: () => store.getState().settings.search }
}
const up = { state: 'up', place: 'db.example' }

it('says what is searched instead, and goes back when it is there again', async () => {
  const { store, stand, keep, search } = consoleWith('slovenia')
  stand(up)
  store.setState({ clients: [client('default', 'team')] })
  answers(client('default', 'team'))
  keep()
  await expect.poll(search).toMatchObject({ domain: 'team' })
  expect(said).toEqual(['“slovenia” is not on db.example. “team” is searched instead.'])
  keep()
  expect(said).toHaveLength(1)
  stand(null)
  store.setState({ clients: [client('default', 'slovenia', 'serbia')] })
  keep()
  expect(search()).toMatchObject({ domain: 'slovenia' })
  expect(said[1]).toBe('“slovenia” is there again. It is searched, as before.')
})

it('leaves nothing that is newer than what is known of the galleries', async () => {
  const { store, stand, keep, search } = consoleWith('sample')
  stand(null)
  store.setState({ clients: [client('default', 'team')] })
  answers(client('default', 'team', 'sample'))
  keep()
  await expect.poll(() => store.getState().clients?.[0]?.domains).toHaveLength(2)
  keep()
  expect(search()).toMatchObject({ domain: 'sample' })
  expect(said).toEqual([])
})

it('leaves nothing where nobody says who is there', async () => {
  const { store, stand, keep, search } = consoleWith('slovenia')
  stand(up)
  store.setState({ clients: [client('default', 'team')] })
  onServer = { ok: false, error: { code: 'server-unreachable', message: 'The server is gone.' } }
  keep()
  await vi.waitFor(() => expect(asked).toBe(1))
  await Promise.resolve()
  expect(search()).toMatchObject({ domain: 'slovenia' })
  expect(said).toEqual([])
})

it('leaves what was chosen while the server is gone: the cache has not everything', async () => {
  const { store, stand, keep, search } = consoleWith('slovenia')
  stand({ ...up, state: 'gone' })
  store.setState({ clients: [client('default', 'team')] })
  keep()
  expect(search()).toMatchObject({ domain: 'slovenia' })
  expect(said).toEqual([])
  stand(up)
  store.setState({ clients: [client('default', 'team', 'serbia')] })
  answers(client('default', 'team', 'serbia'))
  keep()
  await expect.poll(search).toMatchObject({ domain: null })
  expect(said).toEqual(['“slovenia” is not on db.example. Nothing is searched until a domain is chosen.'])
})
