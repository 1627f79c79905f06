/** Answers in the window: none outlives the settings and the galleries it was made by. Main is a stand-in that counts. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createStore } from '../../../../src-renderer/state/store'
import { domainSchema } from '../../../../src-shared/ids'
import type { ItemDetail } from '../../../../src-shared/queue'
import { defaultSettings } from '../../../../src-shared/settings'
import { item, itemId, items, progress } from '../queue-items'

let asked: { itemId: string; answer: (detail: ItemDetail) => void }[]

beforeEach(() => {
  asked = []
  const nothing = async () => ({ ok: true, value: [] })
  const request = {
    'queue.detail': (input: { itemId: string }) =>
      new Promise((resolve) => {
        asked.push({ itemId: input.itemId, answer: (value) => resolve({ ok: true, value }) })
      }),
    'gallery.clients': nothing,
    'gallery.thresholds': nothing,
  }
  vi.stubGlobal('window', { visor: { request } })
})
afterEach(() => vi.unstubAllGlobals())

const settle = () => new Promise((resolve) => setTimeout(resolve))

async function storeWithAnswer() {
  const store = createStore(defaultSettings)
  store.getState().takeSnapshot({ items: items(1), progress: progress({ total: 1, done: 1 }) })
  void store.getState().loadDetail(itemId(0))
  asked[0]!.answer({ item: item(0) })
  await settle()
  return store
}

test('a photo whose line in the list stays the same is asked for anew when another domain is searched', async () => {
  const store = await storeWithAnswer()
  const search = { ...defaultSettings.search, domain: domainSchema.parse('serbia') }
  store.getState().takeSettings({ ...defaultSettings, search })
  expect(asked).toHaveLength(2)
  store.getState().takeSettings({ ...defaultSettings, search, theme: 'light' })
  expect(asked).toHaveLength(2)
})

test('and when the galleries changed: an undone confirmation is not shown as one', async () => {
  const store = await storeWithAnswer()
  store.getState().takeGalleriesChange()
  expect(asked).toHaveLength(2)
  expect(store.getState().details.get(itemId(0))?.detail).toBeDefined()
})

test('an answer that was on its way when the galleries changed is dropped', async () => {
  const store = await storeWithAnswer()
  store.getState().takeGalleriesChange()
  store.getState().takeGalleriesChange()
  const [, late, now] = asked
  now!.answer({ item: item(0, { name: 'now.jpg' }) })
  await settle()
  late!.answer({ item: item(0, { name: 'late.jpg' }) })
  await settle()
  expect(store.getState().details.get(itemId(0))?.detail?.item.name).toBe('now.jpg')
})
