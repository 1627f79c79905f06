/** Entry of the program: puts the parts together and opens the window. Runs in the main process. */
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { app, BrowserWindow, dialog, nativeTheme, session } from 'electron'
import log from 'electron-log/node'
import { type EventName, eventChannel } from '../src-shared/channels'
import { fromWireError, toWireError } from '../src-shared/errors'
import { type ClientId, modelIdSchema } from '../src-shared/ids'
import type { EventPayload } from '../src-shared/ipc'
import { modelIdOf } from '../src-shared/model-pack'
import { type DataFolder, defaultDataFolder, openDataFolder } from './data-folder'
import { PhotoRunner } from './host/photo-runner'
import { utilityProcessLauncher } from './host/utility-process'
import { VisionHost } from './host/vision-host'
import { SourceThread } from './import/thread/source-thread'
import { electronDesktop } from './ipc/desktop'
import { makeHandlers } from './ipc/handlers'
import { finishErasures } from './ipc/handlers/erasure'
import { electronKeyStore } from './ipc/key-store'
import { isTopFrameOf, registerHandlers } from './ipc/register'
import { isolationParts } from './isolation-parts'
import { emptyOldBins } from './services/bin'
import { Calibrations } from './services/calibration/calibrations'
import { ConsoleStatus } from './services/console-status'
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
import { SettingsFile } from './services/settings-file'
import type { ModeState } from './services/store-mode'
import { UnknownActs } from './services/unknown-acts'
import { UnknownFaces } from './services/unknown-faces'
import { openStores } from './stores'
import { showProgress, tellWhenAway } from './window/away'
import { endWell } from './window/end-well'
import { reportFirstPaint } from './window/first-paint'
import { confinePages, openMainWindow } from './window/main-window'
import { installMenu } from './window/menu'
import { appOrigin, declareSchemes, serveSchemes } from './window/schemes'

/** What is in work when Visor is closed gets this long to end; then it waits for the next start. */
const drainLimitMs = 5_000

const startedAt = performance.now()
const built = import.meta.dirname
const { values: options } = parseArgs({ options: { data: { type: 'string' } }, strict: false })

declareSchemes()
// Root cannot use Chromium's sandbox: tests there run with --no-sandbox, and nothing else does.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
app.commandLine.appendSwitch('disable-background-networking')
confinePages()
start()

function start(): void {
  let folder: DataFolder
  try {
    const named = typeof options.data === 'string' ? options.data : process.env.VISOR_DATA
    folder = openDataFolder(named ?? defaultDataFolder())
  } catch (error) {
    giveUp(error)
    return
  }
  app.setPath('userData', folder.browserFolder)
  log.transports.file.resolvePathFn = () => folder.logFile
  log.transports.console.level = false
  // What nobody caught is a mistake of ours: it is written down, and the work of everybody else goes on.
  process.on('unhandledRejection', (error) => log.error('unhandled rejection', error))
  process.on('uncaughtException', (error) => log.error('uncaught exception', error))
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app
    .whenReady()
    .then(() => run(folder))
    .catch(giveUp)
}

/** Says why Visor cannot start, and ends it. */
function giveUp(error: unknown): void {
  const { message, consequence, remedy, detail } = toWireError(error)
  const text = [consequence, remedy, detail].filter((part) => part !== undefined).join('\n\n')
  process.stderr.write(`visor: ${message}\n${text}\n`)
  // A dialog waits for somebody to close it; where nobody is, the program could not end.
  if (process.env.VISOR_NO_DIALOGS === undefined) dialog.showErrorBox(message, text)
  app.exit(2)
}

async function run(folder: DataFolder): Promise<void> {
  const settings = new SettingsFile(folder.settingsFile)
  settings.writeFailed.add((error) => log.error('settings', error))
  nativeTheme.themeSource = settings.current.theme

  const vision = new VisionHost({
    launch: utilityProcessLauncher(join(built, 'vision.js'), 'Visor vision'),
    log: (line) => log.info(line),
  })
  const status = new ConsoleStatus(vision)
  const actor = userInfo().username
  const packsOpening = ModelPacks.open(join(built, '..', '..', 'models'))
  const [
    packs,
    { store, modes, moves, comparisons, server, toDiagnose, galleries, queueStore, close: closeStores },
  ] = await Promise.all([
    packsOpening,
    openStores({
      folder,
      builtFolder: built,
      settings,
      keyStore: electronKeyStore(),
      actor,
      modelId: async () =>
        modelIdSchema.parse(modelIdOf((await packsOpening).pack(settings.current.modelPack))),
      onFailure: (error) => {
        log.error('store', error)
        status.storeFailed(error)
      },
      onError: (error) => log.error('server', error),
    }),
  ])
  const run = <T>(work: () => T | Promise<T>) => store.during(work)
  const { gallery } = store
  const photos = new PhotoRunner(vision)
  const jobs = new Jobs(run)
  const version = app.getVersion()
  const diagnoses = new Diagnoses({
    toDiagnose,
    isolation: (places) =>
      isolationParts({
        launch: utilityProcessLauncher(join(built, 'vision.js'), 'Visor isolation check'),
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
    onChanged: (clientId) => tell('unknown', { clientId }),
    onError: (error) => log.error('unknown faces', error),
    run,
  })
  const galleryHealth = new GalleryHealth({
    health: store.health,
    gallery,
    pack: () => packs.pack(settings.current.modelPack),
    settings: () => settings.current,
    onError: (error) => log.error('gallery health', error),
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
        .catch((error: unknown) => log.error('keeping unknown faces', error))
    },
    onError: (error) => log.error('queue', error),
  })
  const configureVision = async () => {
    try {
      await vision.configure(packs.configuration(settings.current))
    } catch (error) {
      // The status says so, and what to do; whoever waits for a photo is told as well.
      log.warn('the vision process was not configured', error)
    }
  }
  void configureVision()

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
  const clearBrowserCaches = () => session.defaultSession.clearCache()
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
      galleriesChanged: (clientId) => galleriesChanged(clientId),
    }),
  })
  serveSchemes(session.defaultSession, join(built, '..', 'renderer'), (url) => pictures.at(url))
  const window = openMainWindow({
    preload: join(built, '..', 'preload', 'index.cjs'),
    settings: settings.current,
    onPageGone: (reason) => log.error('the page ended', reason),
    onPlace: (place) => settings.update({ window: place }),
  })
  const tell = <N extends EventName>(name: N, payload: EventPayload<N>) => {
    if (!window.isDestroyed()) window.webContents.send(eventChannel(name), payload)
  }
  // What is counted is what is worked on now, also after an act that began on another store.
  const count = () => run(() => status.count(gallery)).catch((error: unknown) => log.error('counting', error))
  const galleriesChanged = (clientId: ClientId) => {
    void count()
    modes.recount()
    tell('galleries', { clientId })
    queue.searchAgain()
    unknown.galleryChanged(clientId)
    galleryHealth.wake()
  }

  const importDesk = new ImportDesk({
    target: store,
    ...galleries,
    openLooker: async () => ({
      photos,
      modelId: packs.modelIdOf(packs.pack(settings.current.modelPack)),
      flip: settings.current.search.flip,
      close: async () => undefined,
    }),
    openSource: async (spec, password) => new SourceThread(spec, { builtFolder: built, password }),
    jobs,
    actor,
    galleriesChanged,
  })
  importDesk.looking.add((looking) => tell('importLook', looking))

  const modeChanged = ({ mode, server }: ModeState) => {
    const before = status.current.store.server?.state
    status.modeChanged(mode, server)
    if (server?.state === 'failed' && server.error !== null) status.storeFailed(fromWireError(server.error))
    // Who answers is another, and so may the answers be; on trial, a server does not answer.
    else if (mode !== 'dual' && before !== server?.state) galleriesChanged(settings.current.search.clientId)
  }
  modes.changed.add(modeChanged)
  modes.sideChanged.add(() => tell('serverSide', undefined))
  modes.galleryChanged.add(galleriesChanged)
  modes.switched.add((state) => {
    modeChanged(state)
    void count()
    // What the window's process holds is of the former store.
    recentActs.clear()
    pictures.forget()
    unknown.storeChanged()
    galleryHealth.storeChanged()
    queue.searchAgain()
    tell('galleries', { clientId: settings.current.search.clientId })
  })

  vision.onStatus(({ state }) => {
    if (state === 'ready') queue.wake()
  })
  status.changed.add((current) => tell('status', current))
  settings.changed.add((current) => {
    nativeTheme.themeSource = current.theme
    tell('settings', current)
  })
  jobs.internalError.add((error) => log.error('job', error))
  jobs.changed.add((job) => {
    tell('job', job)
    if (job.state === 'done' || job.state === 'failed') {
      tellWhenAway(window, job.title, job.outcome ?? job.error?.message ?? '')
    }
  })
  galleryHealth.news.add((news) => tell('health', { ...news, changed: [...news.changed] }))
  server.step.add((step) => tell('serverTest', step))
  diagnoses.changed.add((state) => tell('diagnosis', state))
  queue.changed.add((change) => {
    tell('queue', change)
    showProgress(window, change.progress)
  })
  installMenu((command) => tell('command', command))
  registerHandlers(
    makeHandlers({
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
      desktop: electronDesktop(() => window),
      actor,
      info: {
        version,
        electron: process.versions.electron ?? '',
        node: process.versions.node,
        chromium: process.versions.chrome ?? '',
        platform: `${process.platform} ${process.arch}`,
        dataFolder: folder.path,
        logFile: folder.logFile,
      },
      status: () => status.current,
      configureVision,
      galleriesChanged,
    }),
    isTopFrameOf(window.webContents, appOrigin),
    (name, error) => log.error(name, error),
    run,
  )
  const close = async () => {
    await Promise.all([queue.stop(drainLimitMs), jobs.stop(), settings.flush()])
    await Promise.all([unknown.stop(), galleryHealth.stop()])
    await vision.drain()
    await closeStores()
  }
  endWell(window, close, (error) => log.error('closing', error))
  if (process.env.VISOR_BENCH_STARTUP !== undefined) reportFirstPaint(window, startedAt)
  // Where a server is worked on, what follows waits for it.
  const opened = modes.start()
  await Promise.all([queue.load(), count(), opened])
  await emptyOldBins(gallery, store.reviews, actor).catch((error: unknown) =>
    log.error('emptying the bin', error),
  )
  await unknown.start().catch((error: unknown) => log.error('unknown faces', error))
  galleryHealth.wake()
  await finishErasures(jobs, erasures).catch((error: unknown) => log.error('erasures', error))
}
