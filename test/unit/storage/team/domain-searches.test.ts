/** How a search of each domain goes, told of the cache and of what the server would do. */
import { expect, it } from 'vitest'
import { domainSearches } from '../../../../src-main/storage/team/domain-searches'
import { scannedAtMost } from '../../../../src-main/storage/team/search-side'
import { domainSearchSchema } from '../../../../src-shared/search-index'

const onServer = [
  { domain: 'kept', embeddings: 100, by: 'scan', why: 'small' },
  { domain: 'huge', embeddings: 900_000, by: 'index', why: 'large' },
  { domain: 'other', embeddings: 20_000, by: 'scan', why: 'no-index' },
].map((search) => domainSearchSchema.parse({ clientId: 'default', modelId: 'test/model', ...search }))

const held = (_: string, domain: string) => {
  if (domain === 'other') return undefined
  return { revision: 4, asOf: 0, embeddings: domain === 'huge' ? scannedAtMost + 1 : 100 }
}
const ways = (wanted: 'auto' | 'server' | 'cache') =>
  domainSearches(onServer, wanted, held).map(({ by, why }) => `${by}, ${why}`)

it('searches here what is kept here and small enough, unless the settings say otherwise', () => {
  expect(ways('auto')).toEqual(['memory, kept-here', 'index, large', 'scan, no-index'])
  expect(ways('server')).toEqual(['scan, small', 'index, large', 'scan, no-index'])
  expect(ways('cache')).toEqual(['memory, forced', 'memory, forced', 'scan, no-index'])
})
