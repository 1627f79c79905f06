/** What main does for each request of the window: the services, wired to the contract. Runs in main. */
import { basename } from 'node:path'
import { VisorError } from '../../src-shared/errors'
import type { ClientId, Domain, ItemId } from '../../src-shared/ids'
import { passesFilter } from '../../src-shared/queue'
import type { Settings } from '../../src-shared/settings'
import type { AppInfo, Status } from '../../src-shared/status'
import type { PhotoRunner } from '../host/photo-runner'
import type { VisionHost } from '../host/vision-host'
import { enrolFolder } from '../services/enrolment'
import { exportAnswers } from '../services/export'
import type { FaceActs } from '../services/face-acts'
import type { IdentifyQueue } from '../services/identify-queue'
import type { Jobs } from '../services/jobs'
import type { ModelPacks } from '../services/model-packs'
import { findPhotos } from '../services/photo-files'
import { installSamples, sampleDomain } from '../services/samples'
import type { SettingsFile } from '../services/settings-file'
import { thresholdsInForce } from '../services/thresholds'
import type { GalleryStore } from '../storage/gallery-store'
import type { Desktop } from './desktop'
import type { Handlers } from './register'

/** Photos added to the queue in one transaction. */
const addPortion = 500
/** How far back Ctrl+Z reaches. */
const undoWindowMs = 60 * 60 * 1000

export interface Services {
  readonly gallery: GalleryStore
  readonly queue: IdentifyQueue
  readonly acts: FaceActs
  readonly jobs: Jobs
  readonly packs: ModelPacks
  readonly settings: SettingsFile
  readonly vision: VisionHost
  readonly photos: PhotoRunner
  readonly desktop: Desktop
  readonly actor: string
  readonly info: AppInfo
  readonly status: () => Status
  /** Configures the vision process by the settings in force. */
  readonly configureVision: () => Promise<void>
  /** People or faces changed: whoever shows or counts them is told. */
  readonly galleriesChanged: (clientId: ClientId) => void
}

export function makeHandlers(services: Services): Handlers {
  return {
    ...appHandlers(services),
    ...queueHandlers(services),
    ...faceHandlers(services),
    ...galleryHandlers(services),
    ...modelHandlers(services),
  }
}

function appHandlers({ info, status, jobs, desktop, settings, queue, configureVision }: Services) {
  return {
    'app.info': () => info,
    'app.status': () => status(),
    'app.jobs': () => jobs.list(),
    'app.cancelJob': ({ jobId }) => jobs.cancel(jobId),
    'app.revealLog': () => desktop.reveal(info.logFile),
    'app.revealDataFolder': () => desktop.reveal(info.dataFolder),
    'settings.get': () => settings.current,
    'settings.update': (patch) => {
      const before = settings.current
      const after = settings.update(patch)
      if (patch.provider !== undefined || patch.threads !== undefined) void configureVision()
      if (searchDiffers(before, after)) queue.searchAgain()
      // A queue that had no domain to search begins now.
      if (before.search.domain !== after.search.domain) queue.wake()
      return after
    },
  } satisfies Partial<Handlers>
}

/** Whether answers under the two settings may differ. */
function searchDiffers({ search: a }: Settings, { search: b }: Settings): boolean {
  return (
    a.clientId !== b.clientId ||
    a.domain !== b.domain ||
    a.allDomains !== b.allDomains ||
    a.matchDistance !== b.matchDistance ||
    a.possibleDistance !== b.possibleDistance ||
    a.topK !== b.topK
  )
}

function queueHandlers({ queue, jobs, desktop, settings }: Services) {
  const addPaths = (paths: readonly string[]) => {
    requireDomain(settings.current)
    const title =
      paths.length === 1 ? `Adding ${basename(paths[0]!)}` : `Adding ${paths.length} files and folders`
    return jobs.start('add-files', title, 'photos', async ({ signal, progress }) => {
      let added = 0
      let portion: { path: string }[] = []
      const addPart = async () => {
        await queue.add(portion)
        added += portion.length
        portion = []
        progress({ done: added, total: 0 })
      }
      for await (const { path } of findPhotos(paths, signal)) {
        portion.push({ path })
        if (portion.length === addPortion) await addPart()
      }
      if (portion.length > 0) await addPart()
      if (added === 0) throw new VisorError('not-found', 'There are no photos in what was added.')
      return { outcome: added === 1 ? 'Added 1 photo.' : `Added ${added} photos.` }
    })
  }
  return {
    'queue.open': async ({ kind }) => {
      const paths = await desktop.choosePhotos(kind)
      return paths.length === 0 ? null : addPaths(paths)
    },
    'queue.addPaths': ({ paths }) => addPaths(paths),
    'queue.addPictures': ({ pictures }) => {
      requireDomain(settings.current)
      return jobs.start('add-files', 'Adding the pasted picture', 'photos', async () => {
        await queue.add(pictures.map((pasted) => ({ pasted })))
        return { outcome: 'Added the pasted picture.' }
      })
    },
    'queue.snapshot': () => queue.snapshot(),
    'queue.detail': ({ itemId }) => queue.detail(itemId),
    'queue.pause': () => queue.pause(),
    'queue.resume': () => queue.resume(),
    'queue.cancel': ({ itemIds }) => queue.cancel(itemIds),
    'queue.retry': ({ itemIds }) => queue.retry(itemIds),
    'queue.remove': ({ itemIds }) => queue.remove(itemIds),
    'queue.research': () => queue.searchAgain(),
    'queue.revealFile': async ({ itemId }) => {
      const source = await queue.source(itemId)
      if (!('path' in source)) throw new VisorError('not-found', 'A pasted picture has no file.')
      desktop.reveal(source.path)
    },
    'queue.export': async ({ format, filter }) => {
      const items = queue.snapshot().items.filter((item) => passesFilter(item, filter))
      if (items.length === 0)
        throw new VisorError('not-found', 'The list is empty; there is nothing to export.')
      const path = await desktop.chooseSave(
        `visor-${new Date().toISOString().slice(0, 10)}.${format}`,
        format,
      )
      if (path === undefined) return null
      return jobs.start('export', `Exporting to ${basename(path)}`, 'photos', async (context) => {
        const recognitionOf = async ({ itemId }: { itemId: ItemId }) =>
          (await queue.detail(itemId)).recognition
        await exportAnswers(path, format, items, recognitionOf, context)
        return { outcome: `Wrote ${items.length === 1 ? '1 photo' : `${items.length} photos`} to ${path}.` }
      })
    },
  } satisfies Partial<Handlers>
}

/** Raises `invalid-argument` while there is nothing to search in. */
function requireDomain({ search }: Settings): void {
  if (search.domain !== null || search.allDomains) return
  throw new VisorError('invalid-argument', 'No domain is chosen.', {
    consequence: 'Visor does not know whom to look for, so the photos were not added.',
    remedy: 'Choose a domain in the toolbar, then add them again.',
  })
}

function faceHandlers({ acts, settings, gallery, actor, galleriesChanged }: Services) {
  const clientId = () => settings.current.search.clientId
  const changed = <T>(result: T): T => {
    galleriesChanged(clientId())
    return result
  }
  return {
    'face.confirm': async ({ personId, ...ref }) => changed(await acts.confirm(clientId(), ref, personId)),
    'face.reject': async ({ personId, ...ref }) => changed(await acts.reject(clientId(), ref, personId)),
    'face.enrolNew': async ({ domain, name, ...ref }) =>
      changed(await acts.enrolNew(clientId(), ref, domain, name)),
    'ledger.undo': async ({ ledgerId }) => changed(await gallery.undo(ledgerId, { actor })),
    'ledger.undoLast': async () => {
      const last = await gallery.lastUndoable(actor, Date.now() - undoWindowMs)
      return last === undefined ? null : changed(await gallery.undo(last.ledgerId, { actor }))
    },
  } satisfies Partial<Handlers>
}

function galleryHandlers(services: Services) {
  const { gallery, jobs, packs, settings, photos, desktop, actor, galleriesChanged } = services
  const act = async (
    clientId: ClientId,
    summary: string,
    write: (summary: string) => ReturnType<GalleryStore['deletePersons']>,
  ) => {
    const { ledgerId } = await write(summary)
    galleriesChanged(clientId)
    if (ledgerId === undefined) throw new VisorError('conflict', 'There was nothing to change.')
    return { ledgerId, summary }
  }
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
    'gallery.deleteDomain': ({ clientId, domain }) =>
      act(clientId, `Deleted the domain ${domain}`, (summary) =>
        gallery.deleteDomain(clientId, domain, { actor, summary }),
      ),
    'gallery.persons': (query) => gallery.persons(query),
    'gallery.person': ({ personId }) => gallery.person(personId),
    'gallery.renamePerson': async ({ personId, name }) => {
      const before = await gallery.person(personId)
      return act(settings.current.search.clientId, `Renamed ${before.name} to ${name}`, (summary) =>
        gallery.renamePerson(personId, name, { actor, summary }),
      )
    },
    'gallery.deletePersons': ({ personIds }) => {
      const count = personIds.length === 1 ? '1 person' : `${personIds.length} people`
      return act(settings.current.search.clientId, `Deleted ${count}`, (summary) =>
        gallery.deletePersons(personIds, { actor, summary }),
      )
    },
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
      const { clientId, domain } = settings.current.search
      const sampleItems = services.queue
        .snapshot()
        .items.filter(({ path }) => packs.isSample(path))
        .map(({ itemId }) => itemId)
      await gallery.deleteDomain(clientId, sampleDomain, { actor, summary: 'Removed the sample gallery' })
      await services.queue.remove(sampleItems)
      if (domain === sampleDomain) settings.update({ search: { domain: null } })
      galleriesChanged(clientId)
    },
    'gallery.thresholds': async ({ clientId, domain }) => {
      const pack = packs.pack(settings.current.modelPack)
      const domains = domain === null ? 'all' : [domain]
      const { embeddings } = await gallery.gallerySize(clientId, domains, packs.modelIdOf(pack))
      return thresholdsInForce(pack.thresholds, embeddings)
    },
  } satisfies Partial<Handlers>
}

function modelHandlers({ packs, jobs, settings, vision, configureVision }: Services) {
  return {
    'models.list': () => packs.list(settings.current),
    'models.fetch': ({ packId, consent }) => {
      const pack = packs.pack(packId)
      return jobs.start('fetch-models', `Fetching ${pack.title}`, 'bytes', async ({ signal, progress }) => {
        await packs.fetch(pack, { consent, signal, onProgress: progress })
        if (pack.licence.consentRequired) {
          settings.update({ consents: { ...settings.current.consents, [packId]: new Date().toISOString() } })
        }
        if (packs.pack(settings.current.modelPack).id === packId) await configureVision()
        return { outcome: `${pack.title} is here and verified.` }
      })
    },
    'models.use': async ({ packId }) => {
      const pack = packs.pack(packId)
      if ((await packs.state(pack)) !== 'present') {
        throw new VisorError('model-missing', `The files of ${pack.title} are not here.`, {
          remedy: 'Fetch the pack first.',
        })
      }
      settings.update({ modelPack: packId })
      await configureVision()
    },
    'vision.tryAgain': () => vision.tryAgain(),
  } satisfies Partial<Handlers>
}
