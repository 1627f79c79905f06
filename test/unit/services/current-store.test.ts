/** The store may become another while Visor runs; see [Note: One act, one store]. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { CurrentStore } from '../../../src-main/services/current-store'
import type { OpenStore } from '../../../src-main/storage/open-store'

/** A store that says who it is, when it is let; `closed` after that. */
function store(engine: string) {
  const closed: string[] = []
  const waiting: (() => void)[] = []
  let open = true
  const answer = async () => {
    if (!open) throw new Error(`${engine} is closed`)
    return engine
  }
  const parts = {
    gallery: {
      engine,
      tags: answer,
      clients: () => new Promise((resolve) => waiting.push(() => resolve([engine]))),
    },
    unknown: { domains: answer },
    close: async () => {
      open = false
      closed.push(engine)
    },
  }
  return { store: parts as unknown as OpenStore, closed, letGo: () => waiting.splice(0).map((go) => go()) }
}

const clientOf = (current: CurrentStore) => current.gallery.tags('any' as never)

it('asks the new store from the switch on, by the same references', async () => {
  const [one, two] = [store('one'), store('two')]
  const current = new CurrentStore(one.store)
  const { gallery, unknown } = current
  expect([gallery.engine, await clientOf(current)]).toEqual(['one', 'one'])
  current.replace(two.store)
  expect([gallery.engine, await gallery.tags('any' as never)]).toEqual(['two', 'two'])
  expect(await unknown.domains('any' as never, 'any' as never)).toBe('two')
  await sleep(0)
  expect(one.closed).toEqual(['one'])
})

it('lets a call that is under way end on the store it began on, and closes that one then', async () => {
  const [one, two] = [store('one'), store('two')]
  const current = new CurrentStore(one.store)
  const asked = current.gallery.clients()
  current.replace(two.store)
  await sleep(5)
  expect(one.closed).toEqual([])
  one.letGo()
  expect(await asked).toEqual(['one'])
  await sleep(0)
  expect(one.closed).toEqual(['one'])
})

it('keeps an act of several calls on one store, and what it left behind when it was over on none', async () => {
  const [one, two] = [store('one'), store('two')]
  const current = new CurrentStore(one.store)
  let later: Promise<unknown> | undefined
  const act = current.during(async () => {
    const first = await clientOf(current)
    await sleep(10)
    later = sleep(20).then(() => clientOf(current))
    return [first, await clientOf(current)]
  })
  await sleep(2)
  current.replace(two.store)
  expect(await clientOf(current)).toBe('two')
  expect(await act).toEqual(['one', 'one'])
  expect(await later).toBe('two')
  expect(one.closed).toEqual(['one'])
})

it('runs an act that begins within another on the store of now', async () => {
  const [one, two] = [store('one'), store('two')]
  const current = new CurrentStore(one.store)
  const names = await current.during(async () => {
    current.replace(two.store)
    return [await clientOf(current), await current.during(() => clientOf(current))]
  })
  expect(names).toEqual(['one', 'two'])
})

it('closes the store in use and waits for those before it', async () => {
  const [one, two] = [store('one'), store('two')]
  const current = new CurrentStore(one.store)
  const asked = current.gallery.clients()
  current.replace(two.store)
  const closing = current.close()
  await sleep(2)
  expect([one.closed, two.closed]).toEqual([[], ['two']])
  one.letGo()
  await asked
  await closing
  expect(one.closed).toEqual(['one'])
})
