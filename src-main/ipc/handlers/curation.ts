/** Requests that change people and domains; each is an entry of the ledger and can be undone. Runs in main. */
import { counted } from '../../../src-shared/amounts'
import type { ClientId, Domain, PersonId } from '../../../src-shared/ids'
import { changeSummary } from '../../services/change-summary'
import { withRenamedDomain } from '../../services/domain-thresholds'
import { withRenamedPolicy } from '../../services/gate/policy'
import type { SettingsFile } from '../../services/settings-file'
import type { PersonPatch } from '../../storage/gallery-records'
import type { Handlers } from '../register'
import { acting } from './acting'
import type { Services } from './services'

/** Lookalikes shown for a person. */
const lookalikesShown = 8

export function curationHandlers(services: Services) {
  const { gallery, packs, settings, actor, galleriesChanged } = services
  const { act } = acting(services)
  /** The person's name and client; for several people the first one's, and how many they are. */
  const about = async (personIds: readonly PersonId[]) => {
    const { name, clientId } = await gallery.person(personIds[0]!)
    return {
      clientId,
      name,
      who: personIds.length === 1 ? name : counted(personIds.length, 'person', 'people'),
    }
  }

  return {
    'gallery.updatePerson': async ({ personId, ...patch }) => {
      const { clientId, name } = await about([personId])
      const given: PersonPatch = Object.fromEntries(
        Object.entries(patch).filter(([, value]) => value !== undefined),
      )
      return act(clientId, changeSummary(name, given), (context) =>
        gallery.updatePerson(personId, given, context),
      )
    },
    'gallery.tagPersons': async ({ personIds, add, remove }) => {
      const { clientId, who } = await about(personIds)
      return act(
        clientId,
        `Tagged ${who}`,
        (context) => gallery.tagPersons(personIds, { add, remove }, context),
        `Tagging ${who}`,
      )
    },
    'gallery.tags': async ({ clientId, personIds }) => [...(await gallery.tags(clientId, personIds))],
    'gallery.setCover': async ({ personId, faceId }) => {
      const { clientId, name } = await about([personId])
      return act(clientId, `Chose a cover for ${name}`, (context) =>
        gallery.setCover(personId, faceId, context),
      )
    },
    'gallery.mergePersons': async ({ target, sources }) => {
      const { clientId, name } = await about([target])
      const summary = `Merged ${sources.length + 1} people into ${name}`
      return act(
        clientId,
        summary,
        (context) => gallery.mergePersons(target, sources, context),
        `Merging ${sources.length + 1} people into ${name}`,
      )
    },
    'gallery.moveFaces': async ({ faceIds, domain, to }) => {
      const clientId = settings.current.search.clientId
      const name = 'name' in to ? to.name : (await gallery.person(to.personId)).name
      const faces = counted(faceIds.length, 'face')
      return act(clientId, `Gave ${faces} to ${name}`, (context) =>
        gallery.moveFaces(faceIds, domain, to, context),
      )
    },
    'gallery.takeFaces': async ({ faceIds, reject }) => {
      const faces = counted(faceIds.length, 'face')
      const summary = reject ? `Ruled out ${faces}` : `Took away ${faces}`
      return act(settings.current.search.clientId, summary, (context) =>
        gallery.takeFaces(faceIds, { reject }, context),
      )
    },
    'gallery.rejects': async ({ personId }) => [...(await gallery.rejectsOf(personId))],
    'gallery.withdrawReject': async ({ faceId, personId }) => {
      const { clientId, name } = await about([personId])
      return act(clientId, `No longer rules out ${name} for a face`, (context) =>
        gallery.withdrawReject(faceId, personId, context),
      )
    },
    'gallery.setRepeatsPeople': ({ clientId, photo, repeats }) =>
      act(clientId, `A photo is ${repeats ? 'a' : 'no'} mirror or collage`, (context) =>
        gallery.setRepeatsPeople(clientId, photo, repeats, context),
      ),
    'gallery.movePersons': async ({ personIds, domain, onClash }) => {
      const { clientId, who } = await about(personIds)
      return act(
        clientId,
        `Moved ${who} to ${domain}`,
        (context) => gallery.movePersons(personIds, domain, onClash, context),
        `Moving ${who} to ${domain}`,
      )
    },
    'gallery.renameDomain': async ({ clientId, domain, to }) => {
      const done = await act(
        clientId,
        `Renamed the domain ${domain} to ${to}`,
        (context) => gallery.renameDomain(clientId, domain, to, context),
        `Renaming the domain ${domain} to ${to}`,
      )
      const { search } = settings.current
      if (search.clientId === clientId && search.domain === domain)
        settings.update({ search: { domain: to } })
      const thresholds = withRenamedDomain(settings.current.thresholds, clientId, domain, to)
      const gatePolicies = withRenamedPolicy(settings.current.gatePolicies, clientId, domain, to)
      settings.update({ thresholds, gatePolicies })
      return done
    },
    'gallery.deleteDomain': async ({ clientId, domain }) => {
      const done = await act(
        clientId,
        `Deleted the domain ${domain}`,
        (context) => gallery.deleteDomain(clientId, domain, context),
        `Deleting the domain ${domain}`,
      )
      searchNoMore(settings, clientId, domain)
      return done
    },
    'gallery.deletePersons': async ({ personIds }) => {
      const { clientId, who } = await about(personIds)
      return act(
        clientId,
        `Deleted ${who}`,
        (context) => gallery.deletePersons(personIds, context),
        `Deleting ${who}`,
      )
    },
    'gallery.tellApart': async ({ personId, otherId, apart }) => {
      const { clientId, name } = await about([personId])
      const other = await gallery.person(otherId)
      const summary = apart
        ? `Told ${name} and ${other.name} apart`
        : `No longer told ${name} and ${other.name} apart`
      return act(clientId, summary, (context) => gallery.tellApart(personId, otherId, apart, context))
    },
    'gallery.toldApart': async ({ personIds }) =>
      (await gallery.toldApart(personIds)).map(([a, b]) => [a, b]),
    'gallery.lookalikes': async ({ personId }) => {
      const modelId = packs.modelIdOf(packs.pack(settings.current.modelPack))
      return [...(await gallery.lookalikes(personId, modelId, lookalikesShown))]
    },
    'gallery.history': async ({ clientId, personId, before, limit }) => [
      ...(await gallery.ledger({
        clientId,
        limit,
        ...(personId === undefined ? {} : { personId }),
        ...(before === undefined ? {} : { before }),
      })),
    ],
    'gallery.bin': async ({ clientId }) => [
      ...(await gallery.bin(clientId, settings.current.binRetentionDays)),
    ],
    'gallery.emptyBin': async ({ clientId }) => {
      const emptied = await gallery.emptyBin(clientId, Date.now(), { actor, summary: 'Emptied the bin' })
      galleriesChanged(clientId)
      return emptied
    },
  } satisfies Partial<Handlers>
}

/** A domain that is gone is not searched any more. */
export function searchNoMore(settings: SettingsFile, clientId: ClientId, domain: Domain): void {
  const { search } = settings.current
  if (search.clientId === clientId && search.domain === domain) settings.update({ search: { domain: null } })
}
