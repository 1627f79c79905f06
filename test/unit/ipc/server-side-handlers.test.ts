/** What main does for the window's requests about cache and outbox, over a stand-in that takes notes. */
import { expect, it } from 'vitest'
import { serverSideHandlers } from '../../../src-main/ipc/handlers/server-side'
import type { Services } from '../../../src-main/ipc/handlers/services'
import { Jobs } from '../../../src-main/services/jobs'
import { VisorError } from '../../../src-shared/errors'
import { requests } from '../../../src-shared/ipc'

const id = requests['outbox.drop'].input.shape.id.parse('00000000-0000-7000-8000-000000000001')
const scope = requests['cache.choose'].input.parse({ clientId: 'default', domain: 'team', chosen: true })

function services() {
  const notes: unknown[] = []
  const side = {
    cache: {
      choose: async (...args: unknown[]) => notes.push(['chosen', ...args]),
      sync: async () => ({ filled: 1, renewed: 2, removed: 3, compared: [] }),
    },
    outbox: {
      entries: async () => [
        { id, clientId: 'default', actor: 'ana', summary: 'Made Dora', madeAt: 0, people: ['p'] },
        {
          id,
          clientId: 'default',
          actor: 'ana',
          summary: 'Renamed Cleo',
          madeAt: 0,
          people: [],
          held: { code: 'conflict', message: 'Somebody else changed Cleo.' },
        },
      ],
      retry: async (...args: unknown[]) => notes.push(['again', ...args]),
      drop: async (...args: unknown[]) => notes.push(['dropped', ...args]),
    },
  }
  const handlersOf = (modes: object) => serverSideHandlers({ modes, jobs: new Jobs() } as unknown as Services)
  return { handlers: handlersOf({ side }), handlersOf, notes }
}

it('tells edits that wait as the contract says, and those that somebody has to decide about', async () => {
  const edits = await services().handlers['outbox.entries']()
  expect(requests['outbox.entries'].output.parse(edits)).toMatchObject([
    { summary: 'Made Dora', madeAt: '1970-01-01T00:00:00.000Z', people: 1, held: null },
    { summary: 'Renamed Cleo', people: 0, held: { code: 'conflict' } },
  ])
})

it('does what was decided, and chooses domains', async () => {
  const { handlers, notes } = services()
  await handlers['outbox.retry']({ id, anyway: true })
  await handlers['outbox.drop']({ id })
  await handlers['cache.choose'](scope)
  expect(notes).toEqual([
    ['again', id, true],
    ['dropped', id],
    ['chosen', 'default', 'team', true],
  ])
  expect(await handlers['cache.sync']()).toMatchObject({ filled: 1 })
})

it('says so where no server is used', () => {
  const none = {
    get side(): never {
      throw new VisorError('conflict', 'No server is used just now.')
    },
  }
  expect(() => services().handlersOf(none)['cache.state']()).toThrow('No server is used')
})
