/** Entry of the program: puts the parts together and opens the window. Runs in the main process. */
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { app, BrowserWindow, dialog, Notification, nativeTheme, session } from 'electron'
import log from 'electron-log/node'
import { type EventName, eventChannel } from '../src-shared/channels'
import { toWireError } from '../src-shared/errors'
import type { ClientId } from '../src-shared/ids'
import type { EventPayload } from '../src-shared/ipc'
import type { Settings } from '../src-shared/settings'
import type { Status, StoreStatus } from '../src-shared/status'
import { type DataFolder, defaultDataFolder, openDataFolder } from './data-folder'
import { PhotoRunner } from './host/photo-runner'
import { utilityProcessLauncher } from './host/utility-process'
import { VisionHost } from './host/vision-host'
import { electronDesktop } from './ipc/desktop'
import { makeHandlers } from './ipc/handlers'
import { isTopFrameOf, registerHandlers } from './ipc/register'
import { FaceActs } from './services/face-acts'
import { IdentifyQueue } from './services/identify-queue'
import { Jobs } from './services/jobs'
import { ModelPacks } from './services/model-packs'
import { Pictures } from './services/pictures'
import { recognise } from './services/recognition'
import { SettingsFile } from './services/settings-file'
import { openLocalStore } from './storage/sqlite/local-store'
import { confinePages, openMainWindow } from './window/main-window'
import { installMenu } from './window/menu'
import { appOrigin, declareSchemes, serveSchemes } from './window/schemes'

/** What is in work gets this long when Visor is closed; then it waits for the next start. */
const drainLimitMs = 5_000

const built = import.meta.dirname
const { values } = parseArgs({ options: { data: { type: 'string' } }, strict: false })

declareSchemes()
// Root cannot use Chromium's sandbox: tests there run with --no-sandbox, and nothing else does.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
confinePages()
app.commandLine.appendSwitch('disable-background-networking')

const folder = openFolder(
  typeof values.data === 'string' ? values.data : (process.env.VISOR_DATA ?? defaultDataFolder()),
)
app.setPath('userData', folder.browserFolder)
log.transports.file.resolvePathFn = () => folder.logFile
log.transports.console.level = false

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app
    .whenReady()
    .then(() => run(folder))
    .catch(giveUp)
} else app.quit()

function openFolder(path: string): DataFolder {
  try {
    return openDataFolder(path)
  } catch (error) {
    giveUp(error)
    throw error
  }
}

/** Says why Visor cannot start, and ends it. */
function giveUp(error: unknown): void {
  const { message, consequence, remedy, detail } = toWireError(error)
  const text = [consequence, remedy, detail].filter((part) => part !== undefined).join('\n\n')
  process.stderr.write(`visor: ${message}\n${text}\n`)
  if (process.env.VISOR_HEADLESS_ERRORS === undefined) dialog.showErrorBox(message, text)
  app.exit(2)
}

async function run(folder: DataFolder): Promise<void> {
  const settings = new SettingsFile(folder.settingsFile)
  nativeTheme.themeSource = settings.current.theme
  settings.writeFailed.add((error) => log.error('settings', error))
  settings.changed.add(({ theme }) => {
    nativeTheme.themeSource = theme
  })

  const [packs, store] = await Promise.all([
    ModelPacks.open(join(built, '..', '..', 'models')),
    openLocalStore({
      folder: folder.path,
      builtFolder: built,
      onFailure: (error) => {
        storeStatus = { ...storeStatus, state: 'failed', error: toWireError(error) }
        tell('status', status())
      },
    }),
  ])
  const { gallery } = store
  const vision = new VisionHost({
    launch: utilityProcessLauncher(join(built, 'vision.js'), 'Visor vision'),
    log: (line) => log.info(line),
  })
  const photos = new PhotoRunner(vision)
  const jobs = new Jobs()
  const queue = new IdentifyQueue({
    store: store.queue,
    analyser: photos,
    recognise: () => {
      const { clientId, domain, allDomains, topK, matchDistance, possibleDistance } = settings.current.search
      if (domain === null && !allDomains) return undefined
      const request = {
        clientId,
        domains: allDomains || domain === null ? ('all' as const) : [domain],
        topK,
        matchDistance,
        possibleDistance,
      }
      return (analyses) => recognise(gallery, packs.pack(settings.current.modelPack), analyses, request)
    },
    analysis: () => ({ thorough: settings.current.search.thorough, flip: settings.current.search.flip }),
    onError: (error) => log.error('queue', error),
  })
  const actor = userInfo().username
  const pictures = new Pictures(gallery, store.queue, queue, vision)

  const window = (() => {
    serveSchemes(session.defaultSession, join(built, '..', 'renderer'), (url) => pictures.at(url))
    return openMainWindow({
      preload: join(built, '..', 'preload', 'index.cjs'),
      settings: settings.current,
      onPlace: (place: NonNullable<Settings['window']>) => settings.update({ window: place }),
    })
  })()
  const tell = <N extends EventName>(name: N, payload: EventPayload<N>) => {
    if (!window.isDestroyed()) window.webContents.send(eventChannel(name), payload)
  }

  let storeStatus: StoreStatus = {
    state: 'opening',
    mode: 'local',
    engine: gallery.engine,
    persons: 0,
    faces: 0,
  }
  const status = (): Status => ({ vision: vision.status, store: storeStatus })
  const countGalleries = async () => {
    const domains = (await gallery.clients()).flatMap((client) => client.domains)
    const sum = (key: 'persons' | 'faces') => domains.reduce((total, domain) => total + domain[key], 0)
    storeStatus = { ...storeStatus, state: 'ready', persons: sum('persons'), faces: sum('faces') }
    tell('status', status())
  }
  const galleriesChanged = (clientId: ClientId) => {
    countGalleries().catch((error: unknown) => log.error('counting', error))
    tell('galleries', { clientId })
    queue.searchAgain()
  }
  const configureVision = async () => {
    const { modelPack, provider, threads } = settings.current
    const pack = packs.pack(modelPack)
    try {
      await vision.configure({ pack, packFolder: packs.folderOf(pack), provider, threads })
    } catch (error) {
      // The status says so, and what to do; whoever waits for a photo is told as well.
      log.warn('the vision process was not configured', error)
    }
  }

  vision.onStatus(({ state }) => {
    tell('status', status())
    if (state === 'ready') queue.wake()
  })
  settings.changed.add((current) => tell('settings', current))
  jobs.changed.add((job) => {
    tell('job', job)
    if (job.state !== 'running' && job.kind !== 'add-files')
      notifyWhenAway(window, job.title, job.outcome ?? job.error?.message ?? '')
  })
  let wasBusy = false
  queue.changed.add((change) => {
    tell('queue', change)
    const { total, done, waiting, working, failed } = change.progress
    const busy = waiting + working > 0
    if (!window.isDestroyed()) window.setProgressBar(busy ? (total - waiting - working) / total : -1)
    if (wasBusy && !busy) notifyWhenAway(window, 'Photos recognised', `${done} done, ${failed} failed.`)
    wasBusy = busy
  })
  installMenu((command) => tell('command', command))
  registerHandlers(
    makeHandlers({
      gallery,
      queue,
      acts: new FaceActs(gallery, queue, store.queue, actor),
      jobs,
      packs,
      settings,
      vision,
      photos,
      desktop: electronDesktop(() => window),
      actor,
      info: {
        version: app.getVersion(),
        electron: process.versions.electron ?? '',
        node: process.versions.node,
        chromium: process.versions.chrome ?? '',
        platform: `${process.platform} ${process.arch}`,
        dataFolder: folder.path,
        logFile: folder.logFile,
      },
      status,
      configureVision,
      galleriesChanged,
    }),
    isTopFrameOf(window.webContents, appOrigin),
    (name, error) => log.error(name, error),
  )

  let closing = false
  app.on('before-quit', (event) => {
    if (closing) return
    event.preventDefault()
    closing = true
    if (!window.isDestroyed()) window.hide()
    close()
      .catch((error: unknown) => log.error('closing', error))
      .finally(() => app.exit(0))
  })
  app.on('window-all-closed', () => app.quit())
  async function close(): Promise<void> {
    await Promise.all([queue.stop(drainLimitMs), jobs.stop(), settings.flush()])
    await vision.drain()
    await store.close()
  }

  void configureVision()
  await Promise.all([queue.load(), countGalleries()])
}

/** Tells the system when long work ended while nobody looked. */
function notifyWhenAway(window: BrowserWindow, title: string, body: string): void {
  if (window.isDestroyed() || window.isFocused() || !Notification.isSupported()) return
  new Notification({ title, body, silent: true }).show()
}
