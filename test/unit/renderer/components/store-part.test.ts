/** The words of the status bar about the store. */
import { expect, it } from 'vitest'
import { storeWords } from '../../../../src-renderer/components/store-part'
import type { ServerState } from '../../../../src-shared/store-mode'

const server = (state: ServerState['state']): ServerState => ({
  place: 'db:5432/faces',
  state,
  since: state === 'gone' ? new Date(2026, 10, 20, 14, 32).toISOString() : null,
  waiting: 0,
  conflicts: 0,
  error: null,
})

it.each([
  [{ state: 'ready', mode: 'local', server: null }, /^Store local$/],
  [{ state: 'failed', mode: 'local', server: null }, /^Store local not available$/],
  [
    { state: 'ready', mode: 'dual', server: server('up') },
    /^Dual: this machine answers, compared with db:5432\/faces$/,
  ],
  [
    { state: 'ready', mode: 'dual', server: server('gone') },
    /^Dual: this machine answers, server gone since .*14:32$/,
  ],
  [{ state: 'opening', mode: 'server', server: server('opening') }, /^Connecting to server db:5432\/faces$/],
  [{ state: 'ready', mode: 'server', server: server('up') }, /^Server db:5432\/faces$/],
  [{ state: 'failed', mode: 'server', server: server('failed') }, /^Server not available: db:5432\/faces$/],
  [
    { state: 'ready', mode: 'server', server: server('gone') },
    /^Server gone since .*14:32, answers from the cache$/,
  ],
] as const)('says of %j what it is', (store, words) => {
  expect(storeWords(store)).toMatch(words)
})
