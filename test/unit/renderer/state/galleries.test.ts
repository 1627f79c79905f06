/** What the window says of the galleries that main lists. */
import { expect, test } from 'vitest'
import { enrolledIn } from '../../../../src-renderer/state/galleries-slice'
import { createStore } from '../../../../src-renderer/state/store'
import { clientSummarySchema } from '../../../../src-shared/gallery'
import { domainSchema } from '../../../../src-shared/ids'
import { defaultSettings } from '../../../../src-shared/settings'

const client = (clientId: string, faces: Readonly<Record<string, number>>) =>
  clientSummarySchema.parse({
    clientId,
    domains: Object.entries(faces).map(([domain, amount]) => ({
      domain,
      persons: 1,
      photos: amount,
      faces: amount,
      embeddingsByModel: {},
      sample: false,
    })),
  })

test('faces are counted in the domains that were searched, of the client that is searched', () => {
  const store = createStore(defaultSettings)
  const [slovenia, serbia] = [domainSchema.parse('slovenia'), domainSchema.parse('serbia')]
  expect(enrolledIn(store.getState(), [slovenia])).toBe(0)
  store.setState({
    clients: [client('default', { slovenia: 3, serbia: 4, croatia: 5 }), client('museum', { slovenia: 100 })],
  })
  expect(enrolledIn(store.getState(), [slovenia])).toBe(3)
  expect(enrolledIn(store.getState(), [slovenia, serbia])).toBe(7)
  expect(enrolledIn(store.getState(), [domainSchema.parse('nowhere')])).toBe(0)
})
