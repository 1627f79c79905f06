/** Requests that fill and show galleries: domains, people, enrolment, the sample gallery. Runs in main. */
import { basename } from 'node:path'
import type { ClientId, Domain } from '../../../src-shared/ids'
import { chosenFor } from '../../services/domain-thresholds'
import { enrolFolder } from '../../services/enrolment'
import { installSamples, sampleDomain } from '../../services/samples'
import { thresholdsInForce } from '../../services/thresholds'
import type { Handlers } from '../register'
import { searchNoMore } from './curation'
import type { Services } from './services'

export function galleryHandlers(services: Services) {
  const { gallery, jobs, packs, settings, photos, desktop, actor, galleriesChanged } = services
  const enrol = (folder: string, clientId: ClientId, domain: Domain) =>
    jobs.start(
      'enrol-folder',
      `Enrolling ${basename(folder)} in ${domain}`,
      'photos',
      async ({ signal, progress }) => {
        const pack = packs.pack(settings.current.modelPack)
        try {
          const report = await enrolFolder(folder, gallery, photos, {
            clientId,
            domain,
            modelId: packs.modelIdOf(pack),
            verifyDistance: pack.thresholds.verify,
            actor,
            flip: settings.current.search.flip,
            signal,
            onProgress: progress,
          })
          const there = report.alreadyThere === 0 ? '' : ` ${report.alreadyThere} photos were there already.`
          return {
            outcome: `Enrolled ${report.photos} photos, ${report.persons} new people.${there}`,
            skipped: report.skipped,
          }
        } finally {
          galleriesChanged(clientId)
        }
      },
    )
  return {
    'gallery.clients': () => gallery.clients(),
    'gallery.createDomain': async ({ clientId, domain }) => {
      await gallery.ensureDomain(clientId, domain)
      galleriesChanged(clientId)
    },
    'gallery.persons': (query) => gallery.persons(query),
    'gallery.personIds': async ({ first, last, ...query }) =>
      (await gallery.personIds(query)).slice(first, last + 1),
    'gallery.personsById': async ({ personIds }) => [...(await gallery.personsById(personIds))],
    'gallery.namesakes': async ({ personIds, domain }) => [...(await gallery.namesakes(personIds, domain))],
    'gallery.person': ({ personId }) => gallery.person(personId),
    'gallery.enrolFolder': async ({ clientId, domain }) => {
      const folder = await desktop.chooseFolder('Enrol a Folder of People')
      return folder === undefined ? null : enrol(folder, clientId, domain)
    },
    'gallery.installSamples': () =>
      jobs.start(
        'sample-gallery',
        'Installing the sample gallery',
        'photos',
        async ({ signal, progress }) => {
          const { clientId } = settings.current.search
          const pack = packs.pack(settings.current.modelPack)
          const { persons, photos: paths } = await installSamples(packs, gallery, photos, {
            clientId,
            modelId: packs.modelIdOf(pack),
            actor,
            signal,
            onProgress: progress,
          })
          settings.update({ search: { domain: sampleDomain }, firstRunDone: true })
          galleriesChanged(clientId)
          await services.queue.add(paths.map((path) => ({ path })))
          return { outcome: `The sample gallery has ${persons} people. The sample photos are in the queue.` }
        },
      ),
    'gallery.removeSamples': async () => {
      const sampleItems = services.queue
        .snapshot()
        .items.filter(({ path }) => packs.isSample(path))
        .map(({ itemId }) => itemId)
      // By its label: somebody may have a domain of that name of their own.
      for (const { clientId, domains } of await gallery.clients()) {
        for (const { domain } of domains.filter(({ sample }) => sample)) {
          await gallery.deleteDomain(clientId, domain, { actor, summary: 'Removed the sample gallery' })
          searchNoMore(settings, clientId, domain)
          galleriesChanged(clientId)
        }
      }
      await services.queue.remove(sampleItems)
    },
    'gallery.thresholds': async ({ clientId, domain }) => {
      const pack = packs.pack(settings.current.modelPack)
      const domains = domain === null ? ('all' as const) : [domain]
      const modelId = packs.modelIdOf(pack)
      const { embeddings } = await gallery.gallerySize(clientId, domains, modelId)
      const chosen = chosenFor(settings.current.thresholds, clientId, domains, modelId)
      return thresholdsInForce(pack.thresholds, embeddings, undefined, chosen)
    },
  } satisfies Partial<Handlers>
}
