/** The Identify queue under acts that overlap its work. Store and models are stand-ins that answer when they are told to. */
import { afterEach, expect, it } from 'vitest'
import { IdentifyQueue } from '../../../src-main/services/identify-queue'
import type { QueueStore, StoredAnalysis, StoredItem } from '../../../src-main/storage/queue-store'
import type { ItemId } from '../../../src-shared/ids'
import { modelIdSchema } from '../../../src-shared/ids'
import type { Recognition } from '../../../src-shared/recognition'
import type { AnalyseResult } from '../../../src-shared/vision-protocol'
import { madeFace, madePhoto, randomNumbers, unitVector } from '../../contract/made-faces'

/** Lets everything that is due run. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 5))

function analysisOf(path: string, faces = 1): AnalyseResult {
  const random = randomNumbers(1)
  return {
    ...madePhoto(path),
    bytes: 1,
    modelId: modelIdSchema.parse('pack/embedder@1'),
    faces: Array.from({ length: faces }, () => madeFace(unitVector(random))),
    timings: { read: 0, decode: 0, detect: 0, align: 0, embed: 0, total: 0 },
  }
}

/** A queue store in memory; `hold` keeps `setState` from being done until the function it returns is called. */
function memoryStore() {
  const items = new Map<ItemId, StoredItem>()
  const analyses = new Map<ItemId, StoredAnalysis>()
  let gate: Promise<void> = Promise.resolve()
  const store: QueueStore = {
    load: async () => [...items.values()],
    analyses: async (itemIds) =>
      new Map(itemIds.flatMap((itemId) => (analyses.has(itemId) ? [[itemId, analyses.get(itemId)!]] : []))),
    append: async (added) => {
      for (const { itemId, position, path } of added) {
        if ([...items.values()].some((item) => item.position === position)) throw new Error('position taken')
        items.set(itemId, { itemId, position, path, state: 'waiting', crashes: 0 })
      }
    },
    setState: async (itemIds, state, { crashes } = {}) => {
      await gate
      await new Promise(setImmediate)
      for (const itemId of itemIds) {
        const item = items.get(itemId)
        if (item !== undefined) items.set(itemId, { ...item, state, crashes: crashes ?? item.crashes })
      }
    },
    complete: async (itemId, analysis) => {
      const item = items.get(itemId)
      if (item === undefined) return
      items.set(itemId, { ...item, state: 'done', sha256: analysis.sha256 })
      analyses.set(itemId, analysis)
    },
    setFaces: async () => {
      throw new Error('The queue itself draws no faces.')
    },
    restore: async () => [],
    remove: async (itemIds) => {
      for (const itemId of itemIds) items.delete(itemId)
    },
    thumbnail: async () => undefined,
    faceCrop: async () => undefined,
    pasted: async () => undefined,
    desk: async () => [],
    forget: async () => undefined,
  }
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    gate = promise
    return resolve
  }
  return { store, items, hold }
}

function recognitionOf(photo: StoredAnalysis, name: string): Recognition {
  const unknown = photo.faces.map((face, index) => ({
    ...face,
    index,
    decision: 'match',
    person: { name },
    confirmed: false,
    candidates: [],
  }))
  return { ...photo, faces: unknown, timings: { ...photo.timings, search: 0 } } as unknown as Recognition
}

const queues: IdentifyQueue[] = []
afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.stop(0)
})

/** A queue whose photos are answered by `answer`, one after the other, in the domain `wanted.domain`. */
function newQueue(memory = memoryStore()) {
  const runs: { path: string; answer: (analysis?: AnalyseResult) => void }[] = []
  const wanted: { domain: string | undefined } = { domain: 'team' }
  const queue = new IdentifyQueue({
    store: memory.store,
    analyser: {
      run: ({ params }, { signal } = {}) =>
        new Promise((resolve, reject) => {
          const path = 'path' in params.source ? params.source.path : ''
          runs.push({ path, answer: (analysis = analysisOf(path)) => resolve(analysis) })
          signal?.addEventListener('abort', () => reject(signal.reason))
        }),
      embedBoxes: async ({ params }) => ({
        ...analysisOf('path' in params.source ? params.source.path : ''),
        faces: params.boxes.map((box) => ({
          ...madeFace(unitVector(randomNumbers(2)), box),
          manual: true as const,
          alignedBy: 'landmarks' as const,
        })),
      }),
    },
    recognise: () => {
      const { domain } = wanted
      return domain === undefined
        ? undefined
        : async (photos) => photos.map((photo) => recognitionOf(photo, domain))
    },
    analysis: () => ({ thorough: false, flip: false }),
    onError: (error) => {
      throw error
    },
  })
  queues.push(queue)
  return { queue, runs, wanted, ...memory }
}

const pathsOf = (...names: string[]) => names.map((path) => ({ path }))
const states = (queue: IdentifyQueue) => queue.snapshot().items.map(({ state }) => state)

it('takes up nothing that was just cancelled, however long that takes to be stored', async () => {
  const { queue, runs, hold } = newQueue()
  await queue.add(pathsOf('1', '2', '3', '4', '5', '6'))
  const store = hold()
  const cancelling = queue.cancel(
    queue
      .snapshot()
      .items.slice(4)
      .map(({ itemId }) => itemId),
  )
  runs[0]!.answer()
  await settle()
  store()
  await cancelling
  expect(runs).toHaveLength(4)
  expect(states(queue)).toEqual(['done', 'working', 'working', 'working', 'cancelled', 'cancelled'])
})

it('analyses a photo once that was told twice to be tried again', async () => {
  const { queue, runs } = newQueue()
  const [itemId] = await queue.add(pathsOf('1'))
  await queue.cancel()
  await settle()
  await Promise.all([queue.retry([itemId!]), queue.retry([itemId!])])
  await settle()
  expect(runs).toHaveLength(2)
  expect(states(queue)).toEqual(['working'])
})

it('cancels without mixing up how often each photo killed the vision process', async () => {
  const memory = memoryStore()
  const { queue } = newQueue(memory)
  queue.pause()
  const [first, second] = await queue.add(pathsOf('1', '2'))
  await memory.store.setState([first!], 'waiting', { crashes: 1 })
  const again = newQueue(memory).queue
  again.pause()
  await again.load()
  await again.cancel()
  expect([first, second].map((itemId) => memory.items.get(itemId!)!.crashes)).toEqual([1, 0])
})

it('shows nobody of a domain that is not searched any more', async () => {
  const { queue, runs, wanted } = newQueue()
  const [itemId] = await queue.add(pathsOf('1'))
  runs[0]!.answer()
  await settle()
  expect(queue.snapshot().items[0]).toMatchObject({ faces: 1, matches: 1, people: [{ name: 'team' }] })
  wanted.domain = undefined
  queue.searchAgain()
  await expect.poll(() => queue.snapshot().items[0]!.people).toEqual([])
  expect(queue.snapshot().items[0]).toMatchObject({ state: 'done', faces: 1, matches: 0, revision: 2 })
  expect((await queue.detail(itemId!)).recognition).toBeUndefined()
})

it('puts what is added while it loads after what was there', async () => {
  const memory = memoryStore()
  await newQueue(memory).queue.add(pathsOf('1', '2'))
  const { queue } = newQueue(memory)
  const loading = queue.load()
  await queue.add(pathsOf('3'))
  await loading
  expect(queue.snapshot().items.map(({ name, position }) => [name, position])).toEqual([
    ['1', 0],
    ['2', 1],
    ['3', 2],
  ])
})

it('analyses a photo anew that is done and named, and only then; the file may have changed since', async () => {
  const { queue, runs } = newQueue()
  const [first, second] = await queue.add(pathsOf('1', '2'))
  for (const { answer } of [...runs]) answer(analysisOf('the same photo', 1))
  await settle()
  expect(queue.snapshot().items[1]!.duplicateOf).toBe(first)
  await queue.retry()
  expect(runs).toHaveLength(2)
  await queue.retry([second!])
  expect(queue.snapshot().items[1]).toMatchObject({ state: 'working', faces: 0, matches: 0, people: [] })
  await expect(queue.analysis(second!)).rejects.toMatchObject({ code: 'not-found' })
  runs[2]!.answer(analysisOf('another photo', 3))
  await settle()
  const [kept, renewed] = queue.snapshot().items
  expect(kept).not.toHaveProperty('duplicateOf')
  expect(renewed).toMatchObject({ state: 'done', faces: 3, revision: 2 })
  expect(renewed).not.toHaveProperty('duplicateOf')
})

it('is idle while somebody needs it so: what was in work has ended, what is added waits, what is gone is dropped', async () => {
  const { queue, runs } = newQueue()
  await queue.load()
  const [first, second] = await queue.add([{ path: 'a.jpg' }, { path: 'b.jpg' }])
  const order: string[] = []
  const idle = queue.whileIdle(async () => {
    order.push('idle')
    await queue.add([{ path: 'c.jpg' }])
    await settle()
    order.push(`${runs.length} begun`)
    return { value: 'done', gone: [first!] }
  })
  await settle()
  expect(order).toEqual([])
  for (const run of runs) run.answer()
  expect(await idle).toBe('done')
  expect(order).toEqual(['idle', '2 begun'])
  expect(queue.snapshot().items.map(({ itemId, path }) => [itemId === second, path])).toEqual([
    [true, 'b.jpg'],
    [false, 'c.jpg'],
  ])
  await settle()
  expect(runs.map(({ path }) => path)).toEqual(['a.jpg', 'b.jpg', 'c.jpg'])
  runs[2]!.answer()
})

it('keeps a face that was drawn by hand when its photo is analysed anew, in place of one that is found there', async () => {
  const { queue, runs } = newQueue()
  const [itemId] = await queue.add(pathsOf('1'))
  const analysis = analysisOf('1')
  const box = { x: 600, y: 300, w: 90, h: 110 }
  const drawn = { ...madeFace(unitVector(randomNumbers(3)), box), manual: true as const }
  runs[0]!.answer({ ...analysis, faces: [...analysis.faces, drawn] })
  await settle()
  for (const found of [analysis.faces, [...analysis.faces, madeFace(drawn.embedding, { ...box, x: 605 })]]) {
    await queue.retry([itemId!])
    runs.at(-1)!.answer({ ...analysis, faces: found })
    await settle()
    const { faces } = await queue.analysis(itemId!)
    expect(faces.map((face) => [face.box, face.manual])).toEqual([
      [analysis.faces[0]!.box, undefined],
      [box, true],
    ])
    expect(faces[1]).not.toHaveProperty('alignedBy')
  }
  await queue.retry([itemId!])
  runs.at(-1)!.answer(analysisOf('another photo'))
  await settle()
  expect((await queue.analysis(itemId!)).faces).toHaveLength(1)
})
