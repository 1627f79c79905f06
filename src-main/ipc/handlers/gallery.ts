/** Requests that fill and show galleries: domains, people, enrolment, the sample gallery. Runs in main. */

import { basename } from 'node:path'
import { count, counted } from '../../../src-shared/amounts'
import type { EnrolReport } from '../../../src-shared/gallery'
import type { ClientId, Domain, LedgerId, PersonId } from '../../../src-shared/ids'
import type { Job } from '../../../src-shared/status'
import { newBatch } from '../../services/batch'
import { chosenFor } from '../../services/domain-thresholds'
import {
  type EnrolNeeds,
  type EnrolOptions,
  enrolFolder,
  enrolPhotos,
} from '../../services/enrolment/enrol-people'
import { installSamples, sampleDomain } from '../../services/samples'
import { thresholdsInForce } from '../../services/thresholds'
import type { Handlers } from '../register'
import { acting } from './acting'
import { searchNoMore } from './curation'
import type { Services } from './services'

export function galleryHandlers(services: Services) {
  const { gallery, reviews, gate, jobs, packs, settings, photos, desktop, actor, galleriesChanged } = services
  const { doneTogether } = acting(services)
  /** Enrols through the gate, as a job. */
  const enrol = (
    kind: Job['kind'],
    /** While it is done, and as the history has it. */
    [title, done]: readonly [string, string],
    clientId: ClientId,
    domain: Domain,
    work: (needs: EnrolNeeds, options: EnrolOptions) => Promise<EnrolReport>,
  ) =>
    jobs.start(kind, title, 'photos', async ({ signal, progress }) => {
      const pack = packs.pack(settings.current.modelPack)
      const written: LedgerId[] = []
      const batch = newBatch(done)
      try {
        const report = await work(
          { gallery, reviews, gate, analyser: photos },
          {
            clientId,
            domain,
            modelId: packs.modelIdOf(pack),
            verifyDistance: pack.thresholds.verify,
            actor,
            flip: settings.current.search.flip,
            signal,
            onProgress: progress,
            partOf: batch,
            onWritten: (ledgerId) => written.push(ledgerId),
          },
        )
        const { needsLook, refused, skipped } = report
        return { outcome: outcomeOf(report), skipped: [...refused, ...skipped], needsLook: needsLook.length }
      } finally {
        doneTogether(clientId, batch, written)
      }
    })
  const enrolOnPerson = async (personId: PersonId, paths: readonly string[]) => {
    const { clientId, domain, name } = await gallery.person(personId)
    const titles = [`Adding photos to ${name}`, `Added photos to ${name}`] as const
    return enrol('enrol-photos', titles, clientId, domain, (needs, options) =>
      enrolPhotos({ personId, name }, paths, needs, options),
    )
  }
  return {
    'gallery.clients': () => gallery.clients(),
    'gallery.sizes': () => gallery.sizes(),
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
      if (folder === undefined) return null
      return enrol(
        'enrol-folder',
        [`Enrolling ${basename(folder)} in ${domain}`, `Enrolled people in ${domain}`],
        clientId,
        domain,
        (needs, options) => enrolFolder(folder, needs, options),
      )
    },
    'gallery.choosePhotos': async ({ personId, kind }) => {
      const paths = await desktop.choosePhotos(kind)
      return paths.length === 0 ? null : enrolOnPerson(personId, paths)
    },
    'gallery.addPaths': ({ personId, paths }) => enrolOnPerson(personId, paths),
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

/** The three piles, one sentence. */
function outcomeOf({ photos, persons, alreadyThere, needsLook, refused }: EnrolReport): string {
  const people = persons === 0 ? '' : `, ${counted(persons, 'new person', 'new people')}`
  const parts = [
    `Enrolled ${counted(photos, 'photo')}${people}.`,
    needsLook.length === 0
      ? ''
      : `${count(needsLook.length)} ${needsLook.length === 1 ? 'waits' : 'wait'} for a look in Review.`,
    refused.length === 0 ? '' : `${refused.length} refused.`,
    alreadyThere === 0 ? '' : `${count(alreadyThere)} ${alreadyThere === 1 ? 'was' : 'were'} there already.`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}
