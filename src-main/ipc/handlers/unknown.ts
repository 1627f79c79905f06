/** Requests about unknown faces: their groups, whom they may be, what is decided about them. Runs in main. */
import type { Handlers } from '../register'
import { acting } from './acting'
import type { Services } from './services'

export function unknownHandlers(services: Services) {
  const { unknownActs: acts, unknown, settings } = services
  const { done } = acting(services)
  return {
    'unknown.counts': ({ clientId }) => acts.counts(clientId),
    'unknown.groups': async ({ clientId, ignored, offset, limit }) => {
      const { total, groups } = await acts.groups(clientId, { ignored, offset, limit })
      return { total, groups: [...groups] }
    },
    'unknown.groupOf': async ({ clientId, faceId }) => (await unknown.groupOf(clientId, faceId)) ?? null,
    'unknown.faces': async ({ clientId, groupId, offset, limit }) => {
      const { total, faces } = await unknown.faces(clientId, groupId, offset, limit)
      return { total, faces: [...faces] }
    },
    'unknown.nearest': async ({ clientId, groupId, domain, faceIds }) => [
      ...(await acts.nearest(clientId, groupId, domain, faceIds)),
    ],
    'unknown.name': async ({ clientId, groupId, domain, to, faceIds }) => {
      const { ledgerId, summary, leftOut } = await acts.name(clientId, groupId, domain, to, faceIds)
      return done(clientId, { ledgerId, summary, leftOut })
    },
    'unknown.takeOut': async ({ clientId, groupId, faceIds }) =>
      done(clientId, await acts.takeOut(clientId, groupId, faceIds)),
    'unknown.ignore': async ({ clientId, groupId, ignored }) => {
      const { ledgerId, summary } = await acts.ignore(clientId, groupId, ignored)
      return done(clientId, { ledgerId, summary })
    },
    'unknown.suggestions': async ({ clientId, limit }) => {
      const { total, some } = await acts.suggestions(clientId, limit)
      return { total, some: [...some] }
    },
    'unknown.accept': async ({ personId, faceIds }) =>
      done(settings.current.search.clientId, await acts.accept(personId, faceIds)),
    'unknown.reject': async ({ personId, faceIds }) =>
      done(settings.current.search.clientId, await acts.reject(personId, faceIds)),
    'unknown.forget': async ({ clientId }) => ({ faces: await acts.forget(clientId) }),
  } satisfies Partial<Handlers>
}
