/** Entry of the program: opens the window over the services, and tells it what happens. Runs in the main process. */

import { userInfo } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { app, BrowserWindow, dialog, nativeTheme, session } from 'electron'
import log from 'electron-log/node'
import { type EventName, eventChannel } from '../src-shared/channels'
import { fromWireError, toWireError } from '../src-shared/errors'
import type { ClientId } from '../src-shared/ids'
import type { EventPayload } from '../src-shared/ipc'
import { openConsoleServices } from './console-services'
import { type DataFolder, defaultDataFolder, openDataFolder } from './data-folder'
import { utilityProcessLauncher } from './host/utility-process'
import { VisionHost } from './host/vision-host'
import { electronDesktop } from './ipc/desktop'
import { makeHandlers } from './ipc/handlers'
import { finishErasures } from './ipc/handlers/erasure'
import { electronKeyStore } from './ipc/key-store'
import { isTopFrameOf, registerHandlers } from './ipc/register'
import { emptyOldBins } from './services/bin'
import { ConsoleStatus } from './services/console-status'
import { SettingsFile } from './services/settings-file'
import type { ModeState } from './services/store-mode'
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
  const { run, unknownFaces, erasuresElsewhere, closeStores, services } = await openConsoleServices({
    folder,
    builtFolder: built,
    settings,
    vision,
    status,
    launchToTry: utilityProcessLauncher(join(built, 'vision.js'), 'Visor isolation check'),
    keyStore: electronKeyStore(),
    actor: userInfo().username,
    version: app.getVersion(),
    clearBrowserCaches: () => session.defaultSession.clearCache(),
    unknownChanged: (clientId) => tell('unknown', { clientId }),
    galleriesChanged: (clientId) => galleriesChanged(clientId),
    onError: (what, error) => log.error(what, error),
  })
  const { gallery, galleryHealth, modes, queue, jobs, pictures, packs, recentActs, erasures, actor } =
    services
  const configureVision = async () => {
    try {
      await vision.configure(packs.configuration(settings.current))
    } catch (error) {
      // The status says so, and what to do; whoever waits for a photo is told as well.
      log.warn('the vision process was not configured', error)
    }
  }
  void configureVision()

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
    unknownFaces.galleryChanged(clientId)
    galleryHealth.wake()
  }

  services.importDesk.looking.add((looking) => tell('importLook', looking))

  const modeChanged = ({ mode, server }: ModeState) => {
    const before = status.current.store.server?.state
    status.modeChanged(mode, server)
    // On trial, a server does not answer: what it cannot do costs nobody anything.
    if (mode === 'dual') return
    if (server?.state === 'failed' && server.error !== null) status.storeFailed(fromWireError(server.error))
    // Who answers is another, and so may the answers be.
    else if (before !== server?.state) galleriesChanged(settings.current.search.clientId)
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
    unknownFaces.storeChanged()
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
  services.server.step.add((step) => tell('serverTest', step))
  services.diagnoses.changed.add((state) => tell('diagnosis', state))
  queue.changed.add((change) => {
    tell('queue', change)
    showProgress(window, change.progress)
  })
  installMenu((command) => tell('command', command))
  registerHandlers(
    makeHandlers({
      ...services,
      desktop: electronDesktop(() => window),
      info: {
        version: app.getVersion(),
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
    await Promise.all([unknownFaces.stop(), galleryHealth.stop()])
    await vision.drain()
    await closeStores()
  }
  endWell(window, close, (error) => log.error('closing', error))
  if (process.env.VISOR_BENCH_STARTUP !== undefined) reportFirstPaint(window, startedAt)
  // Where a server is worked on, what follows waits for it.
  const opened = modes.start()
  await Promise.all([queue.load(), count(), opened])
  await emptyOldBins(gallery, services.reviews, settings.current.binRetentionDays, actor).catch(
    (error: unknown) => log.error('emptying the bin', error),
  )
  await unknownFaces.start().catch((error: unknown) => log.error('unknown faces', error))
  galleryHealth.wake()
  erasuresElsewhere.start()
  await finishErasures(jobs, erasures).catch((error: unknown) => log.error('erasures', error))
}
