/** The services of the window's process, put together over its stores and its vision process; none of it needs a window. Runs in main. */
import { join } from 'node:path'
import type { ClientId } from '../src-shared/ids'
import type { DataFolder } from './data-folder'
import { PhotoRunner } from './host/photo-runner'
import type { LaunchProcess } from './host/process-handle'
import type { VisionHost } from './host/vision-host'
import { SourceThread } from './import/thread/source-thread'
import { isolationParts } from './isolation-parts'
import { Calibrations } from './services/calibration/calibrations'
import type { ConsoleStatus } from './services/console-status'
import { Diagnoses } from './services/diagnostics/diagnoses'
import { DrawnFaces } from './services/drawn-faces'
import { Erasures } from './services/erasure/erasures'
import { filePlaces } from './services/erasure/file-places'
import { letGo } from './services/erasure/held-in-memory'
import { possibleDistances } from './services/erasure/possible-distances'
import { FaceActs } from './services/face-acts'
import { GalleryPhotos } from './services/gallery-photos'
import { EnrolmentGate } from './services/gate/enrolment-gate'
import { EnrolmentReview } from './services/gate/enrolment-review'
import { GalleryHealth } from './services/health/gallery-health'
import { IdentifyQueue } from './services/identify-queue'
import { ImportDesk } from './services/import/import-desk'
import { Jobs } from './services/jobs'
import { ModelPacks } from './services/model-packs'
import { Pictures } from './services/pictures'
import { RecentActs } from './services/recent-acts'
import { recognise } from './services/recognition'
import type { KeyStore } from './services/secrets'
import type { SettingsFile } from './services/settings-file'
import { UnknownActs } from './services/unknown-acts'
import { UnknownFaces } from './services/unknown-faces'
import { openStores } from './stores'

interface ConsoleParts {
  readonly folder: DataFolder
  readonly builtFolder: string
  readonly settings: SettingsFile
  readonly vision: VisionHost
  readonly status: ConsoleStatus
  /** Starts another vision process, for the isolation check. */
  readonly launchToTry: LaunchProcess
  readonly keyStore: KeyStore
  /** For the ledger. */
  readonly actor: string
  /** Visor's own. */
  readonly version: string
  readonly clearBrowserCaches: () => Promise<void>
  readonly unknownChanged: (clientId: ClientId) => void
  /** People or faces changed. */
  readonly galleriesChanged: (clientId: ClientId) => void
  /** What nobody waited for failed: `what` it was. */
  readonly onError: (what: string, error: unknown) => void
}

/** Opens the stores. Raises what {@link openStores} and `ModelPacks.open` raise. */
export async function openConsoleServices({
  folder,
  builtFolder,
  settings,
  vision,
  status,
  launchToTry,
  keyStore,
  actor,
  version,
  clearBrowserCaches,
  unknownChanged,
  galleriesChanged,
  onError,
}: ConsoleParts) {
  const packsOpening = ModelPacks.open(join(builtFolder, '..', '..', 'models'))
  const [
    packs,
    {
      store,
      modes,
      moves,
      pairings,
      erasures: erasuresElsewhere,
      comparisons,
      server,
      toDiagnose,
      galleries,
      queueStore,
      close: closeStores,
    },
  ] = await Promise.all([
    packsOpening,
    openStores({
      folder,
      builtFolder,
      settings,
      keyStore,
      actor,
      onFailure: (error) => {
        onError('store', error)
        status.storeFailed(error)
      },
      onError: (error) => onError('server', error),
    }),
  ])
  const run = <T>(work: () => T | Promise<T>) => store.during(work)
  const { gallery } = store
  const photos = new PhotoRunner(vision)
  const jobs = new Jobs(run)
  const diagnoses = new Diagnoses({
    toDiagnose,
    isolation: (places) =>
      isolationParts({
        launch: launchToTry,
        configuration: () => packs.configuration(settings.current),
        places,
        toDiagnose,
      }),
    jobs,
    settings,
    dataFolder: folder.path,
    version,
  })
  const gate = new EnrolmentGate(
    gallery,
    () => packs.pack(settings.current.modelPack),
    () => settings.current,
  )
  const unknown = new UnknownFaces({
    unknown: store.unknown,
    gallery,
    pack: () => packs.pack(settings.current.modelPack),
    settings: () => settings.current,
    onChanged: unknownChanged,
    onError: (error) => onError('unknown faces', error),
    run,
  })
  const galleryHealth = new GalleryHealth({
    health: store.health,
    gallery,
    pack: () => packs.pack(settings.current.modelPack),
    settings: () => settings.current,
    onError: (error) => onError('gallery health', error),
    run,
  })
  const queue = new IdentifyQueue({
    store: queueStore,
    analyser: photos,
    recognise: () => {
      const { search: searched, thresholds: domainThresholds } = settings.current
      const { domain, allDomains, ...search } = searched
      if (domain === null && !allDomains) return undefined
      const domains = allDomains || domain === null ? ('all' as const) : [domain]
      const pack = packs.pack(settings.current.modelPack)
      const options = { ...search, domains, domainThresholds }
      return (analyses) => run(() => recognise(gallery, pack, analyses, options))
    },
    analysis: () => ({ thorough: settings.current.search.thorough, flip: settings.current.search.flip }),
    recognised: (path, analysis, recognition) => {
      unknown
        .keep(path, analysis, recognition)
        .catch((error: unknown) => onError('keeping unknown faces', error))
    },
    onError: (error) => onError('queue', error),
  })
  const galleryPhotos = new GalleryPhotos({
    gallery,
    vision,
    photos,
    flip: () => settings.current.search.flip,
    actor,
  })
  const pictures = new Pictures(gallery, queueStore, store.reviews, queue, galleryPhotos, vision)
  const recentActs = new RecentActs()
  const calibrations = new Calibrations(folder.calibrationsFolder)
  const erasures = new Erasures({
    store: store.erasure,
    places: filePlaces({ calibrations, settings, folder, clearBrowserCaches }),
    reportsFolder: folder.erasuresFolder,
    possible: (clientId) => possibleDistances(packs, gallery, settings.current, clientId),
    actor,
    whileStill: letGo({
      queue,
      pictures,
      recentActs,
      unknown,
      galleriesChanged,
    }),
  })
  const importDesk = new ImportDesk({
    target: store,
    ...galleries,
    pairing: () => (modes.current.mode === 'server' ? undefined : pairings),
    openLooker: async () => ({
      photos,
      modelId: packs.modelIdOf(packs.pack(settings.current.modelPack)),
      flip: settings.current.search.flip,
      close: async () => undefined,
    }),
    openSource: async (spec, password) => new SourceThread(spec, { builtFolder, password }),
    jobs,
    actor,
    galleriesChanged,
  })
  return {
    /** Runs `work` on the store that is current now, to its end. */
    run,
    unknownFaces: unknown,
    erasuresElsewhere,
    closeStores,
    /** What the handlers of requests work with. */
    services: {
      gallery,
      reviews: store.reviews,
      health: store.health,
      galleryHealth,
      imports: store.imports,
      importDesk,
      queue,
      acts: new FaceActs(gallery, queue, queueStore, gate, actor),
      gate,
      review: new EnrolmentReview(gallery, store.reviews, gate, actor),
      unknown: store.unknown,
      unknownActs: new UnknownActs({
        unknown: store.unknown,
        gallery,
        pack: () => packs.pack(settings.current.modelPack),
        actor,
        changed: unknown,
      }),
      drawnFaces: new DrawnFaces({
        queue,
        store: queueStore,
        photos,
        flip: () => settings.current.search.flip,
      }),
      server,
      modes,
      moves,
      pairings,
      comparisons,
      queueStore,
      jobs,
      recentActs,
      packs,
      settings,
      calibrations,
      erasures,
      diagnoses,
      vision,
      photos,
      galleryPhotos,
      pictures,
      actor,
    },
  }
}
