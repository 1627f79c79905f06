/** Ctrl+Z reaches what this window did in this client within the hour, newest first, each once. */
import { expect, it } from 'vitest'
import { RecentActs } from '../../../src-main/services/recent-acts'
import { VisorError } from '../../../src-shared/errors'
import { type ClientId, clientIdSchema } from '../../../src-shared/ids'

const [ours, theirs] = ['ours', 'theirs'].map((name) => clientIdSchema.parse(name)) as [ClientId, ClientId]
const act = (clientId: ClientId, id: string) => ({ clientId, id, undo: async () => ({ summary: id }) })

/** What is taken back, one after the other. */
async function undone(acts: RecentActs, clients: readonly ClientId[]): Promise<(string | undefined)[]> {
  const summaries: (string | undefined)[] = []
  for (const clientId of clients) summaries.push((await acts.undoNewest(clientId))?.summary)
  return summaries
}

it('takes back the newest act of the client, each once', async () => {
  const acts = new RecentActs()
  acts.add(act(ours, '1'))
  acts.add(act(theirs, '2'))
  acts.add(act(ours, '3'))
  expect(await undone(acts, [ours, ours, ours, theirs])).toEqual(['3', '1', undefined, '2'])
})

it('passes over what was taken back another way, and what is older than an hour', async () => {
  let now = 0
  const acts = new RecentActs(() => now)
  acts.add(act(ours, '1'))
  now = 30 * 60_000
  acts.add(act(ours, '2'))
  acts.add(act(ours, '3'))
  acts.forget('3')
  now = 61 * 60_000
  expect(await undone(acts, [ours, ours])).toEqual(['2', undefined])
})

it('stays at what could not be taken back, and goes past what is gone', async () => {
  const acts = new RecentActs()
  const failing = (['not-found', 'conflict', 'cancelled'] as const).map((code) => new VisorError(code, code))
  acts.add(act(ours, '1'))
  acts.add({
    ...act(ours, '2'),
    undo: async () => {
      throw failing.pop()
    },
  })
  for (const code of ['cancelled', 'conflict', 'not-found']) {
    await expect(acts.undoNewest(ours)).rejects.toMatchObject({ code })
  }
  expect(await undone(acts, [ours, ours])).toEqual(['1', undefined])
})

it('knows nothing that was done before it was cleared', async () => {
  const acts = new RecentActs()
  acts.add(act(ours, '1'))
  acts.clear()
  expect(await undone(acts, [ours])).toEqual([undefined])
})
