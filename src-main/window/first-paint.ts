/** For `npm run bench`: how long the window takes to be there. Runs in main. */
import type { BrowserWindow } from 'electron'

/** Prints the milliseconds from `startedAt` (of `performance.now()`) to a window that shows the queue, on stdout. */
export function reportFirstPaint(window: BrowserWindow, startedAt: number): void {
  window.once('ready-to-show', async () => {
    const painted = `new Promise((done) => {
      const look = () => document.querySelector('[data-pane]') ? requestAnimationFrame(() => done(true)) : requestAnimationFrame(look)
      look()
    })`
    await window.webContents.executeJavaScript(painted)
    process.stdout.write(`visor:usable ${(performance.now() - startedAt).toFixed(0)}\n`)
  })
}
