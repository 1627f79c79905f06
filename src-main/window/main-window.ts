/** The one window: where it was, what it may do, and where it may not go. Runs in main. */
import { app, BrowserWindow, nativeTheme, type Rectangle, screen } from 'electron'
import type { Settings } from '../../src-shared/settings'
import { appOrigin } from './schemes'

const firstSize = { width: 1440, height: 900 }
/** From the death of the page's process to the next one. */
const pageRestartMs = 300
const smallestSize = { minWidth: 1024, minHeight: 700 }

interface WindowOptions {
  readonly preload: string
  readonly settings: Settings
  /** The page's process died, for the log; the page is loaded again. */
  readonly onPageGone: (reason: string) => void
  /** The window was moved, sized or closed: to be remembered. */
  readonly onPlace: (place: NonNullable<Settings['window']>) => void
}

/** Makes the window and loads its page; it is shown when its first frame is painted. */
export function openMainWindow({ preload, settings, onPageGone, onPlace }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    ...firstSize,
    ...placeOnScreen(settings.window),
    ...smallestSize,
    show: false,
    title: 'Visor',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#141517' : '#ffffff',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      devTools: !app.isPackaged,
    },
  })
  if (settings.window?.maximized === true) window.maximize()
  window.once('ready-to-show', () => window.show())

  const remember = () => onPlace({ ...window.getNormalBounds(), maximized: window.isMaximized() })
  window.on('moved', remember)
  window.on('resized', remember)
  window.on('maximize', remember)
  window.on('unmaximize', remember)
  window.on('close', remember)
  // Quitting by the menu closes no window, and Linux tells of no move.
  app.once('before-quit', () => {
    if (!window.isDestroyed()) remember()
  })
  void window.loadURL(`${appOrigin}/index.html`)
  // The page holds nothing that main does not: where its process dies, it is shown anew.
  window.webContents.on('render-process-gone', (_, { reason }) => {
    onPageGone(reason)
    // Not at once: Electron is still taking the old process down, and dies of a reload in the middle of it.
    if (reason !== 'clean-exit') setTimeout(() => window.isDestroyed() || window.reload(), pageRestartMs)
  })
  return window
}

const writingText = 'clipboard-sanitized-write'

/** For every page there will ever be: no navigation, no new window, no web view, no permission but writing text to the clipboard. */
export function confinePages(): void {
  app.on('web-contents-created', (_, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault())
    contents.on('will-frame-navigate', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
    contents.session.setPermissionRequestHandler((_contents, permission, callback) =>
      callback(permission === writingText),
    )
    contents.session.setPermissionCheckHandler((_contents, permission) => permission === writingText)
  })
}

/** The remembered place, if enough of it is on a screen that is there today. */
function placeOnScreen(place: Settings['window']): Partial<Rectangle> {
  if (place === null) return {}
  const { x, y, width, height } = place
  const visible = screen
    .getAllDisplays()
    .some(
      ({ workArea }) =>
        Math.min(x + width, workArea.x + workArea.width) - Math.max(x, workArea.x) >= 200 &&
        y >= workArea.y - 10 &&
        y <= workArea.y + workArea.height - 100,
    )
  return visible ? { x, y, width, height } : { width, height }
}
