/** What goes for good at the start: what was deleted longer ago than the settings say; nothing where nobody may. */
import { expect, it } from 'vitest'
import { emptyOldBins } from '../../../src-main/services/bin'
import type { LedgerContext } from '../../../src-main/storage/written'
import { type ClientId, clientIdSchema } from '../../../src-shared/ids'

const dayMs = 24 * 60 * 60 * 1000
const clients = ['default', 'museum'].map((name) => clientIdSchema.parse(name))

/** What a store was asked to remove, in days before now. */
async function emptied(days: number, curate: boolean) {
  const notes: (readonly [string, number, string?])[] = []
  const daysAgo = (before: number) => Math.round((Date.now() - before) / dayMs)
  const gallery = {
    rights: async () => ({ curate, erase: false, administer: false }),
    clients: async () => clients.map((clientId) => ({ clientId, domains: [] })),
    emptyBin: async (clientId: ClientId, before: number, { summary }: LedgerContext) => {
      notes.push([clientId, daysAgo(before), summary])
      return { persons: 0 }
    },
  }
  const reviews = { forget: async (before: number) => void notes.push(['reviews', daysAgo(before)]) }
  await emptyOldBins(gallery as never, reviews as never, days, 'tester')
  return notes
}

it('keeps what was deleted for as long as the settings say, in every client', async () => {
  expect(await emptied(7, true)).toEqual([
    ['default', 7, 'Removed what was deleted over 7 days ago'],
    ['museum', 7, 'Removed what was deleted over 7 days ago'],
    ['reviews', 30],
  ])
  expect((await emptied(1, true))[0]).toEqual(['default', 1, 'Removed what was deleted over 1 day ago'])
})

it('leaves everything to those who may', async () => {
  expect(await emptied(7, false)).toEqual([])
})
