/** Ctrl+Z reaches what this window did in this client within the hour, newest first, each once. */
import { expect, it } from 'vitest'
import { RecentActs } from '../../../src-main/services/recent-acts'
import { type ClientId, clientIdSchema } from '../../../src-shared/ids'

const [ours, theirs] = ['ours', 'theirs'].map((name) => clientIdSchema.parse(name)) as [ClientId, ClientId]
const act = (clientId: ClientId, id: string) => ({ clientId, id, undo: async () => ({ summary: id }) })

it('gives the newest act of the client, each once', () => {
  const acts = new RecentActs()
  acts.add(act(ours, '1'))
  acts.add(act(theirs, '2'))
  acts.add(act(ours, '3'))
  const taken = [acts.take(ours), acts.take(ours), acts.take(ours), acts.take(theirs)]
  expect(taken.map((one) => one?.id)).toEqual(['3', '1', undefined, '2'])
})

it('passes over what was taken back another way, and what is older than an hour', () => {
  let now = 0
  const acts = new RecentActs(() => now)
  acts.add(act(ours, '1'))
  now = 30 * 60_000
  acts.add(act(ours, '2'))
  acts.add(act(ours, '3'))
  acts.forget('3')
  now = 61 * 60_000
  expect([acts.take(ours)?.id, acts.take(ours)]).toEqual(['2', undefined])
})
