/** Ctrl+Z reaches what this window did in this client within the hour, newest first, each once. */
import { expect, it } from 'vitest'
import { RecentActs } from '../../../src-main/services/recent-acts'
import { clientIdSchema, ledgerIdSchema } from '../../../src-shared/ids'

const [ours, theirs] = ['ours', 'theirs'].map((name) => clientIdSchema.parse(name)) as [never, never]
const act = (number: number) => ledgerIdSchema.parse(`00000000-0000-7000-8000-00000000000${number}`)

it('gives the newest act of the client, each once', () => {
  const acts = new RecentActs()
  acts.add(ours, act(1))
  acts.add(theirs, act(2))
  acts.add(ours, act(3))
  expect([acts.take(ours), acts.take(ours), acts.take(ours), acts.take(theirs)]).toEqual([
    act(3),
    act(1),
    undefined,
    act(2),
  ])
})

it('passes over what was taken back another way, and what is older than an hour', () => {
  let now = 0
  const acts = new RecentActs(() => now)
  acts.add(ours, act(1))
  now = 30 * 60_000
  acts.add(ours, act(2))
  acts.add(ours, act(3))
  acts.forget(act(3))
  now = 61 * 60_000
  expect([acts.take(ours), acts.take(ours)]).toEqual([act(2), undefined])
})
