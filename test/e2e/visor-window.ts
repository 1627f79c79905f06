/** Starts the real program for an end-to-end test and drives it as its user would. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ElectronApplication, _electron as electron, type Page } from 'playwright'

const root = join(import.meta.dirname, '..', '..')

/** Pictures that the docs show; `VISOR_RENEW_DOCS=1 npm test -- e2e` takes them anew. */
const shownInDocs = new Set([
  'welcome-dark',
  'identify-full-dark',
  'identify-full-light',
  'galleries-full-dark',
  'galleries-person-dark',
  'photo-page-dark',
  'thresholds-tried-dark',
  'health-outlier-dark',
  'review-enrolment-dark',
  'review-unknown-groups-dark',
  'review-suggestions-dark',
  'server-tested-dark',
  'server-cache-dark',
  'server-index-checked-dark',
  'server-conflict-dark',
  'identify-cached-dark',
  'moving-imported-dark',
  'validation-copied-dark',
  'identify-dual-dark',
  'validation-disagreement-dark',
  'validation-passed-dark',
  'validation-charts-dark',
  'cut-over-rehearsed-dark',
  'cut-over-done-dark',
  'cut-over-lost-dark',
  'cut-over-rolled-back-dark',
  'import-nothing-dark',
  'import-inspected-dark',
  'import-legacy-choices-dark',
  'import-tried-dark',
  'import-goes-on-dark',
  'import-done-dark',
  'import-validated-dark',
  'import-model-another-dark',
  'import-photos-looked-at-dark',
  'diagnosis-pass-dark',
  'diagnosis-fail-dark',
  'isolation-pass-dark',
])

export const samplePhoto = (number: number): string =>
  join(root, 'node_modules/@vladmandic/face-api/demo', `sample${number}.jpg`)

export interface VisorWindow {
  readonly app: ElectronApplication
  readonly page: Page
  readonly data: string
  /** Drops files on the window, as the file manager does; in its middle, where no place is named. */
  drop(paths: readonly string[], at?: { readonly x: number; readonly y: number }): Promise<void>
  /** Drags files over a place of the window, and not further. */
  dragOver(paths: readonly string[], at: { readonly x: number; readonly y: number }): Promise<void>
  /** Answers the next native dialog with these paths. */
  answerDialog(paths: readonly string[]): Promise<void>
  /** Writes `test-results/screenshots/NAME.png`; and, where the docs show it and are to be renewed, `docs/screenshots/NAME.jpg`. */
  screenshot(name: string): Promise<void>
  /** Process id of the vision process, 0 while there is none. */
  visionPid(): Promise<number>
  /** Closes the window as its user would, and waits until the program has ended. */
  close(): Promise<void>
}

const folders: string[] = []
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A new folder, removed when the test process ends. */
export function newDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'visor-data-'))
  folders.push(folder)
  return folder
}

export async function openVisor(
  options: { readonly data?: string; readonly width?: number; readonly height?: number } = {},
): Promise<VisorWindow> {
  const data = options.data ?? newDataFolder()
  const app = await electron.launch({
    executablePath: process.execPath,
    args: [root, '--data', data, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
    env: { ...process.env, VISOR_NO_DIALOGS: '1' } as Record<string, string>,
  })
  const page = await app.firstWindow({ timeout: 15_000 })
  await page.waitForLoadState('domcontentloaded')
  const { width = 1440, height = 900 } = options
  await app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
    { width, height },
  )
  const cdp = await page.context().newCDPSession(page)
  const drag = (
    type: 'dragEnter' | 'dragOver' | 'drop',
    paths: readonly string[],
    at: { readonly x: number; readonly y: number },
  ) =>
    cdp.send('Input.dispatchDragEvent', {
      type,
      ...at,
      data: { items: [], files: [...paths], dragOperationsMask: 1 },
    })
  return {
    app,
    page,
    data,
    async drop(paths, at = { x: width / 2, y: height / 2 }) {
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await drag(type, paths, at)
    },
    async dragOver(paths, at) {
      for (const type of ['dragEnter', 'dragOver'] as const) await drag(type, paths, at)
    },
    answerDialog: (paths) =>
      app.evaluate(
        ({ dialog }, filePaths) => {
          dialog.showOpenDialog = async () => ({ canceled: filePaths.length === 0, filePaths })
          dialog.showSaveDialog = async () => ({
            canceled: filePaths.length === 0,
            filePath: filePaths[0] ?? '',
          })
        },
        [...paths],
      ),
    async screenshot(name) {
      const folder = join(root, 'test-results', 'screenshots')
      mkdirSync(folder, { recursive: true })
      await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
      if (process.env.VISOR_RENEW_DOCS === undefined || !shownInDocs.has(name)) return
      const path = join(root, 'docs', 'screenshots', `${name}.jpg`)
      await page.screenshot({ path, type: 'jpeg', quality: 82, animations: 'disabled' })
    },
    async visionPid() {
      const status = await page.evaluate(() => window.visor.request['app.status'](undefined))
      if (!status.ok) throw new Error(status.error.message)
      return (status.value as { vision: { pid?: number } }).vision.pid ?? 0
    },
    async close() {
      await app.evaluate(({ app: electronApp }) => electronApp.quit()).catch(() => undefined)
      await app.close()
    },
  }
}
