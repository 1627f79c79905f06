/** Which side searches. */
import { expect, test } from 'vitest'
import { scannedAtMost, searchSide } from '../../../../src-main/storage/team/search-side'

const held = { revision: 7, asOf: 1_700_000_000_000, embeddings: 23_640 }

test('auto: the cache, where it is as the server is now', () => {
  expect(searchSide('auto', held, 7)).toEqual({ mode: 'cache', proven: true })
  expect(searchSide('auto', held, 8)).toEqual({ mode: 'server' })
  // A server that was restored from a backup is behind.
  expect(searchSide('auto', held, 6)).toEqual({ mode: 'server' })
})

test('auto: the server, where nothing is proven, or not all of it is here', () => {
  expect(searchSide('auto', held, undefined)).toEqual({ mode: 'server' })
  expect(searchSide('auto', undefined, 7)).toEqual({ mode: 'server' })
})

test('auto: the server, where there is too much to scan', () => {
  expect(searchSide('auto', { ...held, embeddings: scannedAtMost }, 7)).toEqual({
    mode: 'cache',
    proven: true,
  })
  expect(searchSide('auto', { ...held, embeddings: scannedAtMost + 1 }, 7)).toEqual({ mode: 'server' })
})

test('forced', () => {
  expect(searchSide('server', held, 7)).toEqual({ mode: 'server' })
  expect(searchSide('cache', held, 8)).toEqual({ mode: 'cache', proven: false })
  expect(searchSide('cache', { ...held, embeddings: 1e9 }, 7)).toEqual({ mode: 'cache', proven: true })
  // What the cache does not have it cannot be asked for.
  expect(searchSide('cache', undefined, 7)).toEqual({ mode: 'server' })
})
